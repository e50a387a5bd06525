"""The witness over HTTP, on an address or on a unix socket; TLS is the business of a proxy in front of it."""

import socket
import sys
import threading
import time
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from imprimatur.witness.judging import Answer, Judge
from imprimatur.witness.submission import LARGEST, PATH

SECONDS = 20  # for which a connection may say nothing
AT_ONCE = 64  # connections; who comes on top of them is sent away


class Handler(BaseHTTPRequestHandler):
    """One connection; several requests may come over it."""

    protocol_version = "HTTP/1.1"
    server_version = "imprimatur-witness"
    sys_version = ""
    timeout = SECONDS
    server: "WitnessServer"

    def do_POST(self) -> None:
        """Answer to a checkpoint."""
        if self.path != PATH:
            self._end(HTTPStatus.NOT_FOUND, f"Checkpoints are taken at {PATH}.\n")
            return
        length = self._length()
        if length is None:
            return
        body = self.rfile.read(length)
        if len(body) < length:
            self.close_connection = True
            return
        self._send(self._judged(body))

    def do_GET(self) -> None:
        """Say who this is; a checkpoint isn't fetched here."""
        if self.path == "/":
            self._send(Answer(HTTPStatus.OK, f"{self.server.vkey}\n"))
        elif self.path == PATH:
            self._send(Answer(HTTPStatus.METHOD_NOT_ALLOWED, "Checkpoints come by POST.\n"), allow="POST")
        else:
            self._send(Answer(HTTPStatus.NOT_FOUND, "There is nothing here.\n"))

    def _length(self) -> int | None:
        """Return how many bytes follow; None: the request was refused."""
        given = self.headers.get("Content-Length", "")
        if self.headers.get("Transfer-Encoding") or not given:
            self._end(HTTPStatus.LENGTH_REQUIRED, "Say with Content-Length how long the request is.\n")
        elif not (given.isascii() and given.isdigit()) or len(self.headers.get_all("Content-Length", [])) > 1:
            self._end(HTTPStatus.BAD_REQUEST, "Content-Length is a number.\n")
        elif len(given) > 9 or int(given) > LARGEST:
            self._end(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"A request has at most {LARGEST} bytes.\n")
        else:
            return int(given)
        return None

    def _judged(self, body: bytes) -> Answer:
        try:
            return self.server.judge.answer(body, self.server.now())
        except Exception as fault:  # noqa: BLE001  (whatever it is: nothing was signed, and the log asks again)
            self.log_error("%s: %s", type(fault).__name__, fault)
            text = "The witness can't answer now; whoever runs it finds the reason in its log.\n"
            return Answer(HTTPStatus.INTERNAL_SERVER_ERROR, text)

    def _end(self, status: HTTPStatus, text: str) -> None:
        """Answer without having read the request; the connection can't go on from here."""
        self.close_connection = True
        self._send(Answer(status, text))

    def _send(self, answer: Answer, allow: str = "") -> None:
        content = answer.text.encode()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(content)))
        if allow:
            self.send_header("Allow", allow)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(content)

    def address_string(self) -> str:
        """Return who asks; a unix socket has no addresses."""
        return str(self.client_address[0]) if self.client_address else "socket"


class WitnessServer(ThreadingHTTPServer):
    """Serves one witness; `now` gives the seconds since 1970."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(
        self, address: tuple[str, int] | str, judge: Judge, vkey: str, now: Callable[[], int]
    ) -> None:
        """Listen at once; the caller runs serve_forever()."""
        self.judge, self.vkey, self.now = judge, vkey, now
        if isinstance(address, tuple) and ":" in address[0]:
            self.address_family = socket.AF_INET6
        self._room = threading.BoundedSemaphore(AT_ONCE)
        super().__init__(address, Handler)  # type: ignore[arg-type]

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401
        """Give the connection a thread while there is room."""
        if not self._room.acquire(blocking=False):
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:  # noqa: ANN401
        """Serve the connection, then make room."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._room.release()

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401, ARG002
        """Say in a line that a connection broke."""
        print(f"A connection broke: {sys.exception()}", file=sys.stderr)  # noqa: T201


class SocketServer(WitnessServer):
    """The same on a unix socket."""

    address_family = getattr(socket, "AF_UNIX", socket.AF_INET)

    def server_bind(self) -> None:
        """Take the place of a socket that a killed process left; the lock on the folder says that nobody listens."""
        Path(self.server_address).unlink(missing_ok=True)  # type: ignore[arg-type]
        self.socket.bind(self.server_address)
        self.server_name, self.server_port = "localhost", 0


def listening(where: str, judge: Judge, vkey: str) -> WitnessServer:
    """Return a server at `127.0.0.1:8470` or `unix:/run/witness/socket`; raises ValueError and OSError."""
    if where.startswith("unix:"):
        return SocketServer(where.removeprefix("unix:"), judge, vkey, _now)
    host, colon, port = where.rpartition(":")
    if not (colon and host and port.isascii() and port.isdigit() and int(port) < 65536):
        raise ValueError(
            f"An address to listen at is like 127.0.0.1:8470 or unix:/path, but this is {where!r}."
        )
    return WitnessServer((host.strip("[]"), int(port)), judge, vkey, _now)


def _now() -> int:
    return int(time.time())

"""Calling the API of a server: with a token that goes to this server only, in time, and again when it is busy.

Standard library: proxies as the environment names them (`https_proxy`, `no_proxy`), certificates as the system trusts
them or by a file, no redirects. A call that may act carries an Idempotency-Key, so that it may be sent twice.
"""

import argparse
import email.utils
import hashlib
import http.client
import io
import json
import os
import random
import socket
import ssl
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, BinaryIO, TypeAlias

from imprimatur.api_token import is_well_formed
from imprimatur.outcome import Refusal, Unclear

TOKEN = "IMPRIMATUR_TOKEN"  # noqa: S105  (the name of a variable)
SERVER = "IMPRIMATUR_SERVER"
TIMEOUT = 60.0  # seconds without a sign of the server
ATTEMPTS = 6
FIRST_PAUSE = 1.0  # seconds; each is twice the one before, less up to a half by chance
LONGEST_PAUSE = 60.0  # seconds; a server that asks for more is told as busy
LARGEST_ANSWER = 64 * 1024**2
BUSY = {429, 502, 503, 504}
_LOCAL = {"localhost", "127.0.0.1", "::1"}
_AGAIN = "Run the command again; it goes on where it stood."


class Answered(Exception):  # noqa: N818  (it's an answer)
    """The server refused: a problem (RFC 9457) with its code, status and sentence."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        self.status, self.problem = status, problem
        self.code = str(problem.get("code", ""))
        super().__init__(
            str(problem.get("detail") or problem.get("title") or f"The server answered {status}.")
        )


Body: TypeAlias = bytes | BinaryIO | io.RawIOBase | None


@dataclass(slots=True)
class Server:
    """A server and who calls it; `wait` is time.sleep, given so that tests need not wait."""

    base: str
    token: str
    context: ssl.SSLContext | None = None
    language: str = "en"
    wait: Callable[[float], None] = time.sleep
    calls: urllib.request.OpenerDirector = field(init=False)

    def __post_init__(self) -> None:
        handlers: list[urllib.request.BaseHandler] = [_NoRedirects()]
        if self.context is not None:
            handlers.append(urllib.request.HTTPSHandler(context=self.context))
        self.calls = urllib.request.build_opener(*handlers)

    def get(self, path: str, **query: object) -> Any:  # noqa: ANN401  (JSON)
        """Return what the server says; raises Answered when it refuses, Unclear when it is out of reach."""
        return self._call("GET", _with(path, query))

    def post(self, path: str, sent: object, *, key: str) -> Any:  # noqa: ANN401
        """Do something once for this key, however often the call has to be sent."""
        body = json.dumps(sent, ensure_ascii=False).encode()
        return self._call(
            "POST", path, body, {"Content-Type": "application/json", "Idempotency-Key": f'"{key}"'}
        )

    def put(self, path: str, sent: object, *, seen: int | None = None) -> Any:  # noqa: ANN401
        """Put JSON in the place of the version that was seen."""
        headers = {"Content-Type": "application/json"} | ({} if seen is None else {"If-Match": f'"{seen}"'})
        return self._call("PUT", path, json.dumps(sent, ensure_ascii=False).encode(), headers)

    def put_text(self, path: str, text: bytes, **query: object) -> Any:  # noqa: ANN401
        """Put a text in its place."""
        return self._call("PUT", _with(path, query), text, {"Content-Type": "text/plain"})

    def delete(self, path: str) -> None:
        """Take something away; what is gone already is gone."""
        try:
            self._call("DELETE", path)
        except Answered as fault:
            if fault.status != 404:
                raise

    def send(
        self, path: str, content: "BinaryIO | io.RawIOBase", length: int, *, key: str, **query: object
    ) -> Any:  # noqa: ANN401
        """Send bytes as they are read; a cut connection begins again at their beginning."""
        headers = {
            "Content-Type": "application/octet-stream", "Content-Length": str(length), "Idempotency-Key": f'"{key}"',
        }  # fmt: skip
        return self._call("POST", _with(path, query), content, headers)

    def _call(
        self,
        method: str,
        path: str,
        body: Body = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:  # noqa: ANN401
        for attempt in range(1, ATTEMPTS + 1):
            is_last = attempt == ATTEMPTS
            pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (attempt - 1)) * (0.5 + random.random() / 2)  # noqa: S311
            if body is not None and not isinstance(body, bytes):
                body.seek(0)
            try:
                return self._once(method, path, body, headers or {})
            except urllib.error.HTTPError as fault:
                pause = self._pause(fault, pause, is_last=is_last)
            except (OSError, http.client.HTTPException) as fault:
                self._check_worth(fault, is_last=is_last)
            self.wait(pause)
        raise AssertionError("The last attempt either answers or raises.")

    def _pause(self, fault: urllib.error.HTTPError, pause: float, *, is_last: bool) -> float:
        """Return how long to wait before the call is sent again; raises what the answer means when it isn't."""
        problem = _problem(fault)
        asked = _asked_to_wait(fault)
        pause = pause if asked is None else asked
        is_busy = fault.code in BUSY or problem.get("code") == "in-progress"
        if is_last or not is_busy or pause > LONGEST_PAUSE:
            raise self._refused(fault.code, problem)
        return pause

    def _check_worth(self, fault: Exception, *, is_last: bool) -> None:
        """Raise Unclear when sending the call again is no use."""
        reason = getattr(fault, "reason", fault)
        if isinstance(reason, ssl.SSLCertVerificationError):
            raise Unclear(
                f"{self.base} shows a certificate that isn't trusted here: {reason.verify_message}. "
                "Give the authority's certificate with --ca FILE."
            )
        if is_last or isinstance(reason, socket.gaierror):
            raise Unclear(f"{self.base} is out of reach: {reason}. {_AGAIN}")

    def _once(
        self,
        method: str,
        path: str,
        body: Body,
        headers: Mapping[str, str],
    ) -> Any:  # noqa: ANN401
        request = urllib.request.Request(f"{self.base}/api/v1{path}", data=body, method=method)  # noqa: S310
        for name, value in {
            **headers,
            "Accept": "application/json",
            "Accept-Language": self.language,
        }.items():
            request.add_header(name, value)
        request.add_unredirected_header("Authorization", f"Bearer {self.token}")
        with self.calls.open(request, timeout=TIMEOUT) as response:
            return _json(response)

    def _refused(self, status: int, problem: Mapping[str, Any]) -> Exception:
        if status == 401:
            return Refusal(
                f"{self.base} doesn't accept the token: it is unknown, ended or revoked. Make one on your account's "
                f"page, and give it with --token-file FILE or in {TOKEN}."
            )
        if 300 <= status < 400:
            return Unclear(
                f"{self.base} leads elsewhere ({problem.get('location', status)}). The token goes to no other "
                "address; give that one with --server if it is right."
            )
        if status >= 500 or status in BUSY:
            return Unclear(
                f"{self.base} can't answer now ({status}). Run the command again; it goes on where it stood."
            )
        return Answered(status, problem)


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object, **__: object) -> None:
        """Follow none: the answer becomes an HTTPError."""


def asks_for_server(parser: argparse.ArgumentParser, *, required: bool = True) -> None:
    """Add what it takes to call a server."""
    default = f"default: {SERVER} of the environment"
    parser.add_argument("--server", metavar="URL", help=default if required else "ask this server")
    parser.add_argument(
        "--token-file",
        type=Path,
        metavar="FILE",
        help=f"file with the token; otherwise {TOKEN} of the environment",
    )
    parser.add_argument(
        "--ca", type=Path, metavar="FILE", help="certificate of the authority that vouches for the server"
    )


def server_of(given: argparse.Namespace, language: str = "en") -> Server:
    """Return the server that was named; raises Unclear when address, token or certificate can't be used."""
    base = (given.server or os.environ.get(SERVER, "")).rstrip("/")
    parts = urllib.parse.urlsplit(base)
    if (
        parts.scheme not in {"http", "https"}
        or not parts.hostname
        or parts.query
        or parts.fragment
        or parts.username
    ):
        raise Unclear(
            f"Name the server with --server URL or in {SERVER}, for example https://imprimatur.example.org."
        )
    if parts.scheme == "http" and parts.hostname not in _LOCAL:
        raise Unclear(f"{base} is not encrypted, so anybody on the way could read the token. Use https.")
    context = None
    if parts.scheme == "https":
        try:
            context = ssl.create_default_context(cafile=str(given.ca) if given.ca else None)
        except (OSError, ssl.SSLError) as fault:
            raise Unclear(f"{given.ca} holds no certificate that can be read: {fault}.") from None
    return Server(base, _token(given), context, language)


def key_of(*parts: str) -> str:
    """Return an Idempotency-Key for what these parts say, the same in the next run."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:40]


def _token(given: argparse.Namespace) -> str:
    text = given.token_file.read_text(errors="replace") if given.token_file else os.environ.get(TOKEN, "")
    token: str = text.strip()
    if not token:
        raise Unclear(
            f"Give a token with --token-file FILE or in {TOKEN}. You make one on your account's page."
        )
    if not is_well_formed(token):
        raise Unclear("The token isn't whole. Copy it again, from imp_ to its end, or make another one.")
    return token


def _with(path: str, query: Mapping[str, object]) -> str:
    given = {name: value for name, value in query.items() if value is not None}
    return f"{path}?{urllib.parse.urlencode(given)}" if given else path


def _json(response: IO[bytes]) -> Any:  # noqa: ANN401
    body = response.read(LARGEST_ANSWER + 1)
    if not body:
        return None
    try:
        return json.loads(body)
    except ValueError:
        raise Unclear(
            "What answers there is no Imprimatur: it speaks no JSON. Look at the address of the server."
        ) from None


def _problem(fault: urllib.error.HTTPError) -> dict[str, Any]:
    try:
        found = json.loads(fault.read(LARGEST_ANSWER))
    except (ValueError, OSError, http.client.HTTPException):
        found = None
    problem: dict[str, Any] = found if isinstance(found, dict) else {}
    return problem | {"location": fault.headers.get("Location", "")}


def _asked_to_wait(fault: urllib.error.HTTPError) -> float | None:
    """Return for how many seconds the server asks (RFC 9110, section 10.2.3: seconds or a date)."""
    text = fault.headers.get("Retry-After", "").strip()
    if text.isdecimal():
        return float(text)
    try:
        at = email.utils.parsedate_to_datetime(text) if text else None
    except ValueError:
        at = None
    return max(0.0, (at - datetime.now(UTC)).total_seconds()) if at and at.tzinfo else None

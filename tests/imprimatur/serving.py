"""The product behind a real socket, in threads of the test process, with a connection that can be cut on purpose."""

import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.core.wsgi import get_wsgi_application
from django.db import connections

Cut = Callable[[str, str], str]
"""Says of a call (method, path) whether the connection is cut: "before" it is done, "after" it, or "" for not."""


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Handler(WSGIRequestHandler):
    def get_environ(self) -> Any:
        return super().get_environ() | {"tests.socket": self.connection}

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def log_exception(self, *_: object) -> None:
        """Say nothing of a connection that was cut."""


@dataclass
class Served:
    """Where the product answers, and what was called so far: method, path, status."""

    url: str
    cut: Cut = lambda _method, _path: ""
    calls: list[tuple[str, str, int]] = field(default_factory=list)

    def called(self, method: str, end: str = "") -> int:
        """Count the calls of a method whose path has this end."""
        return sum(one == method and path.endswith(end) for one, path, _status in self.calls)


@contextmanager
def serving() -> Iterator[Served]:
    """Serve the product on the present database until the block ends."""
    product, told = get_wsgi_application(), Served("")

    def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"].removeprefix("/api/v1")
        cut = told.cut(method, path)
        if cut == "before":
            environ["wsgi.input"].read(min(1000, int(environ["CONTENT_LENGTH"] or 0)))
            return _cut(environ, start)

        def starting(status: str, headers: list[tuple[str, str]], *rest: Any, **_: Any) -> Any:
            told.calls.append((method, path, int(status.split(maxsplit=1)[0])))
            return start(status, headers, *rest)

        answer: Any = product(environ, _unheard if cut else starting)
        if cut == "after":
            b"".join(answer)
            answer.close()
            return _cut(environ, start)
        body: Iterable[bytes] = answer
        return body

    with make_server("127.0.0.1", 0, application, _Server, _Handler) as server:
        told.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield told
        finally:
            server.shutdown()
            thread.join()
            connections.close_all()


def _unheard(*_: Any, **__: Any) -> Any:
    """Take an answer that nobody will hear."""


def _cut(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    environ["tests.socket"].shutdown(socket.SHUT_RDWR)
    start("200 OK", [])
    return []

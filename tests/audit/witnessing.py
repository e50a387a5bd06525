"""A real witness in a thread, and addresses that only look like one."""

import http.server
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from audit.log import keys
from audit.models import WitnessAnswer
from imprimatur.witness.judging import Judge
from imprimatur.witness.place import Place
from imprimatur.witness.server import WitnessServer, listening
from imprimatur.witness.trusted import Trusted
from tests.audit.logs import NOW

SECONDS = int(NOW.timestamp())


class Running:
    """A witness that runs in a thread of the test."""

    def __init__(self, folder: Path, name: str = "witness.example/1") -> None:
        self.place = Place.make(folder, name)
        self.vkey = self.place.cosigner.vkey
        self.server: WitnessServer = listening("127.0.0.1:0", Judge(self.place), self.vkey)
        self.server.now = lambda: SECONDS
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self.thread.start()

    def trust(self) -> None:
        for key in keys.verifiers():
            self.place.trust(Trusted(key.name, key))

    def end(self) -> None:
        if self.thread.is_alive():
            self.server.shutdown()
            self.thread.join()
            self.server.server_close()


@contextmanager
def impostor(answer: Callable[[http.server.BaseHTTPRequestHandler], None]) -> Iterator[str]:
    """An address that answers whatever the test wants."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            answer(self)

        def log_message(self, *_given: Any) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def answer() -> WitnessAnswer:
    return WitnessAnswer.objects.get()


def later(seconds: int) -> Any:
    return NOW + timedelta(seconds=seconds)

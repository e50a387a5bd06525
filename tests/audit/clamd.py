"""A server that speaks what clamd speaks, as far as INSTREAM goes, and knows one harmless test word."""

import contextlib
import socketserver
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

BAD = b"a word that only this test calls malware"


class Clamd(socketserver.ThreadingUnixStreamServer):
    """`largest`: bytes after which it refuses, as clamd does at its StreamMaxLength; `seen`: what it read."""

    daemon_threads = True
    largest = 64 * 1024**2
    stops = False

    def __init__(self, path: Path) -> None:
        super().__init__(str(path), _Session)
        self.seen: list[int] = []


class _Session(socketserver.StreamRequestHandler):
    server: Clamd

    def handle(self) -> None:
        command = self.rfile.read(6)
        if command == b"zPING\0":
            self.wfile.write(b"PONG\0")
            return
        assert command + self.rfile.read(4) == b"zINSTREAM\0"
        if self.server.stops:
            return
        content = b""
        while length := struct.unpack(">I", self.rfile.read(4))[0]:
            content += self.rfile.read(length)
            if len(content) > self.server.largest:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.server.seen.append(len(content))
        self.wfile.write(b"stream: Test.Word FOUND\0" if BAD in content else b"stream: OK\0")


@contextlib.contextmanager
def serving(path: Path) -> Iterator[Clamd]:
    with Clamd(path) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()

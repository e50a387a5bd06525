"""One deadline for all of an exchange: each step gets what the steps before it left over."""

import io
import socket
import time
from typing import Any


class Deadline:
    """A moment until which everything must have happened."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Return the seconds that are left; raises TimeoutError when none is."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class TooMuch(OSError):  # noqa: N818
    """The other side sent more than anybody wants to read."""


class Reading(io.RawIOBase):
    """What a socket receives until the deadline, and not more than `most` bytes of it.

    A time limit of the socket alone begins anew with each byte: who sends one a second would hold a worker for hours.
    """

    def __init__(self, connection: socket.socket, deadline: Deadline, most: int) -> None:
        self._connection, self._deadline, self._left = connection, deadline, most

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401  (any buffer of bytes)
        """Read at most what the buffer holds; raises TimeoutError and TooMuch."""
        self._connection.settimeout(self._deadline.left())
        count = self._connection.recv_into(buffer)
        self._left -= count
        if self._left < 0:
            raise TooMuch
        return count


class Received:
    """What `http.client.HTTPResponse` wants of a socket: a file to read from."""

    def __init__(self, connection: socket.socket, deadline: Deadline, most: int) -> None:
        self._reading = Reading(connection, deadline, most)

    def makefile(self, mode: str) -> io.BufferedReader:  # noqa: ARG002
        """Return the file."""
        return io.BufferedReader(self._reading, 4096)


def send_all(connection: socket.socket, data: bytes, deadline: Deadline) -> None:
    """Send everything until the deadline, however slowly the other side takes it."""
    rest = memoryview(data)
    while rest:
        connection.settimeout(deadline.left())
        rest = rest[connection.send(rest) :]

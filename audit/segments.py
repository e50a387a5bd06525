"""Encrypted bytes on the disk: segments of 64 KiB under AES-256-GCM, which can be written on and read anywhere.

Each segment stands as nonce (12 bytes, random), text and tag (16 bytes). Its number and whether it is the last are
authenticated with it, as in the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizar 2015), so a segment that was
changed, moved, left out or put on is found. Nonces are random instead of counted, because the unfinished segment of
an upload that goes on later is encrypted once more, and no nonce may ever serve twice (NIST SP 800-38D, 8.2.2).
"""

import io
import os
import struct

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SEGMENT = 64 * 1024  # bytes in clear
NONCE = 12
OVERHEAD = NONCE + 16
RECORD = SEGMENT + OVERHEAD


class Damaged(OSError):  # noqa: N818
    """What lies on the disk is not what was written there."""


def plain_size(stored: int) -> int:
    """Return how many bytes in clear so many bytes of segments hold; raises Damaged for an impossible number."""
    full, rest = divmod(stored, RECORD)
    if 0 < rest <= OVERHEAD:
        raise Damaged("A segment is cut off.")
    return stored - (full + bool(rest)) * OVERHEAD


class Writer:
    """Writes segments to a file from a place on. What comes last is held back until it's known whether it is last."""

    def __init__(self, handle: int, key: bytes, start: int) -> None:
        self._handle, self._cipher, self._start = handle, AESGCM(key), start
        self._index, self._held = 0, bytearray()

    @classmethod
    def resume(cls, handle: int, key: bytes, start: int) -> "Writer":
        """Go on with what was paused; a last segment that was cut off while it was written counts as not come."""
        writer = cls(handle, key, start)
        last = -(-(os.fstat(handle).st_size - start) // RECORD) - 1
        if last < 0:
            return writer
        writer._index = last
        record = os.pread(handle, RECORD, start + last * RECORD)
        for is_last in (False, True):
            try:
                writer._held += _open(writer._cipher, record, last, is_last=is_last)
            except Damaged:
                continue
            break
        return writer

    @property
    def size(self) -> int:
        """Return how many bytes in clear there are, those that are held back too."""
        return self._index * SEGMENT + len(self._held)

    def write(self, chunk: bytes) -> None:
        """Take these bytes; a segment is on its way to the disk when the next one begins."""
        rest = memoryview(chunk)
        while rest:
            if len(self._held) == SEGMENT:
                self._put(is_last=False)
                self._index += 1
                self._held.clear()
            room = SEGMENT - len(self._held)
            self._held += rest[:room]
            rest = rest[room:]

    def pause(self) -> None:
        """Write what is held back, so that `resume` can go on with it."""
        self._put(is_last=False)

    def finish(self) -> None:
        """Write what is held back as the last segment."""
        self._put(is_last=True)

    def _put(self, *, is_last: bool) -> None:
        if not self._held:
            return
        nonce = os.urandom(NONCE)
        sealed = self._cipher.encrypt(nonce, self._held, _place(self._index, is_last=is_last))
        at = self._start + self._index * RECORD
        _write_all(self._handle, nonce + sealed, at)


class Reader(io.RawIOBase):
    """Reads what a Writer finished, anywhere in it; raises Damaged instead of giving other bytes.

    That nothing is missing at the end, and nothing was put on, is known when it is opened.
    """

    def __init__(self, handle: int, key: bytes, start: int) -> None:
        self._handle, self._cipher, self._start = handle, AESGCM(key), start
        stored = os.fstat(handle).st_size - start
        if stored <= 0:
            raise Damaged("Nothing is there.")
        self._size, self._at = plain_size(stored), 0
        self._last = (stored - 1) // RECORD
        self._known: tuple[int, bytes] = (-1, b"")
        self._segment(self._last)

    @property
    def size(self) -> int:
        """Return the number of bytes in clear."""
        return self._size

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def seekable(self) -> bool:
        """Say that it can be read anywhere."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go to a place; past the end there is nothing to read."""
        at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if at < 0:
            raise ValueError(f"There is nothing at {at}.")
        self._at = at
        return at

    def readinto(self, buffer: "bytearray | memoryview", /) -> int:  # type: ignore[override]
        """Give what is left of the segment at this place, as much as there is room for."""
        if self._at >= self._size:
            return 0
        index, within = divmod(self._at, SEGMENT)
        part = self._segment(index)[within : within + len(buffer)]
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)

    def close(self) -> None:
        """Close the file."""
        if not self.closed:
            os.close(self._handle)
        super().close()

    def _segment(self, index: int) -> bytes:
        if self._known[0] != index:
            record = os.pread(self._handle, RECORD, self._start + index * RECORD)
            self._known = (index, _open(self._cipher, record, index, is_last=index == self._last))
        return self._known[1]


def _place(index: int, *, is_last: bool) -> bytes:
    return struct.pack(">Q?", index, is_last)


def _open(cipher: AESGCM, record: bytes, index: int, *, is_last: bool) -> bytes:
    try:
        return cipher.decrypt(record[:NONCE], record[NONCE:], _place(index, is_last=is_last))
    except (InvalidTag, ValueError):
        raise Damaged(f"Segment {index} was changed.") from None


def _write_all(handle: int, content: bytes, at: int) -> None:
    """Write everything; a full disk raises, and less than everything never goes unnoticed."""
    rest = memoryview(content)
    while rest:
        written = os.pwrite(handle, rest, at)
        rest, at = rest[written:], at + written

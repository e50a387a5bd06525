"""Looks for malware in what people hand in, with the clamd that CLAMD names; without it nobody looks.

Spoken is clamd's own protocol (clamd(8), INSTREAM): pieces with their length before them, a piece of no length at the
end, and one line back. What couldn't be looked at is never accepted.
"""

import socket
import struct
from datetime import datetime
from typing import IO
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext as _

from audit import trail, uploads
from audit.refusal import Refused

PIECE = 256 * 1024
SECONDS = 120
"""How long clamd may take for one step; it reads while it is sent to, and answers when it has seen everything."""


class Infected(Refused):
    """Something was found; `found` is the name that clamd gives it."""

    def __init__(self, found: str) -> None:
        super().__init__(
            _("The scan for malware found {found} in this file, so nothing was kept.").format(found=found)
        )
        self.found = found


class NotScanned(Refused):
    """Nobody could look at the file."""


def look(file: IO[bytes] | None, *, obj: models.Model, actor: trail.Actor, now: datetime) -> None:
    """Let clamd read the file from its beginning, before it is kept; it stands at its beginning afterwards.

    Raises Infected, which is an event about `obj`, and NotScanned when clamd is out of reach, refuses, or stops.
    """
    if not settings.CLAMD or file is None:
        return
    file.seek(0)
    try:
        found = _ask(file)
    except (OSError, ValueError):
        raise NotScanned(
            _("The scan for malware can't be reached, so nothing was kept. Try again later.")
        ) from None
    finally:
        file.seek(0)
    if found:
        with transaction.atomic():
            trail.record("upload.refused", obj=obj, actor=actor, now=now, data={"found": found})
        raise Infected(found)


def look_at_upload(upload: uploads.Upload, *, obj: models.Model, actor: trail.Actor, now: datetime) -> None:
    """The same with a file that came in parts; where something was found, the upload is forgotten."""
    if not settings.CLAMD:
        return
    try:
        with uploads.opened(upload) as file:
            look(file, obj=obj, actor=actor, now=now)
    except Infected:
        uploads.discard(upload)
        raise


def answers() -> bool:
    """Say whether clamd answers."""
    try:
        with _line() as line:
            line.settimeout(2)
            line.sendall(b"zPING\0")
            return line.recv(16).startswith(b"PONG")
    except OSError:
        return False


def _ask(file: IO[bytes]) -> str:
    """Return what clamd found, "" for nothing; raises OSError, and ValueError for any other answer."""
    with _line() as line:
        line.sendall(b"zINSTREAM\0")
        try:
            while piece := file.read(PIECE):
                line.sendall(struct.pack(">I", len(piece)) + piece)
            line.sendall(struct.pack(">I", 0))
        except (BrokenPipeError, ConnectionResetError):
            pass  # clamd stops reading at its StreamMaxLength, and says so
        answer = b""
        while not answer.endswith(b"\0") and (more := line.recv(4096)):
            answer += more
    said = answer.rstrip(b"\0\n").decode(errors="replace").removeprefix("stream: ")
    if said == "OK" and answer.endswith(b"\0"):
        return ""
    if not said.endswith(" FOUND"):
        raise ValueError(said)
    return said.removesuffix(" FOUND")


def _line() -> socket.socket:
    """Open unix:///path or tcp://host:port."""
    place = urlsplit(settings.CLAMD)
    if place.scheme == "unix":
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(SECONDS)
        try:
            line.connect(place.path)
        except OSError:
            line.close()
            raise
        return line
    return socket.create_connection((place.hostname or "", place.port or 3310), timeout=SECONDS)

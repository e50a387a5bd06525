"""One request to a witness (C2SP, tlog-witness): sent, read within limits, and put into what it means."""

import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any

from imprimatur.tlog.checkpoint import CosignatureVerifier, moment_of
from imprimatur.tlog.note import NotANote, Note, SignatureLine
from imprimatur.witness.judging import SIZE
from imprimatur.witness.submission import PATH

SECONDS = 4.0  # until a witness counts as silent
AHEAD = 300  # seconds by which the clock of a witness may be ahead of ours
LARGEST = 16 * 1024  # bytes of an answer


class Silent(Exception):  # noqa: N818
    """The witness could not be reached, or said nothing that can be understood."""


@dataclass(frozen=True, slots=True)
class Reply:
    """Status and text of an answer; `size`: the tree that the witness has seen, when that is what it said."""

    status: int
    text: str
    size: int | None = None


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_given: object) -> None:
        """Go nowhere else: who answers there is not who was configured."""


_opener = urllib.request.build_opener(_NoRedirect)


def ask(url: str, body: bytes) -> Reply:
    """Hand the body to the witness below this address; takes a few seconds at most. Raises Silent."""
    address = url.rstrip("/") + PATH
    request = urllib.request.Request(address, body, {"Content-Type": "text/plain; charset=utf-8"})  # noqa: S310
    until = time.monotonic() + SECONDS
    try:
        with _answer(request) as answer:
            kind, text = answer.headers.get("Content-Type", ""), _read(answer, until)
            return Reply(answer.code, text, _size(text) if answer.code == 409 and kind == SIZE else None)
    except (OSError, HTTPException, ValueError) as fault:
        raise Silent(str(fault) or type(fault).__name__) from fault


def _answer(request: urllib.request.Request) -> Any:  # noqa: ANN401  (the library has no name for it)
    """Return the answer, also when it is a refusal."""
    try:
        return _opener.open(request, timeout=SECONDS)
    except urllib.error.HTTPError as refusal:
        return refusal


def cosignature(text: str, verifier: CosignatureVerifier, note: str, now: int) -> SignatureLine | None:
    """Return the line of the answer that this witness put under the note; None when there is none that is good.

    `now` in seconds since 1970: a line of a moment that is still to come is none.
    """
    try:
        answered = Note.parse(note + text)
        if not answered.verified_by([verifier]):
            return None
    except NotANote:
        return None
    mine = (verifier.name, verifier.key_id)
    line = next(line for line in answered.lines if (line.name, line.key_id) == mine)
    return line if moment_of(line) <= now + AHEAD else None


def _read(answer: Any, until: float) -> str:  # noqa: ANN401
    """Return the text of the answer; raises ValueError for too much of it, or when it comes too slowly."""
    content = b""
    while part := answer.read1(LARGEST):
        content += part
        if len(content) > LARGEST or time.monotonic() > until:
            raise ValueError("The answer is too long, or comes too slowly.")
    return content.decode()


def _size(text: str) -> int | None:
    digits = text.removesuffix("\n")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 20 else None

"""What a witness answers to a checkpoint, check by check, in the order of the specification (C2SP, tlog-witness)."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from imprimatur.tlog.checkpoint import Checkpoint
from imprimatur.tlog.note import NotANote, Note, Verifier
from imprimatur.tlog.tree import EMPTY, ProofFailed, check_consistency
from imprimatur.witness.memory import Head, Memory
from imprimatur.witness.place import Place
from imprimatur.witness.submission import Malformed, Submission
from imprimatur.witness.trusted import keys_of

SIZE = "text/x.tlog.size"
PLAIN = "text/plain; charset=utf-8"
FORK, SMALLER, INCONSISTENT = "fork", "smaller", "inconsistent"


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, type and text of a response."""

    status: HTTPStatus
    text: str
    kind: str = PLAIN


class Judge:
    """Answers for a witness. One lock for all logs: what is compared is still so when the new head is kept."""

    def __init__(self, place: Place) -> None:
        """Answer for this witness; the caller holds its folder."""
        self._place = place
        self._lock = threading.Lock()

    def answer(self, body: bytes, now: int) -> Answer:
        """Answer to the body of a request; `now` in seconds since 1970, UTC. Raises OSError, Damaged, NotTrusted."""
        try:
            submission = Submission.parse(body)
        except Malformed as fault:
            return Answer(HTTPStatus.BAD_REQUEST, f"{fault}\n")
        checkpoint = submission.checkpoint
        keys = keys_of(checkpoint.origin, self._place.logs())
        if not keys:
            return Answer(HTTPStatus.NOT_FOUND, "This witness doesn't know this log.\n")
        note = _signed_by(keys, submission.note)
        if note is None:
            return Answer(HTTPStatus.FORBIDDEN, "No key that this witness trusts has signed this.\n")
        if submission.old > checkpoint.size:
            return Answer(HTTPStatus.BAD_REQUEST, "The old size is larger than the checkpoint.\n")
        with self._lock:
            memory = self._place.memory(checkpoint.origin)
            return self._compare(memory, submission, checkpoint, note, now)

    def _compare(self, memory: Memory, asked: Submission, new: Checkpoint, note: str, now: int) -> Answer:
        held = memory.latest()
        known = held.checkpoint if held else Checkpoint(new.origin, 0, EMPTY)
        before = memory.head_of(new.size)
        if before is not None and before.checkpoint.root != new.root:
            memory.keep_refused(FORK, note, before, asked.old, now)
        elif held is not None and before is None and new.size < known.size:
            memory.keep_refused(SMALLER, note, held, asked.old, now)
        if asked.old != known.size or (new.size == known.size and new.root != known.root):
            return Answer(HTTPStatus.CONFLICT, f"{known.size}\n", SIZE)
        try:
            check_consistency(known.size, known.root, new.size, new.root, asked.proof)
        except ProofFailed as fault:
            if held is not None:
                memory.keep_refused(INCONSISTENT, note, held, asked.old, now)
            return Answer(HTTPStatus.UNPROCESSABLE_ENTITY, f"{fault}\n")
        if held is None or new.size > known.size:
            memory.keep(Head(note, now))
        return Answer(HTTPStatus.OK, f"{self._place.cosigner.cosign(asked.note.text, now)}\n")


def _signed_by(keys: Sequence[Verifier], note: Note) -> str | None:
    """Return the note with the signatures of these keys only; None when there is none, or a wrong one."""
    try:
        good = note.verified_by(keys)
    except NotANote:
        return None
    known = {(key.name, key.key_id) for key in good}
    lines = tuple(line for line in note.lines if (line.name, line.key_id) in known)
    return str(Note(note.text, lines)) if lines else None

"""Heads of the log that stand elsewhere: what other apps froze of them, and what witnesses put under them.

Who rewrites log, tiles and checkpoints consistently must also find every one of these.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from audit.log import witnesses
from audit.models import Checkpoint, Cosignature
from imprimatur.tlog.note import NotANote, Note

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Held:
    """A head as something else says it; `where` begins a sentence: "The record IMP-2026-0001"."""

    where: str
    origin: str
    size: int
    root: str


Source = Callable[[], Iterable[Held]]
_sources: list[Source] = []


def register(source: Source) -> None:
    """Let the heads of a source be compared at each verification; called from AppConfig.ready()."""
    if source not in _sources:
        _sources.append(source)


def contradictions() -> Iterator[str]:
    """Yield a sentence for each head that stands elsewhere and isn't one of the database's own checkpoints.

    Those are compared with the leaves, so what agrees with them agrees with the log.
    """
    for source in _sources:
        known: dict[tuple[str, int], str] = {}
        for held in source():
            key = (held.origin, held.size)
            if key not in known:
                known[key] = _root(*key)
            if known[key] != held.root:
                had = "another root for them" if known[key] else "no checkpoint of them"
                yield (
                    f"{held.where} holds a checkpoint of {held.size} events ({held.origin}), and the log has {had}: it "
                    "was rewritten, or is an older one."
                )


def wrong_cosignatures() -> Iterator[str]:
    """Yield a sentence for each line of a witness that is asked still, and that it didn't sign."""
    keys = {witness.verifier.name: witness.verifier for witness in _asked()}
    lines = Cosignature.objects.filter(witness__in=keys).select_related("checkpoint").order_by("id")
    for row in lines.iterator(AT_ONCE):
        try:
            is_good = bool(Note.parse(f"{row.checkpoint.note}{row.line}\n").verified_by([keys[row.witness]]))
        except NotANote:
            is_good = False
        if not is_good:
            yield (
                f"What stands under the checkpoint of {row.checkpoint.size} events as the signature of {row.witness} "
                "is not signed with its key."
            )


def _asked() -> list[witnesses.Witness]:
    try:
        return witnesses.configured()
    except witnesses.WrongWitnesses:
        return []  # a system check names it


def _root(origin: str, size: int) -> str:
    found = Checkpoint.objects.filter(origin=origin, size=size).values_list("root", flat=True).first()
    return found or ""

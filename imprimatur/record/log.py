"""Whether the audit log tells of a record: events with the same digests, in a bundle whose tree was checked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from imprimatur.bundle.verify import WIDTH, Source, numbered, read_json
from imprimatur.record.expected import Report, Signed

VERBS = ("record.frozen", "record.sealed", "decision.signed", "passkey.registered")
_MARKS = tuple(f'"verb":"{verb}"'.encode() for verb in VERBS)
Leaf = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """Something that the log must tell of this record: `event` is the index of the leaf, None where it doesn't."""

    what: str
    event: int | None


def told(source: Source, size: int, report: Report) -> list[Told]:
    """Look for the events of a record among the first `size` leaves of a bundle that was checked (bundle.verify).

    The data must have been frozen with the digest of record.json, the file sealed with its own, each statement signed
    by whom it names, and each passkey registered for its signer with the key that checks the signature.
    """
    leaves = list(_leaves(source, size))
    frozen = _find(leaves, "record.frozen", context_sha256=report.record_sha256)
    found = [Told("record.frozen", frozen and frozen[0])]
    sealed = _find(leaves, "record.sealed", file_sha256=report.file_sha256)
    if sealed and frozen and sealed[1]["obj"] != frozen[1]["obj"]:
        sealed = None  # of another record
    found.append(Told("record.sealed", sealed and sealed[0]))
    for one in report.signatures:
        if one.line is not None:
            found += _of_person(leaves, one, report.record_sha256)
    return [Told(item.what, item.event) for item in found]


def _of_person(leaves: list[tuple[int, Leaf]], one: Signed, record_sha256: str) -> Iterator[Told]:
    line = one.line or {}
    signer = _signer(line)
    signed = _find(
        leaves,
        "decision.signed",
        actor=signer,
        record_sha256=record_sha256,
        statement_sha256=line.get("statement_sha256"),
    )
    yield Told(f"decision.signed, {one.field}", signed and signed[0])
    kept = line.get("assertion")
    if kept:
        known = {"credential": kept.get("credential_id"), "public_key": kept.get("public_key")}
        registered = _find(leaves, "passkey.registered", actor=signer, **known)
        yield Told(f"passkey.registered, {one.field}", registered and registered[0])


def _signer(line: Mapping[str, Any]) -> str:
    try:
        return str(read_json(str(line.get("statement")))["signer"])
    except (ValueError, KeyError, TypeError):
        return ""


def _find(
    leaves: list[tuple[int, Leaf]], verb: str, actor: str | None = None, **data: object
) -> tuple[int, Leaf] | None:
    """Return the first event with this verb, by this actor where one is given, and with these data."""
    for index, leaf in leaves:
        fits = leaf["verb"] == verb and (actor is None or leaf["actor"] == actor)
        if fits and all(leaf["data"].get(name) == value for name, value in data.items()):
            return index, leaf
    return None


def _leaves(source: Source, size: int) -> Iterator[tuple[int, Leaf]]:
    """Yield the events with one of VERBS; others are passed over unread."""
    for first in range(0, size, WIDTH):
        name = f"tile/entries/{numbered(first // WIDTH, min(WIDTH, size - first))}"
        packed, at = source.read(name, WIDTH * 65537), 0
        for index in range(first, min(first + WIDTH, size)):
            start = at + 2
            at = start + (packed[at] << 8) + packed[at + 1]
            raw = packed[start:at]
            if any(mark in raw for mark in _MARKS):
                yield index, read_json(raw.decode())

"""Which fields a record must be signed in, in which order, and with whose certificates the organisation's are."""

from collections.abc import Iterator, Sequence
from typing import Any

from imprimatur.record.expected import ARCHIVE, SEAL, SYSTEM, Expected, Field, Signed

Reader = Any  # pyHanko's, which has no types


def faults(reader: Reader, signed: Sequence[str], expected: Sequence[Field] | None) -> list[str]:
    """Compare the fields that are signed with those that must be; without them, with the rule that all records keep:
    the system first, then people, the seal, and the last timestamp, whose field alone may be left empty.
    """
    if expected is not None:
        wanted = [item.name for item in expected]
        return [] if list(signed) == wanted else [f"signatures {list(signed)} instead of {wanted}"]
    return list(_by_rule(reader, signed))


def unchecked(reader: Reader, signed: Sequence[str], expected: Sequence[Field] | None) -> list[str]:
    """A reserved last timestamp that isn't there: only whoever issued the file knows whether there was one."""
    return ["archive"] if expected is None and ARCHIVE in _reserved(reader) - set(signed) else []


def of_sealers(signatures: Sequence[Signed], expected: Expected) -> Iterator[str]:
    """Yield what speaks against a certification or seal being the organisation's: one root may vouch for people, too.

    No certificate of a person in the file does both, and where those of the organisation are known, it is one of them.
    """
    people = {one.certificate for one in signatures if one.kind == "signature"}
    for one in _of_organisation(signatures):
        if one.certificate in people:
            yield f"{one.field}: another signer, with the certificate of a person"
        elif expected.sealers and one.certificate not in expected.sealers:
            yield f"{one.field}: another signer than those of the organisation that were given"


def unchecked_sealers(signatures: Sequence[Signed], expected: Expected) -> list[str]:
    """Return "seal" where roots are trusted, and nobody said which certificates are the organisation's."""
    is_known = expected.sealers or expected.fields is not None or not expected.roots
    return [] if is_known or not list(_of_organisation(signatures)) else ["seal"]


def _of_organisation(signatures: Sequence[Signed]) -> Iterator[Signed]:
    return (one for one in signatures if one.kind in {"certification", "seal"})


def _reserved(reader: Reader) -> set[str]:
    return {str(field.get_object().get("/T", "")) for field in reader.root["/AcroForm"]["/Fields"]}


def _by_rule(reader: Reader, signed: Sequence[str]) -> Iterator[str]:
    if empty := sorted(_reserved(reader) - {ARCHIVE} - set(signed)):
        yield f"nobody signed {empty}"
    if SEAL not in signed:
        yield "no seal of the organisation"
        return
    seal = signed.index(SEAL)
    if list(signed[seal + 1 :]) not in ([], [ARCHIVE]):
        yield f"signatures after the seal {list(signed[seal + 1 :])}"
    if seal and signed[0] != SYSTEM:
        yield "another than the system certified it"
    if len(set(signed)) != len(signed) or any(not name.startswith("sig-") for name in signed[:seal]):
        yield f"signatures {list(signed)}"

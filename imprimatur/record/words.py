"""A report in words, for whoever asked on the command line."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from imprimatur.record.expected import Report, Signed
from imprimatur.record.line import DRIFT
from imprimatur.record.log import Told

KINDS = {
    "certification": "Certified by the system",
    "signature": "Signed",
    "seal": "Sealed by the organisation",
    "timestamp": "Timestamp over the whole file",
}
CLOCKS = {
    "authority": "by the clock of a timestamp authority",
    "server": "by the clock of the signing server",
}
STANDING = {
    "good": "not revoked by then",
    "later": "revoked afterwards, on {}: what it signed before holds",
    "before": "revoked before, on {}",
    "unknown": "whether it was revoked is not known: there is no list of its issuer",
}
MISSING = {
    "roots": "Whether the root is the organisation's (--roots). Compare it with the one that you were given:",
    "seal": "Whether the seal is the organisation's own, or of somebody else under the same root: look at the name in "
    "its chain, or trust the certificates of the organisation's verification page.",
    "archive": "Whether the file was issued without its last timestamp, or was cut back to before it (--issued).",
    "issued": "Whether these are the bytes that were issued: ask the organisation for their SHA-256 (--issued).",
    "log": "Whether the audit log tells of this record (--bundle).",
}


def in_words(report: Report, told: Sequence[Told], *, tied: bool) -> str:
    """Return all of it, the verdict first, and last what nobody checked; `tied`: something says whose record it is."""
    return "\n".join(_lines(report, told, tied))


def _lines(report: Report, told: Sequence[Told], tied: bool) -> Iterator[str]:
    if report.faults:
        yield f"Wrong: {report.faults[0]}."
        yield from (f"  and: {fault}." for fault in report.faults[1:])
    elif tied:
        yield "Genuine, as far as was checked."
    else:
        yield "Nothing is wrong in the file, but nothing says whose it is: give --roots, --issued or --bundle."
    yield f"File: SHA-256 {report.file_sha256}"
    if report.record_sha256:
        count = sum(one.line is not None and not one.faults for one in report.signatures)
        yield f"record.json: SHA-256 {report.record_sha256}" + (
            f", which {count} people signed" if count else ""
        )
    for number, one in enumerate(report.signatures, 1):
        yield ""
        yield from _of_signature(number, one)
    if told:
        yield ""
        yield "In the audit log:"
        yield from (
            f"  {one.what}: " + ("not there" if one.event is None else f"event {one.event}") for one in told
        )
    if report.unchecked:
        yield ""
        yield "Not checked:"
        for what in report.unchecked:
            yield f"  {MISSING[what]}"
            if what == "roots":
                yield from (f"    {subject}, SHA-256 {sha256}" for subject, sha256 in report.roots)


def _of_signature(number: int, one: Signed) -> Iterator[str]:
    line = one.line or {}
    role = f", {line['role']}" if line.get("role") else ""
    yield f"{number}. {KINDS[one.kind]}: {one.name}{role} ({one.field})"
    if line.get("on_behalf_of"):
        yield f"   on behalf of {line['on_behalf_of']}"
    if one.reason:
        yield f"   {one.reason}"
    if one.at is not None:
        level = f"; PAdES {one.level}" if one.level else ""
        yield f"   {_moment(one.at)}, {CLOCKS.get(one.clock, '')}{level}"
    if one.authority:
        yield f"   timestamp of {' < '.join(name for name, _sha256 in one.authority)}"
    if one.clock == "authority" and one.written and one.at and abs(one.written - one.at) > DRIFT:
        yield f"   the server wrote {_moment(one.written)}: one of the two clocks was wrong, or it waited"
    yield f"   certificate {one.certificate}" + _dates(one)
    if one.chain:
        yield f"   {' < '.join(subject for subject, _sha256 in one.chain)}"
        yield f"   {STANDING[one.revocation].format(_moment(one.revoked_at) if one.revoked_at else '')}"
    what = "the whole file" if one.covers == "file" else f"the file up to revision {one.revision}"
    yield f"   covers {what}" if one.covers else "   covers nothing that could be told"
    yield from (f"   wrong: {fault}" for fault in one.faults)


def _dates(one: Signed) -> str:
    if one.valid_from is None or one.valid_until is None:
        return ""
    return f", valid from {one.valid_from:%Y-%m-%d} to {one.valid_until:%Y-%m-%d}"


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S %Z}".strip()

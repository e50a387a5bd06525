"""The public answer to "is this record genuine?": for a file, a code, or both. Tells nothing that the paper
doesn't.
"""

import re
from dataclasses import dataclass, field
from enum import StrEnum

from imprimatur.record.apart import examine_apart
from imprimatur.record.expected import Report, Signed
from records import codes, fault_words
from records.canonical import digest
from records.models import Record
from records.selectors import expected_of, sealed_with_code, sealed_with_digest

_PRINTED_CODE = re.compile(rb"imprimatur-code-([0-9A-Z]{16})")


class Verdict(StrEnum):
    """What can be said."""

    GENUINE = "genuine"
    ISSUED = "issued"  # the code is ours; no file was shown
    CHANGED = "changed"
    ANOTHER = "another"  # a genuine record, but not the one of the code
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer, with what was compared; `record` is the one that the file is, or claims to be."""

    verdict: Verdict
    record: Record | None = None
    code: str = ""
    code_fits: bool = True
    sha256: str = ""
    size: int = 0
    report: Report = field(default_factory=Report)
    is_pdf: bool = True  # or no file was shown

    @property
    def faults(self) -> list[str]:
        """What is wrong, in words for experts."""
        return self.report.faults

    @property
    def changes(self) -> list[str]:
        """What is wrong, in words for everybody."""
        return fault_words.sentences(self.report.faults)

    @property
    def signatures(self) -> list[Signed]:
        """The signatures of a genuine file, in their order. What another file says of itself is not repeated."""
        return self.report.signatures if self.verdict in {Verdict.GENUINE, Verdict.ANOTHER} else []

    @property
    def whole(self) -> int:
        """How many of the signatures hold by themselves."""
        return sum(not one.faults for one in self.report.signatures)

    @property
    def revoked_later(self) -> list[Signed]:
        """Those whose certificate was revoked after they had been made."""
        return [one for one in self.signatures if one.revocation == "later"]

    @property
    def printed_code(self) -> str:
        """The code in groups of four, as on paper; what is no code stays as it was typed."""
        read = codes.read(self.code)
        return codes.grouped(read) if read else self.code


def look_up(code: str) -> Finding:
    """Answer for a code alone."""
    record = sealed_with_code(codes.read(code))
    if record is None:
        return Finding(Verdict.UNKNOWN, code=code.strip()[:40], code_fits=codes.fits(codes.read(code)))
    return Finding(Verdict.ISSUED, record, code=record.code)


def examine(content: bytes, code: str = "") -> Finding:
    """Answer for a file, as it was received, and the code that came with it, if any.

    Equal bytes decide; a file that we did not issue is parsed apart, and only to say what is wrong with it.
    """
    sha256, given = digest(content), codes.read(code)
    record = sealed_with_digest(sha256)
    if record is not None:
        report = examine_apart(content, expected_of(record))
        wrong = report.faults and not report.undecided  # equal bytes are enough on a machine that is too busy
        verdict = Verdict.CHANGED if wrong else Verdict.GENUINE
        if given and given != record.code:
            verdict = Verdict.ANOTHER
        return Finding(verdict, record, given or record.code, True, sha256, len(content), report)
    claimed = sealed_with_code(given) or sealed_with_code(_code_inside(content))
    if claimed is None:
        is_pdf = b"%PDF-" in content[:1024]  # where readers look for it
        return Finding(Verdict.UNKNOWN, code=given, sha256=sha256, size=len(content), is_pdf=is_pdf)
    report = examine_apart(content, expected_of(claimed))
    return Finding(Verdict.CHANGED, claimed, claimed.code, True, sha256, len(content), report)


def _code_inside(content: bytes) -> str:
    """Return the code that the file says it bears, found without parsing it."""
    found = _PRINTED_CODE.search(content)
    return codes.read(found[1].decode()) if found else ""

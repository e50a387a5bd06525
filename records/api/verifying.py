"""Whether a file, or a code printed on one, is a record that was issued: what the public page answers."""

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Query

from accounts.api.bodies import FileBody
from accounts.api.fields import In, Out
from accounts.api.problems import Code, Problem
from accounts.api.rooms import Room
from accounts.api.visit import sent_file
from accounts.rules.scopes import Scope
from imprimatur.record.expected import LARGEST, Signed
from records import limits
from records.models import Record
from records.verification import Finding, Verdict, examine, look_up

room = Room("Records")
CODE = "^[0-9A-Za-z -]{1,40}$"
MOST_CHANGES, MOST_FAULTS = 4, 6


class VerifyingQuery(In):
    """The code that came with the file, where one did."""

    code: Annotated[
        str, Field(pattern="^[0-9A-Za-z -]{0,40}$", description="Printed on it.", examples=["7KQM-3XVT-9D2H-PW4C"])
    ] = ""  # fmt: skip


class SignedOut(Out):
    """A signature of a genuine record."""

    kind: str = Field(description="certification, signature, seal or timestamp.", examples=["signature"])
    name: str = Field(examples=["Aylin Demir"])
    role: str = Field(description="As which the person signed.", examples=["Chair of the ethics board"])
    on_behalf_of: str = Field(examples=[""])
    at: datetime | None
    clock: str = Field(
        description="Whose: authority (a trusted timestamp) or server.", examples=["authority"]
    )
    level: str = Field(description="Of PAdES (ETSI EN 319 142-1).", examples=["B-LTA"])
    certificate: str = Field(description="SHA-256.", examples=["b1946ac92492d2347c6235b4d2611184" * 2])
    revocation: str = Field(description="good, or later: revoked after it signed.", examples=["good"])
    revoked_at: datetime | None


class IssuedOut(Out):
    """The record that the file is, or claims to be; of what it decides nothing is said here."""

    reference: str = Field(examples=["IMP-2026-0008"])
    kind: str = Field(examples=["review"])
    sealed_at: datetime | None
    file_size: int = Field(description="In bytes.", examples=[184320])
    file_sha256: str = Field(
        description="Of the file as issued, where yours differs; else empty.", examples=[""]
    )


class FindingOfFileOut(Out):
    """What can be said: genuine, issued (a code alone), changed, another (not that of the code), unknown."""

    verdict: Verdict
    record: IssuedOut | None
    code: str = Field(examples=["7KQM-3XVT-9D2H-PW4C"])
    code_fits: bool = Field(description="False: its check letter says that it is mistyped.")
    sha256: str = Field(
        description="Of what was sent; empty for a code.", examples=["b1946ac92492d2347c6235b4d2611184" * 2]
    )
    size: int = Field(description="Of what was sent, in bytes.", examples=[184320])
    changes: list[str] = Field(description="What is wrong, in words for everybody.", examples=[[]])
    faults: list[str] = Field(description="The same for experts, in English; the first ones.", examples=[[]])
    undecided: bool = Field(
        description="The bytes are those that were issued; the server was too busy to read the signatures."
    )
    signatures: list[SignedOut]


@room.post(
    "/verification", FindingOfFileOut, Scope.RECORDS_READ,
    takes=FileBody(("application/pdf", "application/octet-stream"), lambda: LARGEST),
)  # fmt: skip
def verify_file(request: HttpRequest, asked: Query[VerifyingQuery]) -> FindingOfFileOut:
    """Verify a file, as it was received; it is compared and not kept. An address may ask six times in a minute."""
    _within(request, "upload", limits.UPLOADS)
    return _said(examine(sent_file(request).read(), asked.code))


@room.get("/verification/{printed_code}", FindingOfFileOut, Scope.RECORDS_READ)
def verify_code(
    request: HttpRequest, printed_code: Annotated[str, Field(pattern=CODE, examples=["7KQM-3XVT-9D2H-PW4C"])]
) -> FindingOfFileOut:
    """Ask whether a code belongs to a record; only the file shows that it is the same."""
    _within(request, "question", limits.QUESTIONS)
    return _said(look_up(printed_code))


def _within(request: HttpRequest, action: str, amount: int) -> None:
    if limits.is_too_often(request, action, amount):
        raise Problem(
            Code.TOO_MANY, _("Too many questions from your address. Try again in a minute."),
            headers={"Retry-After": "60"},
        )  # fmt: skip


def _said(found: Finding) -> FindingOfFileOut:
    return FindingOfFileOut(
        verdict=found.verdict, record=_record(found, found.record) if found.record else None,
        code=found.printed_code, code_fits=found.code_fits, sha256=found.sha256, size=found.size,
        changes=found.changes[:MOST_CHANGES] if found.verdict == Verdict.CHANGED else [],
        faults=found.faults[:MOST_FAULTS] if found.verdict == Verdict.CHANGED else [],
        undecided=found.report.undecided, signatures=[_signed(one) for one in found.signatures],
    )  # fmt: skip


def _record(found: Finding, record: Record) -> IssuedOut:
    differs = found.verdict == Verdict.CHANGED
    return IssuedOut(
        reference=record.reference, kind=record.kind, sealed_at=record.sealed_at, file_size=record.file_size,
        file_sha256=record.file_sha256 if differs else "",
    )  # fmt: skip


def _signed(one: Signed) -> SignedOut:
    line = one.line or {}
    return SignedOut(
        kind=one.kind, name=one.name, role=line.get("role") or "", on_behalf_of=line.get("on_behalf_of") or "",
        at=one.at, clock=one.clock, level=one.level, certificate=one.certificate, revocation=one.revocation,
        revoked_at=one.revoked_at,
    )  # fmt: skip

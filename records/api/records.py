"""Records: read, and downloaded as sealed PDF or as the JSON that is embedded in it."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from ninja import Field

from accounts.api.fields import Address, Id, Out, Sha256, page_address
from accounts.api.rooms import Room
from accounts.api.visit import who
from accounts.rules.scopes import Scope
from records.models import Record, RecordState
from records.permissions import record_to_read
from records.progress import sealing_of
from records.services import download_data, download_record

room = Room("Records")
PDF, JSON = "application/pdf", "application/json"


class RecordOut(Out):
    """A record: what was frozen, and where its sealing stands."""

    id: int = Field(examples=[4])
    kind: str = Field(examples=["decision"])
    reference: str = Field(examples=["IMP-2026-0004"])
    title: str = Field(examples=["Ferryman-MT 2.1"])
    outcome: str = Field(examples=["approved"])
    language: str = Field(examples=["en"])
    code: str = Field(description="By which anybody verifies it.", examples=["7F3K-9Q2M-XW4P"])
    context_sha256: Sha256
    state: RecordState
    failure: str = Field(examples=[""])
    frozen_at: datetime
    sealed_at: datetime | None
    file_sha256: str = Field(description="Empty until it is sealed.", examples=[""])
    file_size: int = Field(description="In bytes.", examples=[0])
    address: Address


class MarkOut(Out):
    """A signature of the record, or the time stamp: done, now (a worker is at it), stuck, or waits."""

    title: str = Field(examples=["Chair of the ethics board"])
    state: str = Field(examples=["done"])
    who: str = Field(examples=["Aylin Demir"])
    at: datetime | None
    how: str = Field(description="Its level in words.", examples=["PAdES B-LT"])
    why: str = Field(description="Why it waits.", examples=[""])


class SealingOut(Out):
    """How far a record is on its way to the seal; `again`: what failed is tried again by itself."""

    state: RecordState
    marks: list[MarkOut]
    failure: str = Field(examples=[""])
    again: bool


def record_out(record: Record) -> RecordOut:
    """Return the record without its content."""
    return RecordOut(
        id=record.pk, kind=record.kind, reference=record.reference, title=record.title, outcome=record.outcome,
        language=record.language, code=record.code, context_sha256=record.context_sha256,
        state=RecordState(record.state), failure=record.failure, frozen_at=record.frozen_at,
        sealed_at=record.sealed_at, file_sha256=record.file_sha256, file_size=record.file_size,
        address=page_address("records:record_page", record.pk),
    )  # fmt: skip


@room.get("/records/{record_id}", RecordOut, Scope.RECORDS_READ)
def read_record(request: HttpRequest, record_id: Id) -> RecordOut:
    """Read where the sealing of a record stands, and its digests."""
    user, now = who(request)
    return record_out(record_to_read(user, record_id, now))


@room.get("/records/{record_id}/sealing", SealingOut, Scope.RECORDS_READ)
def read_sealing(request: HttpRequest, record_id: Id) -> SealingOut:
    """Read how far a record is: each signature with who, when and how, and why it waits."""
    user, now = who(request)
    found = sealing_of(record_to_read(user, record_id, now))
    return SealingOut(
        state=RecordState(found.record.state), failure=found.failure, again=found.again,
        marks=[
            MarkOut(title=one.title, state=one.state, who=one.who, at=one.at, how=one.how, why=one.why)
            for one in found.marks
        ],
    )  # fmt: skip


@room.get("/records/{record_id}/file", bytes, Scope.RECORDS_READ, gives=PDF)
def read_record_file(request: HttpRequest, record_id: Id) -> HttpResponse:
    """Download the sealed PDF; each download is an event of the log."""
    user, now = who(request)
    record, content = download_record(actor=user, record_id=record_id, now=now)
    return _file(record, bytes(content), PDF, "pdf")


@room.get("/records/{record_id}/data", bytes, Scope.RECORDS_READ, gives="application/octet-stream")
def read_record_data(request: HttpRequest, record_id: Id) -> HttpResponse:
    """Download what the record says as JSON, exactly the bytes that are embedded in its file."""
    user, now = who(request)
    record = download_data(actor=user, record_id=record_id, now=now)
    return _file(record, bytes(record.context), "application/octet-stream", "json")


def _file(record: Record, content: bytes, kind: str, ending: str) -> HttpResponse:
    name = f"{record.reference}-{record.pk}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=kind, headers=headers)

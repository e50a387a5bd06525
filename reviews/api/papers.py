"""What is written about a request: its records and letters."""

from datetime import datetime

from django.http import Http404, HttpRequest
from ninja import Field

from accounts.api.fields import Out
from accounts.api.rooms import Room
from accounts.rules.scopes import Scope
from records.api.records import RecordOut, record_out
from records.models import Record
from reviews.api.requests import Reference, found_request
from reviews.permissions.sight import may_read_record
from reviews.selectors.letters.shown import letters_of

room = Room("Records")


class RecordsOut(Out):
    """The records about a request, oldest first."""

    items: list[RecordOut]


class LetterOut(Out):
    """A letter to who asked; `record` is null until it is frozen."""

    number: int = Field(examples=[2])
    kind: str = Field(examples=["decided"])
    language: str = Field(examples=["en"])
    written_at: datetime
    record: int | None = Field(description="Number of its record, by which it is downloaded.", examples=[6])


class LettersOut(Out):
    """The letters about a request, newest first."""

    items: list[LetterOut]


@room.get("/requests/{reference}/records", RecordsOut, Scope.RECORDS_READ)
def list_records(request: HttpRequest, reference: Reference) -> RecordsOut:
    """List the records about the request; who is recused from it reads none."""
    user, found, now = found_request(request, reference)
    if not may_read_record(user, str(found.pk), now):
        raise Http404
    rows = Record.objects.filter(object_type=found._meta.label_lower, object_id=str(found.pk))
    shown = rows.defer("context", "signatures").order_by("frozen_at", "id")
    return RecordsOut(items=[record_out(one) for one in shown])


@room.get("/requests/{reference}/letters", LettersOut, Scope.RECORDS_READ)
def list_letters(request: HttpRequest, reference: Reference) -> LettersOut:
    """List the letters about the request."""
    user, found, now = found_request(request, reference)
    if not may_read_record(user, str(found.pk), now):
        raise Http404
    letters = [each.letter for one in letters_of(found) for each in (one, *one.translations)]
    return LettersOut(
        items=[
            LetterOut(
                number=one.number, kind=one.kind, language=one.language, written_at=one.written_at,
                record=one.record_id,
            )
            for one in letters
        ]
    )  # fmt: skip

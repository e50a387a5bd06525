"""What is written about a request: its records and letters."""

from datetime import datetime
from typing import Literal

from django.http import Http404, HttpRequest
from ninja import Field

from accounts.api.fields import Id, In, Out
from accounts.api.rooms import Room
from accounts.models import User
from accounts.rules.scopes import Scope
from records.api.records import RecordOut, record_out
from records.models import Record, RecordState
from reviews.api.requests import Reference, found_request
from reviews.models import ReviewRequest
from reviews.permissions.letters import why_not_have_translated
from reviews.permissions.sight import may_read_record
from reviews.selectors.letters.shown import ShownLetter, letter_of, letters_of
from reviews.services.letters import translate_letter as translate

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
    translates: int | None = Field(
        description="Number of the letter of which it is a translation.", examples=[None]
    )
    record: int | None = Field(description="Number of its record, by which it is downloaded.", examples=[6])
    state: RecordState | None = Field(
        description="Of its record; null until it is frozen.", examples=["sealed"]
    )


class LettersOut(Out):
    """The letters about a request, newest first."""

    items: list[LetterOut]
    why_not_translate: str | None = Field(
        description="Null: this person can have a letter issued in another language.", examples=[None]
    )


class TranslationIn(In):
    """Into which language."""

    language: Literal["en", "zh-hans"] = Field(examples=["zh-hans"])


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
    return _letters(*_reads(request, reference))


def _reads(request: HttpRequest, reference: str) -> tuple[User, ReviewRequest, datetime]:
    """Return who asks, the request and the moment; raises Http404 for who reads no record about the request."""
    user, found, now = found_request(request, reference)
    if not may_read_record(user, str(found.pk), now):
        raise Http404
    return user, found, now


def _letters(user: User, found: ReviewRequest, now: datetime) -> LettersOut:
    why_not = why_not_have_translated(user, found, now)
    return LettersOut(
        items=[_letter(each) for one in letters_of(found) for each in (one, *one.translations)],
        why_not_translate=str(why_not) if why_not else None,
    )


def _letter(shown: ShownLetter) -> LetterOut:
    one = shown.letter
    return LetterOut(
        number=one.number, kind=one.kind, language=one.language, written_at=one.written_at, record=one.record_id,
        translates=one.translates.number if one.translates else None,
        state=RecordState(shown.record.state) if shown.record else None,
    )  # fmt: skip


@room.post(
    "/requests/{reference}/letters/{number}/translations", LettersOut, Scope.REQUESTS_WRITE, status=201
)
def translate_letter(
    request: HttpRequest, reference: Reference, number: Id, given: TranslationIn
) -> LettersOut:
    """Have a letter issued in another language, too: a second record, which cites the first; a job writes it."""
    user, found, now = _reads(request, reference)
    translate(actor=user, letter_id=letter_of(found, number).pk, language=given.language, now=now)
    return _letters(user, found, now)

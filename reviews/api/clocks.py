"""How dates came about, the clocks of a request, and dates that the calendar of today would put elsewhere."""

from datetime import datetime, timedelta

from django.http import HttpRequest
from ninja import Field

from accounts.api.fields import Id, In, LikelyMomentIn, Out
from accounts.api.rooms import Room
from accounts.api.visit import who
from accounts.models import User
from accounts.rules.scopes import Scope
from reviews.api.boards import BoardName
from reviews.api.requests import Reference, found_request
from reviews.models import ReviewRequest
from reviews.permissions.calendars import board_led, why_not_recount
from reviews.permissions.containers import containers_of
from reviews.permissions.reasons import require
from reviews.permissions.sight import why_not_see_deliberation
from reviews.rules.explaining import DateKind
from reviews.selectors.changed_dates import changed_for
from reviews.selectors.clock_picture import ClockRow, clock_picture
from reviews.selectors.dated import Dated, find
from reviews.selectors.explained import explain
from reviews.selectors.explanation_words import in_words
from reviews.services.recounting import recount_date as count_again

room = Room("Working days")
KEPT = timedelta(milliseconds=1)
"""Answers tell moments to the millisecond."""


class DateWhyOut(Out):
    """How a date came about, one sentence after the other."""

    kind: DateKind
    id: int = Field(description="Number of what is due, within its kind.", examples=[17])
    label: str = Field(examples=["Review by Ethics board"])
    board: str | None = Field(description="Whose calendar counts; null: the house's.", examples=["ethics"])
    due: datetime
    lines: list[str] = Field(
        examples=[["It runs from Mon 2 Nov 2026, 09:00, when the board was given the request."]]
    )
    days: list[str] = Field(
        description="Days that didn't count, or counted though at a weekend.",
        examples=[["24 Dec 2026 to 31 Dec 2026: House closed over the new year"]],
    )
    would_be: datetime | None = Field(description="By the calendar of today, where that is another date.")
    why_not_recount: str | None = Field(
        description="Null: this person may have it counted again, if `would_be` is there.", examples=[None]
    )


class StretchOut(Out):
    """A stretch of a clock."""

    state: str = Field(description="running, paused or idle (not with the boards).", examples=["paused"])
    since: datetime
    until: datetime | None = Field(description="Null: it lasts.")


class ClockOut(Out):
    """The clock of the request, or of one of its boards."""

    name: str = Field(examples=["Ethics board"])
    board: str | None = Field(description="Null: of the request.", examples=["ethics"])
    ran: str = Field(examples=["4 days and 2 hours"])
    paused: str = Field(examples=["1 day"])
    due: datetime | None
    stretches: list[StretchOut]


class ClocksOut(Out):
    """All clocks of a request; none while no board has had it."""

    says: str = Field(examples=["The clock of the request ran for 4 days and stood for 1 day."])
    items: list[ClockOut]


class ChangedDateOut(Out):
    """A running date that the calendar of today would put elsewhere."""

    reference: str = Field(examples=["IMP-2026-0008"])
    kind: DateKind
    id: int = Field(examples=[17])
    label: str = Field(examples=["Review by Ethics board"])
    due: datetime
    would_be: datetime
    lines: list[str] = Field(examples=[["The term is 20 working days."]])


class ChangedDatesOut(Out):
    """Running dates of a board that would be others now, what is due first first."""

    items: list[ChangedDateOut]


class RecountIn(In):
    """The new date that was looked at; another one by now is not written."""

    would_be: LikelyMomentIn = Field(
        description="As the explanation of the date says it.", examples=["2026-12-04T16:00:00Z"]
    )


def _found(
    request: HttpRequest, reference: str, kind: str, key: int
) -> tuple[User, ReviewRequest, Dated, datetime]:
    """Return who asks, the request, the date and the moment; those of the deliberation only to who sees that."""
    user, found, now = found_request(request, reference)
    dated = find(kind, found, key)
    if dated.inside:
        require(why_not_see_deliberation(user, found, now))
    return user, found, dated, now


def _why(user: User, found: ReviewRequest, dated: Dated, now: datetime) -> DateWhyOut:
    explanation = explain(dated, now)
    words = in_words(explanation, dated.board.name if dated.board else "")
    why_not = why_not_recount(user, found, dated.board, now)
    return DateWhyOut(
        kind=dated.kind, id=dated.key[1], label=dated.label, board=dated.board.slug if dated.board else None,
        due=explanation.due, lines=list(words.lines), days=list(words.days), would_be=explanation.would_be,
        why_not_recount=str(why_not) if why_not else None,
    )  # fmt: skip


@room.get("/requests/{reference}/dates/{due}/{thing_id}/why", DateWhyOut, Scope.REQUESTS_READ)
def explain_date(request: HttpRequest, reference: Reference, due: DateKind, thing_id: Id) -> DateWhyOut:
    """Read how a date of the request came about: its term and source, the days off, pauses and moves."""
    return _why(*_found(request, reference, due, thing_id))


@room.post("/requests/{reference}/dates/{due}/{thing_id}/recount", DateWhyOut, Scope.BOARDS_WRITE)
def recount_date(
    request: HttpRequest, reference: Reference, due: DateKind, thing_id: Id, given: RecountIn
) -> DateWhyOut:
    """Have a running date counted again by the calendar of today, as who leads the board; whom it concerns is told."""
    user, found, dated, now = _found(request, reference, due, thing_id)
    require(why_not_recount(user, found, dated.board, now))
    shown = explain(dated, now).would_be
    same = shown is not None and abs(shown - given.would_be) < KEPT
    count_again(
        actor=user, request_id=found.pk, kind=due, key=thing_id, expected=shown if same else given.would_be, now=now
    )  # fmt: skip
    return _why(user, found, find(due, found, thing_id), now)


@room.get("/requests/{reference}/clock", ClocksOut, Scope.REQUESTS_READ)
def read_clock(request: HttpRequest, reference: Reference) -> ClocksOut:
    """Read for how long the clocks of the request and of its boards ran and stood."""
    _user, found, now = found_request(request, reference)
    picture = clock_picture(found, now)
    return ClocksOut(
        says=picture.says if picture else "", items=[_clock(row) for row in picture.rows] if picture else []
    )


def _clock(row: ClockRow) -> ClockOut:
    return ClockOut(
        name=row.name, board=row.review.board.slug if row.review else None, ran=row.ran, paused=row.paused, due=row.due,
        stretches=[StretchOut(state=one.state, since=one.since, until=one.until) for one in row.stretches],
    )  # fmt: skip


@room.get("/boards/{board}/dates", ChangedDatesOut, Scope.REQUESTS_READ)
def list_changed_dates(request: HttpRequest, board: BoardName) -> ChangedDatesOut:
    """List the running dates of a board that the calendar of today would put elsewhere, for who leads it."""
    user, now = who(request)
    reached = containers_of(user, now)
    return ChangedDatesOut(
        items=[
            ChangedDateOut(
                reference=line.dated.request.reference, kind=line.dated.kind, id=line.dated.key[1],
                label=line.dated.label, due=line.found.due, would_be=line.found.would_be, lines=list(line.words.lines),
            )
            for line in changed_for(user, board_led(user, board, now, reached), reached, now)
            if line.dated.request is not None and line.found.would_be is not None
        ]
    )  # fmt: skip

"""Dates of a request: until when what is due, and moved with a reason by who leads the board whose date it is."""

from datetime import datetime, time
from typing import Annotated

from django.http import Http404, HttpRequest
from ninja import Field

from accounts.api.fields import DayIn, Id, In, Out, Words
from accounts.api.rooms import Room
from accounts.rules.scopes import Scope
from reviews.api.requests import Reference, found_request
from reviews.models import Condition
from reviews.permissions.deadlines import review_of, why_not_move_date
from reviews.permissions.reasons import require
from reviews.permissions.sight import why_not_see_deliberation
from reviews.rules.deadlines import DeadlineKind
from reviews.selectors.deadlines import dates_of, rows_of
from reviews.services.deadlines import move_date as move

room = Room("Requests")
Clock = Annotated[str, Field(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$", examples=["12:00"])]


class DateOut(Out):
    """A date of the request that is still open."""

    kind: DeadlineKind
    id: int = Field(description="Number of what is due, within its kind.", examples=[17])
    label: str = Field(examples=["Review by Ethics board"])
    due: datetime
    why_not_move: str | None = Field(description="Null: this person may move it.", examples=[None])


class DatesOut(Out):
    """The open dates of the request as this person may know of them, what is due first first."""

    items: list[DateOut]


class MoveIn(In):
    """The new day, until which hour where the board sits, and the reason, which everybody concerned reads."""

    day: DayIn
    at: Clock | None = Field(
        None, description="Left out: 17:00. A condition is due with the end of its day.", examples=["12:00"]
    )
    reason: Words = Field(examples=["Two members are ill."])


@room.get("/requests/{reference}/dates", DatesOut, Scope.REQUESTS_READ)
def list_dates(request: HttpRequest, reference: Reference) -> DatesOut:
    """List the dates of the request that are still open, and which of them this person may move."""
    return _dates(request, reference)


def _dates(request: HttpRequest, reference: str) -> DatesOut:
    user, found, now = found_request(request, reference)
    return DatesOut(
        items=[
            DateOut(
                kind=line.kind, id=line.key, label=line.label, due=line.due,
                why_not_move=str(line.why_not) if line.why_not else None,
            )
            for line in dates_of(user, found, now)
        ]
    )  # fmt: skip


@room.post("/requests/{reference}/dates/{kind}/{thing_id}/move", DatesOut, Scope.BOARDS_WRITE)
def move_date(
    request: HttpRequest, reference: Reference, kind: DeadlineKind, thing_id: Id, given: MoveIn
) -> DatesOut:
    """Move a date with a reason; whom it concerns is told, and the old date stays in the history."""
    user, found, now = found_request(request, reference)
    thing = rows_of(kind, found).filter(pk=thing_id).first()
    if thing is None:
        raise Http404
    review_of(thing).request = found
    if kind == DeadlineKind.BALLOT:
        require(why_not_see_deliberation(user, found, now))
    require(why_not_move_date(user, thing, now))
    at = time.fromisoformat(given.at) if given.at and not isinstance(thing, Condition) else None
    move(
        actor=user, request_id=found.pk, kind=kind, key=thing_id, day=given.day, at=at, reason=given.reason, now=now
    )  # fmt: skip
    return _dates(request, reference)

"""What others hold of the requests for which a person waits, and reminding them of it."""

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Field
from pydantic import StringConstraints

from accounts.api.fields import IdIn, In, Out, PersonOut, person_out
from accounts.api.rooms import Room
from accounts.api.visit import who
from accounts.models import User
from accounts.rules.scopes import Scope
from reviews.api.requests import Reference, found_request
from reviews.permissions.chasing import why_not_remind
from reviews.permissions.reasons import require
from reviews.selectors.held import Held, held_for
from reviews.services.chasing import remind_now

room = Room("My work")


class HolderOut(Out):
    """Somebody whom this person may remind."""

    person: PersonOut
    reminded_at: datetime | None = Field(description="Today; null: not yet.")


class HeldOut(Out):
    """Something that others hold."""

    reference: str = Field(examples=["IMP-2026-0008"])
    who: str = Field(description="A name, an office or a board.", examples=["Mara Member"])
    what: str = Field(examples=["vote"])
    kind: str = Field(description="Empty: nobody can be reminded of it.", examples=["review.vote"])
    object: str = Field(description="Number of the thing, within its kind.", examples=["14"])
    since: datetime
    due: datetime | None
    holders: list[HolderOut] = Field(description="Empty for who may not remind them.")


class HeldListOut(Out):
    """What others hold, the first due first; of the forty requests at most that stand still longest."""

    items: list[HeldOut]


class ReminderIn(In):
    """Of what somebody is reminded; as the list says it."""

    kind: Annotated[str, StringConstraints(min_length=1, max_length=60)] = Field(examples=["review.vote"])
    object: Annotated[str, StringConstraints(min_length=1, max_length=64)] = Field(examples=["14"])
    person: IdIn = Field(description="Number of one of the holders.", examples=[9])


def _held(user: User, now: datetime) -> HeldListOut:
    return HeldListOut(items=[_line(one) for one in held_for(user, now)])


def _line(held: Held) -> HeldOut:
    return HeldOut(
        reference=held.request.reference, who=held.who, what=held.what, kind=held.kind, object=held.object_id,
        since=held.since, due=held.due,
        holders=[HolderOut(person=person_out(one.person), reminded_at=one.reminded_at) for one in held.holders],
    )  # fmt: skip


@room.get("/work/held", HeldListOut, Scope.REQUESTS_READ)
def list_held(request: HttpRequest) -> HeldListOut:
    """List what others hold of requests that are the person's, or that their boards judge."""
    return _held(*who(request))


@room.post("/requests/{reference}/reminders", HeldListOut, Scope.BOARDS_WRITE, status=201)
def remind(request: HttpRequest, reference: Reference, given: ReminderIn) -> HeldListOut:
    """Remind somebody now of what waits for them, in their inbox and by mail; once a day is the most."""
    user, found, now = found_request(request, reference)
    require(why_not_remind(user, found, now))
    remind_now(
        actor=user,
        request_id=found.pk,
        kind=given.kind,
        object_id=given.object,
        person_id=given.person,
        now=now,
    )
    return _held(user, now)

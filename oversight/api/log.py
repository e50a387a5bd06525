"""One event of the log with its proof, the story of an object, and what was done under an engagement."""

from datetime import datetime
from typing import Annotated, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Field, Query

from accounts.api.fields import Address, Id, Out, page_address
from accounts.api.pages import PageOut, PageQuery, answer_page, cursor, keyset, read_cursor
from accounts.api.problems import Code
from accounts.api.rooms import Room
from accounts.api.visit import who
from accounts.rules.scopes import Scope
from audit.differences import Change
from audit.log import reading
from audit.refusal import IllegalTransition
from audit.telling import Row
from audit.telling import tell as told
from oversight import permissions
from oversight.api.audit import EventOut, event_out, event_said
from oversight.event_page import EventPage, Personal, event_page
from oversight.proofs import Proof, Standing
from oversight.selectors import events_under
from oversight.story import Chapter, Fields, Follows, story

room = Room("Log")
BYTES, TEXT = "application/octet-stream", "text/plain"
Label = Annotated[
    str,
    Field(pattern="^[a-z]{2,40}\\.[a-z]{2,59}$", description="Kind of thing.", examples=["reviews.ballot"]),
]
Key = Annotated[str, Field(pattern="^[0-9A-Za-z._-]{1,64}$", examples=["14"])]


class ChangeOut(Out):
    """A field that an event changed; `said_by` is the earlier event from which the old value was taken."""

    path: str = Field(examples=["changes.due"])
    label: str = Field(examples=["Due"])
    old: str = Field(examples=["2026-11-05"])
    new: str = Field(examples=["2026-11-19"])
    said_by: int | None = Field(examples=[None])


class ValueOut(Out):
    """What else an event says."""

    path: str = Field(examples=["share"])
    label: str = Field(examples=["Share"])
    value: str = Field(examples=["2/3"])


class PersonalValueOut(Out):
    """A personal value behind a commitment: the value, or when it was erased."""

    label: str = Field(examples=["Reason"])
    text: str = Field(examples=["The second reading isn't done."])
    commitment: str = Field(examples=["b1946ac92492d2347c6235b4d2611184" * 2])
    is_erased: bool


class PlaceInLogOut(Out):
    """How far the event has come: it waits for its place, has one, or is proved under a signed head of the log."""

    standing: Standing
    index: int | None = Field(description="Its place, from 0.", examples=[811])
    size: int = Field(description="Leaves under the newest head; 0 unless it is proved.", examples=[9001])
    root: str = Field(examples=["b1946ac92492d2347c6235b4d2611184" * 2])
    origin: str = Field(examples=["imprimatur.example.org/log"])
    signed_at: datetime | None
    witnesses: int = Field(description="How many have put their names under that head.", examples=[2])


class EventWholeOut(EventOut):
    """An event with what it changed and where it stands in the log."""

    thing: str = Field(description="What it is about, in words.", examples=["ballot 14"])
    request: str | None = Field(
        description="The request of whose story it is part.", examples=["IMP-2026-0008"]
    )
    on_behalf_of: str = Field(examples=[""])
    changes: list[ChangeOut]
    values: list[ValueOut]
    personal: list[PersonalValueOut]
    place: PlaceInLogOut
    before: int | None = Field(
        description="The object's event before this one, as far as it is in sight.", examples=[790]
    )
    after: int | None = Field(examples=[None])
    address: Address


class MissingOut(Out):
    """Revisions between two events of the object that aren't there: out of sight, or, if missing, nowhere."""

    first: int = Field(examples=[3])
    last: int = Field(examples=[4])
    is_missing: bool


class ChapterOut(EventOut):
    """An event of a story; what follows `values` is told of the object's own events only."""

    thing: str = Field(examples=["ballot 14"])
    changes: list[ChangeOut]
    values: list[ValueOut]
    is_own: bool
    revision: int = Field(examples=[2])
    follows: Follows = Field(description="Where its link to the event before leads.")
    before: int | None = Field(examples=[790])
    fields: Fields = Field(description="What became of the tracked fields.")
    gap: MissingOut | None
    is_twin: bool = Field(description="Another event has the same revision.")


@room.get("/events/{event_id}", EventWholeOut, Scope.AUDIT_READ)
def read_event(request: HttpRequest, event_id: Id) -> EventWholeOut:
    """Read an event of the log with its place."""
    user, now = who(request)
    return _whole(event_page(permissions.sight_of(user, now), event_id))


@room.get("/events/{event_id}/bytes", bytes, Scope.AUDIT_READ, gives=BYTES)
def read_event_bytes(request: HttpRequest, event_id: Id) -> HttpResponse:
    """Download the bytes of an event that are hashed."""
    user, now = who(request)
    leaf = permissions.sight_of(user, now).events().filter(pk=event_id).values_list("leaf", flat=True).first()
    if leaf is None:
        raise Http404
    return _file(bytes(leaf), BYTES, f"event-{event_id}.json")


@room.get(
    "/events/{event_id}/proof", bytes, Scope.AUDIT_READ, gives=TEXT, tells=(Code.WRONG_STATE,),
)  # fmt: skip
def read_event_proof(request: HttpRequest, event_id: Id) -> HttpResponse:
    """Download the proof that an event stands in the log (C2SP, tlog-proof); 409 until a signed head covers it."""
    user, now = who(request)
    if not permissions.sight_of(user, now).events().filter(pk=event_id).exists():
        raise Http404
    found = reading.inclusion(event_id)
    if found is None:
        raise IllegalTransition(_("No signed head covers this event yet. Try again in a few seconds."))
    return _file(found.render().encode(), f"{TEXT}; charset=utf-8", f"event-{event_id}.tlog-proof")


@room.get("/log/objects/{label}/{key}", PageOut[ChapterOut], Scope.AUDIT_READ)
def read_story(request: HttpRequest, label: Label, key: Key, asked: Query[PageQuery]) -> dict[str, Any]:
    """Read the story of an object: its events and those of what belongs to it, newest first."""
    user, now = who(request)
    sight, place = permissions.sight_of(user, now), read_cursor(asked, request.path)
    found = story(sight, label, key, before=place[0] if place else "", size=asked.limit)
    following = cursor([found.older.partition("=")[2]], request.path) if found.older else None
    return answer_page(request, [_chapter(one) for one in found.chapters], following)


@room.get("/engagements/{engagement_id}/history", PageOut[EventOut], Scope.AUDIT_READ)
def read_engagement_history(
    request: HttpRequest, engagement_id: Id, asked: Query[PageQuery]
) -> dict[str, Any]:
    """Read what was done under an engagement: looked at, taken away, drawn and noted; newest first."""
    user, now = who(request)
    engagement = permissions.engagement_to_read(user, engagement_id, now)
    found, following = keyset(events_under(engagement), asked, by="-occurred_at", salt=request.path)
    return answer_page(request, [event_out(one) for one in told(found)], following)


def _whole(page: EventPage) -> EventWholeOut:
    return EventWholeOut(
        **event_said(page.told), thing=page.thing, request=page.reference or None, on_behalf_of=page.told.for_whom,
        changes=[_change(one) for one in page.changes], values=[_value(one) for one in page.rest],
        personal=[_personal(one) for one in page.personal], place=_place(page.proof), before=page.before,
        after=page.after, address=page_address("oversight:event", page.told.id),
    )  # fmt: skip


def _chapter(one: Chapter) -> ChapterOut:
    gap = one.gap
    return ChapterOut(
        **event_said(one.told), thing=one.thing, changes=[_change(each) for each in one.changes],
        values=[_value(each) for each in one.rest], is_own=one.is_own, revision=one.rev, follows=one.follows,
        before=one.before, fields=one.fields, is_twin=one.is_twin,
        gap=MissingOut(first=gap.first, last=gap.last, is_missing=gap.is_missing) if gap else None,
    )  # fmt: skip


def _change(one: Change) -> ChangeOut:
    return ChangeOut(path=one.path, label=one.label, old=one.old, new=one.new, said_by=one.said_by)


def _value(one: Row) -> ValueOut:
    return ValueOut(path=one.path, label=one.label, value=one.value)


def _personal(one: Personal) -> PersonalValueOut:
    return PersonalValueOut(
        label=one.label, text=one.text, commitment=one.commitment, is_erased=one.is_erased
    )


def _place(proof: Proof) -> PlaceInLogOut:
    return PlaceInLogOut(
        standing=proof.standing, index=proof.index, size=proof.size, root=proof.root, origin=proof.origin,
        signed_at=proof.signed_at, witnesses=proof.witnesses,
    )  # fmt: skip


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=kind, headers=headers)

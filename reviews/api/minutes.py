"""Minutes of meetings: read as this person may, and approved in the version that was read."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field

from accounts.api.fields import Address, Id, In, Out, PersonOut, Sha256, page_address, person_out
from accounts.api.rooms import Room
from accounts.api.visit import who
from accounts.models import User
from accounts.rules.scopes import Scope
from reviews.api.meetings import led_meeting
from reviews.models import MinutesPart
from reviews.rules.minutes import MinutesState, PartKind
from reviews.selectors.meetings.minutes_page import MinutesPage, minutes_page
from reviews.services.meetings import minutes as services

room = Room("Meetings")
OF_PEOPLE = ("name", "role", "attributes", "sits_for", "presence", "items", "stays")


class MinutesEntryOut(Out):
    """An item as it went."""

    item: int = Field(description="Number of the item of the agenda.", examples=[40])
    number: int = Field(examples=[1])
    title: str = Field(examples=["Ferryman-MT 2.1"])
    content: dict[str, Any] | None = Field(
        description="As the record has it; null: this person took no part in it.",
        examples=[{"number": "1", "action": "passed"}],
    )


class MinutesTextOut(Out):
    """A text of the minutes that this person may write now."""

    kind: PartKind
    title: str = Field(examples=["Disputed points and how they were settled"])
    item: int | None = Field(description="Number of the item; null: about the whole meeting.", examples=[40])
    text: str = Field(examples=["Whether laymen tested it."])
    version: int = Field(
        description="Send it in If-Match to change the text; 0: there is none.", examples=[1]
    )
    saved_at: datetime | None
    saved_by: PersonOut | None


class MinutesVersionOut(Out):
    """The minutes as they were circulated once."""

    number: int = Field(examples=[1])
    sha256: Sha256
    made_by: PersonOut
    made_at: datetime
    why: str = Field(description="What changed since the version before.", examples=[""])


class MinutesOut(Out):
    """The minutes of a meeting: facts that nobody edits, with the texts of who wrote them."""

    meeting: int = Field(examples=[12])
    title: str = Field(examples=["Minutes of meeting 4 of the Ethics board"])
    state: MinutesState
    writer: PersonOut
    approved_by: PersonOut | None
    approved_at: datetime | None
    sha256: str = Field(
        description="Of the version that was circulated last, empty: none; send it to approve it.",
        examples=["b1946ac92492d2347c6235b4d2611184" * 2],
    )
    attendance: list[dict[str, Any]] = Field(examples=[[{"name": "Mara Member", "role": "member"}]])
    guests: list[dict[str, Any]] = Field(examples=[[]])
    opening: str = Field(examples=["The chair opened the meeting."])
    items: list[MinutesEntryOut]
    other_business: str = Field(examples=[""])
    closing: str = Field(examples=[""])
    texts: list[MinutesTextOut] = Field(description="For who writes them, while they are being written.")
    versions: list[MinutesVersionOut]
    record: int | None = Field(description="Number of the sealed record.", examples=[None])
    acts: list[str] = Field(
        description="What this person may do with them: circulate, correct.", examples=[["circulate"]]
    )
    why_not_approve: str | None = Field(description="Null: this person may approve them.", examples=[None])
    address: Address


class ApprovalIn(In):
    """Which version was read."""

    sha256: Sha256


def _people(rows: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{name: row[name] for name in OF_PEOPLE if name in row} for row in rows]


def minutes_told(user: User, meeting_id: int, now: datetime) -> MinutesOut:
    """Return the minutes as they are shown to this person; raises Http404."""
    page = minutes_page(user, meeting_id, now)
    minutes, content = page.minutes, page.content
    return MinutesOut(
        meeting=page.meeting.pk, title=page.title, state=MinutesState(minutes.state),
        writer=person_out(minutes.writer), approved_by=person_out(minutes.approved_by) if minutes.approved_by else None,
        approved_at=minutes.approved_at, sha256=page.sha256, attendance=_people(content["attendance"]),
        guests=_people(content["guests"]), opening=content.get("opening") or "", closing=content.get("closing") or "",
        items=_entries(page), other_business=content.get("other_business") or "",
        texts=_texts(page), acts=sorted(page.acts),
        versions=[
            MinutesVersionOut(
                number=one.number, sha256=one.sha256, made_by=person_out(one.made_by), made_at=one.made_at, why=one.why
            )
            for one in page.versions
        ],
        record=page.record.pk if page.record else None,
        why_not_approve=str(page.why_not_approve) if page.why_not_approve else None,
        address=page_address("reviews:minutes", page.meeting.pk),
    )  # fmt: skip


def _entries(page: MinutesPage) -> list[MinutesEntryOut]:
    return [
        MinutesEntryOut(
            item=entry.item.pk,
            number=number,
            title=entry.title,
            content=dict(entry.line) if entry.line is not None else None,
        )
        for number, entry in enumerate(page.entries, 1)
    ]


def _texts(page: MinutesPage) -> list[MinutesTextOut]:
    found = [page.opening, *(text for entry in page.entries for text in entry.texts), page.closing]
    return [
        text_out(one.kind, one.title, one.item.pk if one.item else None, one.part)
        for one in found
        if one.may_write
    ]


def text_out(kind: str, title: str, item: int | None, part: MinutesPart | None) -> MinutesTextOut:
    """Return a text as who writes it sees it; `part` None: nobody wrote it yet."""
    return MinutesTextOut(
        kind=PartKind(kind), title=title, item=item, text=part.text if part else "",
        version=part.version if part else 0, saved_at=part.saved_at if part else None,
        saved_by=person_out(part.saved_by) if part else None,
    )  # fmt: skip


@room.get("/meetings/{meeting_id}/minutes", MinutesOut, Scope.REQUESTS_READ)
def read_minutes(request: HttpRequest, meeting_id: Id) -> MinutesOut:
    """Read the minutes: as they were circulated last, or as they stand now for who writes them."""
    user, now = who(request)
    return minutes_told(user, meeting_id, now)


@room.post("/meetings/{meeting_id}/minutes/approval", MinutesOut, Scope.BOARDS_WRITE)
def approve_minutes(request: HttpRequest, meeting_id: Id, given: ApprovalIn) -> MinutesOut:
    """Approve the version that was read, as the chair and never as who wrote it; it is frozen and sealed."""
    user, meeting, now = led_meeting(request, meeting_id)
    services.approve_minutes(actor=user, meeting_id=meeting.pk, sha256=given.sha256, now=now)
    return minutes_told(user, meeting_id, now)

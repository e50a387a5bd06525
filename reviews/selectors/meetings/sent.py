"""What is sent about a meeting: its frozen agenda, and what differs from it since."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from records.canonical import canonical, digest
from records.context import instant
from reviews.models import AgendaItem, Attendance, Meeting, MeetingNotice, Seat
from reviews.rules.agenda import ItemState, Planned, times_of
from reviews.selectors.meetings.ready import motions_waiting
from reviews.selectors.meetings.words import title_of


def agenda_items(meeting: Meeting) -> "QuerySet[AgendaItem]":
    """Return the items that stand on the agenda, in their order, with what their titles say."""
    rows = AgendaItem.objects.filter(meeting=meeting).exclude(state=ItemState.REMOVED)
    rows = rows.annotate(
        has_motion=Exists(motions_waiting(review=OuterRef("review"), revision=OuterRef("review__revision")))
    )
    return rows.select_related(
        "review__board", "review__revision", "review__request__version__model", "review__request__requester",
        "approves__board", "condition__decision__request__version__model",
    ).defer("review__revision__content").order_by("place", "id")  # fmt: skip


def content_of(meeting: Meeting, items: Iterable[AgendaItem]) -> dict[str, Any]:
    """Return time, place and agenda as they are frozen when they are sent.

    Titles are frozen in the language that is active, with the digest of the dossier that is before the board.
    """
    rows = list(items)
    times = times_of(meeting.starts_at, [Planned(item.takes) for item in rows])
    return {
        "number": meeting.number,
        "starts_at": instant(meeting.starts_at),
        "ends_at": instant(meeting.ends_at),
        "zone": meeting.zone,
        "place": meeting.place,
        "video": meeting.video,
        "items": [
            _line(number, item, begins)
            for number, (item, begins) in enumerate(zip(rows, times, strict=True), 1)
        ],
    }


def _line(number: int, item: AgendaItem, begins: datetime) -> dict[str, Any]:
    review = item.review
    return {
        "number": number,
        "item": item.pk,
        "kind": item.kind,
        "title": title_of(item),
        "note": item.note,
        "takes": item.takes,
        "begins": instant(begins),
        "reference": review.request.reference if review else "",
        "revision": review.revision.number if review else None,
        "revision_sha256": review.revision.sha256 if review else "",
    }


def sha256_of(content: dict[str, Any]) -> str:
    """Return the digest of what is sent."""
    return digest(canonical(content))


def last_notice(meeting: Meeting) -> MeetingNotice | None:
    """Return what was sent last about the meeting; annotated: `lacks`, whether somebody with a seat wasn't asked."""
    asked = Attendance.objects.filter(meeting=meeting, ended_at__isnull=True, person__isnull=False)
    seats = Seat.objects.filter(board=meeting.board_id, until__isnull=True, person__is_active=True)
    lacking = Exists(seats.exclude(person__in=asked.values("person")))
    return MeetingNotice.objects.filter(meeting=meeting).annotate(lacks=lacking).order_by("-sequence").first()


def has_moved(content: dict[str, Any], sent: dict[str, Any]) -> bool:
    """Say whether time or place differ, so that people have to be asked again whether they come."""
    return any(content[name] != sent.get(name) for name in ("starts_at", "ends_at", "place", "video"))

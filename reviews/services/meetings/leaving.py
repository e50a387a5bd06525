"""Who is recused from an item leaves the room for it and comes back after it; nobody has to think of it."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from reviews.models import AgendaItem, AttendanceSpan, Ballot, ReviewRequest
from reviews.permissions.standing import parties_of
from reviews.rules.agenda import ItemState
from reviews.rules.meeting_lifecycle import MeetingState
from reviews.rules.recusal import conflicts_of


def recused_at(item: AgendaItem, people: Iterable[int | None]) -> set[int]:
    """Return those of the people who take no part in judging what the item is about."""
    if item.review is not None:
        request: ReviewRequest = item.review.request
    elif item.condition is not None:
        request = item.condition.decision.request
    else:
        return set()
    parties = parties_of(request)
    return {person for person in people if person is not None and conflicts_of(person, parties)}


def send_out(item: AgendaItem, now: datetime) -> list[AttendanceSpan]:
    """Write down that who is recused from the item leaves for it; the caller has locked, and records."""
    there = list(
        AttendanceSpan.objects.select_related("attendance").filter(
            attendance__meeting=item.meeting_id, left_at__isnull=True
        )
    )
    recused = recused_at(item, [span.attendance.person_id for span in there])
    gone = [span for span in there if span.attendance.person_id in recused]
    for span in gone:
        span.left_at, span.out_for = max(now, span.came_at), item
        span.save(update_fields=["left_at", "out_for"])
    return gone


def call_back(item: AgendaItem, now: datetime) -> list[AttendanceSpan]:
    """Write down that who had left for the item comes back as they were; who went home meanwhile isn't called."""
    rows = (
        AttendanceSpan.objects.filter(out_for=item)
        .select_related("attendance")
        .order_by("attendance", "-left_at")
    )
    back = []
    for person, spans in _by_person(rows).items():
        last = spans[0]
        if not last.attendance.spans.filter(came_at__gte=last.left_at).exclude(pk=last.pk).exists():
            back.append(AttendanceSpan(attendance_id=person, came_at=now, how=last.how))
    return [_saved(span) for span in back]


def _by_person(rows: Iterable[AttendanceSpan]) -> dict[int, list[AttendanceSpan]]:
    found: dict[int, list[AttendanceSpan]] = {}
    for row in rows:
        found.setdefault(row.attendance_id, []).append(row)
    return found


def _saved(span: AttendanceSpan) -> AttendanceSpan:
    span.save()
    return span


def step_out(request: ReviewRequest, person: User, now: datetime) -> None:
    """Let somebody who is recused in mid-meeting leave at once, if the item about the request is open.

    The caller has locked the request, and settles its open ballots afterwards; the meeting isn't locked, see
    `meetings.locking`.
    """
    item = _open_item(review__request=request)
    if item is None:
        return
    rows = AttendanceSpan.objects.filter(
        attendance__meeting=item.meeting_id, attendance__person=person, left_at__isnull=True
    )
    for span in rows.select_related("attendance"):
        span.left_at, span.out_for = max(now, span.came_at), item
        span.save(update_fields=["left_at", "out_for"])
        trail.record(
            "attendance.left", obj=item.meeting, actor=None, now=now, also=[span],
            data={"part": span.attendance.part, "at": span.left_at.isoformat(), "how": span.how, "item": item.pk},
            personal={"person": span.attendance.name},
        )  # fmt: skip


def table_item_of(ballot: Ballot, now: datetime) -> None:
    """Table the open item whose ballot was tabled by itself; it is taken up again when enough people are back."""
    item = _open_item(meeting=ballot.meeting_id, review=ballot.review_id)
    if item is None:
        return
    item.state, item.action, item.why = ItemState.TABLED.value, "tabled", _("The quorum was lost.")
    item.save(update_fields=["state", "action", "why"])
    trail.record(
        "agenda.item_tabled", obj=item, actor=None, now=now, also=call_back(item, now),
        data={"ballot": ballot.number, "because": ballot.because},
    )  # fmt: skip


def _open_item(**about: object) -> AgendaItem | None:
    rows = AgendaItem.objects.filter(state=ItemState.OPEN, meeting__state=MeetingState.RUNNING, **about)
    return rows.select_related("meeting__board").first()

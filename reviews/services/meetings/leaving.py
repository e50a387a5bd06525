"""Who is recused from an item leaves the room for it and comes back after it; nobody has to think of it."""

from collections.abc import Iterable
from datetime import datetime

from reviews.models import AgendaItem, AttendanceSpan, ReviewRequest
from reviews.permissions.standing import parties_of
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

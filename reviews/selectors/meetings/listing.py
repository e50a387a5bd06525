"""The list of meetings: those to come first, then those that were; of all of a person's boards, or of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from accounts.models import User
from reviews.models import Attendance, Board, Meeting, MeetingSeries
from reviews.permissions.containers import Containers, containers_of
from reviews.permissions.meetings import boards_led, series_led, visible_meetings
from reviews.rules.agenda import ItemState
from reviews.rules.meeting_lifecycle import TO_COME, MeetingState
from reviews.selectors.meetings.words import MEETING_STATES, MINUTES_STATES, short_name_of, when_in_words
from reviews.selectors.words import Badge

AT_ONCE = 40


@dataclass(frozen=True, slots=True)
class Listed:
    """One meeting of the list, with what the person answered and where its minutes are."""

    meeting: Meeting
    name: str
    when: str
    badge: Badge
    items: int
    answer: str | None
    minutes: Badge | None


@dataclass(frozen=True, slots=True)
class MeetingList:
    """The list. `boards` are those whose meetings the person sees, `leads` those for which they plan meetings."""

    coming: tuple[Listed, ...]
    past: tuple[Listed, ...]
    boards: tuple[Board, ...]
    board: Board | None
    leads: tuple[Board, ...]
    series: tuple[MeetingSeries, ...]
    next_past: str = ""


def meeting_list(
    user: User, now: datetime, *, board: str = "", before: datetime | None = None
) -> MeetingList:
    """Return the meetings that the person sees; of one board (its short name), and past ones before a moment."""
    reached = containers_of(user, now)
    boards = tuple(Board.objects.filter(pk__in=reached.boards))
    chosen = next((one for one in boards if one.slug == board), None)
    rows = visible_meetings(user, now, reached).select_related("board", "minutes")
    rows = rows.annotate(count=Count("items", filter=~Q(items__state=ItemState.REMOVED)))
    if chosen is not None:
        rows = rows.filter(board=chosen)
    to_come = Q(state=MeetingState.RUNNING) | Q(state__in=list(TO_COME), ends_at__gte=now)
    coming = list(rows.filter(to_come).order_by("starts_at", "id")[:AT_ONCE])
    over = rows.exclude(to_come)
    over = over.filter(starts_at__lt=before) if before is not None else over
    past = list(over.order_by("-starts_at", "-id")[: AT_ONCE + 1])
    own = _own(user, [*coming, *past])
    led = boards_led(user, now, reached)
    leads = tuple(one for one in boards if one.pk in led)
    shown = past[:AT_ONCE]
    return MeetingList(
        coming=tuple(_listed(meeting, own) for meeting in coming),
        past=tuple(_listed(meeting, own) for meeting in shown),
        boards=boards,
        board=chosen,
        leads=leads,
        series=_series(user, leads, chosen, now, reached),
        next_past=shown[-1].starts_at.isoformat() if len(past) > AT_ONCE else "",
    )


def _own(user: User, meetings: Sequence[Meeting]) -> dict[int, str]:
    """Return what the person answered to which of these meetings."""
    rows = Attendance.objects.filter(
        person=user, meeting__in=meetings, asked_at__isnull=False, ended_at__isnull=True
    )
    return dict(rows.values_list("meeting_id", "answer"))


def series_in_force(rows: "QuerySet[MeetingSeries]", now: datetime) -> "QuerySet[MeetingSeries]":
    """Return those of the series that have meetings to come."""
    return rows.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now))


def _series(
    user: User, leads: Sequence[Board], chosen: Board | None, now: datetime, reached: Containers
) -> tuple[MeetingSeries, ...]:
    """Return the series in force of the boards for which the person plans meetings."""
    of = [board for board in leads if chosen is None or board == chosen]
    return tuple(series_in_force(series_led(user, now, reached), now).filter(board__in=of)) if of else ()


def _listed(meeting: Meeting, own: dict[int, str]) -> Listed:
    minutes = getattr(meeting, "minutes", None)
    return Listed(
        meeting=meeting,
        name=short_name_of(meeting),
        when=when_in_words(meeting),
        badge=MEETING_STATES[meeting.state],
        items=meeting.count,  # type: ignore[attr-defined]  # annotated
        answer=own.get(meeting.pk) if meeting.state == MeetingState.CALLED else None,
        minutes=MINUTES_STATES[minutes.state]
        if minutes is not None and meeting.state == MeetingState.CLOSED
        else None,
    )

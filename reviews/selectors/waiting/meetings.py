"""What waits about meetings: invitations to answer, agendas to prepare, minutes to write and to approve."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from reminders.waiting import Round, Source, Waiting
from reminders.waiting import register as register_source
from reviews.models import Meeting, Recusal
from reviews.rules.explaining import DateKind
from reviews.rules.meeting_lifecycle import MeetingState
from reviews.rules.minutes import MinutesState
from reviews.selectors.dated import Dated
from reviews.selectors.meetings.invitation import meeting_address
from reviews.selectors.meetings.words import name_of
from reviews.selectors.waiting.rows import reading_of
from reviews.selectors.waiting.why import told
from reviews.selectors.waiting.wording import chair_or_secretary

AHEAD = timedelta(days=14)
"""So long before its invitation should be out a meeting waits for who prepares it."""


def _read(asked: Round) -> list[Any]:
    """Return the meetings that wait for somebody, in one query; one with unanswered invitations once for each.

    Annotated: `row_…` of such an invitation, `chair_is_out` whether the board's chair is recused from an item.
    """
    led, open_to = asked.once(reading_of).led, Q(attendances__answer="", attendances__ended_at__isnull=True)
    open_to &= Q(attendances__asked_at__isnull=False)
    if asked.people is not None:
        open_to &= Q(attendances__person__in=asked.people)
    called = Q(state=MeetingState.CALLED, starts_at__gt=asked.now, row__isnull=False)
    planned = Q(state=MeetingState.PLANNED, call_by__lte=asked.now + AHEAD, starts_at__gt=asked.now)
    over = Q(state=MeetingState.CLOSED, minutes__state__in=[MinutesState.WRITING, MinutesState.CIRCULATED])
    rows = Meeting.objects.annotate(
        row=FilteredRelation("attendances", condition=open_to),
        row_id=F("row__id"), row_person=F("row__person_id"), row_asked=F("row__asked_at"),
        row_active=Exists(User.objects.filter(pk=OuterRef("row__person_id"), is_active=True)),
        chair_is_out=Exists(_chair_is_out()),
    )  # fmt: skip
    rows = rows.filter(called | ((planned | over) & Q(board__in=led)))
    return list(rows.select_related("board", "minutes").order_by("starts_at", "id"))


def _chair_is_out() -> "QuerySet[Recusal]":
    return Recusal.objects.filter(
        request__board_reviews__agenda_items__meeting=OuterRef("pk"), person__seats__board=OuterRef("board"),
        person__seats__role="chair", person__seats__until__isnull=True,
    )  # fmt: skip


def invitations(asked: Round) -> Iterator[Waiting]:
    """Yield who hasn't said yet whether they come to a meeting that is called."""
    for meeting in asked.once(_read):
        if meeting.state != MeetingState.CALLED or not meeting.row_active:
            continue
        yield Waiting(
            person_id=meeting.row_person,
            object_type="reviews.attendance",
            object_id=str(meeting.row_id),
            since=meeting.row_asked,
            due=meeting.starts_at,
            title=name_of(meeting),
            needs=_("Say whether you come."),
            act=_("Answer the invitation"),
            url=meeting_address(meeting),
            short=_("answer to the invitation"),
            explain=told(
                _dated(DateKind.MEETING_ANSWER, meeting, meeting.row_asked, meeting.starts_at), asked.now
            ),
            insiders=frozenset(),
        )


def _led(asked: Round) -> list[Any]:
    """Return the meetings that wait for who leads their board: to be called, or with minutes under way."""
    return list({row.pk: row for row in asked.once(_read) if row.state != MeetingState.CALLED}.values())


def _leaders(asked: Round, meeting: Meeting) -> list[int]:
    """Return the secretaries of the board, its chair where there are none, of those who are asked about."""
    office = asked.once(reading_of).office
    chair = office.chair_of(meeting.board_id)
    found = sorted(office.keepers_of(meeting.board_id)) or ([chair] if chair is not None else [])
    return [person for person in found if asked.asks(person)]


def to_prepare(asked: Round) -> Iterator[Waiting]:
    """Yield the secretaries of a board whose meeting should be called soon."""
    for meeting in asked.once(_led):
        if meeting.state != MeetingState.PLANNED:
            continue
        for person in _leaders(asked, meeting):
            yield Waiting(
                person_id=person,
                object_type="reviews.meeting",
                object_id=str(meeting.pk),
                since=max(meeting.made_at, meeting.call_by - AHEAD),
                due=meeting.call_by,
                title=name_of(meeting),
                needs=_("Put on the agenda what is ready, and send the invitation."),
                act=_("Prepare the agenda"),
                url=meeting_address(meeting),
                short=_("invitation to the meeting"),
                explain=told(
                    _dated(DateKind.MEETING_CALL, meeting, meeting.made_at, meeting.call_by), asked.now
                ),
                one_of=chair_or_secretary(),
                escalates_to=_other(asked, meeting, person),
                insiders=_board_of(asked, meeting),
            )


def minutes_to_write(asked: Round) -> Iterator[Waiting]:
    """Yield who keeps the minutes of a meeting that is over, until they are circulated."""
    for meeting in asked.once(_led):
        if meeting.state != MeetingState.CLOSED or meeting.minutes.state != MinutesState.WRITING:
            continue
        writer = meeting.minutes.writer_id
        for person in [writer] if asked.asks(writer) else []:
            yield Waiting(
                person_id=person,
                object_type="reviews.minutes",
                object_id=str(meeting.minutes.pk),
                since=meeting.closed_at or meeting.ends_at,
                due=meeting.minutes.due_at,
                title=name_of(meeting),
                needs=_("Finish the minutes, and circulate them."),
                act=_("Write the minutes"),
                url=reverse("reviews:minutes", args=[meeting.pk]),
                short=_("minutes of the meeting"),
                explain=told(_dated_minutes(meeting), asked.now),
                escalates_to=_other(asked, meeting, person),
                insiders=_board_of(asked, meeting),
            )


def minutes_to_approve(asked: Round) -> Iterator[Waiting]:
    """Yield the chair whose board has circulated minutes, unless they wrote them or had to keep out of an item."""
    circulated = [meeting for meeting in asked.once(_led) if _is_circulated(meeting)]
    for meeting in circulated:
        minutes = meeting.minutes
        chair = asked.once(reading_of).office.chair_of(meeting.board_id)
        if chair is None or chair == minutes.writer_id or not asked.asks(chair):
            continue
        if meeting.chair_is_out:
            continue
        yield Waiting(
            person_id=chair,
            object_type="reviews.minutes",
            object_id=str(minutes.pk),
            since=minutes.circulated_at or meeting.ends_at,
            due=None,
            title=name_of(meeting),
            needs=_("Read the minutes and approve them, or let the next meeting do it."),
            act=_("Approve the minutes"),
            url=reverse("reviews:minutes", args=[meeting.pk]),
            short=_("approval of the minutes"),
            insiders=_board_of(asked, meeting),
        )


def _dated(kind: DateKind, meeting: Meeting, start: datetime, due: datetime) -> Dated:
    return Dated(kind, meeting, meeting.board, None, start, due, name_of(meeting))


def _dated_minutes(meeting: Meeting) -> Dated:
    minutes, over = meeting.minutes, meeting.closed_at or meeting.ends_at
    return Dated(DateKind.MINUTES, minutes, meeting.board, None, over, minutes.due_at, name_of(meeting))


def _is_circulated(meeting: Meeting) -> bool:
    minutes = getattr(meeting, "minutes", None)
    return minutes is not None and minutes.state == MinutesState.CIRCULATED


def _other(asked: Round, meeting: Meeting, person: int) -> int | None:
    """Return who is told when it stays late: the chair, or a secretary where it waits for the chair."""
    office = asked.once(reading_of).office
    chair = office.chair_of(meeting.board_id)
    if chair != person:
        return chair
    return next(iter(sorted(office.keepers_of(meeting.board_id) - {person})), None)


def _board_of(asked: Round, meeting: Meeting) -> frozenset[int]:
    """Return who may know what waits inside the board: its people and its secretaries."""
    office = asked.once(reading_of).office
    seats = {seat.person for seat in office.seats.get(meeting.board_id, ())}
    return frozenset(seats) | office.keepers_of(meeting.board_id)


SOURCES = (
    Source("meeting.answer", gettext_lazy("Invitation without your answer"), invitations),
    Source("meeting.prepare", gettext_lazy("Meeting to call"), to_prepare),
    Source("meeting.minutes", gettext_lazy("Minutes to write"), minutes_to_write),
    Source("meeting.approve", gettext_lazy("Minutes to approve"), minutes_to_approve, reminds=False),
)


def register() -> None:
    """Register the sources; called from AppConfig.ready()."""
    for source in SOURCES:
        register_source(source)

"""Who sees a meeting and its items, who prepares and leads it, who answers its invitation and approves its minutes."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role, has_role
from reviews.models import AgendaItem, Attendance, Meeting, MeetingSeries, Minutes
from reviews.permissions.containers import Containers, containers_of
from reviews.permissions.reasons import NotNow, WrongPerson, WrongState
from reviews.permissions.sight import requests_conflicted
from reviews.rules.agenda import ItemState
from reviews.rules.meeting_lifecycle import TO_COME, MeetingState
from reviews.rules.minutes import MinutesState, NotApprovable, why_not_approve
from reviews.rules.roster import SeatRole

EARLIEST_START = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class MeetingStanding:
    """What a person is to a meeting. `kept_from`: requests of its items from whose judging they have to keep out."""

    person_id: int
    is_active: bool
    is_secretary: bool
    is_chair: bool
    sits: bool
    reads: bool
    guest: bool
    kept_from: frozenset[int] = field(default_factory=frozenset)

    @property
    def leads(self) -> bool:
        """Say whether the person is chair or secretary of the board."""
        return self.is_active and (self.is_secretary or self.is_chair)

    @property
    def of_board(self) -> bool:
        """Say whether the person sees what the board does, and isn't only a guest."""
        return self.is_active and (self.sits or self.leads or self.reads)

    def sees(self, item: AgendaItem) -> bool:
        """Say whether the person may read what an item is about; who is recused from it may not."""
        if request_of(item) in self.kept_from:
            return False
        return self.of_board


def request_of(item: AgendaItem) -> int | None:
    """Return the id of the request that an item is about; None: of none. Reads loaded relations."""
    if item.review is not None:
        return item.review.request_id
    return item.condition.decision.request_id if item.condition is not None else None


def boards_met(user: User, now: datetime, reached: Containers | None = None) -> frozenset[int]:
    """Return the boards whose meetings the person sees: by a seat in force or a grant."""
    if not user.is_active:
        return frozenset()
    return (reached or containers_of(user, now)).boards


def visible_meetings(user: User, now: datetime, reached: Containers | None = None) -> "QuerySet[Meeting]":
    """Return the meetings that the person may see: of their boards, and those to which they are asked."""
    if not user.is_active:
        return Meeting.objects.none()
    asked = Attendance.objects.filter(person=user, asked_at__isnull=False, ended_at__isnull=True)
    boards = boards_met(user, now, reached)
    return Meeting.objects.filter(Q(board__in=boards) | Q(pk__in=asked.values("meeting_id")))


def meeting_to_read(user: User, meeting_id: int, now: datetime, reached: Containers | None = None) -> Meeting:
    """Return the meeting with its board, or raise Http404: absent and forbidden look the same."""
    found = visible_meetings(user, now, reached).select_related(
        "board", "series", "secretary", "chair", "minutes"
    )
    meeting = found.filter(pk=meeting_id).first()
    if meeting is None:
        raise Http404
    return meeting


def meeting_standing(
    user: User,
    meeting: Meeting,
    now: datetime,
    *,
    requests: Collection[int | None] = (),
    reached: Containers | None = None,
) -> MeetingStanding:
    """Return what the person is to the meeting; `requests` are those of its items."""
    found = reached or containers_of(user, now)
    board = meeting.board_id
    wanted = {request for request in requests if request is not None}
    kept = requests_conflicted(user).filter(pk__in=wanted) if wanted else ()
    return MeetingStanding(
        person_id=user.pk,
        is_active=user.is_active,
        is_secretary=has_role(user, Role.SECRETARY) and board in found.keeps,
        is_chair=found.seats.get(board) == SeatRole.CHAIR,
        sits=board in found.seats,
        reads=board in found.boards,
        guest=board not in found.boards,
        kept_from=frozenset(kept),
    )


def why_not_lead_board(user: User, board_id: int, now: datetime) -> str | None:
    """Return why the person may not plan meetings of the board: its chair and its secretary do."""
    if not user.is_active:
        return WrongPerson(_("This account is deactivated."))
    return None if board_id in boards_led(user, now) else _not_the_lead()


def boards_led(user: User, now: datetime, reached: Containers | None = None) -> frozenset[int]:
    """Return the boards whose meetings the person plans: as their chair, or as the secretary who keeps them."""
    if not user.is_active:
        return frozenset()
    found = reached or containers_of(user, now)
    keeps = found.keeps if has_role(user, Role.SECRETARY) else frozenset()
    return keeps | {board for board, role in found.seats.items() if role == SeatRole.CHAIR}


def series_led(user: User, now: datetime, reached: Containers | None = None) -> "QuerySet[MeetingSeries]":
    """Return the series of the boards whose meetings the person plans."""
    return MeetingSeries.objects.filter(board__in=boards_led(user, now, reached)).select_related("board")


def series_to_read(user: User, series_id: int, now: datetime) -> MeetingSeries:
    """Return the series, or raise Http404: it is for who plans the meetings of its board."""
    found = series_led(user, now).filter(pk=series_id).first()
    if found is None:
        raise Http404
    return found


def _not_the_lead() -> str:
    return WrongPerson(_("The chair or the secretary of the board prepares and leads its meetings."))


def why_not_lead(standing: MeetingStanding) -> str | None:
    """Return why the person may not prepare or lead the meeting; None if they may."""
    return None if standing.leads else _not_the_lead()


def why_not_prepare(standing: MeetingStanding, meeting: Meeting) -> str | None:
    """Return why the person may not change time, place or agenda."""
    if reason := why_not_lead(standing):
        return reason
    if meeting.state not in TO_COME:
        return WrongState(_("This meeting has begun, is over or was cancelled."))
    return None


def why_not_start(standing: MeetingStanding, meeting: Meeting, now: datetime) -> str | None:
    """Return why the person may not start the meeting now."""
    if reason := why_not_lead(standing):
        return reason
    if meeting.state == MeetingState.PLANNED:
        return NotNow(_("Nobody was invited yet. Call the meeting first; its agenda is frozen then."))
    if meeting.state != MeetingState.CALLED:
        return WrongState(_("This meeting has begun, is over or was cancelled."))
    if now < meeting.starts_at - EARLIEST_START:
        return NotNow(_("A meeting starts two hours before its time at the earliest. Move it first."))
    return None


def why_not_run(standing: MeetingStanding, meeting: Meeting) -> str | None:
    """Return why the person may not write down who comes and goes, take up items or close the meeting."""
    if reason := why_not_lead(standing):
        return reason
    return None if meeting.state == MeetingState.RUNNING else WrongState(_("This meeting doesn't run."))


def why_not_handle(standing: MeetingStanding, meeting: Meeting, item: AgendaItem) -> str | None:
    """Return why the person may not act on an item: who is recused from it leaves it to the other of the two."""
    if reason := why_not_run(standing, meeting):
        return reason
    if request_of(item) in standing.kept_from:
        return WrongPerson(
            _("You take no part in this item. The chair and the secretary act for each other.")
        )
    return None


def why_not_answer(standing: MeetingStanding, meeting: Meeting, own: Attendance | None) -> str | None:
    """Return why the person may not answer the invitation: who was asked does, until the meeting begins."""
    if own is None or own.asked_at is None or own.ended_at is not None or not standing.is_active:
        return WrongPerson(_("You aren't invited to this meeting."))
    if meeting.state != MeetingState.CALLED:
        return WrongState(_("Invitations are answered before the meeting begins."))
    return None


def why_not_write(standing: MeetingStanding, minutes: Minutes, item: AgendaItem | None) -> str | None:
    """Return why the person may not write the free texts of the minutes."""
    if reason := why_not_lead(standing):
        return reason
    if item is not None and (request_of(item) in standing.kept_from or item.state == ItemState.REMOVED):
        return WrongPerson(
            _("You take no part in this item. The chair and the secretary act for each other.")
        )
    if minutes.state != MinutesState.WRITING:
        return NotNow(_("These minutes were circulated. Take them back to correct them; approved ones stay."))
    return None


def why_not_approve_minutes(standing: MeetingStanding, minutes: Minutes, *, in_meeting: bool) -> str | None:
    """Return why the person may not approve the minutes, for themself as chair or for a later meeting of the board."""
    if not standing.leads:
        return WrongPerson(_("The chair approves minutes, or the next meeting does."))
    fault = why_not_approve(
        MinutesState(minutes.state),
        is_writer=minutes.writer_id == standing.person_id,
        is_chair=standing.is_chair,
        in_meeting=in_meeting,
        recused=bool(standing.kept_from),
    )
    words: dict[NotApprovable, str] = {
        NotApprovable.NOT_CIRCULATED: NotNow(_("The minutes are approved once they were circulated.")),
        NotApprovable.OWN_WORK: WrongPerson(_("You wrote these minutes, so somebody else approves them.")),
        NotApprovable.NOT_THE_CHAIR: WrongPerson(_("The chair approves minutes, or the next meeting does.")),
        NotApprovable.RECUSED: NotNow(
            _("You took no part in an item of this meeting. The next meeting approves its minutes.")
        ),
    }
    return words[fault] if fault else None

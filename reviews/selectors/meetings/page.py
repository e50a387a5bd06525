"""The page of a meeting before it, while it runs and after it, as one person sees it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import override

from accounts.models import User
from reviews.models import AgendaItem, Attendance, Ballot, Meeting, MeetingNotice, Minutes
from reviews.permissions.containers import containers_of
from reviews.permissions.meetings import (
    MeetingStanding,
    meeting_standing,
    meeting_to_read,
    request_of,
    why_not_answer,
    why_not_handle,
    why_not_prepare,
    why_not_run,
    why_not_start,
)
from reviews.permissions.policies import policy_in_force
from reviews.rules.agenda import TO_DO, ItemState
from reviews.rules.attendance import Foreseen, Part
from reviews.rules.meeting_lifecycle import TO_COME, MeetingState
from reviews.rules.policy import parse
from reviews.selectors.meetings.item import ItemInView, item_in_view
from reviews.selectors.meetings.lines import Line, ballots_of, lines_of, over_time
from reviews.selectors.meetings.people import People, foreseen, foreseen_in_words, people_of, shown_people
from reviews.selectors.meetings.ready import Ready, ready_for
from reviews.selectors.meetings.sent import agenda_items, content_of, last_notice, sha256_of
from reviews.selectors.meetings.words import MEETING_STATES, name_of, short_name_of, title_of, when_in_words
from reviews.selectors.words import Badge


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """The page. `own`: the person's row on the list; `view`: the item in the middle while the meeting runs."""

    meeting: Meeting
    standing: MeetingStanding
    name: str
    short: str
    when: str
    badge: Badge
    lines: tuple[Line, ...]
    people: People
    own: Attendance | None
    led_by: str
    acts: frozenset[str]
    why_not_start: str | None
    over_time: int
    foreseen: Foreseen | None = None
    foreseen_words: str = ""
    notice: MeetingNotice | None = None
    differs: bool = False
    ready: tuple[tuple[Ready, str], ...] = ()
    minutes: Minutes | None = None
    shown: Line | None = None
    view: ItemInView | None = None
    open_ballots: tuple[Ballot, ...] = ()

    @property
    def waiting(self) -> bool:
        """Say whether somebody still has to answer for quorum to be foreseen."""
        return self.foreseen is not None and not self.foreseen.met


def meeting_page(actor: User, meeting_id: int, now: datetime, *, item_id: int | None = None) -> MeetingPage:
    """Return the page, or raise Http404."""
    reached = containers_of(actor, now)
    meeting = meeting_to_read(actor, meeting_id, now, reached)
    items = list(agenda_items(meeting))
    standing = meeting_standing(
        actor, meeting, now, requests={request_of(item) for item in items}, reached=reached
    )
    rows = people_of(meeting, stays=meeting.started_at is not None)
    own = next((row for row in rows if row.person_id == actor.pk), None)
    held = ballots_of(meeting) if meeting.started_at else []
    ballots = {ballot.review_id: ballot for ballot in held}
    minutes = getattr(meeting, "minutes", None)
    lines = tuple(
        lines_of(meeting, items, standing, ballots, now, [own.item_id] if own and own.item_id else [])
    )
    shown = _shown(lines, item_id) if meeting.state == MeetingState.RUNNING else None
    sees = shown is not None and shown.sees
    view = (
        item_in_view(actor, meeting, shown.item, standing, rows, minutes, held)
        if shown is not None and sees
        else None
    )
    recused = view.recused if view else frozenset[int]()
    people = shown_people(meeting, rows, recused, str(shown.number) if shown and recused else "")
    more = _before(meeting, items, rows, standing) if meeting.state in TO_COME else {}
    return MeetingPage(
        meeting=meeting,
        standing=standing,
        name=name_of(meeting),
        short=short_name_of(meeting),
        when=when_in_words(meeting),
        badge=MEETING_STATES[meeting.state],
        lines=lines,
        people=people,
        own=own,
        led_by=_led_by(meeting, rows),
        acts=_acts(standing, meeting, own, next((i for i in items if i.state == ItemState.OPEN), None)),
        why_not_start=why_not_start(standing, meeting, now) if standing.leads else None,
        over_time=over_time(meeting, items),
        minutes=minutes,
        shown=shown,
        view=view,
        open_ballots=tuple(ballot for ballot in ballots.values() if ballot.state == "open"),
        **more,  # type: ignore[arg-type]  # each by its name
    )


def _shown(lines: Sequence[Line], item_id: int | None) -> Line | None:
    """Return the item that is asked for, else the open one, else the first that is to do."""
    asked = next((line for line in lines if line.item.pk == item_id), None)
    running = next((line for line in lines if line.item.state == ItemState.OPEN), None)
    to_do = next((line for line in lines if line.item.state in TO_DO), None)
    return asked or running or to_do or (lines[-1] if lines else None)


def _before(
    meeting: Meeting, items: Sequence[AgendaItem], rows: Sequence[Attendance], standing: MeetingStanding
) -> dict[str, object]:
    """Return what the page says before the meeting: quorum by the answers, what was sent, what is ready."""
    if not standing.of_board:
        return {}
    policy = policy_in_force(meeting.board)
    called = meeting.state == MeetingState.CALLED
    found = foreseen(parse(policy.content), rows) if policy is not None and called else None
    notice = last_notice(meeting) if called else None
    ready = ready_for(meeting) if standing.leads else []
    return {
        "foreseen": found,
        "foreseen_words": foreseen_in_words(found) if found else "",
        "notice": notice,
        "differs": notice is not None and _differs(meeting, items, notice),
        "ready": tuple((one, title_of(one.item)) for one in ready),
    }


def _differs(meeting: Meeting, items: Sequence[AgendaItem], notice: MeetingNotice) -> bool:
    """Say whether time, place or agenda are others than was sent, or somebody got a seat since."""
    with override(meeting.board.language or None):
        digest = sha256_of(content_of(meeting, items))
    return digest != notice.sha256 or bool(getattr(notice, "lacks", False))


def _led_by(meeting: Meeting, rows: Sequence[Attendance]) -> str:
    if meeting.chair is not None:
        return meeting.chair.display_name
    return next((row.name for row in rows if row.part == Part.CHAIR), "")


def _acts(
    standing: MeetingStanding, meeting: Meeting, own: Attendance | None, item: AgendaItem | None
) -> frozenset[str]:
    """Return what the person may do with the meeting as a whole; `item`: the one that is being dealt with."""
    runs = why_not_run(standing, meeting)
    reasons = {
        "attend": runs if item is None else why_not_handle(standing, meeting, item),
        "prepare": why_not_prepare(standing, meeting),
        "run": runs,
        "answer": why_not_answer(standing, meeting, own),
    }
    return frozenset(act for act, reason in reasons.items() if reason is None)

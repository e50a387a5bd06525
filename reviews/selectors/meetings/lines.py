"""The agenda as pages show it: number, time, what it asks, where it stands, and what became of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from reviews.models import AgendaItem, Ballot, Meeting
from reviews.permissions.meetings import MeetingStanding, request_of
from reviews.rules.agenda import Asked, ItemKind, ItemState, Planned, minutes_over, times_of
from reviews.rules.meeting_lifecycle import MeetingState
from reviews.selectors.meetings.ready import asked_by
from reviews.selectors.meetings.words import ASKED, ITEM_STATES, clock_there, title_of
from reviews.selectors.words import Badge


@dataclass(frozen=True, slots=True)
class Line:
    """One item. `sees`: the reader may read what it is about; `takes_part` False: they are recused from it."""

    item: AgendaItem
    number: int
    title: str
    asked: str
    begins: str
    badge: Badge | None
    sees: bool
    takes_part: bool
    is_first: bool = False
    is_last: bool = False

    @property
    def reference(self) -> str:
        """Return the reference of the request that it is about, "" of none."""
        return self.item.review.request.reference if self.item.review else ""


def lines_of(
    meeting: Meeting,
    items: Sequence[AgendaItem],
    standing: MeetingStanding,
    ballots: Mapping[int, Ballot],
    now: datetime,
    own_items: Iterable[int] = (),
) -> list[Line]:
    """Return the agenda as the person may see it; of a guest the items for which they come (`own_items`).

    `ballots`: the last ballot of the meeting on each review.
    """
    shown = [item for item in items if standing.of_board or item.pk in set(own_items)]
    running = now if meeting.state == MeetingState.RUNNING else None
    planned = [Planned(item.takes, item.opened_at, item.finished_at) for item in items]
    begins = dict(zip([item.pk for item in items], times_of(_start(meeting), planned, running), strict=True))
    numbers = {item.pk: number for number, item in enumerate(items, 1)}
    return [
        Line(
            item=item,
            number=numbers[item.pk],
            title=title_of(item),
            asked=asked_in_words(item, meeting),
            begins=clock_there(begins[item.pk], meeting),
            badge=_badge(item, ballots.get(item.review_id or 0), standing),
            sees=standing.sees(item),
            takes_part=request_of(item) not in standing.kept_from,
            is_first=place == 0,
            is_last=place == len(shown) - 1,
        )
        for place, item in enumerate(shown)
    ]


def _start(meeting: Meeting) -> datetime:
    return meeting.started_at or meeting.starts_at


def over_time(meeting: Meeting, items: Iterable[AgendaItem]) -> int:
    """Return by how many minutes the agenda is longer than the meeting."""
    return minutes_over(meeting.starts_at, meeting.ends_at, [Planned(item.takes) for item in items])


def asked_in_words(item: AgendaItem, meeting: Meeting) -> str:
    """Return what the item asks: "first reading", "a motion to vote on"; "" when that is over, or of its own kind."""
    if item.kind == ItemKind.MINUTES:
        return str(ASKED[Asked.APPROVE_MINUTES])
    if item.kind == ItemKind.CONDITION:
        return str(ASKED[Asked.OVERDUE_CONDITION])
    if item.review is None:
        return item.note
    item.review.has_motion = getattr(item, "has_motion", False)  # type: ignore[attr-defined]  # annotated
    asked = Asked.RATIFY if item.kind == ItemKind.RATIFY else asked_by(item.review, meeting.starts_at)
    return str(ASKED[asked]) if asked else ""


def _badge(item: AgendaItem, ballot: Ballot | None, standing: MeetingStanding) -> Badge | None:
    """Return where the item stands; with a ballot, its result in numbers for who may know it."""
    if request_of(item) in standing.kept_from:
        return Badge("note", "ban", _("recused"))
    if not standing.sees(item):  # a guest, who comes for the item and not for what the board makes of it
        ballot = None
    if item.state == ItemState.OPEN and ballot is not None and ballot.state == "open":
        return Badge("live", "gavel", _("Ballot open"))
    if ballot is not None and ballot.state == "held":
        return Badge("bad", "hand-stop", _("Held by a block"))
    if item.state == ItemState.DONE and ballot is not None and ballot.result in ("passed", "failed"):
        return _counted(ballot)
    return ITEM_STATES[item.state] if item.state != ItemState.WAITING else None


def _counted(ballot: Ballot) -> Badge:
    votes = ballot.closing["threshold"]
    passed = ballot.result == "passed"
    sentence = _("Passed, {votes_for} to {against}") if passed else _("Failed, {votes_for} to {against}")
    return Badge(
        "good" if passed else "bad", "check" if passed else "x",
        sentence.format(votes_for=votes["votes_for"], against=votes["votes_against"]),
    )  # fmt: skip


def ballots_of(meeting: Meeting) -> list[Ballot]:
    """Return the ballots of the meeting, oldest first, each with whether its motion was put again; one query."""
    rows = Ballot.objects.filter(meeting=meeting).select_related("revision", "motion__continued_by")
    return list(rows.defer("revision__content").order_by("id"))

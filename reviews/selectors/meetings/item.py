"""The item in view of a running meeting: its motion and ballot, its quorum as the room gives it, and what may be done.

Positions that the board hides until the ballot closes aren't here either: neither who voted how, nor the counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from reviews.models import (
    AgendaItem,
    Attendance,
    Ballot,
    Block,
    BoardReview,
    Meeting,
    Minutes,
    MinutesPart,
    MinutesVersion,
    Motion,
)
from reviews.permissions.meetings import MeetingStanding, why_not_handle, why_not_write
from reviews.permissions.policies import rules_of_review
from reviews.permissions.standing import parties_of
from reviews.rules.agenda import ItemState
from reviews.rules.attendance import roster_in_room, sitting_in_room
from reviews.rules.ballot import tally, why_not_close
from reviews.rules.composition import CompositionCheck, check_composition
from reviews.rules.quorum import Quorum, count_quorum
from reviews.rules.recusal import conflicts_of
from reviews.rules.roster import Seated, SeatRole
from reviews.selectors.counted import Counted
from reviews.selectors.meetings.people import seated_of
from reviews.selectors.policy_in_words import kinds_in_words
from reviews.selectors.request_rows import counted_from, keep_related, seats_with_votes
from reviews.selectors.seat_strip import Strip, strip_of_ballot


@dataclass(frozen=True, slots=True)
class Meter:
    """Quorum as boxes in a picture 320 wide: `boxes` are their left edges with how they are drawn."""

    boxes: tuple[tuple[int, bool], ...]
    width: int
    tick: int
    needed: str
    lacking: str
    said: str


@dataclass(frozen=True, slots=True)
class Tally:
    """The running count; the votes are None while positions are hidden."""

    votes_for: int | None
    against: int | None
    abstaining: int | None
    to_vote: int
    base: int
    rule: str


@dataclass(frozen=True, slots=True)
class ItemInView:
    """All that the middle of the page says about one item, and quorum beside it."""

    item: AgendaItem
    recused: frozenset[int]
    quorum: Quorum | None
    meter: Meter | None
    checks: tuple[tuple[CompositionCheck, str], ...]
    ballot: Ballot | None
    hidden: bool
    strip: Strip | None
    count: Tally | None
    motions: tuple[Motion, ...]
    tabled: tuple[Ballot, ...]
    waits_for: tuple[str, ...]
    may_vote: bool
    acts: frozenset[str]
    why_not_close: str | None
    parts: tuple[tuple[str, MinutesPart | None], ...]
    to_approve: str = ""

    @property
    def reserve(self) -> int | None:
        """Return how many may leave before quorum is lost; None where nothing is counted."""
        return None if self.quorum is None else self.quorum.present - self.quorum.needed


def item_in_view(
    actor: User, meeting: Meeting, item: AgendaItem, standing: MeetingStanding, people: Sequence[Attendance],
    minutes: Minutes | None, held: Sequence[Ballot],
) -> ItemInView:  # fmt: skip
    """Return the item with everything about it; `held` are the ballots of the meeting. Up to five queries."""
    review = item.review
    recused = _recused(item, people)
    there = {row.person_id for row in people if any(span.left_at is None for span in row.spans.all())}
    ballots = _of_review(held, review) if review is not None else []
    running = next((ballot for ballot in ballots if ballot.state == "open"), None)
    found = _counted(running) if running is not None else None
    roster = _roster(people, there, recused)
    quorum, checks = _quorum(found, review, roster)
    handles = why_not_handle(standing, meeting, item) is None
    return ItemInView(
        item=item,
        recused=frozenset(recused),
        quorum=quorum,
        meter=_meter(quorum) if quorum is not None else None,
        checks=tuple((check, kinds_in_words(check.rule).capitalize()) for check in checks),
        ballot=running or (ballots[-1] if ballots else None),
        hidden=bool(found and found.policy.positions_hidden),
        strip=_strip(found, actor),
        count=_tally(found),
        motions=_motions(review) if review is not None and running is None and handles else (),
        tabled=tuple(ballot for ballot in ballots if _may_be_put_again(ballot, review)) if handles else (),
        waits_for=_waits_for(found),
        may_vote=_may_vote(found, actor),
        acts=_acts(item, running, handles),
        why_not_close=_why_not_close(found),
        parts=_parts(standing, item, minutes),
        to_approve=_to_approve(item) if handles else "",
    )


def _recused(item: AgendaItem, people: Sequence[Attendance]) -> set[int]:
    """Return the people of the meeting who take no part in judging what the item is about."""
    request = (
        item.review.request if item.review else item.condition.decision.request if item.condition else None
    )
    if request is None:
        return set()
    parties = parties_of(request)
    return {row.person_id for row in people if row.person_id and conflicts_of(row.person_id, parties)}


def _of_review(held: Sequence[Ballot], review: BoardReview) -> list[Ballot]:
    found = [ballot for ballot in held if ballot.review_id == review.pk]
    for ballot in found:
        ballot.review = review
    return found


def _counted(ballot: Ballot) -> Counted:
    seats = list(seats_with_votes().filter(ballot=ballot).select_related("sits_for"))
    keep_related(ballot, "seats", seats)
    blocks = Block.objects.filter(review=ballot.review_id, state="standing").count()
    return counted_from(ballot, seats, blocks)


def _roster(people: Sequence[Attendance], there: set[int | None], recused: set[int]) -> tuple[Seated, ...]:
    """Return the seats as the room gives them; an alternate counts where they sit for somebody who isn't there."""
    roster = roster_in_room(seated_of(people), there, recused)
    sitting = sitting_in_room(roster)
    return tuple(
        seat
        if seat.role != SeatRole.ALTERNATE
        else Seated(seat.person, seat.role, seat.attributes, seat.attendance, sitting.get(seat.person))
        for seat in roster
    )


def _quorum(
    found: Counted | None, review: BoardReview | None, roster: Sequence[Seated]
) -> tuple[Quorum | None, tuple[CompositionCheck, ...]]:
    """Return quorum and composition: of the open ballot by its own copies, else as the room gives them now."""
    if found is not None:
        return found.quorum, found.composition
    if review is None:
        return None, ()
    policy = rules_of_review(review)
    return count_quorum(policy.quorum, roster), check_composition(policy.composition, roster)


def _meter(quorum: Quorum) -> Meter:
    boxes = max(quorum.seats, quorum.needed, 1)
    step = 317 // boxes
    lacking = [
        ngettext("{count} recused", "{count} recused", quorum.recused).format(count=quorum.recused),
        ngettext("{count} absent", "{count} absent", quorum.absent).format(count=quorum.absent),
    ]
    counts = (quorum.recused, quorum.absent)
    return Meter(
        boxes=tuple((1 + place * step, place < quorum.present) for place in range(boxes)),
        width=max(step - 4, 2),
        tick=1 + quorum.needed * step - 2,
        needed=ngettext("{count} needed", "{count} needed", quorum.needed).format(count=quorum.needed),
        lacking=", ".join(text for text, count in zip(lacking, counts, strict=True) if count),
        said=_("{present} present and eligible of {seats} seats; {needed} are needed").format(
            present=quorum.present, seats=quorum.seats, needed=quorum.needed
        ),
    )


def _strip(found: Counted | None, actor: User) -> Strip | None:
    if found is None:
        return None
    blockers = Block.objects.filter(review=found.ballot.review_id, state="standing").values_list(
        "holder_id", flat=True
    )
    holders = list(blockers) if found.count.standing_blocks else []
    return strip_of_ballot(
        found.ballot.review, found, holders, actor.pk, hidden=found.policy.positions_hidden
    )


def _tally(found: Counted | None) -> Tally | None:
    if found is None:
        return None
    counts, hidden, rule = tally(found.count), found.policy.positions_hidden, found.threshold
    sign = ">" if rule.strict else "≥"
    return Tally(
        votes_for=None if hidden else counts.votes_for,
        against=None if hidden else counts.votes_against,
        abstaining=None if hidden else counts.votes_abstaining,
        to_vote=counts.outstanding,
        base=counts.base,
        rule=_("{denominator} × for {sign} {numerator} × {base}, so {needed}").format(
            denominator=rule.denominator,
            sign=sign,
            numerator=rule.numerator,
            base=counts.base,
            needed=found.needed,
        ),
    )


def _motions(review: BoardReview) -> tuple[Motion, ...]:
    rows = Motion.objects.filter(
        review=review, withdrawn_at__isnull=True, ballot__isnull=True, revision=review.revision_id
    )
    return tuple(rows.select_related("moved_by", "seconded_by").order_by("id"))


def _may_be_put_again(ballot: Ballot, review: BoardReview | None) -> bool:
    again = getattr(ballot.motion, "continued_by", None)
    return (
        ballot.result == "tabled"
        and again is None
        and review is not None
        and ballot.revision_id == review.revision_id
    )


def _waits_for(found: Counted | None) -> tuple[str, ...]:
    if found is None:
        return ()
    return tuple(s.name for s in found.seats if s.is_eligible and s.person_id not in found.positions)


def _may_vote(found: Counted | None, actor: User) -> bool:
    return found is not None and any(s.is_eligible and s.person_id == actor.pk for s in found.seats)


def _acts(item: AgendaItem, running: Ballot | None, handles: bool) -> frozenset[str]:
    """Return what this person may do with the item: take it up, finish or table it, end its ballot, vote by proxy."""
    if not handles:
        return frozenset()
    if item.state != ItemState.OPEN:
        return frozenset({"take_up"})
    return frozenset({"table", "close", "proxy"} if running is not None else {"table", "finish"})


def _why_not_close(found: Counted | None) -> str | None:
    """Return why the ballot can't be closed now, for who leads the meeting."""
    if found is None or why_not_close(found.count) is None:
        return None
    return _(
        "Closes by itself when all have voted, or when it is closed because its result can't change any more."
    )


def _parts(
    standing: MeetingStanding, item: AgendaItem, minutes: Minutes | None
) -> tuple[tuple[str, MinutesPart | None], ...]:
    """Return the texts of the minutes that this person may write about the item."""
    if minutes is None or why_not_write(standing, minutes, item):
        return ()
    written = {part.kind: part for part in MinutesPart.objects.filter(minutes=minutes, item=item)}
    return tuple((kind, written.get(kind)) for kind in ("discussion", "basis"))


def _to_approve(item: AgendaItem) -> str:
    """Return the digest of the version of the minutes that this item is to approve, "" for none."""
    if item.approves_id is None:
        return ""
    versions = MinutesVersion.objects.filter(minutes__meeting=item.approves_id, minutes__state="circulated")
    return versions.order_by("-number").values_list("sha256", flat=True).first() or ""

"""Everything that the page of a ballot shows to one person."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from accounts.models import User
from reviews.models import Ballot, BallotSeat, Block, ReviewRequest
from reviews.permissions import balloting
from reviews.rules.ballot import APPROVALS, Position, WhatIf, tally, what_if, why_not_close
from reviews.selectors.arithmetic_in_words import counted_in_words
from reviews.selectors.counted import Counted
from reviews.selectors.policy_in_words import policy_in_words
from reviews.selectors.request_rows import counted_from, keep_related, seats_with_votes
from reviews.selectors.seat_strip import Strip, strip_of_ballot
from reviews.selectors.seating import standing_in


@dataclass(frozen=True, slots=True)
class ShownVote:
    """The last vote of a seat; `is_minority`: it was against what the ballot decided."""

    seat: BallotSeat
    position: str
    reason: str
    at: datetime
    entered_by: str
    is_minority: bool


@dataclass(frozen=True, slots=True)
class BallotPage:
    """The page. `own` is this person's last vote; `why_not_vote` is None for who may vote now."""

    ballot: Ballot
    found: Counted
    strip: Strip
    conditions: tuple[dict[str, Any], ...]
    votes: tuple[ShownVote, ...]
    voted: int
    hidden: bool
    blocks: tuple[Block, ...]
    own: ShownVote | None
    own_block: Block | None
    seat: BallotSeat | None
    why_not_vote: str | None
    choices: tuple[WhatIf, ...]
    may_block: bool
    is_last: bool
    policy: tuple[str, ...]
    arithmetic: str
    standing_in: tuple[str, ...]
    acts: frozenset[str]
    why_not_close: str | None

    @property
    def outstanding(self) -> tuple[str, ...]:
        """Return who may vote and has not."""
        return tuple(
            seat.name
            for seat in self.found.seats
            if seat.is_eligible and seat.person_id not in self.found.positions
        )


def ballot_page(actor: User, request: ReviewRequest, number: int, now: datetime) -> BallotPage:
    """Return the page of a ballot of the request, or raise Http404."""
    ballot = (
        Ballot.objects.filter(request=request, number=number)
        .select_related("review__board", "revision", "opened_by", "closed_by", "motion")
        .defer("revision__content")
        .first()
    )
    if ballot is None:
        raise Http404
    ballot.request = ballot.review.request = request
    seats = list(seats_with_votes().filter(ballot=ballot).select_related("sits_for"))
    keep_related(ballot, "seats", seats)
    blocks = tuple(Block.objects.filter(review=ballot.review).select_related("holder").order_by("id"))
    standing = [block for block in blocks if block.state == "standing"]
    found = counted_from(ballot, seats, len(standing))
    hidden = ballot.state == "open" and found.policy.positions_hidden
    votes = [vote for vote in (_vote(seat, found) for seat in seats) if vote is not None]
    why_not = balloting.why_not_vote(actor, ballot, now)
    return BallotPage(
        ballot=ballot,
        found=found,
        strip=strip_of_ballot(ballot.review, found, [b.holder_id for b in standing], actor.pk, hidden=hidden),
        conditions=tuple(_condition(condition) for condition in ballot.conditions),
        votes=tuple(vote for vote in votes if not hidden or vote.seat.person_id == actor.pk),
        voted=len(votes),
        hidden=hidden,
        blocks=blocks if not hidden else tuple(block for block in blocks if block.holder_id == actor.pk),
        own=next((vote for vote in votes if vote.seat.person_id == actor.pk), None),
        own_block=next((block for block in standing if block.holder_id == actor.pk), None),
        seat=next((seat for seat in seats if seat.person_id == actor.pk), None),
        why_not_vote=why_not,
        choices=tuple(what_if(found.count, actor.pk, position) for position in Position)
        if why_not is None
        else (),
        may_block=ballot.kind in APPROVALS,
        is_last=_is_last(actor, found),
        policy=tuple(policy_in_words(found.policy)),
        arithmetic=counted_in_words(found, hidden=hidden),
        standing_in=standing_in(seats),
        acts=_acts(actor, ballot, now),
        why_not_close=_why_not_close(actor, ballot, found, now),
    )


def _vote(seat: BallotSeat, found: Counted) -> ShownVote | None:
    """Return the last vote of the seat; one of somebody recused since is no vote any more."""
    position = getattr(seat, "vote_position", None)
    if not position or seat.recused:
        return None
    entered = getattr(seat, "vote_by", "") if getattr(seat, "vote_by_id", None) != seat.person_id else ""
    result = found.ballot.result
    minority = (result == "passed" and position == "against") or (result == "failed" and position == "for")
    return ShownVote(seat, position, seat.vote_reason, seat.vote_at, entered, minority)  # type: ignore[attr-defined]


def _condition(condition: dict[str, Any]) -> dict[str, Any]:
    """Return a condition as the page shows it, its due day as a day."""
    return {**condition, "due": date.fromisoformat(condition["due"])}


def _is_last(actor: User, found: Counted) -> bool:
    """Say whether this person is the only one who has not voted, so that their vote closes the ballot."""
    counts = tally(found.count)
    return counts.outstanding == 1 and actor.pk not in found.positions and actor.pk in found.count.eligible


def _acts(actor: User, ballot: Ballot, now: datetime) -> frozenset[str]:
    """Return what this person may do with the ballot besides voting."""
    leads = balloting.why_not_mark_attendance(actor, ballot, now) is None
    marks = leads and ballot.meeting_id is None  # in a meeting its page follows who comes and goes
    closes = balloting.why_not_close(actor, ballot, now) is None
    return frozenset(
        (["attend"] if marks else []) + (["enter"] if leads else []) + (["close"] if closes else [])
    )


def _why_not_close(actor: User, ballot: Ballot, found: Counted, now: datetime) -> str | None:
    """Return why the ballot can't be closed early, for who would close it."""
    if reason := balloting.why_not_close(actor, ballot, now):
        return reason
    if why_not_close(found.count):
        return _("The result can still change. The ballot closes when all have voted, or at its deadline.")
    return None

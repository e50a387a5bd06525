"""The boards of a record: their ballots with roster and arithmetic, blocking positions, minority opinions."""

from typing import Any

from django.utils.translation import gettext as _

from records import context as shape
from records.context import instant
from reviews.models import Ballot, BallotSeat, Block, BoardReview, Decision, Policy, Vote
from reviews.permissions.policies import rules_of
from reviews.rules.composition import CompositionRule
from reviews.rules.roster import SeatRole
from reviews.selectors.ballots import last_votes_by_seat
from reviews.selectors.policy_in_words import composition_in_words, quorum_in_words
from reviews.selectors.record.interests import interests_of
from reviews.selectors.reviews import current_reviews
from reviews.selectors.seating import BY
from reviews.selectors.words import RECUSAL_KINDS, SEAT_ATTRIBUTES


def boards_of(decision: Decision) -> list[shape.Board]:
    """Return the reviews of the decision's round, the leading board first."""
    return [_board(review) for review in current_reviews(decision.request)]


def _board(review: BoardReview) -> shape.Board:
    found = (
        Ballot.objects.filter(review=review, state="closed")
        .select_related("opened_by", "closed_by", "revision")
        .prefetch_related("seats__sits_for", "seats__delegation__deputy")
        .order_by("id")
    )
    ballots = list(found)
    votes = {ballot.pk: last_votes_by_seat(ballot) for ballot in ballots}
    version, digest = _policy(review, ballots)
    blocks = Block.objects.filter(review=review).select_related("holder", "revision", "ended_by_ballot")
    return {
        "name": review.board.name,
        "leading": review.leading,
        "policy_version": version,
        "policy_sha256": digest,
        "motion_passed": review.passed or None,  # type: ignore[typeddict-item]  # constrained by the table
        "ballots": [ballot_in_record(ballot, votes[ballot.pk]) for ballot in ballots],
        "blocks": [block_in_record(block) for block in blocks],
        "minority_opinions": minority_of(ballots, votes),
        "in_attendance": _in_attendance(ballots),
        "interests": interests_of(review),
        "note": review.note,
    }


def _policy(review: BoardReview, ballots: list[Ballot]) -> tuple[str, str]:
    """Return version and digest of the policy of the last ballot; of the board's present one if there was none."""
    if ballots:
        return str(ballots[-1].policy_version), ballots[-1].policy_sha256
    policy = Policy.objects.filter(board_id=review.board_id).order_by("-version").first()
    return (str(policy.version), policy.sha256) if policy else ("", "")


def ballot_in_record(ballot: Ballot, votes: dict[int, Vote]) -> shape.Ballot:
    """Return a closed ballot with its roster, its last votes by seat, and the arithmetic of its count."""
    closing: dict[str, Any] = ballot.closing
    return {
        "number": str(ballot.number),
        "kind": ballot.kind,  # type: ignore[typeddict-item]  # constrained by the table
        "motion": ballot.text,
        "moved_by": ballot.moved_by_name,
        "seconded_by": ballot.seconded_by_name,
        "revision": ballot.revision.number,
        "revision_sha256": ballot.revision_sha256,
        "opened_at": instant(ballot.opened_at),
        "opened_by": ballot.opened_by.display_name,
        "closed_at": instant(ballot.closed_at or ballot.deadline),
        "closed_by": ballot.closed_by.display_name if ballot.closed_by else "",
        "closed_because": ballot.because,  # type: ignore[typeddict-item]  # constrained by the table
        "result": ballot.result,  # type: ignore[typeddict-item]  # constrained by the table
        "seats": [_seat(seat, votes.get(seat.pk)) for seat in ballot.seats.all()],
        "quorum": _quorum(ballot),
        "composition": [
            {
                "rule": composition_in_words(CompositionRule(rule["needed"], tuple(rule["any_of"]))),
                "needed": rule["needed"],
                "found": rule["found"],
            }
            for rule in closing["composition"]
        ],
        "threshold": closing["threshold"],
    }


def _quorum(ballot: Ballot) -> shape.Quorum:
    at_closing = ballot.closing["quorum"]
    return {
        "rule": quorum_in_words(rules_of(ballot).quorum),
        "seats": at_closing["seats"],
        "recused": at_closing["recused"],
        "needed": at_closing["needed"],
        "present_at_opening": ballot.opening["quorum"]["present"],
        "present_at_closing": at_closing["present"],
    }


def _seat(seat: BallotSeat, vote: Vote | None) -> shape.Seat:
    """Return a line of the roster; votes that fell out by recusal or leaving aren't shown as positions."""
    counts = vote if seat.is_eligible else None
    by_proxy = counts is not None and counts.entered_by_id != seat.person_id
    return {
        "name": seat.name,
        "role": seat.role,  # type: ignore[typeddict-item]  # copied from a constrained table
        "attributes": [str(SEAT_ATTRIBUTES.get(code, code)) for code in seat.attributes],
        "attendance": "recused" if seat.recused else "present" if seat.is_eligible else "absent",
        "attendance_note": _note(seat),
        "recusal_reason": str(RECUSAL_KINDS.get(seat.recusal_kind, seat.recusal_kind)),
        "position": counts.position if counts else None,  # type: ignore[typeddict-item]  # constrained by the table
        "reason": counts.reason if counts else "",
        "voted_at": instant(counts.cast_at) if counts else None,
        "entered_by": counts.entered_by.display_name if counts and by_proxy else "",
    }


def _note(seat: BallotSeat) -> str:
    """Return arrivals and departures, for whom an alternate sits and why it is them, to whom a seat was delegated."""
    parts = [seat.attendance_note] if seat.attendance_note else []
    if seat.sits_for is not None:
        by = BY.get(seat.sits_by, "")
        parts.insert(0, _sits(seat.sits_for.display_name, str(by)))
    elif seat.delegation is not None and seat.role != SeatRole.ALTERNATE and not seat.present:
        away = _("away, the seat was delegated to {deputy}")
        parts.insert(0, away.format(deputy=seat.delegation.deputy.display_name))
    return "; ".join(parts)


def _sits(member: str, by: str) -> str:
    if not by:
        return _("sits for {member}").format(member=member)
    return _("sits for {member} ({reason})").format(member=member, reason=by)


def block_in_record(block: Block) -> shape.Block:
    """Return a blocking position with how it ended."""
    ending = block.ending_reason
    if block.ended_by_ballot is not None:
        ending = _("overridden by ballot {number}").format(number=block.ended_by_ballot.number)
    return {
        "holder": block.holder.display_name,
        "text": block.text,
        "raised_at": instant(block.raised_at),
        "revision": block.revision.number,
        "state": block.state,  # type: ignore[typeddict-item]  # constrained by the table
        "ended_at": instant(block.ended_at) if block.ended_at else None,
        "ending_reason": ending,
    }


def minority_of(ballots: list[Ballot], votes: dict[int, dict[int, Vote]]) -> list[shape.Opinion]:
    """Return who voted against the motion that passed last, with their reasons (process.md, 3.8)."""
    passed = [ballot for ballot in ballots if ballot.result == "passed" and ballot.kind != "override"]
    if not passed:
        return []
    cast = votes[passed[-1].pk]
    return [
        {
            "author": seat.name,
            "position": "against",
            "text": cast[seat.pk].reason,
            "at": instant(cast[seat.pk].cast_at),
        }
        for seat in passed[-1].seats.all()
        if seat.is_eligible and seat.pk in cast and cast[seat.pk].position == "against"
    ]


def _in_attendance(ballots: list[Ballot]) -> list[shape.Attendant]:
    """Return the secretaries who opened the ballots without a seat in them."""
    names = {
        ballot.opened_by.display_name: None
        for ballot in ballots
        if ballot.opened_by_id not in {seat.person_id for seat in ballot.seats.all()}
    }
    return [{"name": name, "role": _("secretary")} for name in names]

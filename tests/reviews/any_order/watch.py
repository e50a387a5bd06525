"""What must hold after every act (process.md, section 3), counted here a second time with none of the rules' code."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from accounts.models import User
from reviews.models import (
    Ballot,
    BallotSeat,
    Block,
    BoardReview,
    Contributor,
    Decision,
    Recusal,
    ReviewRequest,
    Vote,
)

VOTE = ("ballot_id", "seat_id", "position", "reason", "revision_sha256", "cast_at", "entered_by_id")
CLOSED = (
    "kind", "text", "conditions", "moved_by_name", "seconded_by_name", "revision_id", "revision_sha256", "policy",
    "policy_sha256", "policy_version", "opened_at", "opening", "closing", "closed_at", "result", "because",
)  # fmt: skip
SEAT = ("person_id", "name", "role", "attributes", "sits_for_id", "present", "recused")


def parties(request: ReviewRequest) -> set[int]:
    """Return who has a part in the request (3.1): its people, their line managers, and who is recused."""
    people = {
        request.requester_id,
        *Contributor.objects.filter(request=request).values_list("person_id", flat=True),
    }
    managers = set(User.objects.filter(pk__in=people).values_list("line_manager_id", flat=True)) - {None}
    return (
        people | managers | set(Recusal.objects.filter(request=request).values_list("person_id", flat=True))
    )


@dataclass(frozen=True)
class Seen:
    """What stands now."""

    request: ReviewRequest
    has_ballot: bool
    has_blocks: bool


class Watch:
    """Remembers what may never change, and compares after every act."""

    def __init__(self, request_id: int) -> None:
        self.request_id = request_id
        self.votes: dict[int, tuple[Any, ...]] = {}
        self.closed: dict[int, tuple[Any, ...]] = {}
        self.people = 0
        self.read: set[int] = set()
        self.seen: set[str] = set()

    def look(self) -> Seen:
        """Raise AssertionError for the first thing that isn't as it must be; return what stands."""
        request = ReviewRequest.objects.get(pk=self.request_id)
        ballots = list(Ballot.objects.filter(request=request).order_by("id"))
        seats: dict[int, list[BallotSeat]] = {ballot.pk: [] for ballot in ballots}
        for seat in BallotSeat.objects.filter(ballot__in=ballots).order_by("place"):
            seats[seat.ballot_id].append(seat)
        votes = list(Vote.objects.filter(ballot__in=ballots).order_by("id"))
        self._votes_are_only_added(ballots, votes)
        reviews = list(BoardReview.objects.filter(request=request))
        for review in reviews:
            running = [
                ballot for ballot in ballots if ballot.review_id == review.pk and ballot.state == "open"
            ]
            assert len(running) <= 1, "one open ballot a review (3.9)"
        for ballot in ballots:
            if ballot.state == "closed":
                mine = [vote for vote in votes if vote.ballot_id == ballot.pk]
                self._a_past_ballot_stays(ballot, seats[ballot.pk])
                _counts(ballot, seats[ballot.pk], mine)
        blocks = list(Block.objects.filter(review__request=request))
        _blocks(blocks)
        self._decisions(request, reviews, ballots)
        people = User.objects.count()
        assert people >= self.people, "people are deactivated, never deleted (3.11)"
        self.people = people
        self.seen.add(request.state)
        return Seen(
            request,
            has_ballot=any(ballot.state == "open" for ballot in ballots),
            has_blocks=any(block.state == "standing" for block in blocks),
        )

    def _votes_are_only_added(self, ballots: list[Ballot], votes: list[Vote]) -> None:
        now = {vote.pk: tuple(getattr(vote, name) for name in VOTE) for vote in votes}
        for key, before in self.votes.items():
            assert now.get(key) == before, "a vote was changed or removed (3.6)"
        by_id = {ballot.pk: ballot for ballot in ballots}
        for vote in votes:
            ballot = by_id[vote.ballot_id]
            assert vote.reason.strip(), "a vote has a reason (3.6)"
            assert vote.revision_sha256 == ballot.revision_sha256, "a vote is for the ballot's revision (3.6)"
            assert vote.cast_at < ballot.deadline, "nothing is accepted after the deadline (3.6)"
            counted = ballot.counted_at or ballot.closed_at
            assert counted is None or vote.cast_at <= counted, "nothing is accepted after closing (3.6)"
        self.votes = now

    def _a_past_ballot_stays(self, ballot: Ballot, seats: list[BallotSeat]) -> None:
        picture = (
            *(getattr(ballot, name) for name in CLOSED),
            *(tuple(getattr(seat, name) for name in SEAT) for seat in seats),
        )
        assert self.closed.setdefault(ballot.pk, picture) == picture, "a past ballot was changed (3.7)"
        self.seen.add(f"ballot {ballot.result}")

    def _decisions(self, request: ReviewRequest, reviews: list[BoardReview], ballots: list[Ballot]) -> None:
        found = Decision.objects.filter(request=request).select_related("record", "release")
        decisions = list(found.order_by("id"))
        standing = [decision for decision in decisions if decision.status in ("to_sign", "in_force")]
        assert len(standing) <= 1, "one decision (3.12)"
        for decision in decisions:
            self.seen.add(f"decision {decision.outcome}")
            if decision.outcome in ("approved", "approved_with_conditions"):
                passed = {ballot.review_id for ballot in ballots if ballot.result == "passed"}
                round_ = [review.pk for review in reviews if review.round == decision.round]
                assert round_, "no approval without a board"
                assert set(round_) <= passed, "all boards pass (3.9)"
            if decision.pk not in self.read:
                _minorities_are_kept(decision, ballots)
                self.read.add(decision.pk)
        if request.state in ("approved", "released"):
            assert any(decision.status == "in_force" for decision in decisions), (
                "approved by a decision in force"
            )
        for decision in decisions:
            if hasattr(decision, "release"):
                assert decision.release.manifest_sha256 == decision.manifest_sha256, (
                    "the approved digest (3.10)"
                )


def _counts(ballot: Ballot, seats: list[BallotSeat], votes: list[Vote]) -> None:
    """Count a closed ballot again, by fractions (3.2, 3.3, 3.4)."""
    if ballot.result in ("stopped", "tabled") or ballot.kind == "override":
        return
    there = [
        seat for seat in seats
        if seat.present and not seat.recused and (seat.role != "alternate" or seat.sits_for_id is not None)
    ]  # fmt: skip
    held = [seat for seat in seats if seat.role != "alternate"]
    last = {vote.seat_id: vote.position for vote in votes}
    votes_for = sum(1 for seat in there if last.get(seat.pk) == "for")
    rules = ballot.policy["procedures"].get(ballot.procedure, {})
    share = rules.get("threshold") or ballot.policy["threshold"]
    composition = ballot.policy["composition"] if rules.get("composition") is None else rules["composition"]
    base = (
        len(there)
        if share["of"] == "present_and_eligible"
        else len([seat for seat in held if not seat.recused])
    )
    asked = Fraction(share["numerator"], share["denominator"])
    got = Fraction(votes_for, base) if base else Fraction(0)
    enough = votes_for > 0 and (got > asked if share["strict"] else got >= asked)
    if ballot.result == "passed":
        assert enough, "passed without its votes (3.3)"
        reviewers = rules.get("reviewers", 0)
        enough = len(there) >= reviewers if reviewers else 2 * len(there) > len(held)
        assert enough, "passed without quorum (3.2)"
        for rule in composition:
            found = sum(1 for seat in there if set(seat.attributes) & set(rule["any_of"]))
            assert found >= rule["at_least"], "passed without its composition (3.4)"
    elif ballot.kind not in ("approve", "approve_with_conditions"):
        assert not enough, "failed with its votes"


def _blocks(blocks: list[Block]) -> None:
    for block in blocks:
        assert block.text.strip(), "a blocking position has a text (3.5)"
        assert block.state != "overridden" or block.ended_by_ballot_id, (
            "overridden by a recorded ballot (3.5)"
        )


def _minorities_are_kept(decision: Decision, ballots: list[Ballot]) -> None:
    """Every vote against a motion that decided is in the frozen record, with its author (3.8)."""
    if decision.record is None:
        return
    said = bytes(decision.record.context).decode()
    for ballot in ballots:
        if (
            ballot.result != "passed"
            or ballot.revision_id != decision.revision_id
            or ballot.kind == "override"
        ):
            continue
        last = {vote.seat_id: vote for vote in ballot.votes.select_related("seat").order_by("id")}
        for vote in last.values():
            if vote.position == "against" and vote.seat.is_eligible:
                assert vote.seat.name in said, "a minority opinion is missing in the record (3.8)"

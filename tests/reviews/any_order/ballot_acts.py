"""Motions, ballots, votes, attendance; two acts at the same moment."""

from datetime import timedelta
from functools import partial
from itertools import count
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from reviews.models import Ballot, Block, Decision, Motion
from reviews.rules.lifecycle import RequestState
from reviews.services.attendance import mark_attendance
from reviews.services.closing import close_at_deadline, close_ballot
from reviews.services.motions import ConditionDraft, move_motion, second_motion, withdraw_motion
from reviews.services.opening import open_ballot
from reviews.services.voting import cast_vote, enter_vote
from tests.reviews.any_order.acting import REFUSALS, Acting, anybody, member, often, seldom, states
from tests.reviews.any_order.board_acts import VOTING
from tests.reviews.any_order.watch import parties
from tests.reviews.at_once import at_once

_SAID = count(
    1
)  # nothing is said twice in the same words: the same vote again would be taken for a second click
kind = st.sampled_from((*("approve",) * 3, *("approve_with_conditions",) * 2, "return", "reject"))
position = st.sampled_from((*("for",) * 4, "against", "abstain"))
voters = st.lists(member, min_size=1, max_size=8)


class BallotActs(Acting):
    """How a board comes to a result."""

    @states(*VOTING)
    @rule(kind=kind, name=member, other=member, last=st.booleans(), opened=often)
    def move(self, kind: str, name: str, other: str, last: bool, opened: bool) -> None:
        """Move, second and mostly open at once: apart, few motions would come so far."""
        review = self.review(last)
        if review is None:
            return
        if self.state != RequestState.IN_REVIEW:
            otherwise = "ratify" if review.matter == "suspension" else "continue"
            kind = {"return": "lift", "reject": "suspend"}.get(kind, otherwise)
        conditions = [self._condition()] if kind == "approve_with_conditions" else []
        given: dict[str, Any] = {"text": f"The board should {kind}.", "conditions": conditions}
        if self.act(move_motion, name, judging=True, review_id=review.pk, kind=kind, **given):
            self._second(review.pk, name, other, opened)

    def _second(self, review_id: int, name: str, other: str, opened: bool) -> None:
        motion = Motion.objects.filter(review=review_id).latest("id")
        if other == name:
            other = "mara" if name == "milo" else "milo"
        self.act(second_motion, other, judging=True, motion_id=motion.pk)
        if opened:
            self.act(open_ballot, "sena", motion_id=motion.pk)

    def _condition(self) -> ConditionDraft:
        return ConditionDraft(
            text="Watch it.", owner_id=self.house.ravi.pk, due=(self.now + timedelta(days=30)).date(),
            verifier_id=self.house.milo.pk, blocks_release=True,
        )  # fmt: skip

    @precondition(lambda self: self.has_blocks)
    @rule(name=member, other=member)
    def override(self, name: str, other: str) -> None:
        block = Block.objects.filter(review__request=self.request_id, state="standing").first()
        if block is None:
            return
        given: dict[str, Any] = {"kind": "override", "text": "It is answered.", "block_id": block.pk}
        if self.act(move_motion, name, judging=True, review_id=block.review_id, **given):
            self._second(block.review_id, name, other, True)

    @precondition(lambda self: self.has_motions)
    @rule(absent=st.lists(member, max_size=2), name=anybody, sensible=often)
    def open(self, absent: list[str], name: str, sensible: bool) -> None:
        if motion := self.motion():
            away = [self.house.people[one].pk for one in absent]
            name = "sena" if sensible else name
            self.act(open_ballot, name, judging=True, motion_id=motion.pk, absent=away)

    @seldom(6)
    @precondition(lambda self: self.has_motions)
    @rule(name=member)
    def withdraw_the_motion(self, name: str) -> None:
        if motion := self.motion():
            self.act(withdraw_motion, name, motion_id=motion.pk)

    @precondition(lambda self: self.has_ballot)
    @rule(names=voters, position=position)
    def vote(self, names: list[str], position: str) -> None:
        for name in names:
            if ballot := self.ballot():
                self.act(cast_vote, name, judging=True, **_vote(ballot, name, position))

    @seldom(12)
    @precondition(lambda self: self.has_ballot)
    @rule(name=member)
    def vote_and_block(self, name: str) -> None:
        if ballot := self.ballot():
            given = _vote(ballot, name, "against") | {"block_text": "Not like this."}
            self.disturb(cast_vote, name, judging=True, **given)

    @precondition(lambda self: self.has_ballot)
    @rule(name=member, by=st.sampled_from(("sena", "sena", "chloe", "ugo")), position=position)
    def vote_by_proxy(self, name: str, by: str, position: str) -> None:
        if ballot := self.ballot():
            before, person_id = parties(self.request), self.house.people[name].pk
            given: dict[str, Any] = {"person_id": person_id, "position": position, "reason": "By telephone."}
            done = self.act(enter_vote, by, judging=True, ballot_id=ballot.pk, **given)
            assert not (done and person_id in before), f"{name} has a part, and a vote was entered (3.1)"

    @precondition(lambda self: self.has_ballot)
    @rule(name=member, present=st.booleans())
    def arrive_or_leave(self, name: str, present: bool) -> None:
        if ballot := self.ballot():
            given: dict[str, Any] = {"person_id": self.house.people[name].pk, "present": present, "note": ""}
            self.act(mark_attendance, "sena", ballot_id=ballot.pk, **given)

    @precondition(lambda self: self.has_ballot)
    @rule(name=st.sampled_from(("sena", "sena", "chloe", "ugo")))
    def close(self, name: str) -> None:
        if ballot := self.ballot():
            self.act(close_ballot, name, judging=True, ballot_id=ballot.pk)

    @precondition(lambda self: self.has_ballot)
    @rule(one=member, other=member, late=st.sampled_from((False, False, True)))
    def two_at_once(self, one: str, other: str, late: bool) -> None:
        """Two votes, or a vote and the deadline, at the same moment (3.12)."""
        ballot = self.ballot()
        if ballot is None:
            return
        before = Decision.objects.filter(request=self.request_id).count()
        self.now = max(self.now, ballot.deadline) if late else self.now + timedelta(minutes=1)
        moment = ballot.deadline - timedelta(microseconds=1) if late else self.now
        votes = [
            partial(cast_vote, actor=self.who(name), now=moment, **_vote(ballot, name, "for"))
            for name in (one, other)
        ]
        last = partial(close_at_deadline, ballot_id=ballot.pk, now=ballot.deadline)
        for raised in at_once(votes[0], last if late else votes[1]):
            assert raised is None or isinstance(raised, REFUSALS), raised
        after = Decision.objects.filter(request=self.request_id).count()
        assert after <= before + 1, "two at the same moment gave two decisions (3.12)"
        self.calm = 0
        self.done.append("two at once")


def _vote(ballot: Ballot, name: str, position: str) -> dict[str, Any]:
    return {
        "ballot_id": ballot.pk, "position": position, "reason": f"{name} thinks so, {next(_SAID)}.",
        "revision_sha256": ballot.revision_sha256,
    }  # fmt: skip

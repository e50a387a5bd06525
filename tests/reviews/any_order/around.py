"""What changes around a request meanwhile: policies, seats, people, and time goes by."""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from accounts.services.deactivation import deactivate, reactivate
from reviews.models import Ballot, Decision, Seat, Suspension
from reviews.services.boards import end_seat, seat_person, set_policy
from reviews.tasks import meet_deadlines
from tests.boardrooms import POLICY
from tests.reviews.any_order.acting import Acting, member, often, seldom

threshold = st.sampled_from((
    {"numerator": 1, "denominator": 2, "strict": True, "of": "present_and_eligible"},
    {"numerator": 2, "denominator": 3, "strict": False, "of": "present_and_eligible"},
    {"numerator": 2, "denominator": 3, "strict": False, "of": "seated_minus_recused"},
))  # fmt: skip


class Around(Acting):
    """The world of a request."""

    @seldom(6)
    @rule(board=st.sampled_from(("ethics", "safety")), threshold=threshold, hidden=st.booleans())
    def edit_policy(self, board: str, threshold: dict[str, Any], hidden: bool) -> None:
        content = {**POLICY, "composition": [], "threshold": threshold, "positions_hidden": hidden}
        given: dict[str, Any] = {
            "board_id": self.house.boards[board].pk,
            "content": content,
            "reason": "As agreed.",
        }
        self.disturb(set_policy, "ada", **given)

    @seldom(8)
    @rule(name=member, back=often)
    def deactivate_somebody(self, name: str, back: bool) -> None:
        person = self.who(name)
        if person.is_active:
            self.disturb(deactivate, "ada", person_id=person.pk, reason="Left.")
        if back or not person.is_active:
            self.disturb(reactivate, "ada", person_id=person.pk)

    @seldom(8)
    @rule(name=st.sampled_from(("milo", "lena", "ugo", "lex")))
    def change_a_seat(self, name: str) -> None:
        board, person = self.house.boards["ethics"], self.house.people[name]
        seat = Seat.objects.filter(board=board, person=person, until=None).first()
        if seat is None:
            given: dict[str, Any] = {"person_id": person.pk, "role": "member", "attributes": ["lay"]}
            self.disturb(seat_person, "ada", board_id=board.pk, **given)
        elif name == "milo":
            self.disturb(end_seat, "ada", seat_id=seat.pk, reason="Term.")

    @seldom(4)
    @rule(hours=st.sampled_from((1, 5, 30, 100, 200, 900)), far=st.integers(0, 25))
    def go_forward(self, hours: int, far: int) -> None:
        """Let time pass, mostly hours, seldom more than a year; what is due is done, once."""
        self.calm = 0
        self.now += timedelta(days=400) if far == 0 else timedelta(hours=hours)
        meet_deadlines(self.now)
        assert meet_deadlines(self.now) == 0, "what was due is done once"
        mine = {"request": self.request_id}
        assert not Decision.objects.filter(**mine, status="in_force", expires_at__lte=self.now).exists(), (
            "an approval ends by itself (3.10)"
        )
        assert not Ballot.objects.filter(**mine, deadline__lte=self.now).exclude(state="closed").exists(), (
            "a ballot closes at its deadline"
        )
        standing = Suspension.objects.filter(
            decision__request=self.request_id, ended_at=None, ratified_at=None
        )
        assert not standing.filter(ratify_by__lte=self.now).exists(), "what the board doesn't ratify lapses"
        self.done.append("go_forward")

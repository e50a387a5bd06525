"""What boards do besides voting: they read, ask, recuse, put off, doubt, block and clear."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from reviews.models import Block, Question
from reviews.rules.lifecycle import RequestState
from reviews.services.blocks import clear_block, raise_block
from reviews.services.escalating import send_on
from reviews.services.interests import recuse
from reviews.services.reading import answer_question, ask_question, begin_deliberation, defer_review
from tests.reviews.any_order.acting import Acting, member, often, seldom, states

VOTING = (RequestState.IN_REVIEW, RequestState.SUSPENDED, RequestState.APPROVED, RequestState.RELEASED)


class BoardActs(Acting):
    """What happens in a board between its ballots."""

    @seldom(10)
    @states(*VOTING)
    @rule(name=member)
    def recuse_themself(self, name: str) -> None:
        self.disturb(recuse, name, request_id=self.request_id, kind="personal", reason="A friend.")

    @seldom(6)
    @states(RequestState.IN_REVIEW)
    @rule(name=member)
    def ask(self, name: str) -> None:
        if review := self.review():
            self.disturb(ask_question, name, judging=True, review_id=review.pk, text="Why?")

    @precondition(lambda self: self.has_questions)
    @rule(name=st.sampled_from(("ravi", "ravi", "ravi", "chloe")))
    def answer(self, name: str) -> None:
        waiting = Question.objects.filter(request=self.request_id, answered_at=None, withdrawn_at=None)
        for question_id in list(waiting.values_list("pk", flat=True)):
            self.act(answer_question, name, question_id=question_id, text="Because.")

    @seldom(12)
    @states(RequestState.IN_REVIEW)
    @rule(name=member, days=st.integers(1, 20))
    def defer(self, name: str, days: int) -> None:
        if review := self.review():
            until = (self.now + timedelta(days=days)).date()
            self.disturb(
                defer_review, name, judging=True, review_id=review.pk, until=until, reason="To read."
            )

    @states(*VOTING)
    @rule(name=st.sampled_from(("chloe", "sena", "sid", "milo")), last=st.booleans())
    def deliberate(self, name: str, last: bool) -> None:
        if review := self.review(last):
            self.act(begin_deliberation, name, judging=True, review_id=review.pk)

    @seldom(10)
    @states(RequestState.IN_REVIEW)
    @rule(name=member, stricter=st.sampled_from(("full", "full", "emergency")))
    def doubt(self, name: str, stricter: str) -> None:
        """Let an expedited review go on as a full one; the other way is refused."""
        if review := self.review():
            given = {"review_id": review.pk, "procedure": stricter, "reason": "I doubt it."}
            self.disturb(send_on, name, judging=True, **given)

    @seldom(12)
    @states(*VOTING)
    @rule(name=member)
    def block(self, name: str) -> None:
        if review := self.review():
            self.disturb(raise_block, name, judging=True, review_id=review.pk, text="Not like this.")

    @precondition(lambda self: self.has_blocks)
    @rule(name=member, sensible=often)
    def clear(self, name: str, sensible: bool) -> None:
        block = Block.objects.filter(review__request=self.request_id, state="standing").first()
        if block is None:
            return
        holder = next(n for n, person in self.house.people.items() if person.pk == block.holder_id)
        name = holder if sensible else name
        done = self.act(clear_block, name, judging=True, block_id=block.pk, reason="Settled.")
        assert not done or name == holder, "only its holder clears a blocking position (3.5)"

"""Submission, triage and routing, withdrawal, and the next request."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from reviews.rules.lifecycle import FINAL, RequestState
from reviews.services.answers import save_answer
from reviews.services.submission import submit_revision
from reviews.services.triage import accept_request, return_request, route_request
from reviews.services.withdrawal import withdraw_request
from tests.reviews.any_order.acting import Acting, anybody, often, seldom, states

boards = st.sampled_from((("ethics",), ("ethics",), ("ethics", "safety")))
procedure = st.sampled_from(("full",) * 5 + ("expedited", "emergency"))


class RequestActs(Acting):
    """What happens to a request before and after the boards have it."""

    @initialize(boards=boards, procedure=procedure, routed=often)
    def begin(self, boards: tuple[str, ...], procedure: str, routed: bool) -> None:
        """Begin most lives where boards have the request: the way there is short, and theirs is long."""
        if routed:
            self.act(accept_request, "sena", request_id=self.request_id)
            self._route("sena", boards, procedure)

    @states(RequestState.SUBMITTED)
    @rule(name=anybody, sensible=often)
    def accept(self, name: str, sensible: bool) -> None:
        self.act(accept_request, "sena" if sensible else name, judging=True, request_id=self.request_id)

    @seldom(4)
    @states(RequestState.SUBMITTED)
    @rule()
    def send_back(self) -> None:
        self.disturb(return_request, "sena", request_id=self.request_id, text="The need is missing.")

    @states(RequestState.TRIAGE)
    @rule(name=anybody, sensible=often, boards=boards, procedure=procedure)
    def route(self, name: str, sensible: bool, boards: tuple[str, ...], procedure: str) -> None:
        self._route("sena" if sensible else name, boards, procedure)

    def _route(self, name: str, boards: tuple[str, ...], procedure: str) -> None:
        chosen = [self.house.boards[slug] for slug in boards]
        self.act(
            route_request, name, judging=True, request_id=self.request_id, tier=2, procedure=procedure,
            boards=chosen, leading=chosen[0], override_reason="As agreed.",
        )  # fmt: skip

    @states(RequestState.DRAFT)
    @rule(why=often)
    def submit_again(self, why: bool) -> None:
        self._revise("ravi", why)

    @seldom(5)
    @states(RequestState.IN_REVIEW)
    @rule(name=st.sampled_from(("ravi", "ravi", "ravi", "milo", "ugo")), why=often)
    def revise(self, name: str, why: bool) -> None:
        self._revise(name, why)

    def _revise(self, name: str, why: bool) -> None:
        """Say an answer anew and submit it; without a reason that is refused, and the answer waits in the draft."""
        present = self.request.answers.get(question="need")
        said = [f"Said again at {self.now.isoformat()}."]
        given: dict[str, Any] = {"request_id": self.request_id}
        self.act(save_answer, name, question="need", raw=said, version=present.version, **given)
        self.disturb(submit_revision, name, why="Better." if why else "", **given)

    @seldom(20)
    @rule(name=st.sampled_from(("ugo", "milo", "ravi")))
    def withdraw(self, name: str) -> None:
        self.disturb(withdraw_request, name, request_id=self.request_id, reason="No more.")

    @states(*FINAL)
    @rule()
    def another_request(self) -> None:
        """Go on with the next request in the same house."""
        self.begin_anew()

"""Acts of a board's life in any order, by anybody, also two at once; what is refused is refused with a sentence.

An act either does what it says or raises one of REFUSALS; anything else is a fault of the product. After each act
`Watch` compares what must hold. A run is the life of some requests, one after the other, in one house.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition

from accounts.models import User
from audit.models import Event
from audit.refusal import Refused
from reviews.models import Ballot, BoardReview, Decision, Motion, Question, ReviewRequest
from reviews.rules.lifecycle import RequestState
from tests.boardrooms import House, a_house, submitted
from tests.dossiers import NOW, a_version
from tests.reviews.any_order.watch import Watch, parties

REFUSALS = (Refused, PermissionDenied, Http404)
BOARD = ("chloe", "milo", "mara", "lena", "rex", "sid")
EVERYBODY = (*BOARD, "sena", "lex", "rita", "ada", "ugo", "ravi")

anybody = st.sampled_from(EVERYBODY)
member = st.sampled_from((*BOARD, *("chloe", "milo", "mara", "lena") * 2))
often = st.sampled_from((True, True, True, False))

Rule = Callable[[Any], Any]


def seldom(after: int) -> Rule:
    """Let a rule run only after so many acts since another such one: else a life would be about little besides."""
    return precondition(lambda self: self.calm >= after)


def states(*wanted: RequestState) -> Rule:
    """Let a rule run only while the request is in one of these states."""
    return precondition(lambda self: self.state in wanted)


class Acting(RuleBasedStateMachine):
    """The house, the request that is acted on, and how an act is tried."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.done: list[str] = []
        self.steps = self.calm = 0
        self.newest: int | None = None
        self.parties: set[int] = set()
        self.has_ballot = self.has_blocks = self.has_questions = self.has_motions = False
        self.house: House = a_house()
        self.watches: list[Watch] = []
        self.begin_anew()

    def begin_anew(self) -> None:
        """Go on with a new request, of a new version."""
        version = a_version(self.house.ravi, number=f"3.{len(self.watches)}", now=self.now)
        self.request_id = submitted(self.house, version, self.now).pk
        self.watch = Watch(self.request_id)
        self.watches.append(self.watch)
        self.state = RequestState.SUBMITTED

    @invariant()
    def what_must_always_hold(self) -> None:
        """Look, and remember which acts make sense next.

        Where no event was written nothing has changed: the guard of commits sees to that, and other tests to it.
        """
        self.steps += 1
        newest = Event.objects.order_by("-id").values_list("pk", flat=True).first()
        if newest == self.newest:
            return
        self.newest = newest
        seen = self.watch.look()
        self.parties = parties(seen.request)
        self.state = RequestState(seen.request.state)
        self.has_ballot, self.has_blocks = seen.has_ballot, seen.has_blocks
        questions = Question.objects.filter(request=self.request_id, answered_at=None, withdrawn_at=None)
        self.has_questions = questions.exists()
        self.has_motions = self.motion() is not None

    def act(
        self, service: Callable[..., object], name: str = "", *, judging: bool = False, **given: Any
    ) -> bool:
        """Let somebody try the service; say whether it was done.

        `judging`: nobody who has a part in the request may do it (3.1).
        """
        self.now += timedelta(minutes=1)
        self.calm += 1
        before = self._parties_now() if judging else set()
        if name:
            given["actor"] = self.who(name)
        given.setdefault("now", self.now)
        try:
            service(**given)
        except REFUSALS as refusal:
            said = str(refusal)
            silent = isinstance(refusal, Http404)
        else:
            self.done.append(service.__name__)
            who = self.house.people[name].pk if name else None
            assert who not in before, f"{name} has a part in the request, and yet: {service.__name__}"
            return True
        assert said or silent, f"{service.__name__} was refused without a word"
        return False

    def disturb(
        self, service: Callable[..., object], name: str = "", *, judging: bool = False, **given: Any
    ) -> bool:
        """Try an act that is to be seldom."""
        done = self.act(service, name, judging=judging, **given)
        self.calm = 0
        return done

    def _parties_now(self) -> set[int]:
        """Return who has a part now: a step may have several acts, and the first may have changed it."""
        if self.newest != Event.objects.order_by("-id").values_list("pk", flat=True).first():
            return parties(self.request)
        return self.parties

    def who(self, name: str) -> User:
        """Return the person as they are now."""
        return User.objects.get(pk=self.house.people[name].pk)

    @property
    def request(self) -> ReviewRequest:
        """Return the request as it is now."""
        return ReviewRequest.objects.get(pk=self.request_id)

    def review(self, last: bool = False) -> BoardReview | None:
        """Return a board's open review, or the last one."""
        found = BoardReview.objects.filter(request=self.request_id).exclude(state="closed").order_by("id")
        return found.last() if last else found.first()

    def ballot(self) -> Ballot | None:
        """Return the first ballot that isn't closed."""
        return Ballot.objects.filter(request=self.request_id).exclude(state="closed").order_by("id").first()

    def motion(self) -> Motion | None:
        """Return the last motion on which no ballot has opened."""
        waiting = Motion.objects.filter(review__request=self.request_id, ballot=None, withdrawn_at=None)
        return waiting.order_by("id").last()

    def decision(self) -> Decision | None:
        """Return the last decision."""
        found = Decision.objects.select_related("record").filter(request=self.request_id)
        return found.order_by("id").last()

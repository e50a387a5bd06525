"""The rows from which all that waits in reviews is told: each kind of row is read once for all sources that need it.

Who is asked about is a filter of the queries, never of their results: a person's page costs the same whatever waits
for everybody else.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Q

from accounts.roles import Role
from reminders.waiting import Round
from reviews.models import (
    Ballot,
    BallotSeat,
    Block,
    BoardReview,
    Comment,
    Condition,
    Contributor,
    IncidentReport,
    Question,
    ReviewRequest,
)
from reviews.models.condition import SETTLED
from reviews.permissions.incidents import HANDLES
from reviews.permissions.sight import TO_ROUTE
from reviews.rules.appeals import AppealState
from reviews.rules.ballot import BallotCount
from reviews.rules.clocks import Procedure
from reviews.rules.lifecycle import RequestState
from reviews.rules.policy import NOTICE_LIMITS
from reviews.rules.recusal import Parties
from reviews.rules.review_lifecycle import Matter, ReviewState
from reviews.selectors.calendar import Calendars
from reviews.selectors.request_rows import counted_from, seats_with_votes
from reviews.selectors.waiting.approvals import (
    Approval,
    OpenContinuing,
    ToRatify,
    continuing_of,
    leading_of,
    with_decision,
)
from reviews.selectors.waiting.approved import conditions_in_force, open_continuing, open_incidents
from reviews.selectors.waiting.office import Office, office_at
from reviews.selectors.waiting.spoken import Spoken, parties_from, spoken_in

EXPIRY_NOTICE = timedelta(days=NOTICE_LIMITS[1])
"""The longest time before the end of an approval at which a policy lets a notice go out."""
JUDGED = (*TO_ROUTE, RequestState.IN_REVIEW, RequestState.DECIDED, RequestState.SUSPENDED)
"""States in which it matters who has a part in a request."""


class Reading:
    """What is read for one round, or for some requests and everybody (`requests` given).

    `rows`: these requests with what `with_decision` and `with_incidents` add, where they have been read already.
    """

    def __init__(
        self,
        now: datetime,
        people: frozenset[int] | None,
        requests: frozenset[int] | None = None,
        rows: Sequence[Any] | None = None,
    ) -> None:
        self.now = now
        self.people = people
        self.requests = requests
        self._rows = rows

    def asks(self, person_id: int | None) -> bool:
        """Say whether this person is asked about."""
        return person_id is not None and (self.people is None or person_id in self.people)

    def _asks_any(self, people: frozenset[int]) -> bool:
        return bool(people) if self.people is None else bool(people & self.people)

    def _of(self, path: str) -> Q:
        """Return the condition that a person at the end of this path is asked about."""
        return Q() if self.people is None else Q(**{f"{path}__in": self.people})

    def _within(self, path: str) -> Q:
        return Q() if self.requests is None else Q(**{f"{path}__in": self.requests})

    @cached_property
    def calendars(self) -> Calendars:
        """Calendars of the boards, for dates that aren't kept with their thing."""
        return Calendars()

    @cached_property
    def office(self) -> Office:
        """Who sits where and has which role."""
        return office_at(self.now)

    @cached_property
    def led(self) -> set[int]:
        """Boards of which somebody who is asked about is chair or secretary."""
        everybody = self.people is None
        return set(self.office.seats) if everybody else self.office.boards_led_by(self.people or frozenset())

    @cached_property
    def boards(self) -> set[int]:
        """Boards on which somebody who is asked about sits, or which they keep."""
        everybody = self.people is None
        return set(self.office.seats) if everybody else self.office.boards_of(self.people or frozenset())

    @cached_property
    def request_rows(self) -> list[Any]:
        """Requests that wait as a whole: drafts, to be routed, signed, released or ratified, about to expire."""
        if self._rows is not None:
            return list(self._rows)
        wanted = Q(pk__in=[])
        wanted |= Q(state=RequestState.DRAFT) & self._of("requester")
        expiring = Q(state__in=[RequestState.APPROVED, RequestState.RELEASED]) & self._of("requester")
        wanted |= expiring & Q(standing__expires_at__lte=self.now + EXPIRY_NOTICE)
        parts = Contributor.objects.filter(self._of("person")).values("request")
        reported_on = self._of("requester") | Q(pk__in=parts) | Q(leading__in=self.led)
        wanted |= Q(pk__in=open_continuing()) & reported_on
        if self._asks_any(self.office.with_role(Role.SECRETARY)):
            wanted |= Q(state__in=TO_ROUTE)
        if self._asks_any(self.office.with_role(Role.LEGAL)) or self.boards:
            wanted |= Q(state=RequestState.DECIDED)
        if self._asks_any(self.office.with_role(Role.RELEASE_MANAGER)):
            wanted |= Q(state=RequestState.APPROVED)
        if self.led:
            wanted |= Q(state=RequestState.SUSPENDED, leading__in=self.led)
            wanted |= Q(standing__provisional=True, leading__in=self.led)
            wanted |= Q(appeal_state=AppealState.FILED, leading__in=self.led)
            wanted |= Q(appeal_panel__in=self.led)
            expert = Q(state=RequestState.IN_REVIEW, procedure=Procedure.EXPERT, has_experts=False)
            wanted |= expert & Q(leading__in=self.led)
        rows = with_decision(ReviewRequest.objects.all()).filter(wanted, self._within("pk"))
        return list(rows.select_related("version__model", "requester").order_by("state_since", "id"))

    @cached_property
    def approvals(self) -> list[Approval]:
        """Decisions that wait for signatures or are in force."""
        return [
            Approval(
                row, row.decision_id, row.decision_status, row.decision_at, row.decision_in_force, row.decision_until,
                leading_of(row), row.blocked, row.legal_signer, row.legal_at, row.decision_sign_by,
                tuple(row.decision_notices or ()), row.renewed,
            )
            for row in self.request_rows
            if row.decision_id and row.leading
        ]  # fmt: skip

    @cached_property
    def to_ratify(self) -> list[ToRatify]:
        """Suspensions that wait for the board."""
        return [
            ToRatify(row, row.hold, leading_of(row), row.hold_by, row.hold_since, row.hold_until)
            for row in self.request_rows
            if row.hold and row.leading
        ]

    @cached_property
    def all_reviews(self) -> list[BoardReview]:
        """Reviews of boards of who is asked about, and those that ask or wait for them; of some requests: all."""
        rows = BoardReview.objects.filter(self._within("request"))
        if self.requests is None:
            at_work = Q(request__state=RequestState.IN_REVIEW) | ~Q(matter=Matter.RELEASE)
            rows = rows.exclude(state=ReviewState.CLOSED).filter(at_work)
        if self.people is not None:
            parts = Contributor.objects.filter(person__in=self.people).values("request_id")
            theirs = Q(request__requester__in=self.people) | Q(request__in=parts)
            asking = Question.objects.filter(theirs, answered_at__isnull=True, withdrawn_at__isnull=True)
            to_fix = Comment.objects.filter(theirs, finding="must_fix", settled_at__isnull=True)
            blocks = Block.objects.filter(holder__in=self.people, state="standing")
            rows = rows.filter(
                Q(board__in=self.boards)
                | Q(pk__in=asking.values("review"))
                | Q(pk__in=to_fix.values("review"))
                | Q(pk__in=blocks.values("review"))
            )
        return list(
            rows.select_related("board", "request__version__model", "request__requester").order_by(
                "due_at", "id"
            )
        )

    @cached_property
    def reviews(self) -> list[BoardReview]:
        """Those of them that go on, about a release."""
        return [
            review
            for review in self.at_work
            if review.matter == Matter.RELEASE and review.request.state == RequestState.IN_REVIEW
        ]

    @cached_property
    def at_work(self) -> list[BoardReview]:
        """Those that go on, also about an approval: a suspension, its continuing review, a condition."""
        return [
            review
            for review in self.all_reviews
            if review.state != ReviewState.CLOSED
            and (review.request.state == RequestState.IN_REVIEW or review.matter != Matter.RELEASE)
        ]

    @cached_property
    def ballots(self) -> list[tuple[Ballot, list[BallotSeat]]]:
        """Ballots that run or are held, with their rosters and last votes; no query where the office knows of none."""
        balloting = self.office.balloting.items()
        if not any(board in self.led or self._asks_any(people) for board, people in balloting):
            return []
        rows = seats_with_votes().filter(~Q(ballot__state="closed"), self._within("ballot__request"))
        if self.people is not None:
            own = BallotSeat.objects.filter(person__in=self.people, ballot__state="open").values("ballot_id")
            rows = rows.filter(Q(ballot__in=own) | Q(ballot__review__board__in=self.led))
        found: dict[int, tuple[Ballot, list[BallotSeat]]] = {}
        related = ("ballot__review__board", "ballot__request__version__model", "ballot__request__requester")
        for seat in rows.select_related(*related, "ballot__revision").defer("ballot__revision__content"):
            found.setdefault(seat.ballot_id, (seat.ballot, []))[1].append(seat)
        return sorted(found.values(), key=lambda pair: (pair[0].deadline, pair[0].pk))

    @cached_property
    def spoken(self) -> Sequence[Spoken]:
        """What was said in those reviews, and who has a part in all of these requests or is recused from them."""
        if self.people is None and self.requests is None:
            taken_up = BoardReview.objects.exclude(matter=Matter.RELEASE).exclude(state=ReviewState.CLOSED)
            ids = {row.pk for row in self.request_rows if row.continuing_id}
            ids |= {row.decision.request_id for row in self.overdue}
            of_approvals = Q(request__in=taken_up.values("request")) | Q(request__in=ids)
            return spoken_in(Q(request__state__in=JUDGED) | of_approvals)
        ids = {row.pk for row in self.request_rows} | {review.request_id for review in self.at_work}
        ids |= {row.decision.request_id for row in self.overdue}
        ids |= {ballot.request_id for ballot, _seats in self.ballots}
        return spoken_in(Q(request__in=ids)) if ids else ()

    @cached_property
    def _parties(self) -> dict[int, list[Spoken]]:
        found: dict[int, list[Spoken]] = {}
        for row in self.spoken:
            if row.what in ("part", "recusal"):
                found.setdefault(row.request_id, []).append(row)
        return found

    def parties_of(self, request: ReviewRequest) -> Parties:
        """Return who has a part in the request or is recused from it."""
        return parties_from(request, self._parties.get(request.pk, ()))

    @cached_property
    def _said(self) -> dict[tuple[str, int | None], list[Spoken]]:
        found: dict[tuple[str, int | None], list[Spoken]] = {}
        for row in self.spoken:
            found.setdefault((row.what, row.review_id or row.request_id), []).append(row)
        return found

    def said(self, what: str, key: int) -> Sequence[Spoken]:
        """Return the rows of this kind in the review, or in the request for those that belong to no review."""
        return self._said.get((what, key), ())

    def running_in(self, review_id: int) -> set[str]:
        """Return the states of the review's ballots that aren't closed."""
        return {ballot.state for ballot, _seats in self.ballots if ballot.review_id == review_id}

    @cached_property
    def conditions(self) -> list[Any]:
        """Conditions in force on which an owner has to report, a verifier to judge a report, or a board to act."""
        to_report = Q(state="open") & self._of("owner")
        to_judge = Q(state="partly") & self._of("verifier")
        late = Q(escalate_at__lte=self.now, review__board__in=self.led) & ~Q(state__in=SETTLED)
        return conditions_in_force((to_report | to_judge | late) & self._within("decision__request"))

    @cached_property
    def overdue(self) -> list[Condition]:
        """Conditions that are overdue for as long as their policy says, of boards that somebody asked about leads."""
        return [
            row
            for row in self.conditions
            if row.escalate_at and row.escalate_at <= self.now and row.review.board_id in self.led
        ]

    @cached_property
    def continuing(self) -> list[OpenContinuing]:
        """Continuing reviews that are open, of who reports and of who leads the board."""
        return continuing_of(self.request_rows)

    @cached_property
    def incidents(self) -> list[IncidentReport]:
        """Incidents on which legal staff and safety leads still have something to do, if they are asked about."""
        handlers = frozenset({person for role in HANDLES for person in self.office.with_role(role)})
        none = self._rows is not None and not any(row.has_incidents for row in self._rows)
        return open_incidents(self._within) if self._asks_any(handlers) and not none else []

    def count_of(self, ballot: Ballot, seats: Sequence[BallotSeat]) -> BallotCount:
        """Return the ballot counted as it stands."""
        return counted_from(ballot, seats, len(self.said("block", ballot.review_id))).count


def reading_of(asked: Round) -> Reading:
    """Return what all sources of a round read together."""
    return Reading(asked.now, asked.people)

"""What the procedure of a request changes in what waits: who decides, whether a motion needs a seconder, exemptions."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from reminders.waiting import Waiting
from reviews.models import BoardReview
from reviews.permissions.policies import procedure_of
from reviews.rules.clocks import Procedure
from reviews.rules.policy import BoardPolicy
from reviews.rules.recusal import conflicts_of
from reviews.rules.review_lifecycle import ReviewEvent, ReviewState, events_of
from reviews.selectors.terms import Policies
from reviews.selectors.waiting.rows import Reading
from reviews.selectors.waiting.wording import of_board

_KEPT, _POLICIES = "_deciding", "_policies"


def policies_of(reading: Reading) -> Policies:
    """Return the policies of all boards with seats, read once in a round and only where a procedure asks for them."""
    found: Policies = reading.__dict__.setdefault(_POLICIES, Policies(reading.office.seats))
    return found


class Deciding:
    """Who decides in the reviews of a round; policies are read only where a procedure asks for them."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    def _rules(self, review: BoardReview) -> BoardPolicy:
        return policies_of(self._reading).at(review.board, self._reading.now)[0]

    def members(self, review: BoardReview) -> list[int]:
        """Return the members who take a position: nobody on an exempt request, the reviewers on an expedited one."""
        reading, procedure = self._reading, procedure_of(review)
        members = reading.office.members_of(review.board_id, reading.parties_of(review.request))
        if procedure == Procedure.EXEMPT:
            return []
        if procedure != Procedure.EXPEDITED or not members:
            return members
        needed = self._rules(review).procedure(procedure).reviewers
        if not needed:
            return members
        chosen = {row.person_id for row in reading.said("reader", review.pk)} & set(members)
        if len(chosen) < needed:
            chair = reading.office.chair_of(review.board_id)
            chosen |= {person for person in members if person == chair}
        return [person for person in members if person in chosen]

    def movers(self, review: BoardReview) -> list[int]:
        """Return for whom a motion is to put: the chair, or the reviewers of an expedited review."""
        procedure = procedure_of(review)
        if procedure == Procedure.EXEMPT:
            return []
        if procedure == Procedure.EXPEDITED and self._rules(review).procedure(procedure).reviewers:
            return self.members(review)
        chair = self._reading.office.chair_of(review.board_id)
        parties = self._reading.parties_of(review.request)
        return [] if chair is None or conflicts_of(chair, parties) else [chair]

    def needs_seconder(self, review: BoardReview) -> bool:
        """Say whether a motion of the board's review needs a seconder; read only for a motion without one."""
        return self._rules(review).procedure(procedure_of(review)).seconder


def deciding(reading: Reading) -> Deciding:
    """Return who decides in the reviews of a round, read once for all of its sources."""
    found: Deciding = reading.__dict__.setdefault(_KEPT, Deciding(reading))
    return found


def to_determine(reading: Reading) -> Iterator[Waiting]:
    """Yield the members of leading boards for whom an exempt request waits."""
    for review in reading.reviews:
        fits = review.leading and review.request.procedure == Procedure.EXEMPT
        if not fits or ReviewEvent.EXEMPT not in events_of(ReviewState(review.state)):
            continue
        for person in reading.office.members_of(review.board_id, reading.parties_of(review.request)):
            if reading.asks(person):
                yield of_board(
                    reading, review, person,
                    needs=_("Determine whether it is exempt, or send it to another procedure."),
                    act=_("Look at the exemption"), short=_("determining an exemption"),
                    one_of=_("The chair or a member"), since=review.opened_at,
                    url=reverse("reviews:exempt", args=[review.request.reference, review.board.slug]),
                )  # fmt: skip

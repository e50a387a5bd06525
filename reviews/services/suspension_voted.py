"""Suspensions as the board voted on them: ratified, or lifted; and those that lapse because it did neither in time."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from audit import trail
from reviews.models import Ballot, BoardReview, Suspension
from reviews.rules.review_lifecycle import Matter, ReviewState
from reviews.services.after_letters import tell_suspension_ended
from reviews.services.appeal_outcome import end_appeals
from reviews.services.attesting import attest_later
from reviews.services.locking import lock_request
from reviews.services.superseding import back_in_force
from reviews.services.taking_up import go_on, rest


def ratified(ballot: Ballot, now: datetime) -> None:
    """Ratify the suspension by the ballot: it stands until the board lifts it. By the system."""
    suspension = _suspension_of(ballot)
    if suspension.ended_at or suspension.ratified_at:
        return
    suspension.ratified_at, suspension.ratified_ballot = ballot.closed_at, ballot
    suspension.save(update_fields=["ratified_at", "ratified_ballot"])
    trail.record(
        "suspension.ratified", obj=suspension.decision.request, actor=None, now=now, reason=ballot.text,
        data={"ballot": ballot.number}, also=[suspension],
    )  # fmt: skip
    attest_later(suspension.decision.request, "ratified", now)


def lifted(ballot: Ballot, now: datetime) -> None:
    """Lift the suspension by the ballot: the request goes back to where it was suspended. By the system."""
    suspension = _suspension_of(ballot)
    if suspension.ended_at:
        return
    suspension.ended_at, suspension.ending = ballot.closed_at or now, "lifted"
    suspension.ending_ballot, suspension.ending_reason = ballot, ballot.text
    suspension.save(update_fields=["ended_at", "ending", "ending_ballot", "ending_reason"])
    rest_of_the_matter(suspension, now)
    back_in_force(suspension, suspension.decision.request, now)
    trail.record(
        "suspension.lifted", obj=suspension.decision.request, actor=None, now=now, reason=ballot.text,
        data={"ballot": ballot.number}, also=[suspension],
    )  # fmt: skip
    tell_suspension_ended(suspension, now)


def _suspension_of(ballot: Ballot) -> Suspension:
    suspension = ballot.motion.suspension
    assert suspension is not None  # a constraint of motions
    suspension.decision.request = ballot.review.request
    return suspension


def rest_of_the_matter(suspension: Suspension, now: datetime) -> None:
    """Stop what boards still deliberate about a suspension that has ended, with a note."""
    request = suspension.decision.request
    with override(request.language):
        note = _("Stopped, because the suspension has ended.")
    end_appeals(request, note, now)
    open_ones = BoardReview.objects.filter(request=request, matter=Matter.SUSPENSION)
    for review in open_ones.exclude(state=ReviewState.CLOSED).select_related("board"):
        review.request = request
        rest(review, note, now)


@transaction.atomic
def lapse(*, suspension_id: int, now: datetime) -> bool:
    """End a suspension that the board didn't ratify in time; by the system, may run twice.

    Ballots whose deadline has passed are settled first by whoever calls this at a deadline.
    """
    found = Suspension.objects.values_list("decision__request_id", flat=True).get(pk=suspension_id)
    request = lock_request(found)
    suspension = Suspension.objects.select_related("decision").get(pk=suspension_id)
    suspension.decision.request = request
    if suspension.ended_at or suspension.ratified_at or now < suspension.ratify_by:
        return False
    suspension.ended_at, suspension.ending = suspension.ratify_by, "lapsed"
    suspension.save(update_fields=["ended_at", "ending"])
    rest_of_the_matter(suspension, now)
    back_in_force(suspension, request, now)
    trail.record("suspension.lapsed", obj=request, actor=None, now=now, also=[suspension])
    tell_suspension_ended(suspension, now)
    go_on(request, now)
    return True

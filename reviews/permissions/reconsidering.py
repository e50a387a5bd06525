"""Who takes a board's review up again after an approval, and what may be voted on then."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from reviews.models import BoardReview, Condition, Motion, Suspension
from reviews.models.condition import SETTLED
from reviews.permissions.reasons import NotNow, WrongState
from reviews.permissions.reviewing import why_not_lead
from reviews.permissions.standing import standing_of
from reviews.rules.ballot import MotionKind, motions_on
from reviews.rules.lifecycle import IN_FORCE, RequestState
from reviews.rules.panels import BoardPurpose
from reviews.rules.review_lifecycle import Matter, ReviewState


def standing_suspension(review: BoardReview) -> Suspension | None:
    """Return the suspension of the request that stands, or None."""
    rows = Suspension.objects.filter(decision__request=review.request_id, ended_at__isnull=True)
    return rows.select_related("decision").first()


def why_not_take_up(actor: User, review: BoardReview, matter: str, now: datetime) -> str | None:
    """Return why the person may not take the board's review up again for the matter: its chair or secretary does."""
    if reason := why_not_lead(standing_of(actor, review.request, now), review):
        return reason
    if review.state != ReviewState.CLOSED:
        return WrongState(_("The board is at something else. It takes this up when that has ended."))
    if matter == Matter.SUSPENSION:
        if not review.leading or review.request.state != RequestState.SUSPENDED:
            return WrongState(_("The leading board deliberates about a suspension while it stands."))
        return None
    if matter == Matter.CONDITION:
        if review.request.state not in (*IN_FORCE, RequestState.SUSPENDED):
            return WrongState(_("Conditions are waived while the approval stands."))
        if not open_conditions(review):
            return WrongState(_("This board has set no condition that is still open."))
        return None
    return WrongState(_("A continuing review is taken up when the requester has reported."))


def open_conditions(review: BoardReview) -> list[Condition]:
    """Return the board's conditions of the standing approval that are neither met nor waived."""
    rows = Condition.objects.filter(review=review, decision__status="in_force").exclude(state__in=SETTLED)
    return list(rows.select_related("owner").order_by("number"))


def why_not_lay_aside(actor: User, review: BoardReview, now: datetime) -> str | None:
    """Return why the person may not lay aside what the board took up: only a waiver, or a lift that nobody asks for.

    The panel of an appeal was asked, and nobody but it can answer.
    """
    if reason := why_not_lead(standing_of(actor, review.request, now), review):
        return reason
    has_to = (
        review.matter in (Matter.RELEASE, Matter.CONTINUING) or review.board.purpose == BoardPurpose.APPEAL
    )
    if review.state == ReviewState.CLOSED or has_to:
        return WrongState(_("The board has to vote on this; it isn't laid aside."))
    if review.state == ReviewState.BALLOTING:
        return NotNow(_("A ballot is open. It ends first."))
    if review.matter == Matter.SUSPENSION:
        suspension = standing_suspension(review)
        if suspension is not None and suspension.ratified_at is None:
            return WrongState(_("The board has to vote on this; it isn't laid aside."))
    return None


def why_not_about(review: BoardReview, kind: str) -> str | None:
    """Return why no motion of this kind can be moved while the board is at its present matter."""
    if MotionKind(kind) not in motions_on(Matter(review.matter)):
        return WrongState(_("The board is at something else now, so this can't be moved."))
    return None


def why_not_voted_on(motion: Motion, now: datetime) -> str | None:
    """Return why no ballot opens on a motion about an approval; None if what it is about still waits for one."""
    if reason := why_not_about(motion.review, motion.kind):
        return reason
    if motion.suspension is not None:
        if motion.suspension.ended_at:
            return WrongState(_("This suspension has ended."))
        if motion.kind == MotionKind.RATIFY and motion.suspension.ratified_at and motion.review.leading:
            return WrongState(_("The board has ratified it already."))
        if motion.suspension.ratified_at is None and now >= motion.suspension.ratify_by:
            return NotNow(_("The time to ratify has passed; the suspension lapses."))
    if motion.report is not None and motion.report.returned_at:
        return NotNow(
            _("The board returned the report that the motion is about. Move it again for the next one.")
        )
    if motion.condition is not None and motion.condition.state in SETTLED:
        return WrongState(_("This condition is met or waived."))
    return None

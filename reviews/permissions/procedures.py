"""Who determines that a request is exempt, and who sends one to a stricter procedure because of a doubt."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from reviews.models import Block, BoardReview, Question, Triage
from reviews.permissions.disclosing import why_undisclosed_by
from reviews.permissions.policies import rules_of_review
from reviews.permissions.reasons import NotNow, WrongPerson, WrongState
from reviews.permissions.reviewing import why_closed, why_not_member
from reviews.permissions.standing import Standing, standing_of, why_conflicted
from reviews.rules.clocks import Procedure
from reviews.rules.exemption import LEADS_TO, Capacity
from reviews.rules.lifecycle import RequestState
from reviews.rules.review_lifecycle import Matter, ReviewEvent, ReviewState, events_of


def capacity_in(standing: Standing, board_id: int) -> Capacity:
    """Return as what the person acts for the board: by their seat, else as its secretary."""
    if standing.is_chair_of(board_id):
        return Capacity.CHAIR
    return Capacity.MEMBER if standing.seats.get(board_id) == "member" else Capacity.SECRETARY


def why_not_determine(actor: User, review: BoardReview, now: datetime) -> str | None:
    """Return why the person may not determine that the request is exempt.

    The chair or a member of the leading board does: to find that nothing is to be judged is a judgement, which is not a
    secretary's (process.md, sections 1 and 4). Nobody who has a part in the request does, and not who routed it.
    """
    standing = standing_of(actor, review.request, now)
    if reason := _why_not_this_person(standing, review):
        return reason
    if reason := _why_not_exempt(review):
        return reason
    if Triage.objects.filter(request=review.request_id, confirmed_by=actor).exists():
        return WrongPerson(
            _("You gave the request this way, so somebody else determines whether it is exempt.")
        )
    open_questions = Question.objects.filter(
        request=review.request_id, answered_at__isnull=True, withdrawn_at__isnull=True
    )
    if open_questions.exists():
        return NotNow(_("A question is open. Determine it when it is answered or withdrawn."))
    if ReviewEvent.EXEMPT not in events_of(ReviewState(review.state)):
        return NotNow(_("The review rests. Determine it when it goes on."))
    if Block.objects.filter(review__request=review.request_id, state="standing").exists():
        return NotNow(_("A blocking position stands. Send the request to the full procedure."))
    return why_undisclosed_by(actor.pk, rules_of_review(review), now)


def _why_not_this_person(standing: Standing, review: BoardReview) -> str | None:
    if reason := why_not_member(standing, review):
        return reason
    if standing.seats[review.board_id] == "alternate":
        return WrongPerson(_("The chair or a member of the leading board determines it, no alternate."))
    if standing.has_role(Role.ADMINISTRATOR):
        return WrongPerson(_("Administrators don't judge requests."))
    return None


def _why_not_exempt(review: BoardReview) -> str | None:
    """Return why there is nothing to determine for this board."""
    request = review.request
    if request.state != RequestState.IN_REVIEW or request.procedure != Procedure.EXEMPT:
        return WrongState(_("The request isn't in review as exempt."))
    if not review.leading:
        return WrongState(_("The leading board determines whether the request is exempt."))
    return why_closed(review)


def why_not_doubt(actor: User, review: BoardReview, now: datetime) -> str | None:
    """Return why the person may not send the request to a stricter procedure.

    Any member of a board that reviews it may, its secretary too (45 CFR 46.110: only a full review may disapprove).
    """
    standing = standing_of(actor, review.request, now)
    if standing.is_secretary_of(review.board_id):
        reason = why_conflicted(standing)
    elif standing.seats.get(review.board_id) == "alternate":
        reason = WrongPerson(_("A member, the chair or the secretary of the board does this, no alternate."))
    else:
        reason = why_not_member(standing, review)
    if reason:
        return reason
    request = review.request
    if request.state != RequestState.IN_REVIEW or review.matter != Matter.RELEASE:
        return WrongState(_("The request is not in review."))
    if not LEADS_TO.get(Procedure(request.procedure or Procedure.FULL)):
        return WrongState(_("The request is in a full review already."))
    return why_closed(review)

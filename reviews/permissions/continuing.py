"""Who reports for a continuing review, and who returns a report."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from reviews.models import Ballot, ContinuingReport, ContinuingReview, ReviewRequest
from reviews.permissions.reasons import NotNow, WrongPerson, WrongState
from reviews.permissions.standing import standing_of, why_conflicted
from reviews.rules.lifecycle import IN_FORCE, RequestState


def is_current(request: ReviewRequest) -> bool:
    """Say whether continuing reviews are held for the request: its approval stands and nothing newer replaced it."""
    return request.state in (*IN_FORCE, RequestState.SUSPENDED)


def why_not_report(actor: User, review: ContinuingReview, now: datetime) -> str | None:
    """Return why the person may not report: the requester and contributors do, while a report is waited for."""
    if not standing_of(actor, review.decision.request, now).is_asking:
        return WrongPerson(_("The requester and contributors report for a continuing review."))
    if review.state == "closed":
        return WrongState(_("This continuing review is closed."))
    if review.state == "reported":
        return WrongState(_("Your report is with the board."))
    return None


def why_not_return(actor: User, report: ContinuingReport, now: datetime) -> str | None:
    """Return why the person may not return the report: chair or secretary of the leading board, before a ballot."""
    request = report.review.decision.request
    standing = standing_of(actor, request, now)
    leading = next(review for review in request.board_reviews.all() if review.leading)
    if not (standing.is_chair_of(leading.board_id) or standing.is_secretary_of(leading.board_id)):
        return WrongPerson(_("The chair or the secretary of the leading board returns a report."))
    if reason := why_conflicted(standing):
        return reason
    if report.returned_at or report.review.state != "reported":
        return WrongState(_("This report was returned already, or the board has voted."))
    if Ballot.objects.filter(motion__report=report).exclude(state="closed").exists():
        return NotNow(_("A ballot about this report is open. It ends first."))
    return None

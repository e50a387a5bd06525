"""What a motion about an approval is about: the suspension, the report of a continuing review, or a condition."""

from typing import TypedDict

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from audit.refusal import Refused
from reviews.models import BoardReview, Condition, ContinuingReport, Suspension
from reviews.models.condition import SETTLED
from reviews.permissions.reconsidering import standing_suspension
from reviews.rules.ballot import MotionKind


class About(TypedDict, total=False):
    """The fields of a motion that name it."""

    suspension: Suspension
    report: ContinuingReport
    condition: Condition


def what_it_is_about(review: BoardReview, kind: MotionKind, condition_id: int | None = None) -> About:
    """Return what the motion names; empty for a motion about the release. Raises Refused when there is nothing."""
    match kind:
        case MotionKind.RATIFY | MotionKind.LIFT:
            return {"suspension": _suspension(review, kind)}
        case MotionKind.CONTINUE:
            return {"report": _report(review)}
        case MotionKind.WAIVE:
            return {"condition": _condition(review, condition_id)}
    return {}


def _suspension(review: BoardReview, kind: MotionKind) -> Suspension:
    suspension = standing_suspension(review)
    if suspension is None:
        raise Refused(_("This suspension has ended."))
    if kind == MotionKind.RATIFY and suspension.ratified_at and review.leading:
        raise Refused(_("The board has ratified it already."))
    return suspension


def _report(review: BoardReview) -> ContinuingReport:
    rows = ContinuingReport.objects.filter(
        review__decision__request=review.request_id, review__state="reported", returned_at__isnull=True
    )
    report = rows.order_by("-id").first()
    if report is None:
        raise Refused(_("The requester hasn't reported yet. The board votes on the report."))
    return report


def _condition(review: BoardReview, condition_id: int | None) -> Condition:
    condition: Condition = get_object_or_404(
        Condition, pk=condition_id, review=review, decision__status="in_force"
    )
    if condition.state in SETTLED:
        raise Refused(_("This condition is met or waived."))
    return condition

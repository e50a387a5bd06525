"""Which checklists the policies of a request's boards ask for, and which of them are accepted for the version."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from compliance import gates
from reviews.models import Policy, ReviewRequest
from reviews.permissions.reasons import NotNow
from reviews.rules.ballot import APPROVALS


def why_not_ready(version_id: int, kind: str, wanted: Sequence[str], now: datetime) -> str | None:
    """Return which checklists have to be accepted for the version before a ballot on a motion of this kind, or None.

    `wanted`: the codes that the policy of the board asks for; only a motion to approve waits for them.
    """
    if kind not in APPROVALS or not wanted:
        return None
    missing = [check.title for check in gates.readiness(version_id, wanted, now) if not check.met]
    if not missing:
        return None
    titles = pgettext("between members of a list", ", ").join(missing)
    return NotNow(
        _("These checklists have to be accepted for the version first: {titles}.").format(titles=titles)
    )


def readiness_of(request: ReviewRequest, now: datetime) -> list[gates.GateCheck]:
    """Return the checks of the present policies of the boards that have a part in the request."""
    boards = {review.board_id for review in request.board_reviews.all()}
    codes: dict[str, None] = {}
    policies = Policy.objects.filter(board_id__in=boards).order_by("board_id", "-version")
    for content in {policy.board_id: policy.content for policy in reversed(policies)}.values():
        codes |= dict.fromkeys(content.get("gates", []))
    return gates.readiness(request.version_id, list(codes), now) if codes else []

"""What stands before a ballot to approve: checklists that the boards' policies ask for, and findings that are open."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.models import User
from compliance import gates
from reviews.models import BoardReview, Comment, Policy, ReviewRequest
from reviews.permissions.reasons import NotNow
from reviews.rules.ballot import APPROVALS
from reviews.rules.policy import BoardPolicy


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


def must_fix_open(request_id: int, kind: str) -> tuple[int, ...]:
    """Return the board's review of each open finding of what must be fixed, for a motion of this kind to approve."""
    if kind not in APPROVALS:
        return ()
    found = Comment.objects.filter(request=request_id, finding="must_fix", settled_at__isnull=True)
    return tuple(key for key in found.values_list("review_id", flat=True) if key is not None)


def why_not_fixed(review: BoardReview, kind: str, policy: BoardPolicy) -> str | None:
    """Return how many findings of the board have to be resolved first, if its policy asks for that; None otherwise."""
    if not policy.open_findings_block:
        return None
    count = must_fix_open(review.request_id, kind).count(review.pk)
    if not count:
        return None
    return NotNow(
        ngettext(
            "{count} finding of this board that must be fixed is open. Its finder or the chair resolves it.",
            "{count} findings of this board that must be fixed are open. Their finders or the chair resolve them.",
            count,
        ).format(count=count)
    )


def readiness_of(request: ReviewRequest, reader: User, now: datetime) -> list[gates.GateCheck]:
    """Return the checks of the present policies of the boards that have a part in the request."""
    boards = {review.board_id for review in request.board_reviews.all()}
    codes: dict[str, None] = {}
    policies = Policy.objects.filter(board_id__in=boards).order_by("board_id", "-version")
    for content in {policy.board_id: policy.content for policy in reversed(policies)}.values():
        codes |= dict.fromkeys(content.get("gates", []))
    return gates.readiness(request.version_id, list(codes), now, reader=reader) if codes else []

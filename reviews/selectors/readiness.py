"""Which checklists the policies of a request's boards ask for, and which of them are accepted for the version."""

from datetime import datetime

from compliance.gates import GateCheck, readiness
from reviews.models import Policy, ReviewRequest


def readiness_of(request: ReviewRequest, now: datetime) -> list[GateCheck]:
    """Return the checks of the present policies of the boards that have a part in the request."""
    boards = {review.board_id for review in request.board_reviews.all()}
    codes: dict[str, None] = {}
    policies = Policy.objects.filter(board_id__in=boards).order_by("board_id", "-version")
    for content in {policy.board_id: policy.content for policy in reversed(policies)}.values():
        codes |= dict.fromkeys(content.get("gates", []))
    return readiness(request.version_id, list(codes), now) if codes else []

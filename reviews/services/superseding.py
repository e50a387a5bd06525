"""What ends approvals without anybody's act: a newer approval of the same version, and the date."""

from datetime import datetime

from django.db import transaction

from audit import trail
from reviews.models import ContinuingReview, Decision, ReviewRequest, Suspension
from reviews.rules.lifecycle import RequestEvent, RequestState, lifting
from reviews.services.attesting import attest_later
from reviews.services.continuing import end_continuing
from reviews.services.ending import end_what_follows
from reviews.services.locking import lock_request
from reviews.services.progress import move_request

IN_FORCE = (RequestState.APPROVED, RequestState.RELEASED)


def lock_requests_of_version(decision_id: int) -> list[int]:
    """Lock the requests of the decision's model version in the order of their ids, and return these.

    Two approvals of one version that come into force at once would otherwise lock each other out. What is in review is
    left alone: no signature changes it, and a full review that rejects holds itself before it asks for its parent.
    """
    version = Decision.objects.filter(pk=decision_id).values("request__version_id")
    rows = ReviewRequest.objects.filter(version__in=version).exclude(state=RequestState.IN_REVIEW)
    return list(rows.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))


def supersede_others(decision: Decision, now: datetime) -> None:
    """Mark older approvals of the same model version as superseded.

    Each stays valid for its own digest until its date, unless the newer decision ends the older ones. In the
    transaction of the signature that brought the decision into force, which has locked them all.
    """
    others = ReviewRequest.objects.filter(version=decision.request.version_id, state__in=IN_FORCE)
    for request_id in others.exclude(pk=decision.request_id).order_by("pk").values_list("pk", flat=True):
        request = lock_request(request_id)
        if request.state in IN_FORCE:
            _supersede(request, decision, now)


def _supersede(request: ReviewRequest, newer: Decision, now: datetime) -> None:
    move_request(request, RequestEvent.SUPERSEDE, now)
    older = list(Decision.objects.filter(request=request, status="in_force"))
    ended: list[ContinuingReview] = []
    for decision in older:
        decision.request, decision.superseded_by = request, newer
        if newer.ends_older:
            decision.status, decision.ended_at = "ended", now
        decision.save(update_fields=["superseded_by", "status", "ended_at"])
        ended += end_what_follows(decision, now)
    data = {"by": newer.request.reference, "ends": newer.ends_older}
    trail.record("request.superseded", obj=request, actor=None, now=now, data=data, also=[*older, *ended])


def back_in_force(suspension: Suspension, request: ReviewRequest, now: datetime) -> None:
    """Let a request go back to where it was suspended; on to its end if the date or a newer approval came meanwhile."""
    move_request(request, lifting(RequestState(suspension.from_state)), now)
    decision = Decision.objects.get(pk=suspension.decision_id)
    # Also one that has ended meanwhile: what came into force replaced this one then, whatever became of it.
    newer = Decision.objects.filter(
        request__version=request.version_id, approved_at__gt=decision.approved_at
    ).exclude(request=request)
    if decision.status == "ended":
        move_request(request, RequestEvent.EXPIRE, now)
        trail.record("request.expired", obj=request, actor=None, now=now, data={"decision": decision.number})
    elif (latest := newer.select_related("request").order_by("ends_older", "approved_at").last()) is not None:
        _supersede(request, latest, now)


@transaction.atomic
def expire(*, decision_id: int, now: datetime) -> bool:
    """End an approval whose date has passed; by the system, may run twice. Say whether it ended now."""
    request = lock_request(Decision.objects.values_list("request_id", flat=True).get(pk=decision_id))
    decision = Decision.objects.get(pk=decision_id)
    decision.request = request
    if decision.status != "in_force" or decision.expires_at is None or now < decision.expires_at:
        return False
    decision.status, decision.ended_at = "ended", decision.expires_at
    decision.save(update_fields=["status", "ended_at"])
    ended = (end_what_follows if request.state in IN_FORCE else end_continuing)(decision, now)
    trail.record("decision.ended", obj=decision, actor=None, now=now, data={"by": "date"}, also=ended)
    if request.state in IN_FORCE:
        move_request(request, RequestEvent.EXPIRE, now)
        trail.record("request.expired", obj=request, actor=None, now=now, data={"decision": decision.number})
    else:
        attest_later(request, "expired", now)
    return True

"""Attesting approvals for pipelines, and letting the status list follow what becomes of them.

A job looks at how the approval is and lets attestation and list say the same. So it may run twice, and what several
jobs ask for at once is done once.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import CharField, Exists, OuterRef
from django.db.models.functions import Cast
from django.utils import timezone

from jobs import queue
from records.attestation import issuing, status
from records.attestation.rows import Attested, Standing
from records.attestation.standing import Stands
from records.models import Record, RecordState
from reviews.models import Decision, ReviewRequest
from reviews.rules.lifecycle import RequestEvent, RequestState
from reviews.selectors.attested import attested_decision, standing_of_approval

ATTEST = "reviews.attest"
OCCASIONS = {
    RequestEvent.SIGN: "approved",
    RequestEvent.SUSPEND: "suspended",
    RequestEvent.LIFT: "lifted",
    RequestEvent.LIFT_AFTER_RELEASE: "lifted",
    RequestEvent.EXPIRE: "expired",
    RequestEvent.SUPERSEDE: "superseded",
    RequestEvent.WITHDRAW: "withdrawn",
    RequestEvent.OVERTURN: "withdrawn",
}
"""What changes an approval for those who release by it."""


def attest_later(request: ReviewRequest, occasion: str, now: datetime) -> None:
    """Ask for it after the commit; for a request that was never approved the job finds nothing to do."""
    queue.enqueue(ATTEST, {"request": request.pk, "occasion": occasion}, now=now)


def after_move(request: ReviewRequest, event: RequestEvent, now: datetime) -> None:
    """Ask for it when the move changes what a pipeline may do."""
    if event in OCCASIONS:
        attest_later(request, OCCASIONS[event], now)


def when_sealed(record: Record, now: datetime) -> None:
    """Ask for it when the record of the request is sealed: an attestation names the file."""
    if record.object_type == ReviewRequest._meta.label_lower:
        attest_later(ReviewRequest.objects.get(pk=record.object_id), "approved", now)


def attest(payload: Mapping[str, Any]) -> None:
    """Body of the job."""
    attest_approvals(
        request_id=int(payload["request"]), occasion=str(payload["occasion"]), now=timezone.now()
    )


def attest_approvals(*, request_id: int, occasion: str, now: datetime) -> list[Attested]:
    """Attest the approvals of the request as they are now, and sign the status list if it has to change.

    One whose record is not sealed yet is passed over. By the system, may run twice.
    """
    approved = Decision.objects.filter(request=request_id, approved_at__isnull=False).select_related(
        "request__version__model", "request__project", "revision", "record", "superseded_by"
    )
    found = [one for decision in approved.order_by("number") if (one := _attest(decision, occasion, now))]
    if found:
        status.sign_status(now)
    return found


def _attest(decision: Decision, occasion: str, now: datetime) -> Attested | None:
    stand, since, reason = standing_of_approval(decision)
    stands = Stands(Standing(stand.value), since, reason)
    record = decision.record
    if record is None or record.state != RecordState.SEALED:
        return None  # the attestation names the sealed file; when that is there, `when_sealed` asks again
    return issuing.attest(
        obj=decision,
        states=lambda uid: attested_decision(decision, record, uid, now),
        stands=stands,
        occasion=occasion,
        now=now,
    )


def attest_what_is_missing(now: datetime) -> int:
    """Ask for the attestation of approvals in force that have none, such as those of before; returns how many."""
    told = Attested.objects.filter(
        object_type=Decision._meta.label_lower, object_id=Cast(OuterRef("pk"), CharField())
    )
    in_force = Decision.objects.filter(
        status="in_force", expires_at__gt=now, record__state=RecordState.SEALED
    )
    missing = in_force.exclude(Exists(told)).exclude(request__state=RequestState.SUSPENDED)
    rows = list(missing.values_list("pk", "request_id"))
    for pk, request in rows:
        queue.enqueue(ATTEST, {"request": request, "occasion": "approved"}, now=now, key=f"attest-first-{pk}")
    return len(rows)


def attest_anew(now: datetime) -> int:
    """Ask for new attestations of everything in force, because the keys changed; returns how many requests."""
    label = Decision._meta.label_lower
    valid = Attested.objects.filter(object_type=label, standing=Standing.VALID, valid_until__gt=now)
    decisions = Decision.objects.filter(
        pk__in=[int(key) for key in valid.values_list("object_id", flat=True)]
    )
    requests = list(decisions.order_by("request").values_list("request_id", flat=True).distinct())
    for request in requests:
        queue.enqueue(ATTEST, {"request": request, "occasion": "key_changed"}, now=now)
    return len(requests)

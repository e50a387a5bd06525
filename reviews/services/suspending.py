"""Suspending an approval at once, by a person or by the policy, and withdrawing it for good."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from reviews.models import BoardReview, Condition, Decision, IncidentReport, Suspension
from reviews.permissions import releasing
from reviews.permissions.reasons import require
from reviews.rules.explaining import DateKind
from reviews.rules.lifecycle import IN_FORCE, RequestEvent
from reviews.services.after_letters import tell_suspended, tell_withdrawn
from reviews.services.ending import end_what_follows
from reviews.services.locking import decision_to_change, lock_request
from reviews.services.progress import move_request
from reviews.services.reckoning import keep, reckon
from reviews.services.suspension_notices import tell_of_suspension
from reviews.services.taking_up import leading_review, take_up_suspension


@transaction.atomic
def suspend_approval(
    *, actor: User, decision_id: int, reason: str, now: datetime, incident_id: int | None = None
) -> Suspension:
    """Suspend an approval, alone and at once; the leading board ratifies it by a ballot in time, or it lapses.

    The time is that of its policy, five working days unless it says otherwise (P). `incident_id`: the report of the
    incident for which it is suspended.
    """
    decision = decision_to_change(actor, decision_id, now)
    require(releasing.why_not_suspend(actor, decision, now))
    if not reason.strip():
        raise Refused(_("Say why; the reasons of a suspension are reported."))
    suspension, review = _suspend(Suspension(suspended_by=actor, reason=reason.strip()), decision, actor, now)
    incidents = _for_incident(incident_id, suspension)
    trail.record(
        "request.suspended", obj=decision.request, actor=actor, now=now, reason=suspension.reason,
        data={"decision": decision.number}, also=[suspension, review, *incidents],
    )  # fmt: skip
    return suspension


def _for_incident(incident_id: int | None, suspension: Suspension) -> list[IncidentReport]:
    """Say in the report of the incident that the approval was suspended for it."""
    if incident_id is None:
        return []
    found = list(IncidentReport.objects.select_for_update(of=("self",)).filter(pk=incident_id))
    for report in found:
        report.suspension = suspension
        report.save(update_fields=["suspension"])
    return found


def _suspend(
    suspension: Suspension, decision: Decision, actor: User | None, now: datetime
) -> tuple[Suspension, BoardReview]:
    """Write the suspension down, and let the leading board take it up; the caller records it."""
    request = decision.request
    reckoned = reckon(DateKind.RATIFICATION, leading_review(request).board, now)
    suspension.decision, suspension.from_state = decision, request.state
    suspension.suspended_at, suspension.ratify_by = now, reckoned.due
    suspension.save()
    keep(suspension, reckoned, now=now, request=request, actor=actor)
    review = take_up_suspension(suspension, now)
    move_request(request, RequestEvent.SUSPEND, now)
    tell_of_suspension(suspension, review, now)
    tell_suspended(suspension, now)
    return suspension, review


@transaction.atomic
def suspend_by_policy(*, condition_id: int, now: datetime) -> bool:
    """Suspend an approval because a condition is overdue for as long as its board's policy allows; by the system.

    A date that was missed suspends once: not again when the board has lifted it or it lapsed, and not when it runs
    twice. One that was reported and waits for its verifier doesn't suspend.
    """
    found = Condition.objects.values_list("decision__request_id", flat=True).get(pk=condition_id)
    request = lock_request(found)
    condition = Condition.objects.select_related("decision", "owner").get(pk=condition_id)
    decision = condition.decision
    decision.request = request
    if condition.state != "open" or condition.suspend_at is None or now < condition.suspend_at:
        return False
    if decision.status != "in_force" or request.state not in IN_FORCE:
        return False
    if Suspension.objects.filter(condition=condition, missed_at=condition.due_at).exists():
        return False
    with override(request.language):
        reason = _("Condition C{number} was due on {day} and is not reported as met.").format(
            number=condition.number, day=condition.due.isoformat()
        )
    suspension, review = _suspend(
        Suspension(condition=condition, missed_at=condition.due_at, reason=reason), decision, None, now
    )
    trail.record(
        "request.suspended", obj=request, actor=None, now=now, reason=reason, also=[suspension, review],
        data={"decision": decision.number, "condition": condition.number},
    )  # fmt: skip
    return True


@transaction.atomic
def withdraw_approval(*, actor: User, decision_id: int, reason: str, now: datetime) -> Decision:
    """Withdraw a suspended approval for good."""
    decision = decision_to_change(actor, decision_id, now)
    require(releasing.why_not_withdraw_approval(actor, decision, now))
    if not reason.strip():
        raise Refused(_("Say why the approval is withdrawn."))
    standing = list(decision.suspensions.filter(ended_at__isnull=True))
    for suspension in standing:
        suspension.ended_at, suspension.ended_by = now, actor
        suspension.ending, suspension.ending_reason = "withdrawn", reason.strip()
        suspension.save(update_fields=["ended_at", "ended_by", "ending", "ending_reason"])
    if decision.status != "ended":  # its date may have passed while it was suspended
        decision.status, decision.ended_at = "ended", now
        decision.save(update_fields=["status", "ended_at"])
    ended = end_what_follows(decision, now)
    move_request(decision.request, RequestEvent.WITHDRAW, now)
    trail.record(
        "decision.withdrawn",
        obj=decision,
        actor=actor,
        now=now,
        reason=reason.strip(),
        data={"decision": decision.number},
        also=[*standing, *ended],
    )
    trail.record(
        "request.ended", obj=decision.request, actor=None, now=now, data={"decision": decision.number}
    )
    tell_withdrawn(decision, actor, reason, now)
    return decision

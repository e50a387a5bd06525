"""Suspending an approval at once, what the board resolves about it, and withdrawing it."""

from datetime import datetime

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from reviews.models import Decision, Suspension
from reviews.permissions import releasing
from reviews.permissions.reasons import require
from reviews.permissions.signing import leading_review
from reviews.rules.clocks import DEFAULT_TERMS
from reviews.rules.lifecycle import RequestEvent
from reviews.selectors.calendar import calendar_of
from reviews.services.locking import decision_to_change
from reviews.services.progress import move_request
from reviews.services.superseding import back_in_force


@transaction.atomic
def suspend_approval(*, actor: User, decision_id: int, reason: str, now: datetime) -> Suspension:
    """Suspend an approval, alone and at once; the board ratifies within five working days, or it lapses (P)."""
    decision = decision_to_change(actor, decision_id, now)
    require(releasing.why_not_suspend(actor, decision, now))
    if not reason.strip():
        raise Refused(_("Say why; the reasons of a suspension are reported."))
    board = leading_review(decision).board
    suspension = Suspension.objects.create(
        decision=decision,
        from_state=decision.request.state,
        reason=reason.strip(),
        suspended_by=actor,
        suspended_at=now,
        ratify_by=DEFAULT_TERMS.ratification.due(now, calendar_of(board)),
    )
    move_request(decision.request, RequestEvent.SUSPEND, now)
    trail.record(
        "request.suspended", obj=decision.request, actor=actor, now=now, reason=suspension.reason,
        data={"decision": decision.number}, also=[suspension],
    )  # fmt: skip
    return suspension


@transaction.atomic
def ratify_suspension(*, actor: User, suspension_id: int, resolution: str, now: datetime) -> Suspension:
    """Write down that the board ratified the suspension, with its resolution; it stands until it is lifted."""
    suspension = _suspension_to_change(actor, suspension_id, now)
    require(releasing.why_not_ratify(actor, suspension, now))
    if not resolution.strip():
        raise Refused(_("Write down what the board resolved, and with which votes."))
    suspension.ratified_at, suspension.ratified_by = now, actor
    suspension.resolution = resolution.strip()
    suspension.save(update_fields=["ratified_at", "ratified_by", "resolution"])
    trail.record(
        "suspension.ratified",
        obj=suspension.decision.request,
        actor=actor,
        now=now,
        reason=suspension.resolution,
        also=[suspension],
    )
    return suspension


@transaction.atomic
def lift_suspension(*, actor: User, suspension_id: int, resolution: str, now: datetime) -> Suspension:
    """Write down that the board lifted the suspension; the request goes back to where it was suspended."""
    suspension = _suspension_to_change(actor, suspension_id, now)
    require(releasing.why_not_resolve(actor, suspension, now))
    if not resolution.strip():
        raise Refused(_("Write down what the board resolved, and with which votes."))
    _end(suspension, "lifted", resolution, actor, now)
    back_in_force(suspension, suspension.decision.request, now)
    trail.record(
        "suspension.lifted", obj=suspension.decision.request, actor=actor, now=now,
        reason=suspension.ending_reason, also=[suspension],
    )  # fmt: skip
    return suspension


@transaction.atomic
def withdraw_approval(*, actor: User, decision_id: int, reason: str, now: datetime) -> Decision:
    """Withdraw a suspended approval for good."""
    decision = decision_to_change(actor, decision_id, now)
    require(releasing.why_not_withdraw_approval(actor, decision, now))
    if not reason.strip():
        raise Refused(_("Say why the approval is withdrawn."))
    standing = list(decision.suspensions.filter(ended_at__isnull=True))
    for suspension in standing:
        _end(suspension, "withdrawn", reason, actor, now)
    decision.status, decision.ended_at = "ended", now
    decision.save(update_fields=["status", "ended_at"])
    move_request(decision.request, RequestEvent.WITHDRAW, now)
    trail.record(
        "decision.withdrawn",
        obj=decision,
        actor=actor,
        now=now,
        reason=reason,
        data={"decision": decision.number},
        also=standing,
    )
    trail.record(
        "request.ended", obj=decision.request, actor=None, now=now, data={"decision": decision.number}
    )
    return decision


def _end(suspension: Suspension, ending: str, reason: str, actor: User, now: datetime) -> None:
    suspension.ended_at, suspension.ended_by = now, actor
    suspension.ending, suspension.ending_reason = ending, reason.strip()
    suspension.save(update_fields=["ended_at", "ended_by", "ending", "ending_reason"])


def _suspension_to_change(actor: User, suspension_id: int, now: datetime) -> Suspension:
    decision_id = Suspension.objects.filter(pk=suspension_id).values_list("decision_id", flat=True).first()
    if decision_id is None:
        raise Http404
    decision = decision_to_change(actor, decision_id, now)
    suspension = Suspension.objects.get(pk=suspension_id)
    suspension.decision = decision
    return suspension

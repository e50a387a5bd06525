"""Exceptions: asked for from a checklist, approved or refused by legal staff, revoked before their end."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from compliance.models import Assessment, ControlException
from compliance.permissions import assessment_to_read
from compliance.permissions.exceptions import exception_to
from compliance.permissions.findings import why_not_take_part
from compliance.rules.findings import LONGEST_EXCEPTION, ExceptionEvent, exception_after
from compliance.selectors.libraries import control_of


@transaction.atomic
def ask_for_exception(
    *, actor: User, assessment_id: int, number: str, reason: str, instead: str, until: date, now: datetime
) -> ControlException:
    """Ask that a control may stay unmet until the end of a day, for what the checklist is about.

    Also possible when the checklist was accepted. Raises Http404, PermissionDenied, and Refused without a reason, for
    a day that has passed or lies more than a year ahead, or while the same waits for a decision.
    """
    assessment = assessment_to_read(actor, assessment_id, now)
    if why_not := why_not_take_part(actor, assessment):
        raise PermissionDenied(why_not)
    control_of(assessment, number)
    Assessment.objects.select_for_update().only("pk").get(
        pk=assessment.pk
    )  # sent twice at once, it is asked once
    today = timezone.localdate(now)
    if not reason.strip():
        raise Refused(_("Say why it can't be met."))
    if until < today:
        raise Refused(_("The day has passed already. Choose a later one."))
    if until > today + LONGEST_EXCEPTION:
        raise Refused(_("An exception ends within a year. Choose an earlier day, and ask again then."))
    about = about_of(assessment)
    same = ControlException.objects.filter(
        library_code=assessment.library.code, control_number=number, state="asked", **about
    )
    if same.exists():
        raise Refused(_("An exception for this waits for legal staff already."))
    exception = ControlException.objects.create(
        library_code=assessment.library.code, control_number=number, **about, reason=reason.strip(),
        instead=instead.strip(), until=until, asked_at=now, asked_by=actor,
    )  # fmt: skip
    trail.record(
        "exception.asked", obj=exception, actor=actor, now=now, reason=reason.strip(),
        data={"library": assessment.library.code, "control": number, "until": until.isoformat()},
    )  # fmt: skip
    return exception


@transaction.atomic
def approve_exception(*, actor: User, exception_id: int, reason: str, now: datetime) -> ControlException:
    """Let it count until its last day; raises Http404, PermissionDenied, IllegalTransition, Refused when it is over."""
    exception = exception_to(actor, exception_id, ExceptionEvent.APPROVE, now)
    if exception.until < timezone.localdate(now):
        raise Refused(_("Its last day has passed. Refuse it; a new one can be asked for."))
    return _decide(exception, ExceptionEvent.APPROVE, "exception.approved", actor, reason.strip(), now)


@transaction.atomic
def refuse_exception(*, actor: User, exception_id: int, reason: str, now: datetime) -> ControlException:
    """Refuse it with a reason."""
    exception = exception_to(actor, exception_id, ExceptionEvent.REFUSE, now)
    if not reason.strip():
        raise Refused(_("Say why it is refused."))
    return _decide(exception, ExceptionEvent.REFUSE, "exception.refused", actor, reason.strip(), now)


@transaction.atomic
def revoke_exception(*, actor: User, exception_id: int, reason: str, now: datetime) -> ControlException:
    """End it before its last day, or take back what was only asked for."""
    exception = exception_to(actor, exception_id, ExceptionEvent.REVOKE, now)
    if not reason.strip():
        raise Refused(_("Say why it ends."))
    exception.state = exception_after(exception.state, ExceptionEvent.REVOKE) or exception.state
    exception.ended_at, exception.ended_by, exception.end_reason = now, actor, reason.strip()
    exception.save(update_fields=["state", "ended_at", "ended_by", "end_reason"])
    trail.record("exception.revoked", obj=exception, actor=actor, now=now, reason=reason.strip())
    return exception


def about_of(assessment: Assessment) -> dict[str, object]:
    """Return what the assessment is about as fields of an exception."""
    return {
        "scope": assessment.scope, "board": assessment.board, "project_id": assessment.project_id,
        "version_id": assessment.version_id,
    }  # fmt: skip


def _decide(
    exception: ControlException, event: ExceptionEvent, verb: str, actor: User, reason: str, now: datetime
) -> ControlException:
    exception.state = exception_after(exception.state, event) or exception.state
    exception.decided_at, exception.decided_by, exception.decision_reason = now, actor, reason
    exception.save(update_fields=["state", "decided_at", "decided_by", "decision_reason"])
    trail.record(verb, obj=exception, actor=actor, now=now, reason=reason)
    return exception

"""What went to authorities about an incident, and suspending the approval for it in one step."""

from datetime import datetime
from typing import BinaryIO

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role, has_role
from audit import trail
from audit.handing_out import hand_out
from audit.refusal import Refused
from reviews.models import Decision, IncidentFile, IncidentFiling, Suspension
from reviews.models.decision import APPROVALS
from reviews.permissions import incidents as permissions
from reviews.permissions.reasons import require
from reviews.rules.incidents import IncidentEvent, IncidentState
from reviews.services.incidents import incident_to_change, move
from reviews.services.suspending import suspend_approval

EVENTS = {
    "initial": IncidentEvent.FILE_INITIAL,
    "complete": IncidentEvent.FILE_COMPLETE,
    "further": IncidentEvent.FILE_FURTHER,
}


@transaction.atomic
def file_report(
    *,
    actor: User,
    number: int,
    kind: str,
    authority: str,
    text: str,
    filed_at: datetime,
    now: datetime,
    reference: str = "",
) -> IncidentFiling:
    """Enter that a report went to an authority: "initial", which may be incomplete, "complete", or "further".

    The first one stops the clock, at the moment at which it went out, also when that is entered later.
    """
    report = incident_to_change(actor, number, now)
    require(permissions.why_not_file(actor, report))
    if not authority.strip() or not text.strip():
        raise Refused(_("Say to whom it was reported, and what."))
    if not report.aware_at <= filed_at <= now:
        raise Refused(_("A report goes out after awareness, and before it is entered."))
    filing = IncidentFiling.objects.create(
        report=report, number=report.filings.count() + 1, kind=kind, authority=authority.strip(),
        reference=reference.strip(), text=text.strip(), filed_at=filed_at, due_at=report.due_at, entered_by=actor,
        entered_at=now,
    )  # fmt: skip
    if kind != "further" and (report.filed_at is None or filed_at < report.filed_at):
        report.filed_at = filed_at
    move(report, EVENTS[kind], now)
    trail.record(
        "incident.filed", obj=report, actor=actor, now=now, also=[filing], reason=filing.text,
        data={
            "incident": report.reference, "kind": kind, "authority": filing.authority,
            "late": bool(report.due_at and filed_at > report.due_at),
        },
    )  # fmt: skip
    return filing


@transaction.atomic
def suspend_for_incident(*, actor: User, number: int, reason: str, now: datetime) -> Suspension:
    """Suspend the approval of the incident's request at once, in one step from the incident; as any suspension."""
    report = permissions.incident_to_read(actor, number, now)
    decision_id = standing_decision(report.request_id)
    if decision_id is None:
        raise Refused(_("Nothing about this version is approved now, so there is nothing to suspend."))
    return suspend_approval(
        actor=actor,
        decision_id=decision_id,
        reason=reason or _("{incident}: {text}").format(incident=report.reference, text=report.incident.text),
        now=now,
        incident_id=report.pk,
    )


def standing_decision(request_id: int | None) -> int | None:
    """Return the approval of the request that is in force, or None."""
    rows = Decision.objects.filter(request=request_id, status="in_force", outcome__in=APPROVALS)
    return rows.values_list("pk", flat=True).first() if request_id else None


def open_incident_file(
    *, actor: User, number: int, file_id: int, now: datetime
) -> tuple[IncidentFile, BinaryIO]:
    """Return a file of evidence and its bytes, opened; what an auditor takes away is an event.

    Raises Http404, and Refused when the bytes are not on the disk any more.
    """
    report = permissions.incident_to_read(actor, number, now)
    file = IncidentFile.objects.filter(pk=file_id, entry__report=report).first()
    if file is None:
        raise Http404
    content = hand_out(file.sha256)
    if has_role(actor, Role.AUDITOR):
        with transaction.atomic():
            data = {"file": file.pk, "sha256": file.sha256}
            trail.record("incident_file.downloaded", obj=report, actor=actor, now=now, data=data)
    return file, content


def is_open(state: str) -> bool:
    """Say whether a report in this state is still worked on."""
    return state != IncidentState.CLOSED

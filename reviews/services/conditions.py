"""Conditions of an approval: their owner reports with evidence, somebody else verifies or returns the report."""

from collections.abc import Sequence
from datetime import datetime
from typing import BinaryIO

from django.core.files import File
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role, has_role
from audit import files as store
from audit import trail
from audit.file_names import harmless
from audit.handing_in import take_in
from audit.handing_out import hand_out
from audit.refusal import Refused
from reviews.models import Condition, ConditionFile, ConditionReport
from reviews.permissions import conditions as permissions
from reviews.permissions.reasons import require
from reviews.permissions.sight import visible_to
from reviews.rules.explaining import DateKind
from reviews.services.attesting import attest_later
from reviews.services.locking import decision_to_change
from reviews.services.reckoning import keep, reckon

MOST_FILES = 50


def report_condition(
    *, actor: User, condition_id: int, text: str, files: "Sequence[File[bytes]]", now: datetime
) -> ConditionReport:
    """Report that a condition is met, with evidence; two files of one name stay two. It waits for the verifier.

    The bytes are hashed and on the disk before anything is locked.
    """
    condition = _condition_to_read(actor, condition_id, now)
    require(permissions.why_not_report(actor, condition))
    kept = [(harmless(file.name or ""), take_in(file, obj=condition, actor=actor, now=now)) for file in files]
    return _report(actor, condition_id, text, kept, now)


@transaction.atomic
def _report(
    actor: User, condition_id: int, text: str, files: Sequence[tuple[str, store.Kept]], now: datetime
) -> ConditionReport:
    condition = condition_to_change(actor, condition_id, now)
    require(permissions.why_not_report(actor, condition))
    if not text.strip():
        raise Refused(_("Describe how the condition is met."))
    reckoned = reckon(DateKind.VERIFICATION, condition.review.board, now)
    report = ConditionReport.objects.create(
        condition=condition, text=text.strip(), reported_by=actor, reported_at=now, verify_by=reckoned.due
    )
    keep(report, reckoned, now=now, request=condition.decision.request)
    evidence = ConditionFile.objects.bulk_create(
        ConditionFile(report=report, name=name, sha256=found.sha256, size=found.size) for name, found in files
    )
    condition.state = "partly"
    condition.save(update_fields=["state"])
    trail.record(
        "condition.reported", obj=condition, actor=actor, now=now, reason=report.text, also=[report, *evidence],
        data={"number": condition.number, "files": [found.sha256 for _name, found in files]},
    )  # fmt: skip
    return report


def add_evidence(*, actor: User, condition_id: int, upload: "File[bytes]", now: datetime) -> ConditionFile:
    """Add a file to one's report that waits for the verifier; the bytes are kept before anything is locked.

    Raises Refused for an empty or too large file, malware, and beyond MOST_FILES.
    """
    condition = _condition_to_read(actor, condition_id, now)
    require(permissions.why_not_add_evidence(actor, condition))
    found = take_in(upload, obj=condition, actor=actor, now=now)
    return _add(actor, condition_id, harmless(upload.name or ""), found, now)


@transaction.atomic
def _add(actor: User, condition_id: int, name: str, found: store.Kept, now: datetime) -> ConditionFile:
    condition = condition_to_change(actor, condition_id, now)
    require(permissions.why_not_add_evidence(actor, condition))
    report = condition.reports.get(accepted__isnull=True)
    if ConditionFile.objects.filter(report=report).count() >= MOST_FILES:
        raise Refused(_("There are fifty files with this report already. Pack several into one."))
    file = ConditionFile.objects.create(report=report, name=name, sha256=found.sha256, size=found.size)
    trail.record(
        "condition.evidence_added", obj=condition, actor=actor, now=now, also=[file],
        data={"number": condition.number, "sha256": found.sha256, "size": found.size}, personal={"name": name},
    )  # fmt: skip
    return file


@transaction.atomic
def verify_condition(
    *, actor: User, report_id: int, accepted: bool, verdict: str, now: datetime
) -> ConditionReport:
    """Accept the report, and the condition is met; or return it with what is missing."""
    condition_id = ConditionReport.objects.filter(pk=report_id).values_list("condition_id", flat=True).first()
    if condition_id is None:
        raise Http404
    condition = condition_to_change(actor, condition_id, now)
    report = ConditionReport.objects.get(pk=report_id)
    report.condition = condition
    require(permissions.why_not_verify(actor, report, now))
    if not accepted and not verdict.strip():
        raise Refused(_("Say what is missing."))
    report.accepted, report.verdict = accepted, verdict.strip()
    report.judged_by, report.judged_at = actor, now
    report.save(update_fields=["accepted", "verdict", "judged_by", "judged_at"])
    condition.state = "met" if accepted else "open"
    condition.met_at = now if accepted else None
    condition.save(update_fields=["state", "met_at"])
    trail.record(
        "condition.met" if accepted else "condition.returned", obj=condition, actor=actor, now=now,
        reason=report.verdict, data={"number": condition.number}, also=[report],
    )  # fmt: skip
    if accepted:
        attest_later(condition.decision.request, "condition_met", now)
    return report


@transaction.atomic
def open_condition_file(
    *, actor: User, condition_id: int, file_id: int, now: datetime
) -> tuple[ConditionFile, BinaryIO]:
    """Return a file of evidence and its bytes, opened; what an auditor takes away is an event.

    Raises Http404, and Refused when the bytes are not on the disk any more.
    """
    condition = _condition_to_read(actor, condition_id, now)
    file = ConditionFile.objects.filter(pk=file_id, report__condition=condition).first()
    if file is None:
        raise Http404
    content = hand_out(file.sha256)
    if has_role(actor, Role.AUDITOR):
        data = {"file": file.pk, "sha256": file.sha256}
        trail.record("condition_file.downloaded", obj=condition, actor=actor, now=now, data=data)
    return file, content


def _condition_to_read(actor: User, condition_id: int, now: datetime) -> Condition:
    visible = visible_to(actor, now)
    found = Condition.objects.select_related("owner", "decision").filter(decision__request__in=visible)
    condition = found.filter(pk=condition_id).first()
    if condition is None:
        raise Http404
    return condition


def condition_to_change(actor: User, condition_id: int, now: datetime) -> Condition:
    """Return the condition, read after its request was locked; raises Http404."""
    decision_id = Condition.objects.filter(pk=condition_id).values_list("decision_id", flat=True).first()
    if decision_id is None:
        raise Http404
    decision = decision_to_change(actor, decision_id, now)
    condition = Condition.objects.select_related("owner", "verifier", "review__board").get(pk=condition_id)
    condition.decision = decision
    return condition

"""Evidence of a checklist: files given, replaced by newer ones, used again, withdrawn; none is ever overwritten."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO

from django.core.files import File
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit import files, scanning, trail, uploads
from audit.file_names import harmless
from audit.handing_in import take_in
from audit.handing_out import hand_out
from audit.refusal import Refused
from compliance.models import Assessment, Evidence
from compliance.permissions import assessment_to_fill_in, visible_assessments
from compliance.selectors.libraries import control_of
from compliance.selectors.reuse import reusable


@dataclass(frozen=True, slots=True)
class _Given:
    """What a person says of a file: its days, and the version whose place it takes."""

    effective_on: date | None
    expires_on: date | None
    replaces: int | None


def add_evidence(
    *,
    actor: User,
    assessment_id: int,
    number: str,
    upload: "File[bytes]",
    effective_on: date | None = None,
    expires_on: date | None = None,
    replaces: int | None = None,
    now: datetime,
) -> Evidence:
    """Keep a file for a control; the same name twice is two files. `effective_on`: the day it is about, else today;
    `expires_on`: the last day on which it shows anything, None: it doesn't grow old; `replaces`: id of the version
    whose place it takes, which is kept.

    The bytes are on the disk before the row exists. Raises Http404, PermissionDenied, IllegalTransition, and Refused
    for an empty, too large or broken upload, malware, or a version that can't be replaced.
    """
    assessment = _may_fill_in(actor, assessment_id, number, now)
    kept = take_in(upload, obj=assessment, actor=actor, now=now)
    given = _Given(effective_on, expires_on, replaces)
    return _add(actor, assessment_id, number, harmless(upload.name or ""), kept, given, now)


def begin_evidence(
    *, actor: User, assessment_id: int, number: str, name: str, size: int, now: datetime
) -> uploads.Upload:
    """Begin a file of so many bytes that comes in parts; raises what `add_evidence` raises."""
    _may_fill_in(actor, assessment_id, number, now)
    return uploads.begin(person=actor.pk, purpose=_purpose(assessment_id, number), name=name, size=size)


def add_uploaded_evidence(
    *,
    actor: User,
    assessment_id: int,
    number: str,
    token: str,
    effective_on: date | None = None,
    expires_on: date | None = None,
    replaces: int | None = None,
    now: datetime,
) -> Evidence:
    """Keep a file that came in parts for a control; raises what `add_evidence` raises."""
    assessment = _may_fill_in(actor, assessment_id, number, now)
    upload, kept = uploads.measure(token, person=actor.pk, purpose=_purpose(assessment_id, number))
    scanning.look_at_upload(upload, obj=assessment, actor=actor, now=now)
    given = _Given(effective_on, expires_on, replaces)
    with transaction.atomic():
        evidence = _add(actor, assessment_id, number, upload.name, kept, given, now)
        uploads.keep(upload, kept)
    return evidence


def _purpose(assessment_id: int, number: str) -> str:
    return f"compliance.evidence/{assessment_id}/{number}"


@transaction.atomic
def _may_fill_in(actor: User, assessment_id: int, number: str, now: datetime) -> Assessment:
    assessment = assessment_to_fill_in(actor, assessment_id, now)
    control_of(assessment, number)
    return assessment


@transaction.atomic
def _add(
    actor: User, assessment_id: int, number: str, name: str, kept: files.Kept, given: _Given, now: datetime
) -> Evidence:
    assessment = assessment_to_fill_in(actor, assessment_id, now)
    control = control_of(assessment, number)
    before = _to_replace(assessment, control.pk, given.replaces, kept)
    effective_on = given.effective_on or timezone.localdate(now)
    _check_days(effective_on, given.expires_on)
    evidence = Evidence.objects.create(
        assessment=assessment, control=control, name=name, sha256=kept.sha256, size=kept.size,
        effective_on=effective_on, expires_on=given.expires_on, added_at=now, added_by=actor,
        replaces=before, version=before.version + 1 if before else 1,
    )  # fmt: skip
    data: dict[str, object] = {"control": number, "sha256": kept.sha256, "size": kept.size}
    if before:
        data |= {"replaced": before.sha256, "edition": evidence.version}
    trail.record(
        "evidence.replaced" if before else "evidence.added", obj=evidence, actor=actor, now=now,
        personal={"file": name}, data=data,
    )  # fmt: skip
    return evidence


def _check_days(effective_on: date, expires_on: date | None) -> None:
    if expires_on is not None and expires_on < effective_on:
        raise Refused(_("A file can't expire before the day it is about. Change one of the two."))


def _to_replace(
    assessment: Assessment, control_id: int, evidence_id: int | None, kept: files.Kept
) -> Evidence | None:
    """Return the newest version that is to be replaced; the row of the checklist is locked, so it stays the newest."""
    if evidence_id is None:
        return None
    found = Evidence.objects.filter(pk=evidence_id, assessment=assessment, control_id=control_id)
    before = found.select_related("replaced_by").first()
    if before is None:
        raise Http404
    if before.withdrawn_at or hasattr(before, "replaced_by"):
        raise Refused(_("This version was replaced or withdrawn already. Load the page again."))
    if before.sha256 == kept.sha256:
        raise Refused(_("This is the same file, byte for byte. Nothing was replaced."))
    return before


@transaction.atomic
def reuse_evidence(
    *,
    actor: User,
    assessment_id: int,
    number: str,
    source_id: int,
    effective_on: date | None = None,
    expires_on: date | None = None,
    now: datetime,
) -> Evidence:
    """Use a file of an earlier run or of a mapped control again, without its bytes being sent: same digest, own days.

    `effective_on` None: the day that it was about there. Stale evidence is warned of on the page, and not refused.
    Raises Http404 for what isn't offered, and Refused when it is here already or its bytes are lost.
    """
    assessment = assessment_to_fill_in(actor, assessment_id, now)
    control = control_of(assessment, number)
    offered = (offer.evidence for offer in reusable(actor, assessment, number, now))
    source = next((evidence for evidence in offered if evidence.pk == source_id), None)
    if source is None:
        raise Http404
    here = Evidence.objects.filter(assessment=assessment, control=control, sha256=source.sha256)
    if here.filter(withdrawn_at__isnull=True, replaced_by__isnull=True).exists():
        raise Refused(_("This file stands with the control already."))
    try:
        files.open_file(source.sha256).close()
    except files.Lost:
        raise Refused(_("The file is not on the disk any more. Tell an administrator.")) from None
    effective_on = effective_on or source.effective_on
    _check_days(effective_on, expires_on)
    evidence = Evidence.objects.create(
        assessment=assessment, control=control, name=source.name, sha256=source.sha256, size=source.size,
        effective_on=effective_on, expires_on=expires_on, added_at=now, added_by=actor, reused_from=source,
    )  # fmt: skip
    trail.record(
        "evidence.reused", obj=evidence, actor=actor, now=now, personal={"file": source.name},
        data={"control": number, "sha256": source.sha256, "from_check": source.assessment_id},
    )  # fmt: skip
    return evidence


@transaction.atomic
def withdraw_evidence(*, actor: User, evidence_id: int, reason: str, now: datetime) -> Evidence:
    """Take a file out of the count; the row and the bytes stay, with the reason."""
    evidence = evidence_to_read(actor, evidence_id, now)
    assessment_to_fill_in(actor, evidence.assessment_id, now)
    if not reason.strip():
        raise Refused(_("Say why the file is withdrawn."))
    if evidence.withdrawn_at:
        raise Refused(_("This file was withdrawn already."))
    if hasattr(evidence, "replaced_by"):
        raise Refused(_("A newer version took its place. Withdraw that one."))
    evidence.withdrawn_at, evidence.withdrawn_by = now, actor
    evidence.withdrawal_reason = reason.strip()
    evidence.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawal_reason"])
    trail.record(
        "evidence.withdrawn", obj=evidence, actor=actor, now=now, reason=reason.strip(),
        data={"control": evidence.control.number, "sha256": evidence.sha256},
    )  # fmt: skip
    return evidence


@transaction.atomic
def download_evidence(*, actor: User, evidence_id: int, now: datetime) -> Evidence:
    """Return the row of a file that the person may read; each download is an event. Raises Http404."""
    evidence = evidence_to_read(actor, evidence_id, now)
    trail.record("evidence.downloaded", obj=evidence, actor=actor, now=now, data={"sha256": evidence.sha256})
    return evidence


def open_evidence(*, actor: User, evidence_id: int, now: datetime) -> tuple[Evidence, BinaryIO]:
    """Return a file that the person may read, and its bytes, opened; each download is an event.

    Raises Http404, and Refused when the bytes are not on the disk any more.
    """
    content = hand_out(evidence_to_read(actor, evidence_id, now).sha256)
    return download_evidence(actor=actor, evidence_id=evidence_id, now=now), content


def evidence_to_read(actor: User, evidence_id: int, now: datetime) -> Evidence:
    """Return the evidence of an assessment that the person sees, or raise Http404."""
    found = Evidence.objects.filter(pk=evidence_id, assessment__in=visible_assessments(actor, now))
    evidence = found.select_related(
        "control__library", "assessment__occurrence__schedule", "replaced_by"
    ).first()
    if evidence is None:
        raise Http404
    return evidence

"""Filling in a checklist: answers, saved one by one, and evidence."""

from datetime import date, datetime

from django.core.files import File
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit import files, trail, uploads
from audit.file_names import harmless
from audit.refusal import Refused
from compliance.models import Answer, Evidence
from compliance.models.assessment import AnswerChoice
from compliance.permissions import assessment_to_fill_in, visible_assessments
from compliance.selectors.libraries import control_of

LONGEST_COMMENT = 20_000


@transaction.atomic
def answer_control(
    *, actor: User, assessment_id: int, number: str, state: str, comment: str, now: datetime
) -> Answer:
    """Save what the owner says about a control; `state` "" takes an answer back. The same again leaves no event.

    Reasons and evidence may follow: what lacks is asked at the submission. Raises Http404, PermissionDenied,
    IllegalTransition, or Refused for an unknown state.
    """
    assessment = assessment_to_fill_in(actor, assessment_id, now)
    control = control_of(assessment, number)
    if state and state not in AnswerChoice.values:
        raise Refused(_("Choose one of the four answers."))
    if len(comment) > LONGEST_COMMENT:
        raise Refused(_("A comment has at most 20,000 characters. Attach the rest as a file."))
    comment = comment.replace("\r\n", "\n").replace("\0", "")
    answer = Answer.objects.filter(assessment=assessment, control=control).first()
    before = answer.state if answer else ""
    if answer is None:
        answer = Answer(assessment=assessment, control=control)
    elif (answer.state, answer.comment) == (state, comment):
        return answer
    answer.state, answer.comment, answer.changed_at, answer.changed_by = state, comment, now, actor
    answer.save()
    trail.record(
        "assessment.answered", obj=answer, actor=actor, now=now,
        data={"control": number, "state": {"old": before, "new": state}},
    )  # fmt: skip
    return answer


def add_evidence(
    *,
    actor: User,
    assessment_id: int,
    number: str,
    upload: "File[bytes]",
    effective_on: date | None = None,
    expires_on: date | None = None,
    now: datetime,
) -> Evidence:
    """Keep a file for a control; the same name twice is two files. `effective_on`: the day it is about, else today;
    `expires_on`: the last day on which it shows anything, None: it doesn't grow old.

    The bytes are on the disk before the row exists. Raises what `answer_control` raises, and Refused for an empty,
    too large or broken upload.
    """
    _check_may_fill_in(actor, assessment_id, number, now)
    if upload.size:
        uploads.check_size(upload.size)
    try:
        kept = files.keep(upload)
    except files.EmptyUpload:
        raise Refused(_("This file is empty. Choose another one.")) from None
    except files.BrokenUpload:
        raise Refused(_("The upload was cut off. Nothing was kept; upload the file again.")) from None
    return _add(
        actor, assessment_id, number, harmless(upload.name or ""), kept, (effective_on, expires_on), now
    )


def begin_evidence(
    *, actor: User, assessment_id: int, number: str, name: str, size: int, now: datetime
) -> uploads.Upload:
    """Begin a file of so many bytes that comes in parts; raises what `add_evidence` raises."""
    _check_may_fill_in(actor, assessment_id, number, now)
    return uploads.begin(person=actor.pk, purpose=_purpose(assessment_id, number), name=name, size=size)


def add_uploaded_evidence(
    *,
    actor: User,
    assessment_id: int,
    number: str,
    token: str,
    effective_on: date | None = None,
    expires_on: date | None = None,
    now: datetime,
) -> Evidence:
    """Keep a file that came in parts for a control; raises what `add_evidence` raises."""
    _check_may_fill_in(actor, assessment_id, number, now)
    upload, kept = uploads.measure(token, person=actor.pk, purpose=_purpose(assessment_id, number))
    with transaction.atomic():
        evidence = _add(actor, assessment_id, number, upload.name, kept, (effective_on, expires_on), now)
        uploads.keep(upload, kept)
    return evidence


def _purpose(assessment_id: int, number: str) -> str:
    return f"compliance.evidence/{assessment_id}/{number}"


@transaction.atomic
def _check_may_fill_in(actor: User, assessment_id: int, number: str, now: datetime) -> None:
    control_of(assessment_to_fill_in(actor, assessment_id, now), number)


@transaction.atomic
def _add(
    actor: User,
    assessment_id: int,
    number: str,
    name: str,
    kept: files.Kept,
    days: tuple[date | None, date | None],
    now: datetime,
) -> Evidence:
    assessment = assessment_to_fill_in(actor, assessment_id, now)
    effective_on, expires_on = days[0] or timezone.localdate(now), days[1]
    if expires_on is not None and expires_on < effective_on:
        raise Refused(_("A file can't expire before the day it is about. Change one of the two."))
    evidence = Evidence.objects.create(
        assessment=assessment, control=control_of(assessment, number), name=name, sha256=kept.sha256,
        size=kept.size, effective_on=effective_on, expires_on=expires_on, added_at=now, added_by=actor,
    )  # fmt: skip
    trail.record(
        "evidence.added", obj=evidence, actor=actor, now=now, personal={"file": name},
        data={"control": number, "sha256": kept.sha256, "size": kept.size},
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


def evidence_to_read(actor: User, evidence_id: int, now: datetime) -> Evidence:
    """Return the evidence of an assessment that the person sees, or raise Http404."""
    found = Evidence.objects.filter(pk=evidence_id, assessment__in=visible_assessments(actor, now))
    evidence = found.select_related("control", "assessment").first()
    if evidence is None:
        raise Http404
    return evidence

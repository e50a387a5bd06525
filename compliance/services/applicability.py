"""Deciding whether a library applies, against what its conditions say, and taking such a decision back."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.refusal import IllegalTransition, Refused
from compliance.models import ApplicabilityOverride
from compliance.permissions import why_not_manage
from compliance.rules.applicability import Level
from compliance.selectors.libraries import newest_libraries
from compliance.selectors.subjects import subject_to_view
from records.canonical import digest
from registry.permissions import visible_projects


@transaction.atomic
def decide_applicability(
    *, actor: User, code: str, level: Level, subject_id: int, applies: bool, reason: str,
    until: date | None = None, now: datetime,
) -> ApplicabilityOverride:  # fmt: skip
    """Decide for the organisation (id 0), a project, a model or a version; counts until the end of the day `until`.

    The log holds the digest of the reason, not the words. Raises Http404 for a library that doesn't exist and for what
    the person doesn't see, PermissionDenied, and Refused without a reason or with a day that has passed.
    """
    if code not in newest_libraries([code]):
        raise Http404
    subject = subject_to_view(actor, level, subject_id, now)
    if reason_why_not := why_not_manage(actor):
        raise PermissionDenied(reason_why_not)
    reason = reason.replace("\0", "").strip()
    if not reason:
        raise Refused(_("Say why; who sees what it is about reads the reason."))
    if until is not None and until < timezone.localdate(now):
        raise Refused(_("The last day has passed already. Choose a later one, or none."))
    row = ApplicabilityOverride.objects.create(
        library_code=code, level=level, project=subject.project, version=subject.version,
        model=None if subject.version else subject.model, applies=applies, reason=reason, until=until, made_at=now,
        made_by=actor,
    )  # fmt: skip
    trail.record(
        "applicability.decided", obj=row, actor=actor, now=now,
        data={
            "library": code, "scope": str(level), "applies": applies, "sha256": digest(reason.encode()),
            "until": until.isoformat() if until else None,
        },
    )  # fmt: skip
    return row


@transaction.atomic
def take_decision_back(*, actor: User, decision_id: int, now: datetime) -> ApplicabilityOverride:
    """Let the conditions of the library, or another decision, count again.

    Raises Http404, PermissionDenied, and IllegalTransition when it was taken back already.
    """
    row = ApplicabilityOverride.objects.select_for_update(of=("self",)).filter(pk=decision_id).first()
    if row is None or not _sees(actor, row, now):
        raise Http404
    if reason := why_not_manage(actor):
        raise PermissionDenied(reason)
    if row.ended_at is not None:
        raise IllegalTransition(_("This decision was taken back already."))
    row.ended_at, row.ended_by = now, actor
    row.save(update_fields=["ended_at", "ended_by"])
    trail.record(
        "applicability.taken_back", obj=row, actor=actor, now=now, data={"library": row.library_code}
    )
    return row


def _sees(actor: User, row: ApplicabilityOverride, now: datetime) -> bool:
    if row.project_id is None:
        return actor.is_active and why_not_manage(actor) is None
    return visible_projects(actor, now).filter(pk=row.project_id).exists()

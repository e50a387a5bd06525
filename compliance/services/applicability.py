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
from compliance.selectors.libraries import newest_libraries
from registry.permissions import version_to_view, visible_projects


@transaction.atomic
def decide_applicability(
    *, actor: User, code: str, version_id: int | None, applies: bool, reason: str, until: date | None = None,
    now: datetime,
) -> ApplicabilityOverride:  # fmt: skip
    """Decide for a version, or for the organisation (None); counts until the end of the day `until`.

    Raises Http404 for a library that doesn't exist and a version that the person doesn't see, PermissionDenied, and
    Refused without a reason or with a day that has passed.
    """
    if code not in newest_libraries([code]):
        raise Http404
    version = version_to_view(actor, version_id, now) if version_id is not None else None
    if reason_why_not := why_not_manage(actor):
        raise PermissionDenied(reason_why_not)
    if not reason.strip():
        raise Refused(_("Say why; the reason stands in the matrix and in the log."))
    if until is not None and until < timezone.localdate(now):
        raise Refused(_("The last day has passed already. Choose a later one, or none."))
    row = ApplicabilityOverride.objects.create(
        library_code=code, version=version, applies=applies, reason=reason.strip(), until=until, made_at=now,
        made_by=actor,
    )  # fmt: skip
    trail.record(
        "applicability.decided", obj=row, actor=actor, now=now, reason=reason.strip(),
        data={"library": code, "applies": applies, "until": until.isoformat() if until else None},
    )  # fmt: skip
    return row


@transaction.atomic
def take_decision_back(*, actor: User, decision_id: int, now: datetime) -> ApplicabilityOverride:
    """Let the conditions of the library, or an older decision, count again.

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
    if row.version is None:
        return actor.is_active and why_not_manage(actor) is None
    return visible_projects(actor, now).filter(pk=row.version.model.project_id).exists()

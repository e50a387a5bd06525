"""Assessments that no schedule makes: one for each new model version, and those that somebody opens."""

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from accounts.selectors import people_with_role
from audit import trail
from audit.refusal import Refused
from compliance.models import Assessment, Library
from compliance.models.schedule import Scope
from compliance.permissions import why_not_manage
from compliance.rules.library_file import Trigger
from compliance.rules.recurrence import due_at
from compliance.selectors.libraries import newest
from compliance.services.about import Checked, fields_of, library_for
from registry.models import ModelVersion

REVIEWERS = (Role.SAFETY_LEAD, Role.SECRETARY, Role.LEGAL)


def open_for_version(version: ModelVersion, actor: User | None, now: datetime) -> None:
    """Open an assessment of each library that a new version asks for; called in the transaction of the registration.

    Who registered the version fills it in; the reviewer is a safety lead, else a secretary, else legal staff, never
    the same person, and can be named anew. Does nothing where the version has a whole checklist of the library: called
    twice, or when a schedule that listens to new versions has opened it.
    """
    for library in newest().filter(trigger=Trigger.VERSION_CREATED):
        of_version = Assessment.objects.filter(version=version, library__code=library.code)
        if not of_version.filter(control_numbers=[]).exists():
            _open(version, library, actor or version.created_by, now)


def _open(version: ModelVersion, library: Library, owner: User, now: datetime) -> None:
    assessment = Assessment.objects.create(
        library=library, title_en=library.name_en, title_zh=library.name_zh, scope=Scope.VERSION, version=version,
        project_id=version.model.project_id, owner=owner, reviewer=_reviewer(owner), created_at=now,
        due=due_at(now, library.days, owner.time_zone or "UTC"),
    )  # fmt: skip
    trail.record("assessment.opened", obj=assessment, actor=None, now=now, data=_said(assessment))


def _reviewer(owner: User) -> User | None:
    for role in REVIEWERS:
        others = people_with_role(role).exclude(pk=owner.pk)
        if owner.line_manager_id:
            others = others.exclude(pk=owner.line_manager_id)
        if found := others.order_by("id").first():
            return found
    return None


@transaction.atomic
def open_assessment(
    *,
    actor: User,
    checked: Checked,
    days: int = 14,
    owner: User | None = None,
    reviewer: User | None = None,
    now: datetime,
) -> Assessment:
    """Open a checklist by hand, due in so many days; for a version only when none of this library is open."""
    if reason := why_not_manage(actor):
        raise PermissionDenied(reason)
    if owner is not None and owner == reviewer:
        raise Refused(_("Owner and reviewer are different people. Choose somebody else for one of them."))
    library = library_for(checked)
    due = due_at(now + timedelta(0), days, actor.time_zone or "UTC")
    try:
        with transaction.atomic():
            assessment = Assessment.objects.create(
                library=library, owner=owner, reviewer=reviewer, created_at=now, due=due,
                **fields_of(checked, library, actor, now),
            )  # fmt: skip
    except IntegrityError:
        raise Refused(_("This checklist is open for the version already.")) from None
    trail.record("assessment.opened", obj=assessment, actor=actor, now=now, data=_said(assessment))
    return assessment


def _said(assessment: Assessment) -> dict[str, object]:
    return {
        "library": assessment.library.code, "version": assessment.library.version,
        "due": assessment.due.isoformat(), "scope": str(assessment.scope),
    }  # fmt: skip

"""Evidence that is about to expire or has expired lately, unless newer evidence took its place."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from compliance.models import Evidence
from compliance.permissions import visible_assessments
from compliance.rules.calendar import end_of_day

AHEAD, KEPT = timedelta(days=90), timedelta(days=60)
"""How long before its last day it is told, and how long after it."""

_SUBJECT = ("board", "project_id", "version_id")


def expiring_evidence(condition: Q, first: date, last: date) -> "QuerySet[Evidence]":
    """Return evidence whose last day lies between two days, soonest first.

    Left out is what was withdrawn, and what newer evidence for the same control of the same thing replaces.
    """
    same = {
        name: OuterRef(name) for name in ("control__number", "assessment__library__code", "assessment__scope")
    }
    about = {f"about_{name}": Coalesce(F(f"assessment__{name}"), 0) for name in _SUBJECT}
    ours = {f"about_{name}": Coalesce(OuterRef(f"assessment__{name}"), 0) for name in _SUBJECT}
    kept = Evidence.objects.filter(withdrawn_at__isnull=True, added_at__gt=OuterRef("added_at"), **same)
    newer = kept.alias(**about).filter(**ours)
    found = Evidence.objects.filter(
        condition, withdrawn_at__isnull=True, replaced_by__isnull=True, expires_on__range=(first, last)
    )
    related = found.select_related(
        "control", "assessment__owner", "assessment__project", "assessment__version__model"
    )
    return related.defer("assessment__content").exclude(Exists(newer)).order_by("expires_on", "id")


def end_of(evidence: Evidence) -> datetime:
    """Return the moment after which it shows nothing any more: the end of its last day, in UTC."""
    if evidence.expires_on is None:
        raise ValueError(f"Evidence {evidence.pk} doesn't expire.")
    return end_of_day(evidence.expires_on)


@dataclass(frozen=True, slots=True)
class Expiring:
    """A file with the days that are left, negative when it has expired; `share` of the time told, in thousandths."""

    evidence: Evidence
    title: str
    owner: str
    days: int
    share: int


def expiring_for(user: User, now: datetime) -> list[Expiring]:
    """Return what the person may see of it."""
    today = timezone.localdate(now)
    visible = Q(assessment__in=visible_assessments(user, now).order_by().values("pk"))
    rows = expiring_evidence(visible, today - KEPT, today + AHEAD)
    return [_expiring(row, (row.expires_on - today).days) for row in rows if row.expires_on]


def _expiring(row: Evidence, days: int) -> Expiring:
    about = row.assessment.version or row.assessment.project
    title = f"{row.assessment.title}, {about}" if about else row.assessment.title
    owner = row.assessment.owner.display_name if row.assessment.owner else "–"
    return Expiring(row, title, owner, days, max(0, 1000 * days // AHEAD.days))

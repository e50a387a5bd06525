"""Files that were handed in before and may serve again: of the last run, and of controls that are mapped."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from compliance.models import Assessment, Evidence
from compliance.permissions import visible_assessments
from compliance.rules.lifecycle import AssessmentState
from compliance.rules.reuse import Stale, period_of, why_stale
from compliance.selectors.mappings import mapped
from compliance.selectors.words import Badge

MOST = 30
STALE: dict[Stale, Badge] = {
    Stale.EXPIRED: ("bad", "alert-triangle", _("expired")),
    Stale.OLDER_THAN_PERIOD: ("warn", "clock", _("older than the time between two runs")),
}


@dataclass(frozen=True, slots=True)
class Offer:
    """A file that may serve again, and why it may show nothing any more; `is_mapped`: it shows another control."""

    evidence: Evidence
    stale: tuple[Badge, ...]
    is_mapped: bool


def reusable(user: User, assessment: Assessment, number: str, now: datetime) -> list[Offer]:
    """Return the files offered for a control, newest first, each digest once; four queries.

    Files of accepted runs about the same thing, and files that the person sees at mapped controls about it, in
    whatever state. What was withdrawn or replaced there is not offered.
    """
    same = Q(assessment__scope=assessment.scope, assessment__board=assessment.board)
    same &= Q(assessment__project=assessment.project_id)
    if assessment.version is not None:
        same &= Q(assessment__version__model=assessment.version.model_id)
    code = assessment.library.code
    earlier = Q(
        control__library__code=code, control__number=number, assessment__state=AssessmentState.ACCEPTED
    )
    places = mapped(code, number)
    others = Q(pk__in=[])
    for library, other in places:
        others |= Q(control__library__code=library, control__number=other)
    others &= Q(assessment__in=visible_assessments(user, now).order_by().values("pk"))
    found = Evidence.objects.filter(
        same, earlier | others, withdrawn_at__isnull=True, replaced_by__isnull=True
    ).exclude(assessment=assessment)
    rows = found.select_related("control__library", "assessment__version__model", "added_by").defer(
        "assessment__content"
    )
    newest = list(rows.order_by("-effective_on", "-id")[:MOST])
    period, seen = period_of_check(assessment), set[str]()
    once = [row for row in newest if not (row.sha256 in seen or seen.add(row.sha256))]  # type: ignore[func-returns-value]
    return [
        Offer(
            row,
            stale_badges(row, period, timezone.localdate(now)),
            (row.control.library.code, row.control.number) != (code, number),
        )
        for row in once
    ]


def period_of_check(assessment: Assessment) -> timedelta | None:
    """Return the time from this run to the next one, None for a checklist that no schedule made."""
    if assessment.occurrence is None:
        return None
    return period_of(assessment.occurrence.schedule.series, assessment.occurrence.scheduled_for)


def stale_badges(evidence: Evidence, period: timedelta | None, today: date) -> tuple[Badge, ...]:
    """Return why a file may show nothing any more, in words."""
    return tuple(
        STALE[why]
        for why in why_stale(evidence.effective_on, evidence.expires_on, today=today, period=period)
    )

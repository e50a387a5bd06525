"""What the page of one file of evidence shows: its versions, where it comes from, whether it is stale."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from compliance.models import Evidence
from compliance.selectors.reuse import period_of_check, stale_badges
from compliance.selectors.words import Badge


@dataclass(frozen=True, slots=True)
class EvidencePage:
    """A file with all its versions, the newest first, and why it may show nothing any more."""

    evidence: Evidence
    versions: list[Evidence]
    stale: tuple[Badge, ...]

    @property
    def is_newest(self) -> bool:
        """Say whether no newer version took its place."""
        return self.versions[0].pk == self.evidence.pk


def evidence_page(evidence: Evidence, now: datetime) -> EvidencePage:
    """Return the page of a file; two queries."""
    same = Evidence.objects.filter(assessment=evidence.assessment_id, control=evidence.control_id)
    rows = {row.pk: row for row in same.select_related("added_by", "withdrawn_by", "reused_from__assessment")}
    after = {row.replaces_id: row for row in rows.values() if row.replaces_id}
    newest = rows[evidence.pk]
    while newest.pk in after:
        newest = after[newest.pk]
    versions = [newest]
    while (before := versions[-1].replaces_id) is not None:
        versions.append(rows[before])
    shown = rows[evidence.pk]
    return EvidencePage(
        shown, versions, stale_badges(shown, period_of_check(evidence.assessment), timezone.localdate(now))
    )

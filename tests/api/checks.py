"""Checklists in the world of calls, with all that stands in one: of a version in review, and of another project."""

from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from compliance.rules.applicability import Level
from compliance.services.about import Checked
from compliance.services.applicability import decide_applicability
from compliance.services.evidence import add_evidence
from compliance.services.exceptions import ask_for_exception
from compliance.services.findings import Planned, comment_on_control, raise_finding
from compliance.services.libraries import FOLDER, load_library
from compliance.services.opening import open_assessment
from compliance.services.schedules import Timing, create_schedule
from registry.models import ModelVersion
from tests.boardrooms import House
from tests.dossiers import NOW


def with_checks(house: House, version: ModelVersion, foreign: str) -> dict[str, Any]:
    """Put in checklists of the version and of the project called `foreign`, which is the mark of what is told of it.

    Returns what names those of the version in addresses.
    """
    load_library(content=(FOLDER / "release-readiness.yaml").read_bytes(), now=NOW)
    other = ModelVersion.objects.get(model__project__name=foreign)
    values: dict[str, Any] = {}
    for about, owner, mark in (
        (other, other.created_by, foreign),
        (version, house.ravi, "Read by whoever sees the project."),
    ):
        by: dict[str, Any] = {"actor": owner, "now": timezone.now()}
        managed: dict[str, Any] = {**by, "actor": house.sena}
        checked = Checked(library_code="release-readiness", version_id=about.pk, title_en=mark)
        opened = open_assessment(checked=checked, owner=owner, reviewer=house.sid, **managed)
        at: dict[str, Any] = {**by, "assessment_id": opened.pk, "number": "R01"}
        evidence = add_evidence(upload=ContentFile(mark.encode(), f"{mark}.txt"), **at)
        comment_on_control(text=mark, **at)
        today = timezone.localdate()
        finding = raise_finding(severity="high", text=mark, action=Planned(mark, owner, today), **at)
        excuse = ask_for_exception(reason=mark, instead="", until=today, **at)
        decision = decide_applicability(
            code="release-readiness",
            level=Level.VERSION,
            subject_id=about.pk,
            applies=True,
            reason=mark,
            **managed,
        )
        timing = Timing(rule="FREQ=MONTHLY;BYMONTHDAY=1", starts=NOW.replace(tzinfo=None), owner=owner)
        schedule = create_schedule(checked=checked, timing=timing, **managed)
        values = {
            "assessment_id": opened.pk, "control": "R01", "evidence_id": evidence.pk, "finding_id": finding.pk,
            "action_id": finding.actions.get().pk, "exception_id": excuse.pk, "decision_id": decision.pk,
            "schedule_id": schedule.pk,
        }  # fmt: skip
    return values

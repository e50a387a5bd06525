"""What the template of an assessment's record needs besides the frozen context: parts and figure."""

from collections.abc import Mapping
from typing import Any, cast

from django.utils.translation import gettext as _

from records.assessment_context import AssessmentContext
from records.kinds import Context
from records.press.counts_figure import counts_figure
from records.press.page import Part, numbered_parts


def values(context: Context) -> Mapping[str, object]:
    """Return them, in the language of the record."""
    record = cast(AssessmentContext, context)
    grouped = len(record["groups"]) > 1
    rows: list[tuple[str, Any]] = [(_("All controls"), record["counted"])]
    if grouped:
        rows += [(_name(group["number"], group["title"]), group["counted"]) for group in record["groups"]]
    return {"parts": parts_of(record), "figure": counts_figure(rows), "grouped": grouped}


def parts_of(record: AssessmentContext) -> list[Part]:
    """Return the parts that have something to say: what was checked, the controls by group, what follows from it."""
    found: list[tuple[str, str, Any, str]] = [(_("What was checked"), "assessment/summary", None, "pb")]
    found += [
        (group["title"] or group["number"] or _("Controls"), "assessment/group", group, "")
        for group in record["groups"]
    ]
    if record["findings"]:
        found.append((_("Findings and actions"), "assessment/findings", None, ""))
    if record["exceptions"]:
        found.append((_("Exceptions"), "assessment/exceptions", None, ""))
    found.append((_("Verification"), "assessment/proof", None, ""))
    found.append((_("Seal"), "seal", None, "whole"))
    return numbered_parts(found)


def _name(number: str, title: str) -> str:
    return f"{number} {title}".strip()

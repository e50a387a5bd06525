"""What the template of a report's record needs besides the frozen context: its parts and its two figures."""

from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from records.kinds import Context
from records.press.counts_figure import counts_figure
from records.press.page import Part, numbered_parts
from records.report_context import ReportContext

DRAWN = {"in_time": "met", "late": "partly", "missed": "not_met", "waiting": "not_applicable"}
"""Which hatching of an answer a run gets."""


def values(context: Context) -> Mapping[str, object]:
    """Return them, in the language of the record."""
    report = cast(ReportContext, context)
    months: list[tuple[str, Any]] = [
        (month_name(month["since"]), {DRAWN[key]: number for key, number in month["runs"].items()})
        for month in report["months"]
    ]
    frameworks: list[tuple[str, Any]] = [(each["name"], each["counted"]) for each in report["frameworks"]]
    return {
        "parts": parts_of(report),
        "months_figure": counts_figure(months),
        "frameworks_figure": counts_figure(frameworks),
        "due": sum(report["runs"][key] for key in ("in_time", "late", "missed", "waiting")),
        "open": sum(report["findings"]["open"][key] for key in ("critical", "high", "medium", "low")),
    }


def month_name(day: str) -> str:
    """Write out the month of a day (2026-11-01): November 2026, 2026年11月."""
    chinese = (get_language() or "en").startswith("zh")
    return date_format(date.fromisoformat(day), "Y年n月" if chinese else "F Y")


def parts_of(report: ReportContext) -> list[Part]:
    """Return the parts that have something to say."""
    found: list[tuple[str, str, Any, str]] = [(_("What was due"), "report/runs", None, "pb")]
    if report["frameworks"]:
        found.append((_("Results by framework"), "report/frameworks", None, ""))
    found.append((_("Findings and actions"), "report/findings", None, ""))
    if report["exceptions"]:
        found.append((_("Exceptions in force"), "report/exceptions", None, ""))
    if report["expired"]:
        found.append((_("Evidence that expired"), "report/expired", None, ""))
    found.append((_("Verification"), "report/proof", None, ""))
    found.append((_("Seal"), "seal", None, "whole"))
    return numbered_parts(found)

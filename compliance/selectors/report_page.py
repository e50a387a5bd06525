"""The page of reports: the figures of a period as a preview, and the reports that were issued."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from accounts.models import User
from compliance.models import PeriodReport
from compliance.permissions.reports import visible_reports, why_not_issue
from compliance.rules.reporting import Period, last_months
from compliance.selectors.report import Figures, Span, figures_of
from records.press.counts_figure import ORDER

SHOWN = 50
LABEL = "compliance.periodreport"


@dataclass(frozen=True, slots=True)
class Bar:
    """A line of a picture: its label, its counts in the order of the parts, and where these lie in 1000 units."""

    label: str
    runs: int
    counts: list[int]
    parts: list[tuple[str, int, int]]


@dataclass(frozen=True, slots=True)
class ReportPage:
    """The page; `buttons` are the last quarter, half-year and year; `issued` are reports, the newest first."""

    span: Span
    figures: Figures
    months: list[Bar]
    frameworks: list[Bar]
    buttons: list[tuple[int, Period]]
    issued: list[PeriodReport]
    why_not_issue: str | None


def report_page(user: User, span: Span, now: datetime) -> ReportPage:
    """Return the page for a period and scope that the person sees."""
    figures, today = figures_of(span), now.astimezone(span.zone).date()
    return ReportPage(
        span=span,
        figures=figures,
        months=[_bar(month["since"], 0, list(month["runs"].values())) for month in figures.months],  # type: ignore[arg-type]  # numbers all
        frameworks=[
            _bar(each["name"], each["runs"], [each["counted"][code] for code in ORDER])  # type: ignore[literal-required]  # its keys
            for each in figures.frameworks
        ],
        buttons=[(count, last_months(count, today)) for count in (3, 6, 12)],
        issued=_issued(visible_reports(user, now)),
        why_not_issue=why_not_issue(user),
    )


def _bar(label: str, runs: int, counts: list[int]) -> Bar:
    """Lay out the parts of a line, which fill it together."""
    total, at, parts = sum(counts), 0, []
    for tone, count in zip(("in", "gap", "miss", "bg"), counts, strict=True):
        if count:
            width = count * 1000 // total
            parts.append((tone, at, width))
            at += width
    return Bar(label, runs, counts, parts)


def _issued(found: QuerySet[PeriodReport]) -> list[PeriodReport]:
    named = found.select_related("project", "made_by", "record")
    return list(named.defer("record__context", "record__signatures")[:SHOWN])

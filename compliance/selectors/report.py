"""What a report for a period says: of everything in its scope, whoever asks; who may ask is the caller's matter."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber

from compliance.models import Action, Answer, Assessment, ControlException, Evidence, Finding, Library
from compliance.models.boards import board_names
from compliance.rules.findings import ActionState, ExceptionState, Severity
from compliance.rules.lifecycle import AssessmentState
from compliance.rules.reporting import Outcome, Period, counted, months_of, outcome_of
from compliance.selectors.libraries import newest
from records import report_context as shape
from records.assessment_context import Counted
from records.context import instant
from registry.models import Project


@dataclass(frozen=True, slots=True)
class Span:
    """A period as instants in its zone: from `begin` to before `end`; what is reported of, and when it is made."""

    period: Period
    zone: ZoneInfo
    project: Project | None
    now: datetime

    @property
    def begin(self) -> datetime:
        """Return the first moment of the first day."""
        return datetime.combine(self.period.since, time(), self.zone).astimezone(UTC)

    @property
    def end(self) -> datetime:
        """Return the first moment after the last day."""
        return datetime.combine(self.period.until + timedelta(days=1), time(), self.zone).astimezone(UTC)

    def of(self, path: str = "") -> Q:
        """Return the condition that a row is in the scope; `path` leads to its assessment."""
        return Q(**{f"{path}project": self.project.pk}) if self.project else Q()

    def about(self, row: Assessment | ControlException) -> str:
        """Return the name of what a row is about, "" for the organisation."""
        return str(row.version or row.project or "")


@dataclass(frozen=True, slots=True)
class Figures:
    """What the page shows and the record says."""

    runs: shape.Timeliness
    months: list[shape.Month]
    missed: list[shape.MissedRun]
    frameworks: list[shape.Framework]
    findings: shape.Findings
    open_findings: list[shape.OpenFinding]
    actions: shape.Actions
    overdue: list[shape.OverdueAction]
    exceptions: list[shape.InForce]
    expired: list[shape.Expired]


def figures_of(span: Span) -> Figures:
    """Return the figures; ten queries at the most. Names are in the active language."""
    runs = _runs(span)
    outcomes = [(row, outcome_of(row.state, row.due, row.submitted_at, span.now)) for row in runs]
    found, still_open = _findings(span)
    libraries = list(newest())
    done, overdue = _actions(span)
    return Figures(
        runs=_timeliness(each for _row, each in outcomes),
        months=_months(span, outcomes),
        missed=_missed(outcomes),
        frameworks=_frameworks(span, libraries),
        findings=found,
        open_findings=still_open,
        actions=done,
        overdue=overdue,
        exceptions=_exceptions(span, {library.code: library.name for library in libraries}),
        expired=_expired(span),
    )


def _runs(span: Span) -> list[Assessment]:
    found = Assessment.objects.filter(span.of(), due__gte=span.begin, due__lt=span.end).defer("content")
    return list(found.select_related("owner", "project", "version__model").order_by("due", "id"))


def _timeliness(outcomes: Iterable[Outcome]) -> shape.Timeliness:
    found = counted(outcomes)
    return {
        "in_time": found["in_time"], "late": found["late"], "missed": found["missed"], "waiting": found["waiting"],
    }  # fmt: skip


def _months(span: Span, outcomes: Sequence[tuple[Assessment, Outcome]]) -> list[shape.Month]:
    by_day = [(row.due.astimezone(span.zone).date(), each) for row, each in outcomes]
    return [
        {
            "since": month.since.isoformat(), "until": month.until.isoformat(),
            "runs": _timeliness(each for day, each in by_day if month.since <= day <= month.until),
        }
        for month in months_of(span.period)
    ]  # fmt: skip


def _missed(outcomes: Sequence[tuple[Assessment, Outcome]]) -> list[shape.MissedRun]:
    missed = [row for row, each in outcomes if each is Outcome.MISSED]
    names = board_names() if any(row.board for row in missed) else {}
    return [
        {
            "title": row.title, "about": names.get(row.board or 0, "") or str(row.version or row.project or ""),
            "owner": row.owner.display_name if row.owner else "", "due": instant(row.due),
        }
        for row in missed
    ]  # fmt: skip


def _frameworks(span: Span, libraries: Sequence[Library]) -> list[shape.Framework]:
    """Return for each framework the newest answer of every control and subject among the runs accepted then."""
    accepted = Assessment.objects.filter(
        span.of(), state=AssessmentState.ACCEPTED, accepted_at__gte=span.begin, accepted_at__lt=span.end
    )
    place = [F(f"assessment__{name}") for name in ("library__code", "project_id", "version_id", "board")]
    newest_first = [F("assessment__accepted_at").desc(), F("assessment_id").desc()]
    rows = Answer.objects.filter(assessment__in=accepted.values("pk")).exclude(state="")
    ranked = rows.annotate(
        rank=Window(RowNumber(), partition_by=[F("control__number"), *place], order_by=newest_first)
    )
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    named = "assessment__library__framework", "state"
    for framework, state in ranked.filter(rank=1).order_by().values_list(*named):
        counts[framework][state] += 1
    runs = Counter(accepted.order_by().values_list("library__framework", flat=True))
    return [
        {"name": name, "runs": runs[framework], "counted": _counted(counts[framework])}
        for framework, name in sorted(_names(set(counts), libraries).items())
    ]


def _names(frameworks: set[str], libraries: Sequence[Library]) -> dict[str, str]:
    """Return the name of each framework: that of its library, or of its first one with how many there are besides."""
    found: dict[str, list[str]] = {framework: [] for framework in frameworks}
    for library in libraries:
        if library.framework in found:
            found[library.framework].append(library.name)
    return {
        framework: f"{names[0]} (+{len(names) - 1})" if len(names) > 1 else (names or [framework])[0]
        for framework, names in found.items()
    }


def _counted(states: Counter[str]) -> Counted:
    return {
        "met": states["met"], "partly": states["partly"], "not_met": states["not_met"],
        "not_applicable": states["not_applicable"],
    }  # fmt: skip


def _findings(span: Span) -> tuple[shape.Findings, list[shape.OpenFinding]]:
    """Count what touched the period, and name what was open at its end; one query."""
    touched = Finding.objects.filter(span.of("assessment__"), raised_at__lt=span.end)
    touched = touched.filter(Q(closed_at__isnull=True) | Q(closed_at__gte=span.begin))
    named = touched.select_related("control", "assessment__project", "assessment__version__model")
    rows = list(named.annotate(action_count=Count("actions")).defer("assessment__content"))
    order = list(Severity)
    still = [row for row in rows if row.closed_at is None or row.closed_at >= span.end]
    still.sort(key=lambda row: (order.index(Severity(row.severity)), row.raised_at, row.pk))
    severities = Counter(row.severity for row in still)
    totals: shape.Findings = {
        "raised": sum(row.raised_at >= span.begin for row in rows),
        "closed": len(rows) - len(still),
        "open": {
            "critical": severities["critical"], "high": severities["high"], "medium": severities["medium"],
            "low": severities["low"],
        },
    }  # fmt: skip
    return totals, [_open_finding(span, row, row.action_count) for row in still]


def _open_finding(span: Span, row: Finding, planned: int) -> shape.OpenFinding:
    return {
        "control": row.control.number, "title": row.assessment.title, "about": span.about(row.assessment),
        "severity": row.severity, "text": row.text, "raised_at": instant(row.raised_at),  # type: ignore[typeddict-item]  # constrained by the table
        "actions": planned,
    }  # fmt: skip


def _actions(span: Span) -> tuple[shape.Actions, list[shape.OverdueAction]]:
    """Return the actions whose day had come by the end; one reported as done waits for others and isn't overdue."""
    rows = Action.objects.filter(span.of("finding__assessment__"), due__lte=span.period.until)
    known = rows.exclude(state=ActionState.DROPPED, settled_at__lt=span.end).select_related(
        "owner", "finding__control", "finding__assessment"
    )
    inside, in_time, late, overdue = 0, 0, 0, []
    for row in known.order_by("due", "id"):
        done = row.done_at.astimezone(span.zone).date() if row.done_at and row.done_at < span.end else None
        if row.due >= span.period.since:
            inside += 1
            in_time += done is not None and done <= row.due
            late += done is not None and done > row.due
        if done is None and row.due < span.now.astimezone(span.zone).date():
            overdue.append(row)
    totals: shape.Actions = {"due": inside, "in_time": in_time, "late": late, "overdue": len(overdue)}
    return totals, [_overdue(row) for row in overdue]


def _overdue(row: Action) -> shape.OverdueAction:
    return {
        "text": row.text, "owner": row.owner.display_name, "control": row.finding.control.number,
        "title": row.finding.assessment.title, "due": row.due.isoformat(),
    }  # fmt: skip


def _exceptions(span: Span, libraries: Mapping[str, str]) -> list[shape.InForce]:
    """Return those that counted on the last day; of a project also those of the organisation, which excuse it too."""
    scope = span.of() | Q(scope="organisation") if span.project else Q()
    stood = Q(state=ExceptionState.APPROVED) | Q(state=ExceptionState.REVOKED, ended_at__gte=span.end)
    rows = ControlException.objects.filter(
        scope, stood, decided_at__lt=span.end, until__gte=span.period.until
    ).select_related("project", "version__model")
    return [
        {
            "control": row.control_number, "library": libraries.get(row.library_code, row.library_code),
            "about": span.about(row), "reason": row.reason, "until": row.until.isoformat(),
        }
        for row in rows.order_by("until", "id")
    ]  # fmt: skip


def _expired(span: Span) -> list[shape.Expired]:
    rows = Evidence.objects.filter(
        span.of("assessment__"), withdrawn_at__isnull=True, expires_on__gte=span.period.since,
        expires_on__lte=span.period.until, expires_on__lt=span.now.astimezone(span.zone).date(),
    )  # fmt: skip
    found = rows.select_related("control", "assessment__owner").order_by("expires_on", "id")
    return [
        {
            "name": row.name, "control": row.control.number, "title": row.assessment.title,
            "owner": row.assessment.owner.display_name if row.assessment.owner else "",
            "expires_on": row.expires_on.isoformat() if row.expires_on else "",
        }
        for row in found.defer("assessment__content")
    ]  # fmt: skip

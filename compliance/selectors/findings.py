"""Findings and actions as pages, gates and records read them."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from compliance.models import Action, Assessment, ControlComment, ControlException, Finding
from compliance.models.schedule import Scope
from compliance.rules.findings import ExceptionState, Severity, deciding_day
from registry.models import ModelVersion


def findings_where(condition: Q) -> list[Finding]:
    """Return findings in the order in which they were raised, each with `planned`, its actions; one query.

    A finding is never without an action, so that the actions bring their findings with them.
    """
    rows = (
        Action.objects.filter(condition)
        .select_related(
            "owner", "settled_by", "finding__control", "finding__raised_by", "finding__assessment__library",
            "finding__assessment__reviewer",
            "finding__assessment__project", "finding__assessment__version__model",
        )
        .defer("finding__assessment__content")
        .order_by("finding__raised_at", "finding_id", "due", "id")
    )  # fmt: skip
    found: dict[int, Finding] = {}
    for action in rows:
        finding = found.setdefault(action.finding_id, action.finding)
        action.finding = finding
        finding.planned = [*finding.planned, action]
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Discussed:
    """What stands beside the answer to a control: findings with their actions, exceptions, comments."""

    findings: tuple[Finding, ...]
    exceptions: tuple[ControlException, ...]
    comments: tuple[ControlComment, ...]


def discussed(assessment: Assessment) -> dict[str, Discussed]:
    """Return what was found, excused and said, by the number of the control; three queries."""
    findings: dict[str, list[Finding]] = defaultdict(list)
    exceptions: dict[str, list[ControlException]] = defaultdict(list)
    comments: dict[str, list[ControlComment]] = defaultdict(list)
    for finding in findings_where(Q(finding__assessment=assessment)):
        findings[finding.control.number].append(finding)
    for exception in exceptions_about(assessment):
        exceptions[exception.control_number].append(exception)
    for comment in ControlComment.objects.filter(assessment=assessment).select_related(
        "control", "created_by"
    ):
        comments[comment.control.number].append(comment)
    return {
        number: Discussed(tuple(findings[number]), tuple(exceptions[number]), tuple(comments[number]))
        for number in {*findings, *exceptions, *comments}
    }


def exceptions_about(assessment: Assessment) -> QuerySet[ControlException]:
    """Return the exceptions of its library that are about the same, or about what contains it, the newest first."""
    condition = Q(scope=assessment.scope, board=assessment.board, project=assessment.project_id)
    condition &= Q(version=assessment.version_id)
    condition |= Q(scope=Scope.ORGANISATION)
    if assessment.project_id:
        condition |= Q(scope=Scope.PROJECT, project=assessment.project_id)
    return ControlException.objects.filter(condition, library_code=assessment.library.code).select_related(
        "asked_by", "decided_by", "ended_by"
    )


def excused(assessment: Assessment, day: date) -> set[str]:
    """Return the numbers of the controls that an exception excuses on this day."""
    found = exceptions_about(assessment).filter(state=ExceptionState.APPROVED, until__gte=day)
    return set(found.order_by().values_list("control_number", flat=True))


def open_critical(version_id: int, codes: Collection[str], now: datetime) -> dict[str, int]:
    """Return how many critical findings are open, by code of the library; three queries.

    Of assessments about the version, its project or the organisation. Left out is one whose control is excused by an
    exception that counts today and was approved since it was raised: legal staff knew of it, and have let it stay open
    for a time. What is found later needs a decision of its own.
    """
    project = ModelVersion.objects.filter(pk=version_id).values_list("model__project_id", flat=True).first()
    about = Q(version=version_id) | Q(scope=Scope.PROJECT, project=project) | Q(scope=Scope.ORGANISATION)
    excuses = ControlException.objects.filter(
        about, library_code__in=codes, state=ExceptionState.APPROVED, until__gte=deciding_day(now)
    )
    decided: dict[tuple[str, str, str], datetime] = {}
    for row in excuses.order_by("decided_at"):
        if row.decided_at is not None:
            decided[row.library_code, row.control_number, row.scope] = row.decided_at
    found = Finding.objects.filter(
        Q(assessment__version=version_id)
        | Q(assessment__scope=Scope.PROJECT, assessment__project=project)
        | Q(assessment__scope=Scope.ORGANISATION),
        severity=Severity.CRITICAL, closed_at__isnull=True, assessment__library__code__in=codes,
    )  # fmt: skip
    rows = found.values_list("assessment__library__code", "control__number", "assessment__scope", "raised_at")
    return Counter(
        code
        for code, number, scope, raised_at in rows
        if not any(
            (at := decided.get((code, number, each))) and at >= raised_at for each in _containing(scope)
        )
    )


def _containing(scope: str) -> Sequence[str]:
    """Return what an exception about which excuses this: the same, and what contains it."""
    return {
        Scope.VERSION: (Scope.VERSION, Scope.PROJECT, Scope.ORGANISATION),
        Scope.PROJECT: (Scope.PROJECT, Scope.ORGANISATION),
    }.get(Scope(scope), (scope,))

"""One condition of an approval: its reports with versions of their evidence, the dates it had, who may do what."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.http import Http404

from accounts.models import User
from reviews.models import BoardReview, Condition, ConditionFile, ConditionReport, Reckoning, ReviewRequest
from reviews.permissions import conditions as permissions
from reviews.permissions.reconsidering import why_not_take_up
from reviews.permissions.sight import why_not_read_decisions, why_not_see_deliberation
from reviews.permissions.standing import standing_of
from reviews.rules.explaining import Why
from reviews.rules.review_lifecycle import Matter


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file of a report; `version` counts files of this name in all reports, `newest` is the last of them."""

    file: ConditionFile
    version: int
    newest: bool


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A report with its evidence."""

    report: ConditionReport
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class ConditionPage:
    """The page. `moves`: each time that its date was moved, with who did it and why; `late`: it is overdue.

    `reads_why`: the person may read why the board waived it, `sees_boards`: also how it voted.
    """

    condition: Condition
    reports: tuple[ReportLine, ...]
    waiting: ConditionReport | None
    moves: tuple[Reckoning, ...]
    late: bool
    why_not_report: str | None
    why_not_verify: str | None
    why_not_reassign: str | None
    why_not_waive: str | None
    reads_why: bool
    sees_boards: bool


def condition_of(request: ReviewRequest, number: int) -> Condition:
    """Return the condition with this number of the request's last decision that has one; raises Http404."""
    condition = last_of_number(number, decision__request=request)
    condition.decision.request = request
    return condition


def last_of_number(number: int, **of_request: object) -> Condition:
    """Return the condition with this number of the last decision that has one; raises Http404."""
    rows = Condition.objects.filter(number=number, **of_request).order_by("-decision_id")
    related = rows.select_related("decision", "owner", "verifier", "review__board", "waived_ballot")
    condition = related.prefetch_related(
        "reports__files", "reports__reported_by", "reports__judged_by"
    ).first()
    if condition is None:
        raise Http404
    return condition


def condition_page(actor: User, request: ReviewRequest, condition: Condition, now: datetime) -> ConditionPage:
    """Return everything that the page of the condition shows to the person."""
    reports = list(condition.reports.all())
    waiting = next((report for report in reports if report.accepted is None), None)
    if waiting is not None:
        waiting.condition = condition
    parts = permissions.parts_to_reassign(condition, standing_of(actor, request, now).parties)
    review: BoardReview = condition.review
    review.request = request
    moves = Reckoning.objects.filter(
        object_type="reviews.condition", object_id=condition.pk, why=Why.MOVED
    ).select_related("made_by")
    return ConditionPage(
        condition=condition,
        reports=report_lines(reports),
        waiting=waiting,
        moves=tuple(moves),
        late=not condition.is_settled and now >= condition.due_at,
        why_not_report=permissions.why_not_report(actor, condition),
        why_not_verify=permissions.why_not_verify(actor, waiting, now) if waiting else None,
        why_not_reassign=permissions.why_not_reassign(actor, condition, parts[0] if parts else "owner", now),
        why_not_waive=why_not_take_up(actor, review, Matter.CONDITION, now),
        reads_why=why_not_read_decisions(actor, request, now) is None,
        sees_boards=why_not_see_deliberation(actor, request, now) is None,
    )


def report_lines(reports: Iterable[ConditionReport]) -> tuple[ReportLine, ...]:
    """Return the reports, the first one first, with the versions of their evidence."""
    every = [file for report in reports for file in report.files.all()]
    last = {file.name: file.pk for file in every}
    seen: dict[str, int] = {}
    lines = []
    for report in reports:
        evidence = []
        for file in report.files.all():
            seen[file.name] = seen.get(file.name, 0) + 1
            evidence.append(Evidence(file, seen[file.name], last[file.name] == file.pk))
        lines.append(ReportLine(report, tuple(evidence)))
    return tuple(lines)

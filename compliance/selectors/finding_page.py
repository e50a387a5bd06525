"""The pages of a finding and of exceptions, as one person sees them."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Case, Q, When
from django.http import Http404
from django.utils import timezone

from accounts.models import User
from audit.selectors import Filter, events
from audit.telling import Told, tell
from compliance.models import Action, Control, ControlException, Finding, Library
from compliance.models.boards import board_names
from compliance.permissions import visible_assessments
from compliance.permissions.exceptions import visible_exceptions, why_not_decide, why_not_revoke
from compliance.permissions.findings import (
    visible_findings,
    why_not_judge,
    why_not_report,
    why_not_take_part,
    why_not_withdraw,
)
from compliance.rules.findings import ActionState, ExceptionEvent, deciding_day, exception_after, is_late
from compliance.selectors.findings import exceptions_about, findings_where
from compliance.selectors.late import Escalation, told_of_actions
from compliance.selectors.libraries import newest_libraries

SHOWN = 200


@dataclass(frozen=True, slots=True)
class ActionShown:
    """An action with what this person can do with it now."""

    action: Action
    late: bool
    can_report: bool
    can_verify: bool
    can_change: bool
    can_drop: bool
    escalation: Escalation


@dataclass(frozen=True, slots=True)
class FindingPage:
    """The page of a finding; `opens_assessment`: the person may open the checklist that it was raised in,
    and reads what excuses its control.
    """

    finding: Finding
    about: str
    actions: list[ActionShown]
    exceptions: list[ControlException]
    why_not_plan: str | None
    can_withdraw: bool
    opens_assessment: bool
    story: list[Told]


def finding_page(user: User, finding_id: int, now: datetime) -> FindingPage:
    """Return the page of a finding that the person may see, or raise Http404."""
    today = timezone.localdate(now)
    seen = visible_findings(user, now).filter(pk=finding_id).order_by().values("pk")
    finding = next(iter(findings_where(Q(finding__in=seen))), None)
    if finding is None:
        raise Http404
    number = finding.control.number
    opens = visible_assessments(user, now).filter(pk=finding.assessment_id).exists()
    excuses = exceptions_about(finding.assessment) if opens else ()
    told = told_of_actions(finding.planned, now)
    return FindingPage(
        finding=finding,
        about=_about(finding),
        actions=[_shown(user, finding, action, today, told[action.pk]) for action in finding.planned],
        exceptions=[row for row in excuses if row.control_number == number],
        why_not_plan=why_not_take_part(user, finding.assessment) if finding.is_open else "",
        can_withdraw=finding.is_open and why_not_withdraw(user, finding) is None,
        opens_assessment=opens,
        story=_story(finding),
    )


@dataclass(frozen=True, slots=True)
class ExceptionShown:
    """An exception with the names that it needs; `counts`: it excuses something today."""

    exception: ControlException
    library: Library | None
    control: Control | None
    about: str
    counts: bool
    days: int


@dataclass(frozen=True, slots=True)
class ExceptionPage:
    """The page of an exception with why this person can't decide or end it; "" where it isn't to be done any more."""

    shown: ExceptionShown
    why_not_decide: str | None
    why_not_revoke: str | None
    story: list[Told]


def exception_page(user: User, exception: ControlException, now: datetime) -> ExceptionPage:
    """Return the page."""
    can_decide = exception_after(exception.state, ExceptionEvent.APPROVE)
    can_end = exception_after(exception.state, ExceptionEvent.REVOKE)
    own = Filter(object_type="compliance.controlexception", object_id=str(exception.pk))
    return ExceptionPage(
        _exceptions([exception], now)[0],
        why_not_decide(user, exception) if can_decide else "",
        why_not_revoke(user, exception) if can_end else "",
        tell(events(own).order_by("-id")[:20]),
    )


def exception_list(user: User, now: datetime) -> list[ExceptionShown]:
    """Return the exceptions that the person may see: first what waits, then what counts, then the rest."""
    today = timezone.localdate(now)
    rows = visible_exceptions(user, now).select_related("asked_by", "decided_by", "project", "version__model")
    first = Case(When(state="asked", then=0), When(state="approved", until__gte=today, then=1), default=2)
    shown = _exceptions(list(rows.order_by(first, "-asked_at", "-id")[:SHOWN]), now)
    rank = {"asked": 0, "approved": 1}
    return sorted(
        shown,
        key=lambda each: (
            rank.get(each.exception.state, 2) + (each.exception.until < today),
            each.exception.until,
        ),
    )


def _exceptions(rows: list[ControlException], now: datetime) -> list[ExceptionShown]:
    libraries, boards = newest_libraries({row.library_code for row in rows}), board_names()
    today = timezone.localdate(now)
    wanted = Q(pk__in=[])
    for row in rows:
        if row.library_code in libraries:
            wanted |= Q(library=libraries[row.library_code], number=row.control_number)
    controls = {(each.library_id, each.number): each for each in Control.objects.filter(wanted)}
    return [
        ExceptionShown(
            row,
            library := libraries.get(row.library_code),
            controls.get((library.pk, row.control_number)) if library else None,
            boards.get(row.board, "") if row.board else str(row.version or row.project or ""),
            row.counts_on(deciding_day(now)),
            (row.until - today).days,
        )
        for row in rows
    ]


def _shown(user: User, finding: Finding, action: Action, today: date, escalation: Escalation) -> ActionShown:
    action.finding = finding
    judges = why_not_judge(user, action) is None
    state = action.state
    return ActionShown(
        action,
        is_late(state, action.due, today),
        can_report=state == ActionState.OPEN and why_not_report(user, action) is None,
        can_verify=state == ActionState.DONE and judges,
        can_change=state == ActionState.OPEN and judges,
        can_drop=state in {ActionState.OPEN, ActionState.DONE} and judges,
        escalation=escalation,
    )


def _about(finding: Finding) -> str:
    about = finding.assessment
    return board_names().get(about.board, "") if about.board else str(about.version or about.project or "")


def _story(finding: Finding) -> list[Told]:
    """Return what happened to the finding and its actions."""
    keys = [str(action.pk) for action in finding.planned]
    of_finding = Q(object_type="compliance.finding", object_id=str(finding.pk))
    of_actions = Q(object_type="compliance.action", object_id__in=keys)
    return tell(events(Filter()).filter(of_finding | of_actions).order_by("-id")[:50])

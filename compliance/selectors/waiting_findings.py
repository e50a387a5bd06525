"""What waits for whom about findings: actions to do and to verify, exceptions to decide and to renew."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from functools import partial

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.roles import Role
from accounts.selectors import people_with_role
from compliance.models import Action, ControlException
from compliance.models.boards import board_names
from compliance.models.schedule import Scope
from compliance.permissions.exceptions import visible_exceptions
from compliance.permissions.findings import can_review, visible_findings
from compliance.rules.calendar import end_of_day
from compliance.rules.findings import UNSETTLED, ActionState, ExceptionState
from compliance.selectors.escalation import STEPS, heads_for
from reminders.waiting import Round, Source, Waiting, Weekly

AHEAD, KEPT = timedelta(days=30), timedelta(days=30)
"""How long before its last day the end of an exception is told, and how long after it."""


def _actions(asked: Round) -> list[Action]:
    """Return the actions that are to do or to verify; one query for both kinds."""
    rows = Action.objects.filter(state__in=list(UNSETTLED))
    if asked.people is not None:
        about = "finding__assessment__"
        judged = Q(finding__raised_by__in=asked.people)
        for who in ("owner", "reviewer"):
            judged |= Q(**{f"{about}{who}__in": asked.people})
        left = Q(state=ActionState.DONE) | Q(state=ActionState.OPEN, owner__is_active=False)
        rows = rows.filter(Q(state=ActionState.OPEN, owner__in=asked.people) | left & judged)
    return list(
        rows.select_related(
            "owner",
            "finding__control",
            "finding__assessment__project",
            "finding__assessment__version__model",
            "finding__raised_by",
            "finding__assessment__reviewer",
            "finding__assessment__owner",
        ).defer("finding__assessment__content")
    )


def to_do(asked: Round) -> Iterator[Waiting]:
    """Yield the actions that their owners have to do; one whose owner has left waits for who can give it away."""
    for row in asked.once(_actions):
        if row.state != ActionState.OPEN:
            continue
        if not row.owner.is_active:
            if (judge := verifier_of(row)) is not None:
                needs = _("{person} can't sign in any more. Give it to somebody else, or drop it.")
                needs = needs.format(person=row.owner.display_name)
                yield _of_action(row, judge, row.given_at, needs, _("Change the action"), asked.now)
            continue
        needs = (
            _("It was given back: {reason}").format(reason=row.returned_reason)
            if row.returned_reason
            else _("Do it, and report what was done.")
        )
        yield _of_action(row, row.owner_id, row.given_at, needs, _("Report the action"), asked.now)


def to_verify(asked: Round) -> Iterator[Waiting]:
    """Yield the actions that were reported as done, for who verifies them."""
    for row in asked.once(_actions):
        verifier = verifier_of(row)
        if row.state != ActionState.DONE or verifier is None:
            continue
        needs = _("Look whether it is done, and verify it or give it back.")
        yield _of_action(row, verifier, row.done_at or row.given_at, needs, _("Verify the action"), asked.now)


def verifier_of(action: Action) -> int | None:
    """Return who is asked to verify it: the reviewer, else who raised the finding, else the owner of the checklist;
    never who does it, nor who has left.
    """
    asked = (can_review(action), action.finding.raised_by, action.finding.assessment.owner)
    can = (person.pk for person in asked if person is not None and person.is_active)
    return next((key for key in can if key != action.owner_id), None)


def _of_action(row: Action, person_id: int, since: datetime, needs: str, act: str, now: datetime) -> Waiting:
    about = row.finding.assessment
    return Waiting(
        person_id=person_id, object_type="compliance.action", object_id=str(row.pk), since=since,
        due=end_of_day(row.due), title=_titled(row.text, str(about.version or about.project or "")),
        needs=needs, act=act, url=f"{reverse('compliance:finding', args=[row.finding_id])}#a{row.pk}",
        may_know=partial(_sees_finding, row.finding_id, now), else_to=row.created_by_id,
        heads=partial(heads_for, about, now),
    )  # fmt: skip


def _exceptions(asked: Round) -> list[ControlException]:
    """Return the exceptions that wait for a decision and those about to end; one query for both kinds."""
    today = timezone.localdate(asked.now)
    # A newer one for the same takes the place of one that ends.
    same = {"library_code": OuterRef("library_code"), "control_number": OuterRef("control_number")}
    newer = ControlException.objects.filter(
        **same, scope=OuterRef("scope"), until__gt=OuterRef("until"),
        state__in=[ExceptionState.ASKED, ExceptionState.APPROVED],
    ).filter(
        Q(scope=Scope.VERSION, version=OuterRef("version")) | Q(scope=Scope.PROJECT, project=OuterRef("project"))
        | Q(scope=Scope.BOARD, board=OuterRef("board")) | Q(scope=Scope.ORGANISATION)
    )  # fmt: skip
    ending = Q(state=ExceptionState.APPROVED, until__range=(today - KEPT, today + AHEAD)) & ~Q(Exists(newer))
    waiting = Q(state=ExceptionState.ASKED)
    if asked.people is not None:
        ending &= Q(asked_by__in=asked.people)
        waiting &= Q(Exists(people_with_role(Role.LEGAL).filter(pk__in=asked.people).order_by()))
    found = ControlException.objects.filter(waiting | ending)
    return list(found.select_related("project", "version__model"))


def to_decide(asked: Round) -> Iterator[Waiting]:
    """Yield the exceptions that legal staff have to approve or refuse; anyone of them does it, except who asked."""
    rows = [row for row in asked.once(_exceptions) if row.state == ExceptionState.ASKED]
    if not rows:
        return
    legal = _legal(asked)
    for row in rows:
        for person_id in legal:
            if person_id != row.asked_by_id:
                yield _of_exception(
                    row, person_id, row.asked_at, _("Approve or refuse it."), _("Decide the exception"),
                    row.asked_at + timedelta(days=14), asked.now, one_of=_("Legal staff"),
                )  # fmt: skip


def _legal(asked: Round) -> Collection[int]:
    """Return who of the people are legal staff. Rows that wait came for one person only because they are."""
    if asked.people is not None and len(asked.people) == 1:
        return asked.people
    return [key for key in people_with_role(Role.LEGAL).values_list("pk", flat=True) if asked.asks(key)]


def to_end(asked: Round) -> Iterator[Waiting]:
    """Yield the exceptions that end soon or have ended, for who asked for them."""
    for row in asked.once(_exceptions):
        if row.state == ExceptionState.APPROVED:
            yield _of_exception(
                row, row.asked_by_id, row.decided_at or row.asked_at,
                _("It ends. Meet the control, or ask for a new exception."), _("See the exception"),
                end_of_day(row.until), asked.now,
            )  # fmt: skip


def _of_exception(
    row: ControlException, person_id: int, since: datetime, needs: str, act: str, due: datetime,
    now: datetime, *, one_of: str = "",
) -> Waiting:  # fmt: skip
    about = board_names().get(row.board, "") if row.board else str(row.version or row.project or "")
    return Waiting(
        person_id=person_id, object_type="compliance.controlexception", object_id=str(row.pk), since=since,
        due=due, title=_titled(_("Exception for {number}").format(number=row.control_number), about),
        needs=needs, act=act, url=reverse("compliance:exception", args=[row.pk]), one_of=one_of,
        may_know=partial(_sees_exception, row.pk, now),
    )  # fmt: skip


def _titled(what: str, about: str) -> str:
    what = what if len(what) <= 100 else f"{what[:99]}…"
    return _("{check}, {about}").format(check=what, about=about) if about else what


def _sees_finding(finding_id: int, now: datetime, person: User) -> bool:
    return visible_findings(person, now).filter(pk=finding_id).exists()


def _sees_exception(exception_id: int, now: datetime, person: User) -> bool:
    return visible_exceptions(person, now).filter(pk=exception_id).exists()


FINDING_SOURCES = (
    Source("action", gettext_lazy("Action to do"), to_do, steps=STEPS, weekly=Weekly.OWN),
    Source("action.verify", gettext_lazy("Action to verify"), to_verify, steps=STEPS, weekly=Weekly.REVIEW),
    Source("exception.decide", gettext_lazy("Exception to decide"), to_decide),
    Source("exception.end", gettext_lazy("Exception that ends"), to_end, (30, 7, 0), weekly=Weekly.EXPIRY),
)

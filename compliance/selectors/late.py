"""What is late, thing by thing: with whom it is, who was told of it, and which step comes next and when."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from compliance.models import Action, Assessment
from compliance.models.boards import board_names
from compliance.permissions import visible_assessments
from compliance.permissions.findings import visible_findings
from compliance.rules.calendar import end_of_day
from compliance.rules.findings import ActionState
from compliance.rules.lifecycle import EDITABLE, AssessmentState
from reminders.told import Next, Telling, Told, next_step, tellings, told_of
from reminders.waiting import get

ASSESSMENT, ACTION = "compliance.assessment", "compliance.action"


@dataclass(frozen=True, slots=True)
class Held:
    """Something open: its kind as what waits, with whom it is (None: nobody was named) since when, and until when."""

    kind: str
    object_type: str
    pk: int
    title: str
    about: str
    url: str
    does: str
    holder: User | None
    since: datetime
    due: datetime


@dataclass(frozen=True, slots=True)
class Escalation:
    """Who was told that it is late, first first, and which step comes next; None: none is left, or nothing is late."""

    told: list[Told]
    next: Next | None

    @property
    def steps(self) -> list[Telling]:
        """Return the steps that were told."""
        return tellings(self.told)


@dataclass(frozen=True, slots=True)
class Late:
    """Something late, with whom it is and who knows; `days`: calendar days since it was due."""

    held: Held
    days: int
    escalation: Escalation


def late_things(user: User, now: datetime, sight: Q, *, most: int | None) -> list[Late]:
    """Return what is late and the person may see, the longest first; `most`: so many checklists and so many actions."""
    held = [*_checks(user, now, sight, most), *_actions(user, now, sight, most)]
    told = {
        kind: told_of(kind, [str(each.pk) for each in held if each.object_type == kind])
        for kind in (ASSESSMENT, ACTION)
    }
    found = [
        Late(
            each, _days(each.due, now), escalation_of(each, told[each.object_type].get(str(each.pk), []), now)
        )
        for each in held
    ]
    return sorted(found, key=lambda late: (late.held.due, late.held.object_type, late.held.pk))[:most]


def escalation_of(held: Held, told: Sequence[Told], now: datetime) -> Escalation:
    """Return who was told, and the next step while it is late and somebody has it."""
    if held.holder is None or held.due >= now:
        return Escalation(list(told), None)
    coming = next_step(get(held.kind), person=held.holder, due=held.due, since=held.since, told=told, now=now)
    return Escalation(list(told), coming)


def escalation_of_check(assessment: Assessment, now: datetime) -> Escalation:
    """Return the escalation of one checklist whose owner and reviewer are read already; one query once it is late."""
    if assessment.due >= now:
        return Escalation([], None)
    told = told_of(ASSESSMENT, [str(assessment.pk)]).get(str(assessment.pk), [])
    if assessment.state == AssessmentState.ACCEPTED:
        return Escalation(told, None)
    return escalation_of(held_check(assessment, ""), told, now)


def held_check(row: Assessment, about: str) -> Held:
    """Return with whom an open checklist is: in review it is its reviewer's to end."""
    in_review = row.state == AssessmentState.SUBMITTED
    since = row.submitted_at if in_review else row.returned_at
    return Held(
        kind="checklist.review" if in_review else "checklist", object_type=ASSESSMENT, pk=row.pk, title=row.title,
        about=about, url=reverse("compliance:assessment", args=[row.pk]),
        does=_("reviews it") if in_review else _("fills it in"),
        holder=row.reviewer if in_review else row.owner, since=since or row.created_at, due=row.due,
    )  # fmt: skip


def held_action(row: Action, about: str) -> Held:
    """Return an action that its owner has to do."""
    return Held(
        kind="action", object_type=ACTION, pk=row.pk, title=row.text, about=about,
        url=f"{reverse('compliance:finding', args=[row.finding_id])}#a{row.pk}", does=_("does it"), holder=row.owner,
        since=row.given_at, due=end_of_day(row.due),
    )  # fmt: skip


def told_of_actions(actions: Iterable[Action], now: datetime) -> dict[int, Escalation]:
    """Return the escalation of each action of which somebody was told, or which is late; one query."""
    rows = list(actions)
    told = told_of(ACTION, [str(row.pk) for row in rows])
    found = {}
    for row in rows:
        said = told.get(str(row.pk), [])
        is_open = row.state == ActionState.OPEN
        found[row.pk] = escalation_of(held_action(row, ""), said, now) if is_open else Escalation(said, None)
    return found


def _checks(user: User, now: datetime, sight: Q, most: int | None) -> list[Held]:
    rows = visible_assessments(user, now, sight).filter(
        Q(state__in=list(EDITABLE)) | Q(state=AssessmentState.SUBMITTED), due__lt=now
    )
    related = rows.select_related("owner", "reviewer", "project", "version__model").defer("content")
    found = list(related.order_by("due", "id")[:most])
    boards = board_names() if any(row.board for row in found) else {}
    return [
        held_check(row, boards.get(row.board, "") if row.board else str(row.version or row.project or ""))
        for row in found
    ]


def _actions(user: User, now: datetime, sight: Q, most: int | None) -> list[Held]:
    visible = visible_findings(user, now, sight).order_by().values("pk")
    rows = Action.objects.filter(finding__in=visible, state=ActionState.OPEN, due__lt=timezone.localdate(now))
    related = rows.select_related(
        "owner", "finding__assessment__project", "finding__assessment__version__model"
    ).defer("finding__assessment__content")  # fmt: skip
    return [
        held_action(row, str(row.finding.assessment.version or row.finding.assessment.project or ""))
        for row in related.order_by("due", "id")[:most]
    ]


def _days(due: datetime, now: datetime) -> int:
    return max(1, (timezone.localdate(now) - timezone.localdate(due)).days)

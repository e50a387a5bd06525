"""Actions as a list, with the picture of how they burn down."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from accounts.models import User
from compliance.models import Action
from compliance.models.boards import board_names
from compliance.permissions.findings import visible_findings
from compliance.rules.burn_down import Point, Span, burn_down
from compliance.rules.findings import UNSETTLED, ActionState, is_late

SIZE = 100
BEFORE, AFTER = 12, 8
"""How many weeks the picture looks back and ahead."""


class Whose(StrEnum):
    """Which actions are listed."""

    OPEN = "open"
    LATE = "late"
    TO_VERIFY = "verify"
    SETTLED = "settled"


WHICH_ACTIONS: dict[Whose, StrOrPromise] = {
    Whose.OPEN: gettext_lazy("To do and to verify"),
    Whose.LATE: gettext_lazy("Overdue"),
    Whose.TO_VERIFY: gettext_lazy("To verify"),
    Whose.SETTLED: gettext_lazy("Settled"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """A week of the picture: where its parts lie in a field of 1000 by 100 units, from the top."""

    point: Point
    x: int
    width: int
    late_top: int
    late_height: int
    top: int
    height: int
    now: bool


@dataclass(frozen=True, slots=True)
class ActionList:
    """A page of actions, the soonest due first; `columns` is the picture of all that the person may see."""

    rows: list[tuple[Action, str, bool]]
    more: bool
    columns: list[Column]

    @property
    def now(self) -> Point:
        """Return how it stands today."""
        return next(column.point for column in self.columns if column.now)

    @property
    def most(self) -> int:
        """Return how many were open in the fullest week."""
        return max(column.point.open for column in self.columns)


def actions_of(user: User, now: datetime) -> QuerySet[Action]:
    """Return the actions of the findings that the person may see."""
    return Action.objects.filter(finding__in=visible_findings(user, now).order_by().values("pk"))


def action_list(user: User, which: Whose, now: datetime, *, mine: bool = False) -> ActionList:
    """Return a page of the list and the picture; the picture counts everybody's, or only the person's own."""
    today = timezone.localdate(now)
    found = actions_of(user, now)
    if mine:
        found = found.filter(owner=user)
    rows = list(named_actions(chosen_actions(found, which, today))[: SIZE + 1])
    boards = board_names()
    return ActionList(
        [(row, about_of(row, boards), is_late(row.state, row.due, today)) for row in rows[:SIZE]],
        len(rows) > SIZE,
        columns(burn_down(_spans(found), today, before=BEFORE, after=AFTER)),
    )


def action_lines(user: User, now: datetime) -> Iterator[list[object]]:
    """Yield every action that the person may see as a row of a table."""
    boards = board_names()
    for row in named_actions(actions_of(user, now)):
        finding = row.finding
        yield [
            str(finding), finding.severity, finding.assessment.library.code, finding.control.number,
            about_of(row, boards), row.text, row.owner.display_name, row.due.isoformat(), row.state,
            _day(row.created_at), _day(row.done_at), _day(row.settled_at),
        ]  # fmt: skip


def columns(points: list[Point]) -> list[Column]:
    """Return the points as columns; the fullest one is as high as the field."""
    most = max((point.open for point in points), default=0) or 1
    number = max(1, len(points))
    step = 1000 // number
    today = max((at for at, point in enumerate(points) if not point.ahead), default=0)
    shown = []
    for at, point in enumerate(points):
        late, height = 100 * point.late // most, 100 * point.in_time // most
        shown.append(
            Column(
                point,
                1000 * at // number,
                step - 8,
                100 - late,
                late,
                100 - late - height,
                height,
                now=at == today,
            )
        )
    return shown


def about_of(action: Action, boards: dict[int, str]) -> str:
    """Return what the assessment is about, "" for the organisation."""
    about = action.finding.assessment
    return boards.get(about.board, "") if about.board else str(about.version or about.project or "")


def chosen_actions(found: QuerySet[Action], which: Whose, today: date) -> QuerySet[Action]:
    """Return those of the actions that are asked for."""
    match which:
        case Whose.LATE:
            return found.filter(state=ActionState.OPEN, due__lt=today)
        case Whose.TO_VERIFY:
            return found.filter(state=ActionState.DONE)
        case Whose.SETTLED:
            return found.exclude(state__in=list(UNSETTLED)).order_by("-settled_at", "-id")
    return found.filter(state__in=list(UNSETTLED))


def named_actions(found: QuerySet[Action]) -> QuerySet[Action]:
    """Return them with all that names them read at once."""
    return found.select_related(
        "owner", "finding__control", "finding__assessment__library", "finding__assessment__project",
        "finding__assessment__version__model",
    ).defer("finding__assessment__content")  # fmt: skip


def _spans(found: QuerySet[Action]) -> Iterator[Span]:
    for begun, ended, due in found.order_by().values_list("created_at", "settled_at", "due"):
        yield Span(timezone.localdate(begun), timezone.localdate(ended) if ended else None, due)


def _day(moment: datetime | None) -> str:
    return timezone.localdate(moment).isoformat() if moment else ""

"""The list of checks: who has to do what until when, and what was accepted; a page at a time."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy

from accounts.models import User
from compliance.models import Assessment
from compliance.models.boards import board_names
from compliance.permissions import visible_assessments
from compliance.rules.lifecycle import EDITABLE, AssessmentState
from compliance.selectors.words import Due, waiting_in_words

SIZE = 50
MOST = 10_001
_MOMENT = "%Y%m%dT%H%M%S%fZ"


class Which(StrEnum):
    """Which checks are listed."""

    WAITING = "waiting"
    OVERDUE = "overdue"
    REVIEW = "review"
    ACCEPTED = "accepted"
    ALL = "all"


WHICH = {
    Which.WAITING: gettext_lazy("Waiting for somebody"),
    Which.OVERDUE: gettext_lazy("Overdue"),
    Which.REVIEW: gettext_lazy("In review"),
    Which.ACCEPTED: gettext_lazy("Accepted"),
    Which.ALL: gettext_lazy("All"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A check of the list: `waits_for` None when it has nobody, or is accepted."""

    assessment: Assessment
    about: str
    waits_for: User | None
    due: Due | None


@dataclass(frozen=True, slots=True)
class CheckList:
    """A page of the list: `count` is capped at 10,001; `later` leads on, "" at the end."""

    lines: list[Line]
    count: int
    later: str


def check_list(user: User, which: Which, *, mine: bool, after: str, now: datetime) -> CheckList:
    """Return a page: what waits is sorted by its due moment, what was accepted newest first."""
    found = chosen(visible_assessments(user, now), which, now)
    if mine:
        found = found.filter(Q(owner=user) | Q(reviewer=user))
    count = found[:MOST].count()
    newest_first = which in {Which.ACCEPTED, Which.ALL}
    found = _beyond(found, after, newest_first=newest_first).defer("content", "return_reason")
    order = ("-due", "-id") if newest_first else ("due", "id")
    people = found.select_related("library", "owner", "reviewer", "project", "version__model")
    rows = list(people.order_by(*order)[: SIZE + 1])
    shown, boards = rows[:SIZE], board_names()
    later = _cursor(shown[-1]) if len(rows) > SIZE else ""
    return CheckList([_line(row, boards, now) for row in shown], count, later)


def chosen(found: QuerySet[Assessment], which: Which, now: datetime) -> QuerySet[Assessment]:
    """Return those of the checks that are asked for."""
    match which:
        case Which.WAITING:
            return found.exclude(state=AssessmentState.ACCEPTED)
        case Which.OVERDUE:
            return found.filter(state__in=list(EDITABLE), due__lt=now)
        case Which.REVIEW:
            return found.filter(state=AssessmentState.SUBMITTED)
        case Which.ACCEPTED:
            return found.filter(state=AssessmentState.ACCEPTED)
    return found


def _beyond(found: QuerySet[Assessment], after: str, *, newest_first: bool) -> QuerySet[Assessment]:
    """Return what comes after the cursor; a cursor that is none is the beginning."""
    moment, _dash, number = after.partition("-")
    try:
        due, key = datetime.strptime(moment, _MOMENT).replace(tzinfo=UTC), int(number)
    except ValueError:
        return found
    if newest_first:
        return found.filter(Q(due__lt=due) | Q(due=due, id__lt=key))
    return found.filter(Q(due__gt=due) | Q(due=due, id__gt=key))


def _cursor(row: Assessment) -> str:
    return f"{row.due.astimezone(UTC).strftime(_MOMENT)}-{row.pk}"


def _line(row: Assessment, boards: dict[int, str], now: datetime) -> Line:
    about = boards.get(row.board, "") if row.board else str(row.version or row.project or "")
    if row.state == AssessmentState.ACCEPTED:
        return Line(row, about, None, None)
    waits_for = row.reviewer if row.state == AssessmentState.SUBMITTED else row.owner
    return Line(row, about, waits_for, waiting_in_words(row.state, row.due, row.submitted_at, now))

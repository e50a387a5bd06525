"""Working a deadline out, and keeping how: the one way to a date that is due.

First `reckon`, then the thing is saved with `due`, then `keep` writes down how it came about. A date that somebody
chose is kept with `keep_chosen`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model

from accounts.models import User
from reminders.rules.working_days import edition, is_announced
from reviews.models import Board, Reckoning, ReviewRequest
from reviews.rules.clocks import WorkingCalendar
from reviews.rules.explaining import (
    Counted,
    DateKind,
    SourcedTerm,
    TermSource,
    Why,
    count,
    days_as_json,
)
from reviews.selectors.calendar import calendar_of, house_calendar
from reviews.selectors.terms import term_at


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A date that was worked out: `due`, and everything that explains it."""

    kind: DateKind
    board: Board | None
    counted: Counted
    source: TermSource
    calendar: WorkingCalendar

    @property
    def due(self) -> datetime:
        """Return the deadline, in UTC."""
        return self.counted.due


def reckon(
    kind: DateKind,
    board: Board | None,
    start: datetime,
    *,
    procedure: str = "",
    sourced: SourcedTerm | None = None,
) -> Reckoned:
    """Work a deadline out from the instant on: by the term of the board's present policy, unless one is given.

    `board` None: by the defaults and the calendar of the house. Raises ValueError for a kind without a term.
    """
    found = sourced or term_at(kind, board, start, procedure)
    if found is None:
        raise ValueError(f"{kind} has no term: somebody chooses its date.")
    calendar = calendar_of(board) if board else house_calendar()
    return Reckoned(kind, board, count(start, found.term, calendar), found.source, calendar)


def keep(
    thing: Model,
    reckoned: Reckoned,
    *,
    now: datetime,
    request: ReviewRequest | None = None,
    actor: User | None = None,
    why: Why = Why.SET,
    was: datetime | None = None,
    reason: str = "",
) -> Reckoning:
    """Write down how the date of a saved thing came about; the event of the act is the caller's."""
    counted = reckoned.counted
    calendar = calendar_as_json(reckoned.calendar, counted.due)
    return _write(
        thing, reckoned.kind, reckoned.board, request, why=why, start=counted.start, count=counted.term.count,
        unit=counted.term.unit.value, source=reckoned.source.as_json(), calendar=calendar,
        days=days_as_json(counted.days), due=counted.due, was=was, made_by=actor, made_at=now, reason=reason,
    )  # fmt: skip


def keep_chosen(
    thing: Model,
    kind: DateKind,
    board: Board | None,
    due: datetime,
    *,
    now: datetime,
    request: ReviewRequest | None = None,
    actor: User | None = None,
    why: Why = Why.SET,
    was: datetime | None = None,
    reason: str = "",
    source: TermSource | None = None,
) -> Reckoning:
    """Write down that somebody chose the date; with `source` where it comes from a setting that is no term of days."""
    return _write(
        thing, kind, board, request, why=why, start=now, source=source.as_json() if source else {}, due=due, was=was,
        made_by=actor, made_at=now, reason=reason,
    )  # fmt: skip


def _write(
    thing: Model,
    kind: DateKind,
    board: Board | None,
    request: ReviewRequest | None,
    **given: Any,  # noqa: ANN401 (the fields)
) -> Reckoning:
    return Reckoning.objects.create(
        object_type=thing._meta.label_lower,
        object_id=thing.pk,
        what=kind.value,
        board=board,
        request=request,
        **given,
    )


def calendar_as_json(calendar: WorkingCalendar, until: datetime) -> dict[str, Any]:
    """Return by which calendar a date was worked out, as a reckoning keeps it."""
    year = calendar.day_of(until).year
    return {
        "zone": calendar.zone.key, "country": calendar.country, "subdivision": calendar.subdivision,
        "edition": edition() if calendar.country else "",
        "announced": not calendar.country or is_announced(calendar.country, year),
    }  # fmt: skip

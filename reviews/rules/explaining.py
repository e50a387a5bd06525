"""How a deadline came about, as values: from when, by which term, over which days, with which pauses and moves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from reviews.rules.clocks import Pause, Term, Unit, WorkingCalendar, after_pauses, paused_for
from reviews.rules.working_calendar import DayTold, Told, days_after


class Why(StrEnum):
    """Why a date was written."""

    SET = "set"
    MOVED = "moved"
    RECOMPUTED = "recomputed"


class DateKind(StrEnum):
    """What is due."""

    COMPLETENESS = "completeness"
    ROUTING = "routing"
    REVIEW = "review"
    QUESTION = "question"
    BALLOT = "ballot"
    CONDITION = "condition"
    VERIFICATION = "verification"
    SIGNATURE = "signature"
    RATIFICATION = "ratification"
    APPEAL = "appeal"
    APPEAL_UNTIL = "appeal_until"
    EXPIRY = "expiry"
    CONTINUING = "continuing"
    PROVISIONAL = "provisional"
    DECLARATION = "declaration"
    MEETING_ANSWER = "meeting_answer"
    MEETING_CALL = "meeting_call"
    MINUTES = "minutes"
    INCIDENT = "incident"


@dataclass(frozen=True, slots=True)
class TermSource:
    """Where a term comes from: the setting's `path` and the policy's `version` (0: the default of the house).

    `number`: of a setting that is no term of days (months of validity). `mark` V, S, M or P as process.md has it;
    `text_en`, `text_zh`: the source beside the setting, if it has one.
    """

    path: str = ""
    version: int = 0
    mark: str = "P"
    text_en: str = ""
    text_zh: str = ""
    number: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return it as a reckoning keeps it."""
        return {
            "path": self.path, "version": self.version, "mark": self.mark, "en": self.text_en, "zh": self.text_zh,
            "number": self.number,
        }  # fmt: skip

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "TermSource":
        """Read what `as_json` wrote; what is missing has its default."""
        return cls(
            str(data.get("path", "")), int(data.get("version", 0)), str(data.get("mark", "P")),
            str(data.get("en", "")), str(data.get("zh", "")), int(data.get("number", 0)),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class SourcedTerm:
    """A term with where it comes from."""

    term: Term
    source: TermSource = TermSource()


@dataclass(frozen=True, slots=True)
class Counted:
    """A term counted on a calendar: `days` are those that didn't count, and those that did though at a weekend."""

    start: datetime
    term: Term
    due: datetime
    days: tuple[DayTold, ...] = ()

    @property
    def off(self) -> tuple[DayTold, ...]:
        """Return the days that didn't count."""
        return tuple(day for day in self.days if not day.told.works)

    @property
    def worked(self) -> tuple[DayTold, ...]:
        """Return the days at a weekend that counted."""
        return tuple(day for day in self.days if day.told.works)


def count(start: datetime, term: Term, calendar: WorkingCalendar) -> Counted:
    """Count the term from the instant on.

    Working days: every day after the first counts or is named. Days: only the end moves, from a day off to the next
    working day. Hours run through.
    """
    due = term.due(start, calendar)
    if term.unit == Unit.HOURS:
        return Counted(start, term, due)
    first, last = calendar.day_of(start), calendar.day_of(due)
    if term.unit == Unit.DAYS:
        first += timedelta(days=term.count - 1)
    told = (calendar.tell(day) for day in days_after(first, last))
    return Counted(start, term, due, tuple(day for day in told if day.told != Told.WORKING))


def days_as_json(days: Sequence[DayTold]) -> list[dict[str, str]]:
    """Return the days as a reckoning keeps them."""
    return [
        {
            "day": one.day.isoformat(),
            "told": one.told.value,
            "en": one.names_en,
            "zh": one.names_zh,
            "why": one.reason,
        }
        for one in days
    ]


def read_days(data: Sequence[Mapping[str, str]]) -> tuple[DayTold, ...]:
    """Read what `days_as_json` wrote."""
    return tuple(
        DayTold(date.fromisoformat(one["day"]), Told(one["told"]), one["en"], one["zh"], one["why"])
        for one in data
    )


@dataclass(frozen=True, slots=True)
class Move:
    """A date that somebody wrote anew: `by` is their name ("" for the system)."""

    at: datetime
    why: Why
    old: datetime | None
    new: datetime
    by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Base:
    """The date from which pauses count: as set, or as it was written last."""

    due: datetime
    unit: Unit
    since: datetime  # pauses before it are in `due` already


def with_pauses(base: Base, pauses: Sequence[Pause], calendar: WorkingCalendar, now: datetime) -> datetime:
    """Return the date that the base and its pauses give; one that still lasts counts as if it ended now."""
    paused = paused_for(pauses, since=base.since, now=now)
    return after_pauses(base.due, base.unit, paused, calendar)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything from which a date follows. `counted` None: somebody chose the date, `start` is when they did.

    `edition` of the holidays, `announced` False: days of a year that the government hasn't announced were computed.
    """

    kind: DateKind
    start: datetime
    due: datetime
    counted: Counted | None = None
    source: TermSource = TermSource()
    pauses: tuple[Pause, ...] = ()
    paused: timedelta = timedelta()
    stands: bool = False
    moves: tuple[Move, ...] = ()
    would_be: datetime | None = None
    country: str = ""
    subdivision: str = ""
    edition: str = ""
    announced: bool = True
    zone: str = "UTC"
    by: str = ""  # who chose the date

    @property
    def is_chosen(self) -> bool:
        """Whether somebody chose the date."""
        return self.counted is None


def merged(pauses: Sequence[Pause], *, since: datetime, now: datetime) -> tuple[Pause, ...]:
    """Return the pauses after the moment, those that overlap as one; an end that isn't known stays unknown."""
    found: list[Pause] = []
    for pause in sorted(pauses, key=lambda one: one.since):
        begin = max(pause.since, since)
        if (pause.until or now) <= begin:
            continue
        last = found[-1] if found else None
        if last is not None and (last.until is None or begin <= last.until):
            found[-1] = Pause(
                last.since,
                None if last.until is None or pause.until is None else max(last.until, pause.until),
            )
        else:
            found.append(Pause(begin, pause.until))
    return tuple(found)

"""How dates came about: from what was kept when they were written, their pauses, and the calendar of today."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property

from dateutil.relativedelta import relativedelta

from reminders.rules.working_days import edition, is_announced
from reviews.models import ClockSpan, Reckoning
from reviews.rules.clocks import Pause, Term, Unit, WorkingCalendar, paused_for
from reviews.rules.explaining import (
    Base,
    Counted,
    Explanation,
    Move,
    SourcedTerm,
    TermSource,
    Why,
    count,
    merged,
    read_days,
    with_pauses,
)
from reviews.rules.terms import SPANS, span_for
from reviews.selectors.calendar import Calendars, end_of_day, local_day
from reviews.selectors.dated import Dated
from reviews.selectors.reckoned import base_of
from reviews.selectors.terms import Policies


@dataclass(frozen=True, slots=True)
class Written:
    """What was kept of a date since it was set last: the row that set it, and those that wrote it anew."""

    rows: tuple[Reckoning, ...]

    @property
    def counted(self) -> Reckoning:
        """Return the last row that counted a term, else the one that set the date."""
        return next((row for row in reversed(self.rows) if row.count is not None), self.rows[0])

    @property
    def last(self) -> Reckoning:
        """Return the row from which pauses count now."""
        return self.rows[-1]


class Explainer:
    """Explains some dates together: at most four queries, however many they are."""

    def __init__(self, dates: Iterable[Dated], now: datetime) -> None:
        self.dates = tuple(dates)
        self.now = now

    @cached_property
    def _calendars(self) -> Calendars:
        return Calendars()

    @cached_property
    def _policies(self) -> Policies:
        return Policies(dated.board.pk for dated in self.dates if dated.board)

    @cached_property
    def _written(self) -> dict[tuple[str, int, str], Written]:
        types = {dated.key[0] for dated in self.dates}
        ids = {dated.key[1] for dated in self.dates}
        found: dict[tuple[str, int, str], list[Reckoning]] = {}
        rows = Reckoning.objects.filter(object_type__in=types, object_id__in=ids).select_related("made_by")
        for row in rows.order_by("id"):
            key = (row.object_type, row.object_id, row.what)
            found[key] = [row] if row.why == Why.SET else [*found.get(key, []), row]
        return {key: Written(tuple(kept)) for key, kept in found.items()}

    @cached_property
    def _pauses(self) -> dict[int, list[Pause]]:
        requests = {dated.request.pk for dated in self.dates if dated.pauses and dated.request}
        found: dict[int, list[Pause]] = {}
        if requests:
            spans = ClockSpan.objects.filter(request__in=requests, state="paused").order_by("id")
            for request, since, until in spans.values_list("request_id", "since", "until"):
                found.setdefault(request, []).append(Pause(since, until))
        return found

    def is_kept(self, dated: Dated) -> bool:
        """Say whether it was kept how the date came about."""
        return (*dated.key, dated.kind.value) in self._written

    def calendar_of(self, dated: Dated) -> WorkingCalendar:
        """Return the calendar by which the date counts today."""
        return self._calendars.of(dated.board) if dated.board else self._calendars.house

    def term_of(self, dated: Dated) -> SourcedTerm | None:
        """Return the term under the policy that held when the date began to run."""
        procedure = dated.request.procedure if dated.request else ""
        return self._policies.term(dated.kind, dated.board, dated.start, procedure)

    def due_of(self, dated: Dated) -> datetime | None:
        """Return the date of the thing; where none is kept with it, what its term gives today."""
        if dated.due is not None:
            return dated.due
        found = self.term_of(dated)
        return found.term.due(dated.start, self.calendar_of(dated)) if found else None

    def explain(self, dated: Dated) -> Explanation:
        """Return how the date came about, and what it would be by the calendar of today where that differs."""
        written = self._written.get((*dated.key, dated.kind.value))
        found = self._kept(dated, written) if written else self._followed(dated)
        told = self._pauses_of(dated)
        pauses = merged(told, since=found.start, now=self.now)
        still = bool(pauses) and pauses[-1].until is None
        found = replace(
            found, pauses=pauses, paused=paused_for(told, since=found.start, now=self.now), stands=still
        )
        if still and (base := _base(found, written)):
            found = replace(found, due=with_pauses(base, told, self.calendar_of(dated), self.now))
        return replace(found, would_be=self._would_be(dated, written, found))

    def _pauses_of(self, dated: Dated) -> Sequence[Pause]:
        return self._pauses.get(dated.request.pk, ()) if dated.pauses and dated.request else ()

    def _kept(self, dated: Dated, written: Written) -> Explanation:
        """Return what was written down."""
        row, told = written.counted, written.rows[0]
        counted = None
        if row.count is not None:
            counted = Counted(row.start, Term(row.count, Unit(row.unit)), row.due, read_days(row.days))
        moves = tuple(
            Move(
                one.made_at,
                Why(one.why),
                one.was,
                one.due,
                one.made_by.display_name if one.made_by else "",
                one.reason,
            )
            for one in written.rows[1:]
        )
        calendar = row.calendar
        follows = counted is None and row.source.get("path") in SPANS.values()
        start = dated.start if follows else (row.start if counted else told.start)
        return Explanation(
            kind=dated.kind, start=start, due=dated.due or written.last.due,
            counted=counted, source=TermSource.read(row.source), moves=moves, country=calendar.get("country", ""),
            subdivision=calendar.get("subdivision", ""), edition=calendar.get("edition", ""),
            announced=calendar.get("announced", True), zone=calendar.get("zone", self.calendar_of(dated).zone.key),
            by=told.made_by.display_name if counted is None and told.made_by else "",
        )  # fmt: skip

    def _followed(self, dated: Dated) -> Explanation:
        """Return what follows from the term where nothing was written down; what doesn't follow was chosen."""
        calendar, sourced = self.calendar_of(dated), self.term_of(dated)
        plain = Explanation(dated.kind, dated.start, dated.due or dated.start, zone=calendar.zone.key)
        if sourced is None:
            return self._followed_setting(dated, plain)
        counted = count(dated.start, sourced.term, calendar)
        base = Base(counted.due, counted.term.unit, dated.start)
        by_term = with_pauses(base, self._pauses_of(dated), calendar, self.now)
        if dated.due is not None and dated.due not in (by_term, counted.due):
            return plain
        return replace(
            plain, due=dated.due or by_term, counted=counted, source=sourced.source, country=calendar.country,
            subdivision=calendar.subdivision, edition=edition() if calendar.country else "",
            announced=not calendar.country or is_announced(calendar.country, calendar.day_of(counted.due).year),
        )  # fmt: skip

    def _followed_setting(self, dated: Dated, plain: Explanation) -> Explanation:
        """Return the setting from which a date of the calendar follows (months of validity), where it does."""
        policy, version = self._policies.at(dated.board, dated.start)
        source = span_for(dated.kind, policy, version)
        if source is None or dated.due is None or dated.board is None:
            return plain
        first = local_day(dated.start, dated.board)
        in_days = source.path.endswith("_days")
        last = first + (relativedelta(days=source.number) if in_days else relativedelta(months=source.number))
        ends = {
            end_of_day(day, dated.board) for day in (last, last - timedelta(days=1))
        }  # the first day may count
        fits = dated.due in ends
        return replace(plain, source=source) if fits else plain

    def _would_be(self, dated: Dated, written: Written | None, found: Explanation) -> datetime | None:
        """Return the date by today's calendar, if it is another one; a date that somebody moved stays where it is."""
        if (
            not dated.runs
            or found.counted is None
            or (written and written.last.why == Why.MOVED)
            or dated.due is None
        ):
            return None
        calendar = self.calendar_of(dated)
        fresh = count(found.counted.start, found.counted.term, calendar)
        if fresh.due == found.counted.due:
            return None
        base = Base(fresh.due, fresh.term.unit, found.counted.start)
        due = with_pauses(base, self._pauses_of(dated), calendar, self.now)
        return due if due != dated.due else None


def _base(found: Explanation, written: Written | None) -> Base | None:
    """Return the date from which pauses count: as it was written last, or as the term gives it."""
    if written is not None:
        return base_of(written.last)
    if found.counted is None:
        return None
    return Base(found.counted.due, found.counted.term.unit, found.counted.start)


def explain(dated: Dated, now: datetime) -> Explanation:
    """Return how one date came about; at most four queries."""
    return Explainer([dated], now).explain(dated)


def changed(dates: Sequence[Dated], now: datetime) -> list[tuple[Dated, Explanation]]:
    """Return the running dates that today's calendar would put elsewhere, with their explanations, soonest first.

    Only dates of which it was kept how they came about; of others nobody can say that the calendar made them.
    """
    explainer = Explainer(dates, now)
    found = [(dated, explainer.explain(dated)) for dated in dates if dated.runs and explainer.is_kept(dated)]
    return sorted(
        (pair for pair in found if pair[1].would_be is not None), key=lambda pair: (pair[1].due, pair[0].key)
    )

"""The log as an overseer reads it: what the address asks for, a page of it, and figures beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from urllib.parse import urlencode

from django.db.models import Count, IntegerField, Q, QuerySet, Subquery
from django.db.models.functions import TruncDate

from accounts.models import User
from audit.differences import Change, changes
from audit.models import Event
from audit.selectors import Cursor, Filter, events, page
from audit.telling import Row, Told, tell
from audit.verbs import Verb, known
from oversight import objects
from oversight.event_page import earlier_events, place_of
from oversight.permissions import Sight
from oversight.story import unfold

SIZE = 50
MOST_COUNTED = 10_000
DAYS = 28
NAMES = ("object", "person", "event", "from", "until")
SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of an address, as text, with what they mean. `fault` names the filter that nothing fits."""

    texts: Mapping[str, str]
    meaning: Filter
    fault: str = ""

    def address(self, **changes: str) -> str:
        """Return the query of the address of these filters with changes; empty values drop out."""
        return urlencode({name: value for name, value in {**self.texts, **changes}.items() if value})


@dataclass(frozen=True, slots=True)
class Line:
    """An event in the table: its thing, and the reference of the request whose story it is part of.

    `index`: its place in the log, None while it waits. Of the open one also what it changed, and what else it says.
    """

    told: Told
    thing: str
    reference: str
    index: int | None
    is_open: bool
    changes: tuple[Change, ...] = ()
    rest: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Bar:
    """A day of the figure, 80 units high; `is_most` marks the day with the most events."""

    day: date
    amount: int
    x: int
    y: float
    height: float
    is_most: bool


@dataclass(frozen=True, slots=True)
class LogPage:
    """A page of the log. `count` is the number of events under the filter, None when there are more than counted."""

    lines: list[Line]
    count: int | None
    newer: str
    older: str


def understand(texts: Mapping[str, str]) -> Asked:
    """Return what the address asks for; what can't be understood finds nothing rather than everything."""
    kept = {name: texts.get(name, "").strip()[:200] for name in NAMES}
    meaning, fault = Filter(), ""
    if kept["object"]:
        found = objects.find(kept["object"])
        meaning, fault = (found, fault) if found else (meaning, "object")
    if kept["person"]:
        actors = _pseudonyms(kept["person"])
        meaning, fault = replace(meaning, actors=actors), fault if actors else "person"
    since, until = _day(kept["from"]), _day(kept["until"])
    if (kept["from"] and not since) or (kept["until"] and not until):
        fault = "from" if kept["from"] and not since else "until"
    after = until + timedelta(days=1) if until else None
    meaning = replace(meaning, verb=kept["event"], since=since, until=after)
    return Asked(kept, replace(meaning, actors=()) if fault else meaning, fault)


def log_page(sight: Sight, asked: Asked, *, before: str = "", after: str = "", opened: str = "") -> LogPage:
    """Return the page of what the person may see of what they ask for."""
    found = sight.events() & events(asked.meaning)
    part = page(
        found.select_related("entry").annotate(total=_count(found), reference=objects.reference_of_root()),
        before=Cursor.parse(before), after=Cursor.parse(after), size=SIZE,
    )  # fmt: skip
    wanted = next((event for event in part.events if str(event.pk) == opened), None)
    every = tell([*part.events, *(earlier_events(sight, wanted) if wanted else ())])
    count = getattr(part.events[0], "total", 0) if part.events else 0
    return LogPage(
        lines=[
            _line(event, row, every if row is wanted else None)
            for event, row in zip(every[: len(part.events)], part.events, strict=True)
        ],
        count=count if count <= MOST_COUNTED else None,
        newer=f"?{asked.address(after=str(part.newer))}" if part.newer else "",
        older=f"?{asked.address(before=str(part.older))}" if part.older else "",
    )


class _CountOf(Subquery):
    """How many rows a query has, beside the rows of another, so that both come in one."""

    template = "(SELECT count(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


def _count(found: QuerySet[Event]) -> Subquery:
    """Return the number of events, up to one more than are counted."""
    return _CountOf(found.order_by().values("pk")[: MOST_COUNTED + 1])


def families() -> list[tuple[str, list[Verb]]]:
    """Return the verbs by their first word."""
    return [
        (family, list(members)) for family, members in groupby(known(), lambda verb: verb.name.split(".")[0])
    ]


def events_a_day(found: QuerySet[Event], today: date) -> list[tuple[date, int]]:
    """Return the number of events on each of the last days (UTC), also of those without any."""
    first = today - timedelta(days=DAYS - 1)
    since = datetime(first.year, first.month, first.day, tzinfo=UTC)
    counted = (
        found.filter(occurred_at__gte=since)
        .order_by()
        .annotate(day=TruncDate("occurred_at", tzinfo=UTC))
        .values_list("day")
        .annotate(amount=Count("pk"))
    )
    amounts = dict(counted)
    days = [first + timedelta(days=at) for at in range(DAYS)]
    return [(day, amounts.get(day, 0)) for day in days]


def bars(days: list[tuple[date, int]]) -> list[Bar]:
    """Return the bars of the figure of events a day."""
    most = max(amount for _day, amount in days)
    drawn = []
    for at, (day, amount) in enumerate(days):
        height = round(64 * amount / most, 1) if most else 0.0
        drawn.append(Bar(day, amount, 11 * at, 80 - height, height, is_most=bool(amount) and amount == most))
    return drawn


def _line(event: Told, row: Event, every: Sequence[Told] | None) -> Line:
    """Return the line of an event; the open one is given what was read, with the events before it."""
    reference, index, thing = getattr(row, "reference", None) or "", place_of(row), objects.name_of(event)
    if every is None:
        return Line(event, thing, reference, index, is_open=False)
    about = (event.object_type, event.object_id)
    before = {one.id: one for one in every if one.id < event.id and (one.object_type, one.object_id) == about}
    changed = changes(event, [before[number] for number in sorted(before, reverse=True)])
    return Line(event, thing, reference, index, is_open=True, changes=changed, rest=unfold(event, changed))


def _pseudonyms(text: str) -> tuple[str, ...]:
    """Return the pseudonyms of the people whose name or address somebody typed; "" stands for the system."""
    if text.lower() == SYSTEM:
        return ("",)
    named = User.objects.filter(Q(display_name__icontains=text) | Q(email__iexact=text))
    return tuple(str(found) for found in named.values_list("pseudonym", flat=True)[:100])


def _day(text: str) -> datetime | None:
    """Return the first moment of the day (UTC), or None when the text is no date."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC) if text else None
    except ValueError:
        return None

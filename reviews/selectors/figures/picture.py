"""What a picture is: rows with their cells, and beside them a bar or a shade."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.formats import number_format
from django_stubs_ext import StrOrPromise

from accounts.models import User
from reviews.rules.figures import tenths

FULL = 1000  # width of the longest bar


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure as a page shows it; `shade` 0 to 5 in a heat map."""

    text: str
    shade: int | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar in thousandths of the width: dark up to `middle`, light up to `end`."""

    middle: int
    end: int


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table."""

    head: StrOrPromise
    cells: tuple[Cell, ...]
    bar: Bar | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Lines that belong together; `title` is empty where there is one group only."""

    title: StrOrPromise
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A table with what makes it a picture; `says` states the fact, `note` how it was counted."""

    says: str
    note: StrOrPromise
    columns: tuple[StrOrPromise, ...]
    groups: tuple[Group, ...]
    bar_title: StrOrPromise = ""
    key: tuple[StrOrPromise, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Say whether there is nothing to show."""
        return not any(group.rows for group in self.groups)

    @property
    def width(self) -> int:
        """How many columns the table has."""
        return len(self.columns) + bool(self.bar_title)

    def lines(self) -> Iterator[list[str]]:
        """Yield the rows of the CSV file: the group's title, then the line."""
        for group in self.groups:
            for row in group.rows:
                yield [str(group.title), str(row.head), *(cell.text for cell in row.cells)]


@dataclass(frozen=True, slots=True)
class Period:
    """What lies between then and now is counted; `since` None: everything. `reader`: for whom."""

    since: datetime | None
    reader: User | None = None

    def of(self, field: str) -> dict[str, datetime]:
        """Return the filter for a field with a moment."""
        return {f"{field}__gte": self.since} if self.since else {}


def in_days(seconds: int | None) -> str:
    """Return a duration in days with one digit, as the language writes numbers; empty when there is none."""
    return "" if seconds is None else number_format(tenths(seconds) / 10, decimal_pos=1)


def seconds_between(start: datetime, end: datetime) -> int:
    """Return the whole seconds from start to end, never less than none."""
    return max(0, (end - start) // timedelta(seconds=1))


def bar(middle: int, end: int, longest: int) -> Bar:
    """Return the bar of two values beside the longest one of the table."""
    longest = max(longest, 1)
    return Bar(middle * FULL // longest, end * FULL // longest)

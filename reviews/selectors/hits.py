"""Few hits first: what a filter finds is looked up once, and then asked for in each window.

A window is read from its newest row on, which is far when the filter fits few rows; PostgreSQL can't know that when the
filter is about another table, or about the beginning of a word. SQLite looks such a list up first by itself.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, F, Func, QuerySet

from reviews.permissions.windows import Window

Key = tuple[datetime, int]


class Among(Func):
    """True for a request that is among the hits, in a query that `Hits` runs."""

    output_field = BooleanField()
    conditional = True
    template = "%(expressions)s IN (SELECT request_id FROM hits)"


@dataclass
class Hits:
    """What a filter finds: `rows` are ids of requests, and `most` says how many are few.

    `near`: those of them where a page begins. With fewer than `enough` near, more hits come first too.
    """

    rows: QuerySet[Any, Any]
    most: int
    near: Callable[[], QuerySet[Any, Any]] | None = None
    enough: int = 0

    @cached_property
    def are_few(self) -> bool:
        """Say whether they come first for being few; one query, on PostgreSQL alone."""
        return connection.vendor == "postgresql" and self.rows[: self.most + 1].count() <= self.most

    @cached_property
    def come_first(self) -> bool:
        """Say whether they come first: they are few, or the next page of them is far; at most three queries."""
        if self.are_few or connection.vendor != "postgresql":
            return self.are_few
        return self.near is not None and self.near()[: self.enough].count() < self.enough

    def narrowed(self, parts: Sequence[Window]) -> list[Window]:
        """Return the windows with only the hits, for queries that `keys` and `count` run."""
        return [replace(part, rows=part.rows.filter(Among(F(part.key)))) for part in parts]

    def keys(self, query: QuerySet[Any, Any]) -> list[Key]:
        """Return the rows of a query about narrowed windows."""
        return self._run(query, "{}")

    def count(self, query: QuerySet[Any, Any]) -> int:
        """Return how many rows the query has."""
        found = self._run(query, "SELECT count(*) FROM ({}) AS found")
        return found[0][0] if found else 0

    def _run(self, query: QuerySet[Any, Any], around: str) -> list[Any]:
        try:
            rows = self.rows[: self.most] if self.are_few else self.rows
            first, first_given = rows.query.sql_with_params()
            sql, given = query.query.sql_with_params()
        except EmptyResultSet:  # who sees nothing at all
            return []
        with connection.cursor() as cursor:
            cursor.execute(
                f"WITH hits(request_id) AS MATERIALIZED ({first}) {around.format(sql)}",
                [*first_given, *given],
            )
            return list(cursor.fetchall())

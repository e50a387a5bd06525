"""Searching: which requests somebody may see have all the words, newest first, and which passages say so."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from django.db.models import F, Max, Q, QuerySet

from accounts.models import User
from audit.selectors import Cursor
from reviews.models import ReviewRequest, SearchEntry
from reviews.permissions.containers import containers_of
from reviews.permissions.sight import decisions_kept_from
from reviews.permissions.windows import Asked, Window, windows
from reviews.rules.search_words import asked_for
from reviews.selectors.hits import Among, Hits
from reviews.selectors.requests import newest_keys
from reviews.selectors.search_drafts import drafts_with
from reviews.selectors.search_match import ALL, Found, Sought
from reviews.selectors.search_results import Result, results_of

SIZE = 20
MANY = 3_000
NEAR = 2_000
"""More than MANY hits are looked for in the newest rows of each window, if NEAR requests have a page of them."""


class Kind(StrEnum):
    """What is looked for; `ALL` is all of these, people too."""

    ALL = ""
    REQUESTS = "requests"
    ANSWERS = "answers"
    DECISIONS = "decisions"
    PEOPLE = "people"


SECTIONS: dict[Kind, frozenset[str]] = {
    Kind.ALL: ALL,
    Kind.REQUESTS: frozenset({"about"}),
    Kind.ANSWERS: frozenset({"answers"}),
    Kind.DECISIONS: frozenset({"decisions"}),
}


@dataclass(frozen=True, slots=True)
class SearchPage:
    """Requests that were found, newest first."""

    results: list[Result]
    newer: Cursor | None = None
    older: Cursor | None = None


def search_page(
    user: User, now: datetime, query: str, kind: Kind = Kind.ALL, *, before: Cursor | None = None,
    after: Cursor | None = None,
) -> SearchPage:  # fmt: skip
    """Return the requests that have all words of the query in what this person may read of them.

    At most ten queries. A query without letters and digits finds nothing.
    """
    sought = Sought.of(query, asked_for(query))
    if not sought.words or kind not in SECTIONS:
        return SearchPage([])
    asked, reached = Asked(before=before, after=after), containers_of(user, now)
    drafts = tuple(drafts_with(user, sought.words, SECTIONS[kind]))
    search = _Search(sought, SECTIONS[kind], drafts, decisions_kept_from(user), asked)
    parts = [search.narrowed(part) for part in windows(user, now, asked, reached)]
    keys = newest_keys(parts, asked, SIZE, search.hits.keys if search.hits.come_first else list)
    shown = keys[:SIZE] if not after else keys[:SIZE][::-1]
    more = len(keys) > SIZE
    ends = [Cursor(*key) for key in (shown[:1] + shown[-1:])]
    return SearchPage(
        results=results_of(user, [key for _at, key in shown], sought, search.sections, search.kept_from),
        newer=ends[0] if ends and (before or (after and more)) else None,
        older=ends[-1] if ends and (more or after) else None,
    )


@dataclass
class _Search:
    """One person's search: which entries have the words, where this person may read them."""

    sought: Sought
    sections: frozenset[str]
    drafts: tuple[int, ...]
    kept_from: "QuerySet[ReviewRequest, int] | None"
    asked: Asked

    @cached_property
    def hits(self) -> Hits:
        """Return the entries that have the words, whoever may see them."""
        return Hits(self._entries(), MANY, self._near, SIZE)

    def _near(self) -> "QuerySet[SearchEntry, int]":
        """Return the hits among the NEAR requests from where the page begins on."""
        if self.asked.after:
            return self._entries().filter(pk__gt=self.asked.after.id, pk__lte=self.asked.after.id + NEAR)
        last = self.asked.before.id if self.asked.before else self.newest
        return self._entries().filter(pk__lte=last, pk__gt=last - NEAR)

    @cached_property
    def newest(self) -> int:
        """Return the id of the newest request; one query."""
        return SearchEntry.objects.aggregate(last=Max("pk"))["last"] or 0

    def narrowed(self, part: Window) -> Window:
        """Return the window with only what was found; in their own requests also drafts."""
        found = Q(Among(F(part.key))) if self.hits.come_first else Q(**{f"{part.key}__in": self._entries()})
        if part.is_own and self.drafts:
            found |= Q(**{f"{part.key}__in": self.drafts})
        return replace(part, rows=part.rows.filter(found))

    def _entries(self) -> "QuerySet[SearchEntry, int]":
        found = Q(Found(self.sought, self.sections))
        if self.kept_from is not None and "decisions" in self.sections:
            rest = self.sections - {"decisions"}
            open_to = ~Q(request__in=self.kept_from)
            found = (found & open_to) | (Q(Found(self.sought, rest)) if rest else Q(pk__in=[]))
        return SearchEntry.objects.filter(found).values_list("request_id", flat=True)

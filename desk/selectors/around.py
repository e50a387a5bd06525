"""Beside what waits for a person: which requests are under way, and what was decided lately."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.models import User
from reviews.permissions.windows import Asked
from reviews.selectors.request_list import Line, line_of
from reviews.selectors.requests import GROUPS, requests_page

MOST = 5
LATELY = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Around:
    """Lines of requests; `under_way` by how long they have stood still, `decided` the latest first."""

    under_way: Sequence[Line]
    decided: Sequence[Line]


def around(person: User, now: datetime) -> Around:
    """Return both lists, from the newest requests that the person sees."""
    page = requests_page(person, now, Asked(states=GROUPS["open"] + GROUPS["decided"]))
    lines = [line_of(request, now) for request in page.requests]
    under_way = [line for line in lines if line.request.state in GROUPS["open"]]
    decided = [
        line for line in lines
        if line.request.state in GROUPS["decided"] and now - line.request.state_since < LATELY
    ]  # fmt: skip
    return Around(
        sorted(under_way, key=lambda line: -line.days)[:MOST],
        sorted(decided, key=lambda line: line.request.state_since, reverse=True)[:MOST],
    )

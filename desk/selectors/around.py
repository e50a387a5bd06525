"""Beside what waits for a person: what was decided lately on requests that they see."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from accounts.models import User
from reviews.permissions.windows import Asked
from reviews.selectors.request_list import Line, line_of
from reviews.selectors.requests import GROUPS, requests_page

MOST = 5
LATELY = timedelta(days=14)


def decided_lately(person: User, now: datetime) -> Sequence[Line]:
    """Return lines of what was decided in the last two weeks, the latest first, from the newest that they see."""
    page = requests_page(person, now, Asked(states=GROUPS["decided"]))
    found = [line_of(request, now) for request in page.requests if now - request.state_since < LATELY]
    return sorted(found, key=lambda line: line.request.state_since, reverse=True)[:MOST]

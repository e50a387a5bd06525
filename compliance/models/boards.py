"""What compliance must know of boards and requests, which live above it: reviews registers it through the gates."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from accounts.models import User


@dataclass(frozen=True, slots=True)
class Boards:
    """`of(user, now)`: ids of the boards that the person sees; `names()`: name by id, in the active language.

    `given_up()`: ids of the model versions whose requests were all rejected or withdrawn, as a query to filter by.
    """

    of: Callable[[User, datetime], Collection[int]]
    names: Callable[[], dict[int, str]]
    given_up: "Callable[[], QuerySet[Any, Any]] | None" = None


def _nobody(_user: User, _now: datetime) -> Collection[int]:
    return ()


def _nameless() -> dict[int, str]:
    return {}


_known = Boards(_nobody, _nameless)


def register(boards: Boards) -> None:
    """Make boards known; without it no check can be about a board."""
    global _known  # noqa: PLW0603  (one registration for the process)
    _known = boards


def boards_of(user: User, now: datetime) -> Collection[int]:
    """Return the ids of the boards that the person sees."""
    return _known.of(user, now)


def board_names() -> dict[int, str]:
    """Return the name of each board by its id."""
    return _known.names()


def versions_given_up() -> "QuerySet[Any, Any] | None":
    """Return the ids of versions that nobody asks to release any more, as a query; None when nobody can tell."""
    return _known.given_up() if _known.given_up else None

"""What compliance must know of boards and requests, which live above it: reviews registers it through the gates."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from accounts.models import User


@dataclass(frozen=True, slots=True)
class Boards:
    """`of(user, now)`: ids of the boards that the person sees; `names()`: name by id, in the active language.

    `given_up(path)`: the condition that all requests of the version at the path were rejected or withdrawn.
    `speech(board)`: language and time zone of its records, each "" where the board names none.
    `heads(board, project, now)`: who chairs or keeps the board, or the boards that review the project.
    """

    of: Callable[[User, datetime], Collection[int]]
    names: Callable[[], dict[int, str]]
    given_up: Callable[[str], Q] | None = None
    heads: Callable[[int | None, int | None, datetime], Collection[int]] | None = None
    speech: Callable[[int], tuple[str, str]] | None = None


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


def version_given_up(path: str) -> Q | None:
    """Return the condition that nobody asks to release the version at the path any more; None: nobody can tell."""
    return _known.given_up(path) if _known.given_up else None


def heads_of(board: int | None, project: int | None, now: datetime) -> Collection[int]:
    """Return who chairs or keeps the board, or without one the boards that review the project."""
    return _known.heads(board, project, now) if _known.heads else ()


def speech_of(board: int) -> tuple[str, str]:
    """Return language and time zone of the records of a board, "" for what it doesn't name."""
    return _known.speech(board) if _known.speech else ("", "")

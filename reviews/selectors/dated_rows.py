"""A thing with its date, and where the dates of one kind come from."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model, Q, QuerySet

from reviews.models import Board, ReviewRequest
from reviews.rules.explaining import DateKind

REQUEST = ("request__version__model", "request__requester")
"""What is read with the request of a row."""


@dataclass(frozen=True, slots=True)
class Dated:
    """A thing with its date. `due` None: it isn't kept with the thing, it follows from the term.

    `request` None: it belongs to none, as the date of minutes does. `pauses`: open questions move it;
    `inside`: only who may see what boards say among themselves knows of it;
    `runs`: somebody still has to keep it.
    """

    kind: DateKind
    thing: Model
    board: Board | None
    request: ReviewRequest | None
    start: datetime
    due: datetime | None
    label: str
    runs: bool = True
    pauses: bool = False
    inside: bool = False

    @property
    def key(self) -> tuple[str, int]:
        """Return what tells the thing from others: its type and id."""
        return self.thing._meta.label_lower, int(self.thing.pk)


@dataclass(frozen=True, slots=True)
class Source:
    """Where the dates of one kind come from: the rows, how they hang on a request and on a board, which of them run."""

    rows: Callable[[], "QuerySet[Any]"]
    to_request: str
    to_board: str
    running: Q
    told: Callable[[Any], Dated]
    leading: bool = False  # the board is that which leads the request, read with the rows

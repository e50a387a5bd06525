"""What both engines do in their own way."""

from pathlib import Path
from typing import Protocol, cast

from django.db import connection

from desk.backup import postgresql, sqlite
from desk.backup.layout import Log


class Engine(Protocol):
    """A database engine: how it is dumped, restored and asked; see the modules for what each promises."""

    def versions(self) -> str:
        """Return the version of the server."""

    def check_programmes(self) -> None:
        """Raise NotPossible when a program is missing or too old."""

    def dump(self, target: Path, /) -> tuple[Log, list[list[str]]]:
        """Write a snapshot; return how far the log is in it, and its migrations."""

    def why_not_empty(self) -> str:
        """Say what is in the database and what to do; "" when it is empty."""

    def restore(self, source: Path, /) -> None:
        """Restore into the empty database, all or nothing."""

    def faults(self) -> list[str]:
        """Return what the database finds wrong with itself."""


def engine() -> Engine:
    """Return the engine of this installation."""
    return cast("Engine", postgresql if connection.vendor == "postgresql" else sqlite)

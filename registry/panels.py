"""What other apps show on the page of a version: they register, because this app knows nothing of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from registry.models import ModelVersion


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the page: a template that reads `panel`, which is the content."""

    template: str
    content: object


OnVersionPage = Callable[[ModelVersion, User, datetime], Panel | None]

_registered: list[OnVersionPage] = []


def register(panel: OnVersionPage) -> None:
    """Show what `panel(version, user, now)` returns to people who see the version; for AppConfig.ready()."""
    if panel not in _registered:
        _registered.append(panel)


def panels_of(version: ModelVersion, user: User, now: datetime) -> list[Panel]:
    """Return the panels for a person who sees the version, in the order in which they were registered."""
    found = [panel(version, user, now) for panel in _registered]
    return [panel for panel in found if panel is not None]

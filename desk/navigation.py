"""What the header of every page shows to a person: places they may go to, and what is new."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from accounts.models import User
from accounts.roles import roles_of
from reminders.selectors import unread_count

EVERYBODY: frozenset[str] = frozenset()
ADMINISTRATORS = frozenset({"administrator"})
AUDITORS = frozenset({"auditor", "administrator"})


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the navigation; `roles` empty means everybody who is signed in."""

    label: StrOrPromise
    path: str
    roles: frozenset[str] = EVERYBODY
    exact: bool = False
    count: int = 0


PLACES = (
    Place(_("My work"), "/", exact=True),
    Place(_("Requests"), "/requests/"),
    Place(_("Meetings"), "/meetings/"),
    Place(_("Boards"), "/boards/"),
    Place(_("Compliance"), "/compliance/"),
    Place(_("Models"), "/models/"),
    Place(_("Log"), "/log/", AUDITORS),
    Place(_("Engagements"), "/engagements/", AUDITORS),
    Place(_("People"), "/people/", ADMINISTRATORS),
)


def _exists(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


def _roles(request: HttpRequest) -> frozenset[str]:
    return roles_of(request.user) if isinstance(request.user, User) else EVERYBODY


def places_for(request: HttpRequest, roles: frozenset[str]) -> Iterator[dict[str, object]]:
    """Yield the places that this person may go to; `current` marks where they are."""
    for place in PLACES:
        if place.roles and not place.roles & roles:
            continue
        if _exists(place.path):
            here = request.path == place.path if place.exact else request.path.startswith(place.path)
            yield {"label": place.label, "path": place.path, "current": here, "count": place.count}


def house(request: HttpRequest) -> dict[str, object]:
    """Context of every template: `organisation`, `sample`, `places`, `unread` (count), `is_administrator`."""
    context: dict[str, object] = {"organisation": settings.ORGANISATION, "sample": settings.SAMPLE}
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return context
    unread = unread_count(user)  # first: it reads the roles along
    roles = _roles(request)
    return context | {
        "places": list(places_for(request, roles)),
        "unread": unread,
        "is_administrator": bool(ADMINISTRATORS & roles),
    }

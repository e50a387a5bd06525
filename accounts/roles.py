"""Roles as groups; membership of a board is a seat, not a role."""

from collections.abc import Iterable
from enum import StrEnum

from accounts.models import User


class Role(StrEnum):
    """Names of the groups (process.md: who)."""

    RESEARCHER = "researcher"
    SECRETARY = "secretary"
    LEGAL = "legal"
    RELEASE_MANAGER = "release_manager"
    SAFETY_LEAD = "safety_lead"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


def roles_of(user: User) -> frozenset[str]:
    """Return the names of the person's roles; asked once for each instance of the user."""
    found: frozenset[str] | None = getattr(user, "_roles", None)
    if found is None:
        found = frozenset(user.groups.values_list("name", flat=True))
        keep_roles(user, found)
    return found


def roles_are_known(user: User) -> bool:
    """Say whether `roles_of` answers without a query."""
    return hasattr(user, "_roles")


def keep_roles(user: User, names: Iterable[str]) -> None:
    """Let `roles_of` answer with these names, which the caller has just read."""
    user._roles = frozenset(names)  # type: ignore[attr-defined]


def has_role(user: User, *roles: Role) -> bool:
    """Say whether the person is active and has at least one of the roles."""
    return user.is_active and bool(roles_of(user) & set(roles))

"""Looking people up."""

from collections.abc import Iterable

from django.db.models import QuerySet

from accounts.models import User
from accounts.roles import Role


def active_people() -> QuerySet[User]:
    """Return everybody who can sign in, by name."""
    return User.objects.filter(is_active=True).order_by("display_name", "id")


def people_with_role(*roles: Role) -> QuerySet[User]:
    """Return the active people who have at least one of the roles, by name."""
    return active_people().filter(groups__name__in=[role.value for role in roles]).distinct()


def person_by_email(email: str) -> User | None:
    """Return the person with this address, in whatever state, or None."""
    return User.objects.filter(email=email.strip().lower()).first()


def people_by_id(ids: Iterable[int]) -> dict[int, User]:
    """Return the people with these ids."""
    return User.objects.in_bulk(list(ids))

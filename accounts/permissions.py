"""Who may see and change people: administrators, and each person their own account."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.models import PersonState, User
from accounts.roles import Role, has_role


def is_administrator(actor: User) -> bool:
    """Say whether the person administers people."""
    return has_role(actor, Role.ADMINISTRATOR)


def require_administrator(actor: User) -> None:
    """Let administrators pass; to everybody else the pages of people don't exist (Http404)."""
    if not is_administrator(actor):
        raise Http404


def people_visible_to(actor: User) -> QuerySet[User]:
    """Return the people whose pages the person may open."""
    return User.objects.all() if is_administrator(actor) else User.objects.none()


def person_to_administer(actor: User, person_id: int) -> User:
    """Return the person for an administrator; absent and forbidden look the same (Http404)."""
    require_administrator(actor)
    person = User.objects.select_related("line_manager", "deputy").filter(pk=person_id).first()
    if person is None:
        raise Http404
    return person


def why_not_deactivate(actor: User, person: User) -> str | None:
    """Return why this administrator can't deactivate the person, or None."""
    if actor.pk == person.pk:
        return _("You can't deactivate yourself. Another administrator can.")
    if person.state == PersonState.DEACTIVATED:
        return _("This account is deactivated already.")
    return None


def why_not_reset_second_factor(actor: User, person: User) -> str | None:
    """Return why this administrator can't reset the person's second factor, or None."""
    if actor.pk == person.pk:
        return _("You can't reset your own second factor. Another administrator can.")
    if person.state != PersonState.ACTIVE:
        return _("Only people who can sign in have a second factor to reset.")
    return None


def why_not_unlock_signing(actor: User, person: User) -> str | None:
    """Return why this administrator can't unlock signing for the person, or None."""
    if actor.pk == person.pk:
        return _("You can't unlock your own signing. Another administrator can.")
    return None


def refuse(reason: str | None) -> None:
    """Raise PermissionDenied when there is a reason."""
    if reason:
        raise PermissionDenied(reason)

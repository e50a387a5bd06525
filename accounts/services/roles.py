"""Giving and taking roles; the last administrator stays."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import person_to_administer
from accounts.roles import Role
from accounts.second_factor import has_second_factor, needs_second_factor
from accounts.services.sessions import end_all
from audit.refusal import Refused
from audit.trail import record

MEMBERSHIP: type[Model] = (
    User.groups.through
)  # its rows are tracked: who has a role without an event is named


def set_roles(person: User, roles: Iterable[Role]) -> list[Model]:
    """Give a person who is being made their first roles; the caller's event tells of the rows that are returned."""
    person.groups.set(Group.objects.filter(name__in=[role.value for role in roles]))
    _forget(person)
    return list(MEMBERSHIP._base_manager.filter(user=person).order_by("pk"))


@transaction.atomic
def give_role(*, actor: User, person_id: int, role: Role, now: datetime) -> None:
    """Give the person the role; raises Refused when they have it.

    Who needs a second factor with it and has none is signed out, so that the set-up stands at their next step.
    """
    person = person_to_administer(actor, person_id)
    group = Group.objects.select_for_update().get(name=role.value)
    if person.groups.filter(pk=group.pk).exists():
        raise Refused(_("{name} has this role already.").format(name=person.display_name))
    person.groups.add(group)
    _forget(person)
    if needs_second_factor(person, now) and not has_second_factor(person):
        end_all(person)
    row = MEMBERSHIP._base_manager.get(user=person, group=group)
    record("person.role_given", obj=person, actor=actor, now=now, data={"role": role.value}, also=[row])


@transaction.atomic
def take_role(*, actor: User, person_id: int, role: Role, now: datetime) -> None:
    """Take the role from the person; raises Refused when they don't have it, or are the last administrator."""
    person = person_to_administer(actor, person_id)
    group = Group.objects.select_for_update().get(name=role.value)
    if not person.groups.filter(pk=group.pk).exists():
        raise Refused(_("{name} does not have this role.").format(name=person.display_name))
    if role is Role.ADMINISTRATOR:
        refuse_last_administrator(person)
    row = MEMBERSHIP._base_manager.get(user=person, group=group)
    person.groups.remove(group)
    _forget(person)
    record("person.role_taken", obj=person, actor=actor, now=now, data={"role": role.value}, gone=[row])


def lock_administrators() -> Group:
    """Lock the group of administrators, so that two of them can't leave at the same moment.

    Taken before the lock on a person: giving a role takes them in this order too.
    """
    return Group.objects.select_for_update().get(name=Role.ADMINISTRATOR.value)


def refuse_last_administrator(person: User) -> None:
    """Raise Refused when nobody else administers."""
    group = lock_administrators()
    administrators = set(User.objects.filter(groups=group, is_active=True).values_list("pk", flat=True))
    if administrators == {person.pk}:
        raise Refused(
            _("{name} is the last administrator. Make somebody else one first.").format(
                name=person.display_name
            )
        )


def _forget(person: User) -> None:
    """Forget what `roles_of` remembers of this instance."""
    person.__dict__.pop("_roles", None)

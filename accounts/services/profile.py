"""Changing what is known about a person: by themself, and by an administrator."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.changes import person_changed
from accounts.models import User
from accounts.permissions import person_to_administer
from audit.refusal import Refused
from audit.trail import record

OWN = frozenset({"display_name", "language", "time_zone", "deputy", "reminder_mode", "weekly_mail"})
_PERSONAL = frozenset(
    {"display_name", "line_manager", "deputy"}
)  # who somebody is stands where it can be erased
ADMINISTERED = frozenset({"display_name", "line_manager", "deputy", "team", "language", "time_zone"})


@transaction.atomic
def change_profile(*, actor: User, values: dict[str, Any], now: datetime) -> bool:
    """Change the person's own account; returns whether anything changed. `values` holds fields of OWN."""
    person = User.objects.select_for_update().get(pk=actor.pk)
    return _change("person.profile_changed", person, actor, _only(values, OWN), now)


@transaction.atomic
def change_person(*, actor: User, person_id: int, values: dict[str, Any], now: datetime) -> bool:
    """Change what an administrator knows about a person; returns whether anything changed."""
    person = User.objects.select_for_update().get(pk=person_to_administer(actor, person_id).pk)
    return _change("person.changed", person, actor, _only(values, ADMINISTERED), now)


def _only(values: dict[str, Any], allowed: frozenset[str]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in allowed}


def _change(verb: str, person: User, actor: User, values: dict[str, Any], now: datetime) -> bool:
    changed = sorted(name for name, value in values.items() if getattr(person, name) != value)
    if not changed:
        return False
    data = {
        name: {"old": getattr(person, name), "new": values[name]} for name in changed if name not in _PERSONAL
    }
    for name in changed:
        setattr(person, name, values[name])
    _refuse_circles(person)
    person.save(update_fields=changed)
    personal = {name: str(values[name] or "–") for name in changed if name in _PERSONAL}
    record(verb, obj=person, actor=actor, now=now, data=data, personal=personal)
    person_changed(person, changed, now)
    return True


def _refuse_circles(person: User) -> None:
    if person.deputy_id == person.pk:
        raise Refused(_("Nobody is their own deputy. Choose somebody else."))
    if person.line_manager_id == person.pk:
        raise Refused(_("Nobody is their own line manager. Choose somebody else."))

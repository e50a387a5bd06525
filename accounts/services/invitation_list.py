"""Checking a list of people against those who are here, and making guests of it."""

import dataclasses
from collections.abc import Sequence

from accounts.models import User
from accounts.roles import Role
from accounts.rules.invitation_list import Fault, Found, Row, read
from accounts.services.invitation import Guest
from accounts.timezones import time_zones


def examine(content: bytes) -> list[Row]:
    """Return the rows with all their faults, those of the database included; raises Unreadable. Changes nothing."""
    rows = read(content, roles=[role.value for role in Role], time_zones=frozenset(time_zones()))
    return check(rows)


def check(rows: Sequence[Row]) -> list[Row]:
    """Return the rows with the faults added that only the database knows."""
    asked = {row.email for row in rows} | {row.line_manager for row in rows if row.line_manager}
    here = dict(User.objects.filter(email__in=asked).values_list("email", "is_active"))
    checked = []
    for row in rows:
        faults = list(row.faults)
        if row.email in here:
            faults.append(Found(Fault.TAKEN, row.email))
        if row.line_manager and not here.get(row.line_manager):
            faults.append(Found(Fault.UNKNOWN_MANAGER, row.line_manager))
        checked.append(dataclasses.replace(row, faults=tuple(faults)))
    return checked


def guests_of(rows: Sequence[Row]) -> list[Guest]:
    """Return whom to invite; the rows must be without faults."""
    managers = {
        person.email: person for person in User.objects.filter(email__in={row.line_manager for row in rows})
    }
    return [
        Guest(
            email=row.email, display_name=row.name, roles=tuple(Role(name) for name in row.roles),
            language=row.language, time_zone=row.time_zone, line_manager=managers.get(row.line_manager),
        )
        for row in rows
    ]  # fmt: skip

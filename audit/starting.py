"""A process that finds the log without its guards, or that may do more to it than it must, refuses to start.

Neither is a system check that every command runs: `migrate`, which puts the guards back and needs the owner's login,
would run it first and refuse. `manage.py check --deploy --database default` asks both, see audit/checks.py.
"""

import os

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from audit import guards, logins
from audit.grants import Role

SEQUENCER_PASSWORD = "IMPRIMATUR_SEQUENCER_DATABASE_PASSWORD"  # noqa: S105  (a name)


def refuse_unguarded(role: Role = "application") -> None:
    """Raise ImproperlyConfigured when the log isn't guarded; called when a web server, worker or sequencer starts.

    In production on PostgreSQL also when the login has other rights than its role needs.
    """
    if found := unguarded():
        raise ImproperlyConfigured(" ".join(found))
    if found := wrong_login(role):
        raise ImproperlyConfigured(" ".join(found))


def unguarded() -> list[str]:
    """Return what is wrong with the triggers, after a sentence that says what to do; empty when nothing is."""
    found = guards.faults()
    if not found:
        return []
    why = "The audit log is not guarded, so nothing is written to it."
    return [f"{why} Run `manage.py migrate`, and find out who removed the guards.", *found]


def wrong_login(role: Role) -> list[str]:
    """Return in which way the login isn't that of the role, and what to do; empty outside production."""
    if not settings.AUDIT_LOGINS_APART:
        return []
    if found := logins.faults(role):
        return ["The audit log is not safe from this process.", *found]
    if role == "application" and os.environ.get(SEQUENCER_PASSWORD):
        return [f"{SEQUENCER_PASSWORD} belongs in the environment of the sequencer alone: unset it here."]
    return []


def connect_as_sequencer() -> None:
    """Let this process use the database as the sequencer's login, where the settings name one.

    Raises ImproperlyConfigured when that login has other rights than it needs.
    """
    user = settings.SEQUENCER_DATABASE_USER
    if user:
        connection.close()
        connection.settings_dict["USER"] = user
        connection.settings_dict["PASSWORD"] = settings.SEQUENCER_DATABASE_PASSWORD
    refuse_unguarded("sequencer")

"""A process that finds the log without its guards refuses to start."""

from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from audit import guards


def check_guards(*, databases: list[str] | None = None, **_options: object) -> list[CheckMessage]:
    """Report missing guards; run by `check --database default`."""
    if "default" not in (databases or []):
        return []
    database = connections["default"]
    if "audit_event" not in database.introspection.table_names():
        return []
    return [Error(fault, id="audit.E001") for fault in guards.faults(database)]


def refuse_unguarded() -> None:
    """Raise ImproperlyConfigured when the log isn't guarded; called when a web server or a worker starts."""
    if found := guards.faults():
        raise ImproperlyConfigured(
            "The audit log is not guarded, so nothing is written to it. Run `manage.py migrate`, and find out who "
            "removed the guards. " + " ".join(found)
        )

"""A process that finds the log without its guards refuses to start.

Not a system check: `migrate`, which puts the guards back, would run it first and refuse.
"""

from django.core.exceptions import ImproperlyConfigured

from audit import guards


def refuse_unguarded() -> None:
    """Raise ImproperlyConfigured when the log isn't guarded; called when a web server or a worker starts."""
    if found := guards.faults():
        raise ImproperlyConfigured(
            "The audit log is not guarded, so nothing is written to it. Run `manage.py migrate`, and find out who "
            "removed the guards. " + " ".join(found)
        )

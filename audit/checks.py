"""System checks of a production site that ask the database: `manage.py check --deploy --database default`."""

from collections.abc import Sequence

from django.apps import AppConfig
from django.core import checks

from audit import starting

UNGUARDED, WRONG_LOGIN = "audit.E001", "audit.E002"


def log_is_safe(
    *,
    app_configs: Sequence[AppConfig] | None = None,
    databases: Sequence[str] | None = None,
    **_given: object,
) -> list[checks.CheckMessage]:
    """Return what would keep web server and workers from starting; nothing unless the database is asked."""
    if app_configs is not None or "default" not in (databases or ()):
        return []
    found = ((UNGUARDED, starting.unguarded()), (WRONG_LOGIN, starting.wrong_login("application")))
    return [checks.Error(" ".join(sentences), id=name) for name, sentences in found if sentences]

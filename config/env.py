"""Typed reading of settings from the environment; what is missing or wrong is collected, and named all at once.

A settings module reads what it needs and ends with `refuse_if_incomplete()`. Until then a value that is missing or
wrong is the empty value of its type.
"""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

_faults: dict[str, str] = {}


def text(name: str, default: str | None = None) -> str:
    """Return the variable; without a default, an absent or empty one is a fault."""
    value = os.environ.get(name, "")
    if value:
        return value
    if default is None:
        _faults[name] = "is not set"
    return default or ""


def number(name: str, default: int | None = None) -> int:
    """Return the variable as an integer; anything else is a fault."""
    value = text(name, None if default is None else str(default))
    try:
        return int(value)
    except ValueError:
        _faults.setdefault(name, f"must be a whole number, but is {value!r}")
        return 0


def flag(name: str, default: bool = False) -> bool:
    """Return whether the variable is 1, true, yes or on; anything else but their opposites is a fault."""
    value = os.environ.get(name, "").lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value and value not in {"0", "false", "no", "off"}:
        _faults[name] = f"must be 1 or 0, but is {value!r}"
    return default if not value else False


def words(name: str, default: str | None = None) -> list[str]:
    """Return the comma-separated entries of the variable."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def one_of(name: str, allowed: tuple[str, ...], default: str) -> str:
    """Return the variable when it is one of the allowed values; anything else is a fault."""
    value = text(name, default)
    if value not in allowed:
        _faults[name] = f"must be one of {', '.join(allowed)}, but is {value!r}"
    return value


def folder(name: str, default: Path) -> Path:
    """Return the variable as an absolute path."""
    return Path(os.environ.get(name) or default).expanduser().absolute()


def broker(redis: str) -> str:
    """Return the address of a Redis as Celery spells it: unix:///path?db=1 is redis+socket:///path?virtual_host=1."""
    if not redis.startswith("unix://"):
        return redis
    return "redis+socket://" + redis.removeprefix("unix://").replace("?db=", "?virtual_host=")


def fault(name: str, what: str) -> None:
    """Add a fault that only the settings module can see: `what` continues the sentence after the name."""
    _faults.setdefault(name, what)


def refuse_if_incomplete() -> None:
    """Raise ImproperlyConfigured naming every variable that is missing or wrong."""
    if _faults:
        listed = "".join(f"\n  {name} {what}." for name, what in sorted(_faults.items()))
        _faults.clear()
        raise ImproperlyConfigured(f"Imprimatur can't start with this environment:{listed}")

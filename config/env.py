"""Typed reading of settings from the environment; what is missing or wrong is collected and named."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str | None = None) -> str:
    """Return the variable; without a default, an absent or empty one raises ImproperlyConfigured naming it."""
    value = os.environ.get(name, "")
    if value:
        return value
    if default is None:
        raise ImproperlyConfigured(f"{name} is not set.")
    return default


def number(name: str, default: int | None = None) -> int:
    """Return the variable as an integer; raises ImproperlyConfigured when it is not one."""
    value = text(name, None if default is None else str(default))
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, but is {value!r}.") from None


def flag(name: str, default: bool = False) -> bool:
    """Return whether the variable is 1, true, yes or on."""
    value = os.environ.get(name, "").lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    if value:
        raise ImproperlyConfigured(f"{name} must be 1 or 0, but is {value!r}.")
    return default


def words(name: str, default: str | None = None) -> list[str]:
    """Return the comma-separated entries of the variable."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def folder(name: str, default: Path) -> Path:
    """Return the variable as an absolute path."""
    return Path(os.environ.get(name) or default).expanduser().absolute()

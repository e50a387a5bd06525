"""What messages are made of: members that many types share, addresses of pages, moments."""

from datetime import UTC, datetime

from django.conf import settings
from django.urls import reverse

from webhooks.types import Value

URL = Value("uri", "address of its page; opening it needs a sign-in")
REFERENCE = Value("string", "number by which people name it")


def sha256(meaning: str, *, nullable: bool = False) -> Value:
    """A member that holds a SHA-256 as 64 hexadecimal digits."""
    return Value("sha256", meaning, nullable=nullable)


def at(meaning: str) -> Value:
    """A member that holds a moment (RFC 3339, UTC)."""
    return Value("date-time", meaning)


def page(name: str, *given: object) -> str:
    """Return the whole address of a page of ours."""
    return settings.BASE_URL.rstrip("/") + reverse(name, args=given)


def moment(value: datetime) -> str:
    """Return a moment as messages write it."""
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

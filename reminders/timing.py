"""A person's own clock: their time zone, their language, and the hours at which reminders count."""

from collections.abc import Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.utils import timezone, translation

from accounts.models import User
from reminders.rules.clocks import Clock


def clock() -> Clock:
    """Return the hours and the count of late reminders that this installation has chosen."""
    return Clock(
        hour=settings.REMINDERS_HOUR,
        digest_hour=settings.REMINDERS_DIGEST_HOUR,
        late_days=settings.REMINDERS_LATE_DAYS,
        manager_days=settings.REMINDERS_MANAGER_DAYS,
        board_days=settings.REMINDERS_BOARD_DAYS,
    )


def zone_of(name: str) -> ZoneInfo:
    """Return the named time zone, or UTC where this machine doesn't know it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


@contextmanager
def words_of(language: str, time_zone: str) -> Iterator[None]:
    """Speak this language, in this time zone, inside the block."""
    with translation.override(language), timezone.override(zone_of(time_zone)):
        yield


def wants_digest(person: User) -> bool:
    """Say whether the person gets one mail a day instead of single ones."""
    return bool(getattr(person, "reminder_mode", "single") == "daily")

"""The address of a person's calendar: a key that stands in it, of which only the digest is kept."""

import hashlib
import secrets
from datetime import datetime

from django.db import transaction

from accounts.models import User
from audit.trail import record


@transaction.atomic
def make_calendar_key(*, actor: User, now: datetime) -> str:
    """Make a new key and return it; it is shown once, and an older one ends."""
    key = secrets.token_urlsafe(32)
    _keep(actor, digest_of(key))
    record("person.calendar_made", obj=actor, actor=actor, now=now)
    return key


@transaction.atomic
def end_calendar_key(*, actor: User, now: datetime) -> bool:
    """End the key; returns whether there was one."""
    had = _keep(actor, "")
    if had:
        record("person.calendar_ended", obj=actor, actor=actor, now=now)
    return had


def digest_of(key: str) -> str:
    """Return the SHA-256 of a key in hexadecimal digits. The key is random and long, so it needs no slow hash."""
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


def person_of(key: str) -> User | None:
    """Return whose calendar the key opens; nobody's when it ended or the person was deactivated."""
    return User.objects.filter(calendar_sha256=digest_of(key), is_active=True).first()


def _keep(person: User, digest: str) -> bool:
    rows = User.objects.filter(pk=person.pk).exclude(calendar_sha256=digest)
    return bool(rows.update(calendar_sha256=digest))

"""One-time codes (RFC 6238): each is accepted once, also while the clocks of phone and server differ a little."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.core.cache import cache
from django.db.models import Exists, OuterRef
from django.utils.crypto import constant_time_compare

from accounts.models import User


class Finding(StrEnum):
    """What a code turned out to be."""

    ACCEPTED = "accepted"
    WRONG = "wrong"
    USED = "used"


@dataclass(frozen=True, slots=True)
class ShownCode:
    """A code that would be accepted now, and from when the next one is its successor."""

    code: str
    until: datetime


def secret_of(user: User) -> str | None:
    """Return the person's secret in clear, or None when they have set up no one-time codes."""
    found = Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).first()
    return None if found is None else decrypt(found.data["secret"])


def has_codes(person: str) -> Exists:
    """Return the condition that the person whose id stands in this field of a query has one-time codes."""
    return Exists(Authenticator.objects.filter(user_id=OuterRef(person), type=Authenticator.Type.TOTP))


def check(user: User, code: str, now: datetime) -> Finding:
    """Judge the code and, when it is right, use it up; WRONG also when the person has no one-time codes."""
    secret = secret_of(user)
    return Finding.WRONG if secret is None else use(user.pk, secret, code, now)


def use(user_id: int, secret: str, code: str, now: datetime) -> Finding:
    """Judge the code against this secret and use it up for this person."""
    typed = "".join(code.split())
    tolerance = app_settings.TOTP_TOLERANCE
    for counter in range(_counter(now) - tolerance, _counter(now) + tolerance + 1):
        if constant_time_compare(typed, _code(secret, counter)):
            lasts = app_settings.TOTP_PERIOD * (2 * tolerance + 1)
            return Finding.ACCEPTED if cache.add(_key(user_id, counter), 1, timeout=lasts) else Finding.USED
    return Finding.WRONG


def next_code(user: User, now: datetime) -> ShownCode | None:
    """Return the first code from now on that was not used yet, or None when all that are valid were used."""
    secret = secret_of(user)
    return None if secret is None else next_codes({user.pk: secret}, now).get(user.pk)


def next_codes(secrets: Mapping[int, str], now: datetime) -> dict[int, ShownCode]:
    """Return, for each person's secret, the first code from now on that was not used yet; one question to the cache."""
    current = _counter(now)
    counters = range(current, current + app_settings.TOTP_TOLERANCE + 1)
    used = cache.get_many([_key(person, counter) for person in secrets for counter in counters])
    until = datetime.fromtimestamp((current + 1) * app_settings.TOTP_PERIOD, tz=UTC)
    shown = {}
    for person, secret in secrets.items():
        for counter in counters:
            if _key(person, counter) not in used:
                shown[person] = ShownCode(_code(secret, counter), until)
                break
    return shown


def secrets_of(people: Iterable[int]) -> dict[int, str]:
    """Return the secrets in clear of those people who have set up one-time codes."""
    found = Authenticator.objects.filter(user_id__in=list(people), type=Authenticator.Type.TOTP)
    return {each.user_id: decrypt(each.data["secret"]) for each in found}


def _counter(now: datetime) -> int:
    return int(now.timestamp()) // int(app_settings.TOTP_PERIOD)


def _code(secret: str, counter: int) -> str:
    return str(format_hotp_value(hotp_value(secret, counter)))


def _key(user_id: int, counter: int) -> str:
    return f"accounts:totp:{user_id}:{counter}"

"""Who has to have a second factor, and who has one."""

from collections.abc import Callable
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.conf import settings

from accounts.models import User
from accounts.roles import roles_of

Reason = Callable[[User, datetime], bool]
_reasons: list[Reason] = []
_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def register(reason: Reason) -> None:
    """Name one more reason for which a person has to have a second factor; called from AppConfig.ready().

    The boards register their chairs, who sign without having a role.
    """
    _reasons.append(reason)


def needs_second_factor(user: User, now: datetime) -> bool:
    """Say whether the person signs or administers, and so has to have a second factor."""
    if roles_of(user) & set(settings.SECOND_FACTOR_ROLES):
        return True
    return any(reason(user, now) for reason in _reasons)


def is_last_factor(authenticator: Authenticator) -> bool:
    """Say whether the person would have neither one-time codes nor a passkey without this one."""
    others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=_FACTORS)
    return authenticator.type in _FACTORS and not others.exclude(pk=authenticator.pk).exists()


def has_second_factor(user: User) -> bool:
    """Say whether the person has set up one-time codes or a passkey."""
    return bool(Authenticator.objects.filter(user_id=user.pk, type__in=_FACTORS).exists())

"""Events of what allauth does: signing in and out, passwords, second factors, sessions.

allauth commits by itself and tells by signals: this is the one place in the product that listens to any.
"""

from datetime import datetime
from typing import Any

from allauth.account import signals as account
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_out
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import passkeys
from accounts.models import User
from accounts.second_factor import has_second_factor, needs_second_factor
from accounts.selectors import person_by_email
from audit import verbs
from audit.trail import record

MUST_SET_UP = (
    "accounts_must_set_up"  # in the session: the person has to set up a second factor before anything else
)
_WAYS = {"socialaccount": "organisation"}
_VERBS = (
    ("person.signed_in", _("Signed in"), _("A person signed in.")),
    ("person.sign_in_failed", _("Sign-in failed"), _("Somebody entered a wrong password or a wrong code.")),
    ("person.signed_out", _("Signed out"), _("A person signed out.")),
    ("password.changed", _("Password changed"), _("A person changed their password.")),
    ("password.reset", _("Password reset"), _("A person chose a new password by a link in a mail.")),
    ("second_factor.added", _("Second factor set up"), _("A person set up one-time codes.")),
    ("second_factor.removed", _("Second factor removed"), _("A person removed their one-time codes.")),
    ("recovery_codes.made", _("Recovery codes made"), _("A person got new recovery codes.")),
    ("recovery_code.used", _("Recovery code used"), _("A person signed in with a recovery code.")),
    ("session.ended", _("Session ended"), _("Sessions of a person were ended.")),
)


def connect() -> None:
    """Register the verbs and listen; called from AppConfig.ready()."""
    for name, label, sentence in _VERBS:
        verbs.register(name, label, sentence)
        verbs.leave_as_is(name)
    account.user_logged_in.connect(_signed_in, dispatch_uid="accounts.signed_in")
    user_logged_out.connect(_signed_out, dispatch_uid="accounts.signed_out")
    account.password_changed.connect(_password_changed, dispatch_uid="accounts.password_changed")
    account.password_set.connect(_password_changed, dispatch_uid="accounts.password_set")
    account.password_reset.connect(_password_reset, dispatch_uid="accounts.password_reset")
    mfa.authenticator_added.connect(_added, dispatch_uid="accounts.added")
    mfa.authenticator_removed.connect(_removed, dispatch_uid="accounts.removed")
    mfa.authenticator_reset.connect(_added, dispatch_uid="accounts.reset")
    mfa.authenticator_used.connect(_used, dispatch_uid="accounts.used")
    mfa.authentication_failed.connect(_wrong_code, dispatch_uid="accounts.wrong_code")


def sign_in_failed(request: HttpRequest, email: str) -> None:
    """Leave an event at the person to whom the address belongs; an unknown address leaves none."""
    person = person_by_email(email)
    if person is not None:
        _witness("person.sign_in_failed", person, request, actor=None, data={"what": "password"})


def sessions_ended(person: User, count: int) -> None:
    """Leave an event of the person's own ending of sessions."""
    _witness("session.ended", person, context.request, data={"sessions": count})


def _witness(
    verb: str,
    person: User,
    request: HttpRequest | None,
    *,
    actor: bool | User | None = True,
    data: dict[str, Any] | None = None,
) -> None:
    """Record the event; the person themself acted unless `actor` is None (nobody knows who did)."""
    now: datetime = timezone.now()
    with transaction.atomic():
        record(
            verb, obj=person, actor=None if actor is None else person, now=now, data=data,
            personal=_address(request),
        )  # fmt: skip


def _address(request: HttpRequest | None) -> dict[str, str]:
    return {"address": get_adapter().get_client_ip(request)} if request is not None else {}


@transaction.atomic
def _passkeys_removed(request: HttpRequest, user: User) -> None:
    """Say which; its row stays, because it may have signed."""
    now = timezone.now()
    gone = passkeys.retire(user, now)
    if gone:
        record(
            "passkey.removed", obj=gone[0].person, actor=user, now=now, also=gone, personal=_address(request),
            data={"credential": gone[0].credential_id},
        )  # fmt: skip


def _signed_in(request: HttpRequest, user: User, **kwargs: object) -> None:
    if needs_second_factor(user, timezone.now()) and not has_second_factor(user):
        request.session[MUST_SET_UP] = True
    records = request.session.get("account_authentication_methods") or []
    methods = {_WAYS.get(each["method"], each["method"]) for each in records}
    data = {"methods": ["sample"] if kwargs.get("sample") else sorted(methods)}
    _witness("person.signed_in", user, request, data=data)


def _signed_out(request: HttpRequest, user: User | None, **_kwargs: object) -> None:
    if user is not None:
        _witness("person.signed_out", user, request)


def _password_changed(request: HttpRequest, user: User, **_kwargs: object) -> None:
    _witness("password.changed", user, request)


def _password_reset(request: HttpRequest, user: User, **_kwargs: object) -> None:
    _witness("password.reset", user, request)


def _added(request: HttpRequest, user: User, authenticator: Authenticator, **_kwargs: object) -> None:
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        _witness("recovery_codes.made", user, request)
        return
    request.session.pop(MUST_SET_UP, None)
    if authenticator.type == Authenticator.Type.WEBAUTHN:
        passkeys.register(authenticator, timezone.now(), _address(request))
    else:
        _witness("second_factor.added", user, request, data={"kind": authenticator.type})


def _removed(request: HttpRequest, user: User, authenticator: Authenticator, **_kwargs: object) -> None:
    if authenticator.type == Authenticator.Type.WEBAUTHN:
        _passkeys_removed(request, user)
    elif authenticator.type != Authenticator.Type.RECOVERY_CODES:
        _witness("second_factor.removed", user, request, data={"kind": authenticator.type})


def _used(request: HttpRequest, user: User, authenticator: Authenticator, **_kwargs: object) -> None:
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        _witness("recovery_code.used", user, request)


def _wrong_code(request: HttpRequest, user: User, **_kwargs: object) -> None:
    _witness("person.sign_in_failed", user, request, actor=None, data={"what": "code"})

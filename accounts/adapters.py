"""What allauth does our way: nobody signs themself up, secrets are encrypted, mail leaves by jobs, QR codes are SVG."""

import time
from collections.abc import Iterable
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import user_pk_to_url_str
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts import cipher, letters, passkeys, qr, witness
from accounts.models import User
from accounts.organisation.provider import end_of_session
from accounts.second_factor import is_last_factor, needs_second_factor
from jobs.queue import enqueue


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Sign-in, passwords."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("E-mail address and password don't belong together."),
        "enter_current_password": _("This is not your current password."),
        "incorrect_password": _("The password is not right."),
        "incorrect_code": _("The six digits are not right. Enter the code that your app shows now."),
        "invalid_password_reset": _("This link was used already or is too old. Ask for a new one."),
        "too_many_login_attempts": _("Too many wrong answers. Wait five minutes, then try again."),
        "rate_limited": _("Too many tries in a short time. Wait a minute, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Nobody signs themself up: people are invited."""
        return False

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """Where somebody came in through the organisation's provider, end the session there, too."""
        token = request.session.get("organisation_id_token")
        ended = end_of_session(token) if token and settings.OIDC["issuer"] else ""
        return ended or reverse("account_login")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002
        """Back to the account."""
        return reverse("accounts:me")

    def authentication_failed(self, request: HttpRequest, **credentials: object) -> None:
        """Leave an event when the address belongs to somebody."""
        witness.sign_in_failed(request, str(credentials.get("email", "")))

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:  # noqa: ARG002
        """Send it by a job: the answer takes as long for a stranger's address, and a silent mail server costs nothing.

        The link is made when the mail is, so that it does not stand in the database.
        """
        payload = {"person": user.pk, "key": letters.new_key()}
        enqueue("accounts.password_reset_mail", payload, now=timezone.now())

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,  # noqa: ARG002  (allauth gives it by name)
        email: str | None = None,  # noqa: ARG002
    ) -> None:
        """Tell people by mail what changed at their door (a password, a second factor), by a job."""
        payload = {"person": user.pk, "key": letters.new_key(), "what": template_prefix.rsplit("/", 1)[-1]}
        enqueue("accounts.notice_mail", payload, now=timezone.now())

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Not within minutes of signing in for somebody whom we send to set up a second factor."""
        request = context.request
        if request.session.get(witness.MUST_SET_UP):
            methods = request.session.get("account_authentication_methods") or [{"at": 0}]
            return bool(time.time() - methods[-1]["at"] >= app_settings.REAUTHENTICATION_TIMEOUT)
        return bool(super().is_reauthentication_required(app=app))


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """One-time codes and passkeys."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("The six digits are not right. Enter the code that your app shows now."),
        "used_code": _("This code was used already. Wait for the next one in your app, and enter that."),
        "cannot_delete_authenticator": _(
            "What you do here needs one-time codes or a passkey, and this is the last. Set up another first."
        ),
    }

    def encrypt(self, text: str) -> str:
        """Secrets stand in the database only encrypted."""
        return cipher.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """The counterpart; raises Undecipherable."""
        return cipher.decrypt(encrypted_text)

    def get_totp_issuer(self) -> str:
        """The name that the app shows."""
        return str(pgettext_lazy("issuer in an authenticator app", "Imprimatur ({organisation})")).format(
            organisation=settings.ORGANISATION
        )

    def build_totp_svg(self, url: str) -> str:
        """The QR code as SVG that stands in the page itself."""
        return qr.svg(url)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Who needs a second factor can't take the last one away."""
        return not is_last_factor(authenticator) or not needs_second_factor(
            authenticator.user, timezone.now()
        )

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Passkeys are made for the host of the product's address, whatever host a request names."""
        return {"id": passkeys.rp_id(), "name": settings.ORGANISATION}

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        """What the device shows; the account's number, as text, is how it tells us who signs in."""
        return {
            "id": user_pk_to_url_str(user).encode(),
            "name": user.email,
            "display_name": user.display_name,
        }

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002, ARG002  (allauth)
        """The name of a passkey whose person gave none."""
        return str(_("Passkey"))


class SessionsAdapter(DefaultUserSessionsAdapter):  # type: ignore[misc]  # allauth has no types
    """Own sessions."""

    def end_sessions(self, sessions: Iterable[UserSession]) -> None:
        """End them and leave an event."""
        ended = list(sessions)
        super().end_sessions(ended)
        if ended:
            witness.sessions_ended(ended[0].user, len(ended))

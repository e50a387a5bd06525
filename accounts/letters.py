"""Letters about accounts: rendered in the reader's language, sent by jobs, with one Message-ID on every attempt."""

import uuid
from collections.abc import Mapping
from email.utils import parseaddr
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from accounts.invitations import path_of
from accounts.models import Invitation, User
from accounts.proofs import SigningLock

NOTICES = frozenset(
    {"password_changed", "password_reset", "password_set", "totp_activated", "totp_deactivated"}
)
NOTICES_OF_CODES = frozenset({"recovery_codes_generated", "second_factor_reset"})
NOTICES_OF_SIGNING = frozenset({"webauthn_added", "webauthn_removed", "signing_locked", "signing_unlocked"})


def send(*, person: User, name: str, key: str, context: Mapping[str, Any] | None = None) -> None:
    """Send the letter `templates/accounts/mail/<name>.txt`, whose first line is the subject.

    `key` tells this letter from every other: repeated attempts carry the same Message-ID. Raises what the mail backend
    raises, so that the job is tried again.
    """
    with translation.override(person.language):
        content = {"person": person, "organisation": settings.ORGANISATION, "base_url": settings.BASE_URL}
        text = render_to_string(f"accounts/mail/{name}.txt", content | dict(context or {})).strip()
    subject, _line, body = text.partition("\n")
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    headers = {"Message-ID": f"<accounts.{name}.{key}@{domain}>", "Auto-Submitted": "auto-generated"}
    EmailMessage(" ".join(subject.split()), body.strip() + "\n", to=[person.email], headers=headers).send()


def new_key() -> str:
    """Return a key for a letter that no row stands for."""
    return uuid.uuid4().hex


def send_invitation(payload: Mapping[str, Any]) -> None:
    """Job: invite a person; nothing is sent when the invitation was accepted or withdrawn meanwhile."""
    invitation = Invitation.objects.select_related("person", "made_by").get(pk=payload["invitation"])
    if not invitation.is_open(timezone.now()):
        return
    context = {"invitation": invitation, "url": settings.BASE_URL + path_of(invitation)}
    send(person=invitation.person, name="invitation", key=str(invitation.pk), context=context)


def send_password_reset(payload: Mapping[str, Any]) -> None:
    """Job: send the link by which a person chooses a new password."""
    person = User.objects.get(pk=payload["person"])
    if not person.is_active:
        return
    token = default_token_generator.make_token(person)
    path = reverse("account_reset_password_from_key", args=[user_pk_to_url_str(person), token])
    send(person=person, name="password_reset", key=payload["key"], context={"url": settings.BASE_URL + path})


def send_notice(payload: Mapping[str, Any]) -> None:
    """Job: tell a person what changed at their door."""
    what = payload["what"]
    if what in NOTICES | NOTICES_OF_CODES | NOTICES_OF_SIGNING:
        person = User.objects.get(pk=payload["person"])
        send(person=person, name="notice", key=payload["key"], context={"what": what})


def send_signing_locked(payload: Mapping[str, Any]) -> None:
    """Job: tell an administrator that signing is locked for somebody; nothing when it was unlocked meanwhile."""
    lock = SigningLock.objects.select_related("person").get(pk=payload["lock"])
    administrator = User.objects.get(pk=payload["person"])
    if lock.unlocked_at is not None or not administrator.is_active:
        return
    url = settings.BASE_URL + reverse("accounts:person", args=[lock.person_id])
    key = f"{lock.pk}.{administrator.pk}"
    send(person=administrator, name="signing_locked", key=key, context={"lock": lock, "url": url})


def send_test(payload: Mapping[str, Any]) -> None:
    """Job: send the letter by which an administrator sees that mail arrives."""
    send(person=User.objects.get(pk=payload["person"]), name="test", key=payload["key"])

"""Passkeys, signatures and locks leave their events: where the database watches the commits, nothing is refused."""

from datetime import UTC, datetime

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import Group
from django.db import IntegrityError, connection
from django.test import Client

from accounts import totp
from accounts.models import User
from accounts.proofs import Confirmation, Method, Passkey, SigningLock
from accounts.roles import Role
from accounts.services.second_factor import reset_second_factor
from accounts.services.signing_lock import unlock_signing
from accounts.signing import Act, Proof, asking
from audit import guards
from audit.refusal import Refused
from tests.accounts.conftest import PASSWORD, events_of
from tests.accounts.pages.test_passkeys import enter, set_up
from tests.passkeys import Device
from tests.proofs import signed

pytestmark = pytest.mark.engine("postgresql")
NOW = datetime(2026, 3, 2, 9, 0, 10, tzinfo=UTC)


def somebody(name: str, *roles: Role) -> User:
    user = User.objects.create_user(f"{name}@example.org", PASSWORD, display_name=name)
    user.groups.set(Group.objects.filter(name__in=roles))
    return user


def test_all_of_it_commits_and_nothing_goes_behind_it(committed: None) -> None:
    ada, lex = somebody("ada", Role.ADMINISTRATOR), somebody("lex")
    guards.install(connection, commit_guard=True)
    browser = Client()
    enter(browser, lex)
    set_up(browser, Device())
    set_up(browser, Device(), "Second")
    first, second = Authenticator.objects.filter(type="webauthn").order_by("id")
    browser.post(f"/accounts/2fa/webauthn/keys/{second.pk}/edit/", {"name": "Blue"})
    browser.post(f"/accounts/2fa/webauthn/keys/{first.pk}/remove/")
    TOTP.activate(lex, generate_totp_secret())
    shown = totp.next_code(lex, NOW)
    assert shown is not None
    signed(lex, Proof(password=PASSWORD, code=shown.code), NOW)
    for _ in range(10):
        with pytest.raises(Refused):
            signed(lex, Proof(password="wrong", code="000000"), NOW)
    unlock_signing(actor=ada, person_id=lex.pk, reason="It was them.", now=NOW)
    reset_second_factor(actor=ada, person_id=lex.pk, reason="Lost.", now=NOW)
    told = events_of(lex)
    assert told[-3:] == ["signing.locked", "signing.unlocked", "second_factor.reset"]
    for verb, times in (("passkey.registered", 2), ("passkey.renamed", 1), ("passkey.removed", 1)):
        assert told.count(verb) == times
    with pytest.raises(IntegrityError, match="needs an event"):
        Passkey.objects.update(public_key=b"another")
    with pytest.raises(IntegrityError, match="needs an event"):
        SigningLock.objects.update(failures=1)
    with pytest.raises(IntegrityError, match="only added"):
        Confirmation.objects.update(method=Method.PASSWORD.value)


def test_a_service_that_forgets_the_confirmation_in_its_event_can_not_commit(committed: None) -> None:
    lex = somebody("lex")
    TOTP.activate(lex, generate_totp_secret())
    guards.install(connection, commit_guard=True)
    shown = totp.next_code(lex, NOW)
    assert shown is not None

    def forgets() -> None:
        with asking(user=lex, proof=Proof(password=PASSWORD, code=shown.code), now=NOW) as asked:
            asked.confirm(Act("x.y", "1", {}))

    with pytest.raises(IntegrityError, match="needs an event"):
        forgets()
    assert not Confirmation.objects.exists()

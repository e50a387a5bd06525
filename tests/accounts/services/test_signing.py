"""A person who signs proves again who they are."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache

from accounts import signing, totp
from accounts.models import User
from audit.refusal import Refused

NOW = datetime(2026, 3, 2, 9, 0, 10, tzinfo=UTC)
PASSWORD = "a harbour in the fog"


@pytest.fixture
def signer(db: None) -> User:
    user = User.objects.create_user("signer@example.org", PASSWORD, display_name="Signer")
    TOTP.activate(user, generate_totp_secret())
    return user


def code(user: User, now: datetime = NOW) -> str:
    shown = totp.next_code(user, now)
    assert shown is not None
    return shown.code


def test_password_and_code_prove_the_person(signer: User) -> None:
    assert signing.confirm(user=signer, password=PASSWORD, code=code(signer), now=NOW) == signing.METHOD


def test_a_code_that_was_used_is_refused_and_the_next_one_accepted(signer: User) -> None:
    first = code(signer)
    signing.confirm(user=signer, password=PASSWORD, code=first, now=NOW)
    with pytest.raises(Refused, match=r"used already\. Wait for the next one"):
        signing.confirm(user=signer, password=PASSWORD, code=first, now=NOW)
    second = code(signer)
    assert second != first
    assert signing.confirm(user=signer, password=PASSWORD, code=second, now=NOW) == signing.METHOD


def test_a_used_code_stays_used_as_long_as_clocks_may_differ(signer: User) -> None:
    early = NOW - timedelta(seconds=30)
    later = code(signer, NOW)  # the code of the step after `early`
    signing.confirm(user=signer, password=PASSWORD, code=later, now=early)
    for seconds in (0, 30):
        with pytest.raises(Refused, match="used already"):
            signing.confirm(user=signer, password=PASSWORD, code=later, now=NOW + timedelta(seconds=seconds))


def test_codes_of_the_step_before_and_after_are_accepted_and_older_ones_are_not(signer: User) -> None:
    old = [code(signer, NOW + timedelta(seconds=30 * step)) for step in (-2, 2)]
    for wrong in old:
        with pytest.raises(Refused, match="six digits are not right"):
            signing.confirm(user=signer, password=PASSWORD, code=wrong, now=NOW)
    near = code(signer, NOW - timedelta(seconds=30))
    assert signing.confirm(user=signer, password=PASSWORD, code=near, now=NOW) == signing.METHOD


def test_a_wrong_password_does_not_use_up_the_code(signer: User) -> None:
    right = code(signer)
    with pytest.raises(Refused, match="password is not right"):
        signing.confirm(user=signer, password="wrong", code=right, now=NOW)
    assert signing.confirm(user=signer, password=PASSWORD, code=right, now=NOW) == signing.METHOD


def test_a_code_may_be_typed_in_two_groups(signer: User) -> None:
    typed = code(signer)
    assert signing.confirm(user=signer, password=PASSWORD, code=f"{typed[:3]} {typed[3:]}", now=NOW)


def test_five_wrong_answers_lock_signing_also_for_the_right_one(signer: User) -> None:
    for _ in range(signing.ATTEMPTS):
        with pytest.raises(Refused, match="not right") as refusal:
            signing.confirm(user=signer, password="wrong", code="000000", now=NOW)
    assert "now locked for 15 minutes" in str(refusal.value)
    with pytest.raises(Refused, match="locked after 5 wrong answers"):
        signing.confirm(user=signer, password=PASSWORD, code=code(signer), now=NOW)


def test_the_lock_of_one_person_does_not_touch_another(signer: User) -> None:
    other = User.objects.create_user("other@example.org", PASSWORD, display_name="Other")
    TOTP.activate(other, generate_totp_secret())
    for _ in range(signing.ATTEMPTS + 1):
        with pytest.raises(Refused):
            signing.confirm(user=signer, password="wrong", code="000000", now=NOW)
    assert signing.confirm(user=other, password=PASSWORD, code=code(other), now=NOW)


def test_a_right_answer_forgets_the_wrong_ones_before_it(signer: User) -> None:
    for _ in range(signing.ATTEMPTS - 1):
        with pytest.raises(Refused):
            signing.confirm(user=signer, password="wrong", code="000000", now=NOW)
    signing.confirm(user=signer, password=PASSWORD, code=code(signer), now=NOW)
    with pytest.raises(Refused) as refusal:
        signing.confirm(user=signer, password="wrong", code="000000", now=NOW)
    assert "locked" not in str(refusal.value)


def test_recovery_codes_do_not_sign(signer: User) -> None:

    recovery = RecoveryCodes.activate(signer)
    unused = recovery.get_unused_codes()
    with pytest.raises(Refused, match="six digits"):
        signing.confirm(user=signer, password=PASSWORD, code=unused[0], now=NOW)
    recovery.instance.refresh_from_db()
    assert recovery.get_unused_codes() == unused


def test_without_one_time_codes_nobody_signs(db: None) -> None:
    user = User.objects.create_user("bare@example.org", PASSWORD, display_name="Bare")
    with pytest.raises(Refused, match="Set them up"):
        signing.confirm(user=user, password=PASSWORD, code="", now=NOW)


def test_a_deactivated_person_does_not_sign(signer: User) -> None:
    signer.is_active = False
    with pytest.raises(Refused, match="deactivated"):
        signing.confirm(user=signer, password=PASSWORD, code=code(signer), now=NOW)


def test_the_secret_stands_encrypted_in_the_database(signer: User) -> None:

    stored = Authenticator.objects.get(user=signer).data["secret"]
    secret = totp.secret_of(signer)
    assert secret
    assert secret not in stored
    assert not cache.get(stored)

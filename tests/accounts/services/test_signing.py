"""A person who signs proves again who they are."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.db import transaction

from accounts import totp
from accounts.models import User
from accounts.proofs import Confirmation, Method
from accounts.signing import Act, Proof, asked_of, asking
from audit.refusal import Refused
from tests.proofs import signed

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


def confirm(user: User, password: str = "", code: str = "", now: datetime = NOW, session: str = "") -> str:
    """Sign and return the method."""
    return signed(user, Proof(session=session, password=password, code=code), now).method


def test_password_and_code_prove_the_person(signer: User) -> None:
    assert confirm(signer, PASSWORD, code(signer), NOW) == Method.BOTH


def test_a_code_that_was_used_is_refused_and_the_next_one_accepted(signer: User) -> None:
    first = code(signer)
    confirm(signer, PASSWORD, first, NOW)
    with pytest.raises(Refused, match=r"used already\. Wait for the next one"):
        confirm(signer, PASSWORD, first, NOW)
    second = code(signer)
    assert second != first
    assert confirm(signer, PASSWORD, second, NOW) == Method.BOTH


def test_a_used_code_stays_used_as_long_as_clocks_may_differ(signer: User) -> None:
    early = NOW - timedelta(seconds=30)
    later = code(signer, NOW)  # the code of the step after `early`
    confirm(signer, PASSWORD, later, early)
    for seconds in (0, 30):
        with pytest.raises(Refused, match="used already"):
            confirm(signer, PASSWORD, later, NOW + timedelta(seconds=seconds))


def test_codes_of_the_step_before_and_after_are_accepted_and_older_ones_are_not(signer: User) -> None:
    old = [code(signer, NOW + timedelta(seconds=30 * step)) for step in (-2, 2)]
    for wrong in old:
        with pytest.raises(Refused, match="six digits are not right"):
            confirm(signer, PASSWORD, wrong, NOW)
    near = code(signer, NOW - timedelta(seconds=30))
    assert confirm(signer, PASSWORD, near, NOW) == Method.BOTH


def test_a_wrong_password_does_not_use_up_the_code(signer: User) -> None:
    right = code(signer)
    with pytest.raises(Refused, match="password is not right"):
        confirm(signer, "wrong", right, NOW)
    assert confirm(signer, PASSWORD, right, NOW) == Method.BOTH


def test_a_code_may_be_typed_in_two_groups(signer: User) -> None:
    typed = code(signer)
    assert confirm(signer, PASSWORD, f"{typed[:3]} {typed[3:]}", NOW)


def test_recovery_codes_do_not_sign(signer: User) -> None:

    recovery = RecoveryCodes.activate(signer)
    unused = recovery.get_unused_codes()
    with pytest.raises(Refused, match="six digits"):
        confirm(signer, PASSWORD, unused[0], NOW)
    recovery.instance.refresh_from_db()
    assert recovery.get_unused_codes() == unused


def test_without_one_time_codes_nobody_signs(db: None) -> None:
    user = User.objects.create_user("bare@example.org", PASSWORD, display_name="Bare")
    with pytest.raises(Refused, match="passkey or one-time codes"):
        confirm(user, PASSWORD, "")


def test_a_deactivated_person_does_not_sign(signer: User) -> None:
    signer.is_active = False
    with pytest.raises(Refused, match="deactivated"):
        confirm(signer, PASSWORD, code(signer), NOW)


def test_the_secret_stands_encrypted_in_the_database(signer: User) -> None:

    stored = Authenticator.objects.get(user=signer).data["secret"]
    secret = totp.secret_of(signer)
    assert secret
    assert secret not in stored
    assert not cache.get(stored)


def test_what_is_signed_is_kept_to_the_byte(signer: User) -> None:
    act = Act("minutes.approve", "7", {"record_sha256": "a" * 64, "meaning": "They are right."})
    kept = signed(signer, Proof(password=PASSWORD, code=code(signer)), NOW, act)
    assert kept.stated_at == NOW
    statement = json.loads(bytes(Confirmation.objects.get().statement))
    nonce = statement.pop("nonce")
    assert len(nonce) == 64
    assert statement == {
        "schema": "imprimatur/signature/v1", "act": "minutes.approve", "subject": "7", "record_sha256": "a" * 64,
        "meaning": "They are right.", "signer": str(signer.pseudonym), "name": "Signer",
        "time": "2026-03-02T09:00:10.000000Z", "method": "password and one-time code",
    }  # fmt: skip


def test_an_act_can_not_say_what_every_statement_says(signer: User) -> None:
    with pytest.raises(ValueError, match="signer"):
        signed(signer, Proof(password=PASSWORD, code=code(signer)), NOW, Act("x.y", "1", {"signer": "me"}))
    assert not Confirmation.objects.exists()


@pytest.mark.parametrize("given", [{"password": PASSWORD}, {"code": "123456"}, {}])
def test_the_first_signature_of_a_session_asks_for_both(signer: User, given: dict[str, str]) -> None:
    with pytest.raises(Refused, match="Enter"):
        signed(signer, Proof(session="s", **given), NOW)
    assert not Confirmation.objects.exists()


def test_within_fifteen_minutes_of_the_last_one_component_is_enough(signer: User) -> None:
    """21 CFR 11.200(a)(1)(i)."""
    assert confirm(signer, PASSWORD, code(signer), NOW, "s") == Method.BOTH
    later = NOW + timedelta(minutes=14)
    assert asked_of(signer, "s", later).sitting
    assert confirm(signer, PASSWORD, "", later, "s") == Method.PASSWORD
    later += timedelta(minutes=14)
    assert confirm(signer, "", code(signer, later), later, "s") == Method.CODE
    with pytest.raises(Refused, match="Enter your password, or"):
        confirm(signer, "", "", later, "s")
    stated = [json.loads(bytes(one.statement))["method"] for one in Confirmation.objects.all()]
    assert stated == [Method.BOTH, Method.PASSWORD, Method.CODE]


def test_one_wrong_component_is_refused_also_beside_a_right_one(signer: User) -> None:
    confirm(signer, PASSWORD, code(signer), NOW, "s")
    with pytest.raises(Refused, match="password is not right"):
        confirm(signer, "wrong", "", NOW, "s")
    with pytest.raises(Refused, match="six digits"):
        confirm(signer, PASSWORD, "000000", NOW, "s")
    assert Confirmation.objects.count() == 1


def test_after_fifteen_minutes_and_in_another_session_both_are_asked_again(
    signer: User, settings: Any
) -> None:
    """21 CFR 11.200(a)(1)(ii)."""
    confirm(signer, PASSWORD, code(signer), NOW, "s")
    for session, now in (("s", NOW + timedelta(minutes=15)), ("t", NOW), ("", NOW)):
        assert not asked_of(signer, session, now).sitting
        with pytest.raises(Refused, match="asks for both"):
            confirm(signer, PASSWORD, "", now, session)
    settings.SIGNING_SITTING_MINUTES = 0
    with pytest.raises(Refused, match="asks for both"):
        confirm(signer, PASSWORD, "", NOW, "s")


def test_the_sitting_of_another_person_in_the_same_browser_is_none(signer: User) -> None:
    other = User.objects.create_user("other@example.org", PASSWORD, display_name="Other")
    TOTP.activate(other, generate_totp_secret())
    confirm(signer, PASSWORD, code(signer), NOW, "s")
    with pytest.raises(Refused, match="asks for both"):
        confirm(other, PASSWORD, "", NOW, "s")


def test_an_act_that_fails_begins_no_sitting(signer: User) -> None:
    def act() -> None:
        with asking(user=signer, proof=Proof("s", PASSWORD, code(signer)), now=NOW) as asked:
            asked.confirm(Act("x.y", "1", {}))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act()
    assert not Confirmation.objects.exists()
    assert not asked_of(signer, "s", NOW).sitting


def test_nobody_signs_within_the_transaction_of_something_else(signer: User) -> None:
    """Else the count of wrong answers would be rolled back with it."""
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        confirm(signer, PASSWORD, code(signer))

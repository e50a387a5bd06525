"""People bring their own certificate: only one that is in date, for signing, and under a root that is named."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from django.conf import settings
from django.contrib.auth.models import Group

from accounts.models import User
from accounts.roles import Role
from audit.models import Event
from audit.refusal import IllegalTransition, Refused
from records.certificates import revoke_certificate
from records.models import Certificate, Origin, RevocationReason
from records.own_certificates import bring_certificate, leave_own_certificate
from records.seal import keystore
from records.seal.credentials import NotReady, person_at
from tests.records.houses import House

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
BANK = House("Example Bank")
pytestmark = pytest.mark.django_db


@pytest.fixture
def signer() -> User:
    return User.objects.create_user("he@example.org", "a long password", display_name="何秀兰")


@pytest.fixture(autouse=True)
def _named_roots(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    roots = tmp_path / "roots.pem"
    roots.write_text(House("Another House").roots_pem() + BANK.roots_pem())
    monkeypatch.setattr(settings, "PEOPLE_ROOTS", str(roots))


def bring(signer: User, content: bytes | None = None, password: str = "correct") -> Certificate:
    content = BANK.certify("He Xiulan").pkcs12() if content is None else content
    return bring_certificate(actor=signer, content=content, password=password, now=NOW)


def test_one_signs_with_ones_own_and_the_chain_leads_to_the_named_root(signer: User) -> None:
    of_house = person_at(signer, NOW)
    row = bring(signer)
    credential = person_at(signer, NOW)
    assert credential.sha256 == row.sha256 != of_house.sha256
    assert [item.subject.native["common_name"] for item in credential.chain] == [
        "He Xiulan", "Example Bank Records Issuing", "Example Bank Records Root",
    ]  # fmt: skip
    assert credential.crls == ()  # their authority's lists are not ours
    assert (row.origin, row.person, row.issuer) == (Origin.BROUGHT, signer, None)
    assert Certificate.objects.get(sha256=of_house.sha256).retired_at == NOW
    assert Event.objects.filter(verb="certificate.issued", object_id=row.sha256).count() == 1
    assert b"correct" not in (keystore.folder() / f"{row.sha256}.key").read_bytes()


def test_one_goes_back_to_a_certificate_of_the_house(signer: User) -> None:
    with pytest.raises(IllegalTransition):
        leave_own_certificate(actor=signer, now=NOW)
    bring(signer)
    row = leave_own_certificate(actor=signer, now=NOW + timedelta(days=1))
    assert row.origin == Origin.ISSUED
    assert person_at(signer, NOW + timedelta(days=1)).sha256 == row.sha256


def test_ones_own_is_not_replaced_by_itself_when_it_ends(signer: User) -> None:
    bring(signer)
    with pytest.raises(NotReady, match="Bring another one"):
        person_at(signer, NOW + timedelta(days=800))
    assert Certificate.objects.filter(person=signer).count() == 1


WRONG: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "no such file": (lambda: b"not a key", "correct", "not a PKCS#12 file"),
    "a wrong password": (BANK.certify("He").pkcs12, "wrong", "password is wrong"),
    "no password": (BANK.certify("He").pkcs12, "", "password is wrong"),
    "too large": (lambda: b"0" * 100_001, "", "too large"),
    "ended": (BANK.certify("He", days=3).pkcs12, "correct", "is valid from"),
    "begins later": (BANK.certify("He", now=NOW + timedelta(days=3)).pkcs12, "correct", "is valid from"),
    "an authority": (BANK.issuing.pkcs12, "correct", "not for signing"),
    "unknown root": (House("Elsewhere").certify("He").pkcs12, "correct", "doesn't lead to a root"),
    "no issuer in it": (lambda: BANK.certify("He").pkcs12(with_chain=False), "correct", "doesn't lead to a root"),
    "a short key": (
        lambda: BANK.certify("He", key=rsa.generate_private_key(65537, 1024)).pkcs12(), "correct", "2048 bits or more",
    ),
    "another curve": (
        lambda: BANK.certify("He", key=ec.generate_private_key(ec.SECP256K1())).pkcs12(), "correct", "must be EC on",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_what_one_can_not_sign_with_is_refused_with_the_reason(signer: User, case: str) -> None:
    content, password, told = WRONG[case]
    with pytest.raises(Refused, match=told):
        bring(signer, content(), password)
    assert not Certificate.objects.exists()
    assert not keystore.folder().exists()


def test_nobody_brings_what_somebody_else_brought_or_what_was_left_before(signer: User) -> None:
    content = BANK.certify("He Xiulan").pkcs12()
    bring(signer, content)
    with pytest.raises(IllegalTransition, match="already"):
        bring(signer, content)
    other = User.objects.create_user("other@example.org", display_name="Other")
    with pytest.raises(Refused, match="was used here before"):
        bring(other, content)
    assert not Certificate.objects.filter(person=other).exists()


def test_without_named_roots_nobody_brings_anything(signer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "PEOPLE_ROOTS", "")
    with pytest.raises(Refused, match="Nobody brings a certificate here"):
        bring(signer)


def test_who_was_revoked_does_not_come_back_with_another_file(signer: User) -> None:
    administrator = User.objects.create_user("ada@example.org", display_name="Ada")
    administrator.groups.add(Group.objects.get(name=Role.ADMINISTRATOR.value))
    row = bring(signer)
    revoke_certificate(
        actor=administrator, certificate_id=row.sha256, reason=RevocationReason.PRIVILEGE_WITHDRAWN,
        note="No legal staff any more.", now=NOW,
    )  # fmt: skip
    with pytest.raises(Refused, match="was revoked"):
        bring(signer)
    with pytest.raises(NotReady, match="was revoked"):
        person_at(signer, NOW)

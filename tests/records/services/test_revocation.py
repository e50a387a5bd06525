"""Certificates are revoked for good, the lists say so, and openssl, which knows nothing of us, agrees."""

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.contrib.auth.models import Group
from django.http import Http404

from accounts.models import User
from accounts.roles import Role
from accounts.services.deactivation import deactivate, reactivate
from audit.models import Event
from audit.refusal import IllegalTransition, Refused
from jobs.models import Job
from records.certificates import LISTS, issue_certificate, plan_lists, renew_lists, revoke_certificate, rotate
from records.models import Certificate, Purpose, RevocationList, RevocationReason
from records.seal import authority, lists
from records.seal.credentials import Credential, NotReady, person_at, seal_at, system_at

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
COMPROMISED = RevocationReason.KEY_COMPROMISE
pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> User:
    user = User.objects.create_user("ada@example.org", "a long password", display_name="Ada Admin")
    user.groups.add(Group.objects.get(name=Role.ADMINISTRATOR.value))
    return user


@pytest.fixture
def signer() -> User:
    return User.objects.create_user("he@example.org", "a long password", display_name="何秀兰" * 40)


def row_of(credential: Credential) -> Certificate:
    return Certificate.objects.get(sha256=credential.sha256)


def openssl(folder: Path, row: Certificate, at: datetime, *crls: bytes) -> tuple[bool, str]:
    """Have openssl verify the certificate with every list of its chain; return whether it holds, and what it said."""
    own, *others = x509.load_pem_x509_certificates(row.chain.encode())
    (folder / "own.pem").write_bytes(own.public_bytes(Encoding.PEM))
    (folder / "others.pem").write_bytes(b"".join(item.public_bytes(Encoding.PEM) for item in others[:-1]))
    (folder / "root.pem").write_bytes(others[-1].public_bytes(Encoding.PEM))
    (folder / "lists.pem").write_bytes(
        b"".join(x509.load_der_x509_crl(item).public_bytes(Encoding.PEM) for item in crls)
    )
    done = subprocess.run(
        [
            "openssl", "verify", "-x509_strict", "-crl_check_all", "-attime", str(int(at.timestamp())),
            "-CAfile", "root.pem", "-untrusted", "others.pem", "-CRLfile", "lists.pem", "own.pem",
        ],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode == 0, done.stdout + done.stderr


def revoke(
    actor: User, row: Certificate, now: datetime = LATER, note: str = "Its card was lost."
) -> Certificate:
    return revoke_certificate(actor=actor, certificate_id=row.sha256, reason=COMPROMISED, note=note, now=now)


def test_openssl_accepts_every_certificate_with_the_lists_that_come_along(
    tmp_path: Path, signer: User
) -> None:
    for credential in (person_at(signer, NOW), system_at(NOW), seal_at(NOW)):
        holds, said = openssl(tmp_path, row_of(credential), LATER, *credential.crls)
        assert holds, said
    late = NOW + timedelta(days=settings.REVOCATION_LIST_DAYS + 1)
    holds, said = openssl(tmp_path, row_of(credential), late, *credential.crls)
    assert not holds  # the check looks at the dates of the lists, so the answers above mean something
    assert "CRL has expired" in said


def test_openssl_refuses_a_revoked_certificate_and_still_accepts_the_others(
    tmp_path: Path, administrator: User, signer: User
) -> None:
    person, seal = person_at(signer, NOW), seal_at(NOW)
    row = revoke(administrator, row_of(person))
    crls = lists.of(row, LATER)
    holds, said = openssl(tmp_path, row, LATER, *crls)
    assert not holds
    assert "certificate revoked" in said
    assert openssl(tmp_path, row_of(seal), LATER, *crls)[0]


def test_the_list_says_when_and_why_and_its_number_only_grows(administrator: User, signer: User) -> None:
    person = person_at(signer, NOW)
    before = x509.load_der_x509_crl(person.crls[0])
    row = revoke(administrator, row_of(person))
    after = x509.load_der_x509_crl(bytes(lists.current(row.issuer, LATER).content))  # type: ignore[arg-type]
    assert len(before) == 0
    (entry,) = after
    assert (entry.serial_number, entry.revocation_date_utc) == (int(row.serial, 16), LATER)
    assert (
        entry.extensions.get_extension_for_class(x509.CRLReason).value.reason
        == x509.ReasonFlags.key_compromise
    )
    assert after.next_update_utc == LATER + timedelta(days=settings.REVOCATION_LIST_DAYS)
    numbers = [
        item.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number for item in (before, after)
    ]
    assert numbers[0] < numbers[1]
    issuer = x509.load_pem_x509_certificates(row.issuer.chain.encode())[0]  # type: ignore[union-attr]
    assert after.is_signature_valid(issuer.public_key())  # type: ignore[arg-type]


def test_two_lists_of_one_second_and_one_after_a_restore_have_growing_numbers(signer: User) -> None:
    person_at(signer, NOW)
    issuer = authority.in_use(Purpose.ISSUING)
    assert issuer
    first = lists.current(issuer, NOW)
    second = lists._signed(issuer, first, NOW)
    assert second.number == first.number + 1
    RevocationList.objects.all().delete()  # as if an older backup had been brought back
    assert lists.current(issuer, LATER).number > second.number


def test_a_list_is_signed_anew_when_it_is_a_day_old_and_not_before(signer: User) -> None:
    person_at(signer, NOW)
    made = RevocationList.objects.count()
    renew_lists(NOW + timedelta(hours=23))
    assert RevocationList.objects.count() == made
    renew_lists(NOW + timedelta(hours=25))
    assert RevocationList.objects.count() == made * 2
    assert set(RevocationList.objects.values_list("entries", flat=True)) == {0}


def test_beat_plans_it_once_a_day(signer: User) -> None:
    for hours in (0, 1, 2):
        plan_lists(NOW + timedelta(hours=hours))
    assert Job.objects.filter(kind=LISTS).count() == 1
    plan_lists(NOW + timedelta(days=1))
    assert Job.objects.filter(kind=LISTS).count() == 2


def test_whoever_was_revoked_signs_no_more_until_an_administrator_issues_another(
    administrator: User, signer: User
) -> None:
    row = revoke(administrator, row_of(person_at(signer, NOW)))
    with pytest.raises(NotReady, match="was revoked"):
        person_at(signer, LATER)
    fresh = issue_certificate(actor=administrator, person_id=signer.pk, now=LATER)
    assert person_at(signer, LATER).sha256 == fresh.sha256 != row.sha256
    row.refresh_from_db()
    assert row.revoked_at == LATER  # it stays revoked
    assert [event.verb for event in Event.objects.filter(object_id__in=[row.sha256, fresh.sha256]).order_by("id")] == [
        "certificate.issued", "certificate.revoked", "certificate.issued",
    ]  # fmt: skip


def test_a_revocation_needs_a_reason_and_happens_once(administrator: User, signer: User) -> None:
    row = row_of(person_at(signer, NOW))
    with pytest.raises(Refused, match="Say why"):
        revoke(administrator, row, note=" ")
    revoke(administrator, row)
    with pytest.raises(IllegalTransition):
        revoke(administrator, row, LATER + timedelta(days=1))
    row.refresh_from_db()
    assert row.revoked_at == LATER
    assert Event.objects.filter(verb="certificate.revoked").count() == 1


def test_only_administrators_revoke_and_issue_and_nobody_revokes_a_root(
    administrator: User, signer: User
) -> None:
    row = row_of(person_at(signer, NOW))
    with pytest.raises(Http404):
        revoke(signer, row)
    with pytest.raises(Http404):
        issue_certificate(actor=signer, person_id=signer.pk, now=NOW)
    root = authority.in_use(Purpose.ROOT)
    assert root
    with pytest.raises(Refused, match="No list can say"):
        revoke(administrator, root)
    assert not Certificate.objects.exclude(revoked_at=None).exists()


def test_who_leaves_loses_the_certificate_in_the_event_of_leaving(administrator: User, signer: User) -> None:
    row = row_of(person_at(signer, NOW))
    events = Event.objects.count()
    deactivate(actor=administrator, person_id=signer.pk, reason="", now=LATER)
    row.refresh_from_db()
    assert (row.revoked_at, row.revocation) == (LATER, RevocationReason.AFFILIATION_CHANGED)
    assert Event.objects.count() == events + 1
    assert "records.certificate" in bytes(Event.objects.latest("id").leaf).decode()
    reactivate(actor=administrator, person_id=signer.pk, now=LATER)
    with pytest.raises(NotReady, match="was revoked"):  # coming back gives nobody the right to sign
        person_at(User.objects.get(pk=signer.pk), LATER)


def test_a_revoked_issuing_authority_issues_nothing_and_a_new_one_takes_its_place(
    tmp_path: Path, administrator: User, signer: User
) -> None:
    old = row_of(person_at(signer, NOW))
    assert old.issuer
    seal_at(NOW)
    revoke(administrator, old.issuer)
    with pytest.raises(NotReady, match="rotate issuing"):
        person_at(signer, LATER)
    with pytest.raises(NotReady, match="rotate issuing"):
        seal_at(LATER)
    rotate(purpose=Purpose.ISSUING, now=LATER)
    assert row_of(seal_at(LATER)).issuer_id != old.issuer_id
    person = person_at(signer, LATER)
    assert row_of(person).issuer_id != old.issuer_id
    assert openssl(tmp_path, row_of(person), LATER, *person.crls)[0]
    holds, said = openssl(
        tmp_path, old, LATER, *person.crls, *(bytes(item.content) for item in old.issuer.lists.all())
    )
    assert not holds
    assert "certificate revoked" in said


def test_after_a_rotation_what_was_issued_before_holds_and_its_lists_go_on(
    tmp_path: Path, signer: User
) -> None:
    old, seal = person_at(signer, NOW), seal_at(NOW)
    fresh = rotate(purpose=Purpose.ISSUING, now=LATER)
    assert person_at(signer, LATER).sha256 == old.sha256  # nobody changes for it before their own time
    assert seal_at(LATER).sha256 == seal.sha256
    assert fresh.name.endswith("Records Issuing 2")
    week = LATER + timedelta(days=7)
    renew_lists(week)
    assert openssl(tmp_path, row_of(old), week, *lists.of(row_of(old), week))[0]
    after = rotate(purpose=Purpose.SEAL, now=week)
    assert after.issuer_id == fresh.sha256
    assert seal_at(week).sha256 == after.sha256
    assert openssl(tmp_path, after, week, *seal_at(week).crls)[0]
    assert openssl(tmp_path, row_of(seal), week, *lists.of(row_of(seal), week))[0]
    assert row_of(seal).retired_at == week
    assert Event.objects.filter(verb="certificate.rotated").count() == 2
    ended = NOW + timedelta(days=365 * 11)
    assert row_of(old).issuer_id not in lists.keeping(ended).values_list("sha256", flat=True)


def test_a_new_root_takes_all_that_the_house_has_along(tmp_path: Path, signer: User) -> None:
    old = seal_at(NOW)
    root = rotate(purpose=Purpose.ROOT, now=LATER)
    seal = seal_at(LATER)
    assert seal.chain[-1].sha256.hex() == root.sha256
    assert openssl(tmp_path, row_of(seal), LATER, *seal.crls)[0]
    assert openssl(tmp_path, row_of(old), LATER, *lists.of(row_of(old), LATER))[0]
    assert authority.in_use(Purpose.SYSTEM) is None  # it had none, and gets none by this

"""A person's certificate: issued at the first signature, anew before it ends, never by itself after a revocation."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.models import User
from audit.models import Event
from records.models import Certificate, Purpose
from records.seal import keystore
from records.seal.credentials import NotReady, person_at

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def signer() -> User:
    return User.objects.create_user("he@example.org", display_name="何秀兰")


def certificate_of(credential: object) -> x509.Certificate:
    return x509.load_der_x509_certificate(credential.chain[0].dump())  # type: ignore[attr-defined]


def test_the_first_need_issues_it_and_the_next_finds_it(signer: User) -> None:
    first = person_at(signer, NOW)
    events = Event.objects.count()
    again = person_at(signer, NOW + timedelta(days=600))
    assert first.sha256 == again.sha256
    row = Certificate.objects.get(person=signer)
    assert (row.purpose, row.name, row.is_in_use) == (Purpose.PERSON, "何秀兰", True)
    assert Event.objects.filter(verb="certificate.issued", object_id=row.sha256).count() == 1
    assert Event.objects.count() == events  # nothing that was found is told


def test_it_says_who_the_person_is_and_what_it_is_for(signer: User) -> None:
    certificate = certificate_of(person_at(signer, NOW))
    values = {item.oid: item.value for item in certificate.subject}
    assert values == {
        NameOID.ORGANIZATION_NAME: settings.ORGANISATION,
        NameOID.COMMON_NAME: "何秀兰",
        NameOID.SERIAL_NUMBER: str(signer.pseudonym),
    }
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert (usage.content_commitment, usage.digital_signature) == (True, True)
    assert not usage.key_cert_sign
    assert certificate.not_valid_after_utc == NOW + timedelta(days=settings.PERSON_CERTIFICATE_DAYS)
    assert signer.email not in str(certificate.subject)


def test_shortly_before_its_end_another_one_takes_its_place(signer: User) -> None:
    first = person_at(signer, NOW)
    later = NOW + timedelta(days=settings.PERSON_CERTIFICATE_DAYS - 10)
    second = person_at(signer, later)
    assert second.sha256 != first.sha256
    old, new = Certificate.objects.get(sha256=first.sha256), Certificate.objects.get(sha256=second.sha256)
    assert (old.retired_at, old.revoked_at, new.retired_at) == (later, None, None)
    assert person_at(signer, later).sha256 == second.sha256


def test_another_name_gets_another_certificate(signer: User) -> None:
    first = person_at(signer, NOW)
    signer.display_name = "He Xiulan"
    signer.save()
    second = person_at(signer, NOW + timedelta(minutes=1))
    assert certificate_of(second).subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value == "He Xiulan"
    assert first.sha256 != second.sha256


def test_who_is_not_active_gets_none(signer: User) -> None:
    signer.is_active = False
    signer.save()
    with pytest.raises(NotReady, match="is not active"):
        person_at(signer, NOW)
    assert not Certificate.objects.filter(person=signer).exists()


def test_a_lost_key_is_told_and_no_other_key_is_made_in_its_place(signer: User) -> None:
    sha256 = person_at(signer, NOW).sha256
    (keystore.folder() / f"{sha256}.key").unlink()
    with pytest.raises(NotReady, match="is missing"):
        person_at(signer, NOW)
    assert Certificate.objects.filter(person=signer).count() == 1


def test_the_database_takes_one_certificate_in_use_of_each_person(signer: User) -> None:
    person_at(signer, NOW)
    row = Certificate.objects.get(person=signer)
    row.sha256, row.serial = "e" * 64, "ab"
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)

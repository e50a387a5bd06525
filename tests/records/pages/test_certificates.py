"""Pages of certificates: administrators see all and revoke, a person sees their own, everybody fetches the lists."""

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from audit.models import Event
from records.certificates import renew_lists
from records.models import Certificate, Origin, Purpose, RevocationReason
from records.seal.credentials import person_at, seal_at
from tests.records.houses import House

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> User:
    user = User.objects.create_user("ada@example.org", "a long password", display_name="Ada Admin")
    user.groups.add(Group.objects.get(name=Role.ADMINISTRATOR.value))
    return user


@pytest.fixture
def office(client: Client, administrator: User) -> Client:
    client.force_login(administrator)
    return client


@pytest.fixture
def signer(reader: User) -> User:
    person_at(reader, timezone.now())
    return reader


@pytest.fixture
def desk(signer: User) -> Client:
    client = Client()
    client.force_login(signer)
    return client


def certificate_of(person: User) -> Certificate:
    return Certificate.objects.get(person=person, retired_at=None)


def test_the_addresses_in_a_certificate_lead_to_its_issuer_and_to_a_list_that_names_it(
    office: Client, administrator: User, signer: User
) -> None:
    row, anybody = certificate_of(signer), Client()
    extensions = row.loaded().extensions
    points = extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    (access,) = extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    assert access.access_method == AuthorityInformationAccessOID.CA_ISSUERS
    (name,) = points[0].full_name or []
    answers = [
        anybody.get(str(place).removeprefix(settings.BASE_URL))
        for place in (access.access_location.value, name.value)
    ]
    assert [answer["Content-Type"] for answer in answers] == ["application/pkix-cert", "application/pkix-crl"]
    assert all("public" in answer["Cache-Control"] for answer in answers)
    issuer = x509.load_der_x509_certificate(answers[0].content)
    row.loaded().verify_directly_issued_by(issuer)
    assert len(x509.load_der_x509_crl(answers[1].content)) == 0
    office.post(
        reverse("records:certificate_page", args=[row.sha256]), {"reason": "keyCompromise", "note": "Stolen."}
    )
    renew_lists(timezone.now())  # as the job does that the revocation asked for
    fresh = anybody.get(str(name.value).removeprefix(settings.BASE_URL))
    found = x509.load_der_x509_crl(fresh.content).get_revoked_certificate_by_serial_number(
        int(row.serial, 16)
    )
    assert found is not None
    assert fresh["ETag"] != answers[1]["ETag"]
    assert administrator.email.encode() not in fresh.content


def test_the_public_addresses_hand_out_nothing_about_people(signer: User) -> None:
    row, anybody = certificate_of(signer), Client()
    assert anybody.get(f"/certificates/{row.sha256}.cer").status_code == 404
    assert anybody.get(f"/certificates/{row.sha256}.crl").status_code == 404
    assert row.sha256 not in anybody.get(reverse("records:certificates")).content.decode()


def test_a_certificate_that_a_reader_has_already_is_not_sent_again(signer: User) -> None:
    issuer = certificate_of(signer).issuer_id
    first = Client().get(f"/certificates/{issuer}.cer")
    again = Client().get(f"/certificates/{issuer}.cer", headers={"if-none-match": first["ETag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")


def test_administrators_see_whose_they_are_and_how_long(office: Client, reader: User) -> None:
    now, signer = timezone.now(), reader
    seal_at(now - timedelta(days=3600))
    person_at(signer, now)
    shown = office.get(reverse("records:certificate_list")).content.decode()
    assert signer.display_name in shown
    assert "23 months left" in shown
    assert "expires soon" in shown  # the seal
    nobody = office.get(reverse("records:certificate_list") + "?q=nobody").content.decode()
    assert signer.display_name not in nobody


def test_the_list_asks_the_database_as_often_for_many_as_for_one(
    office: Client, signer: User, django_assert_max_num_queries: object
) -> None:
    for number in range(6):
        person_at(
            User.objects.create_user(f"p{number}@example.org", display_name=f"P {number}"), timezone.now()
        )
    with django_assert_max_num_queries(14):  # type: ignore[operator]
        assert office.get(reverse("records:certificate_list")).status_code == 200


def test_a_certificate_is_revoked_with_a_reason_and_the_page_says_so(office: Client, signer: User) -> None:
    row = certificate_of(signer)
    page = reverse("records:certificate_page", args=[row.sha256])
    missing = office.post(page, {"reason": "keyCompromise", "note": ""})
    assert missing.status_code == 400
    assert not Event.objects.filter(verb="certificate.revoked").exists()
    shown = office.post(
        page, {"reason": "keyCompromise", "note": "A stolen laptop."}, follow=True
    ).content.decode()
    assert "The certificate was revoked" in shown
    assert "somebody else may have the key" in shown
    assert "A stolen laptop." in shown
    row.refresh_from_db()
    assert row.revocation == RevocationReason.KEY_COMPROMISE
    office.post(reverse("records:issue_certificate", args=[signer.pk]))
    assert Certificate.objects.filter(person=signer, revoked_at=None).count() == 1


def test_a_root_shows_why_it_can_not_be_revoked(office: Client, signer: User) -> None:
    root = Certificate.objects.get(purpose=Purpose.ROOT)
    page = reverse("records:certificate_page", args=[root.sha256])
    assert "No list can say" in office.get(page).content.decode()
    told = office.post(page, {"reason": "cACompromise", "note": "x"}, follow=True).content.decode()
    assert "No list can say" in told
    root.refresh_from_db()
    assert root.revoked_at is None


def test_a_person_sees_their_own_and_nobody_elses(desk: Client, signer: User, office: Client) -> None:
    row, seal = certificate_of(signer), seal_at(timezone.now())
    shown = desk.get(reverse("records:own_certificate"))
    assert row.sha256[:8] in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert desk.get(reverse("records:certificate_file", args=[row.sha256])).content.decode() == row.chain
    assert desk.get(reverse("records:certificate_file", args=[seal.sha256])).status_code == 404
    assert desk.get(reverse("records:certificate_page", args=[row.sha256])).status_code == 404
    assert office.get(reverse("records:certificate_file", args=[row.sha256])).status_code == 200


def test_a_person_brings_their_own_and_leaves_it(
    desk: Client, signer: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bank, page = (
        House("Example Bank", timezone.now() - timedelta(days=30)),
        reverse("records:own_certificate"),
    )
    assert "an administrator would first name the roots" in desk.get(page).content.decode()
    (tmp_path / "roots.pem").write_text(bank.roots_pem())
    monkeypatch.setattr(settings, "PEOPLE_ROOTS", str(tmp_path / "roots.pem"))

    def send(password: str) -> object:
        file = SimpleUploadedFile("ada.p12", bank.certify("Ada Reader").pkcs12())
        return desk.post(page, {"file": file, "password": password}, follow=True)

    assert "its password is wrong" in send("wrong").content.decode()  # type: ignore[attr-defined]
    assert certificate_of(signer).origin == Origin.ISSUED
    shown = send("correct").content.decode()  # type: ignore[attr-defined]
    assert "You sign with this certificate from now on" in shown
    assert "Example Bank Records Issuing" in shown
    assert certificate_of(signer).origin == Origin.BROUGHT
    desk.post(reverse("records:leave_own_certificate"))
    assert certificate_of(signer).origin == Origin.ISSUED

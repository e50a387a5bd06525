"""The authority at the command line, what it warns of, and certificates by an authority that was brought along."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from threading import Thread

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connections
from django.utils import timezone

from accounts.models import User
from audit.models import Event
from desk.selectors import health
from desk.selectors.part import Level
from records.checks import check_certificates
from records.models import Certificate, Origin, Purpose
from records.seal.credentials import NotReady, person_at, seal_at
from tests.records.houses import House

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def told(*words: str) -> str:
    out = StringIO()
    call_command("authority", *words, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_it_shows_what_there_is_and_rotates() -> None:
    assert "There is none yet" in told("show")
    old = seal_at(timezone.now()).sha256
    said = told("rotate", "seal")
    fresh = seal_at(timezone.now()).sha256
    assert fresh != old
    assert fresh[:16] in said
    shown = told("show")
    assert "retired" in next(line for line in shown.splitlines() if old[:16] in line)
    assert "list" in next(line for line in shown.splitlines() if line.startswith("issuing"))
    assert Event.objects.filter(verb="certificate.rotated").count() == 1


@pytest.mark.django_db
def test_a_new_root_is_not_made_by_the_way() -> None:
    root = seal_at(timezone.now()).chain[-1].sha256.hex()
    with pytest.raises(CommandError, match="--new-root"):
        told("rotate", "root")
    assert seal_at(timezone.now()).chain[-1].sha256.hex() == root
    told("rotate", "root", "--new-root")
    assert seal_at(timezone.now()).chain[-1].sha256.hex() != root


@pytest.mark.django_db
def test_what_comes_from_a_setting_is_not_rotated_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "SEAL_PKCS12", "/etc/seal.p12")
    for purpose in ("seal", "system"):
        with pytest.raises(CommandError, match="IMPRIMATUR_SEAL_PKCS12"):
            told("rotate", purpose)
    assert not Certificate.objects.exists()


@pytest.mark.django_db
def test_sixty_days_before_the_end_the_check_and_the_page_of_health_warn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seal_at(NOW)
    ending = NOW + timedelta(days=3650 - 59)
    monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(days=3000))
    assert check_certificates(databases=["default"]) == []
    monkeypatch.setattr(timezone, "now", lambda: ending)
    assert [message.id for message in check_certificates(databases=["default"])] == ["records.W002"]
    assert check_certificates() == []  # a start without a database asks none
    found = {
        check.level for check in health._certificates(ending) if "seal of the organisation" in check.text
    }
    assert found == {Level.WARN}
    lists = [check for check in health._certificates(ending) if "revocation list" in check.text]
    assert {check.level for check in lists} == {Level.BAD}  # nobody has signed them since


@pytest.mark.django_db
def test_an_authority_that_was_brought_certifies_people_and_signs_their_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bank, signer = House("Example Bank"), User.objects.create_user("he@example.org", display_name="何秀兰")
    (tmp_path / "issuer.p12").write_bytes(bank.issuing.pkcs12())
    monkeypatch.setattr(settings, "PEOPLE_ISSUER_PKCS12", str(tmp_path / "issuer.p12"))
    monkeypatch.setattr(settings, "PEOPLE_ISSUER_PASSWORD", "correct")
    credential = person_at(signer, NOW)
    assert [item.subject.native["common_name"] for item in credential.chain] == [
        "何秀兰", "Example Bank Records Issuing", "Example Bank Records Root",
    ]  # fmt: skip
    assert len(credential.crls) == 1  # its root's list is not ours
    issuer = Certificate.objects.get(purpose=Purpose.ISSUING)
    assert issuer.origin == Origin.BROUGHT
    assert not Certificate.objects.filter(purpose=Purpose.ROOT).exists()
    monkeypatch.setattr(settings, "PEOPLE_ISSUER_PASSWORD", "wrong")
    with pytest.raises(NotReady, match="its password is wrong"):
        person_at(User.objects.create_user("b@example.org", display_name="B"), NOW)
    (tmp_path / "issuer.p12").write_bytes(bank.certify("He").pkcs12())
    monkeypatch.setattr(settings, "PEOPLE_ISSUER_PASSWORD", "correct")
    with pytest.raises(NotReady, match="is no authority"):
        person_at(User.objects.create_user("c@example.org", display_name="C"), NOW)


def test_two_workers_at_the_same_moment_make_one_authority_and_one_certificate(committed: None) -> None:
    signer = User.objects.create_user("he@example.org", display_name="何秀兰")
    found: list[str] = []

    def work() -> None:
        try:
            found.append(person_at(signer, NOW).sha256)
        finally:
            connections.close_all()

    workers = [Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(found) == 4
    assert len(set(found)) == 1
    assert sorted(Certificate.objects.values_list("purpose", flat=True)) == ["issuing", "person", "root"]
    assert Event.objects.filter(verb="certificate.issued").count() == 3

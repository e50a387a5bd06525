"""The organisation's key: made once in the embedded default, brought by the organisation in production,
never missing.
"""

import os
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import load_der_private_key
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from records import apps, store
from records.checks import check_seal, refuse_without_seal
from records.models import Certificate
from records.seal import keystore
from records.seal.credentials import NotReady, seal_at, system_at
from tests.records.houses import House

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.django_db
def test_the_authority_is_made_once_and_only_its_owner_may_read_the_keys(tmp_path: Path) -> None:
    first, second = seal_at(NOW), seal_at(NOW + timedelta(days=1))
    assert first.sha256 == second.sha256
    home = keystore.folder()
    for path in home.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert len(list(home.iterdir())) == Certificate.objects.count() == 3
    assert [path.name for path in home.parent.iterdir()] == ["certificates"]


@pytest.mark.django_db
def test_the_chain_leads_from_the_seal_over_the_issuer_to_the_root() -> None:
    chain = seal_at(NOW).chain
    assert [item.subject.native["common_name"] for item in chain] == [
        "Imprimatur", "Imprimatur Records Issuing", "Imprimatur Records Root",
    ]  # fmt: skip
    assert [item.ca for item in chain] == [False, True, True]


@pytest.mark.django_db
def test_the_system_that_certifies_has_a_key_of_its_own_under_the_same_root() -> None:
    system, seal = system_at(NOW), seal_at(NOW)
    assert system.sha256 != seal.sha256
    assert [item.dump() for item in system.chain[1:]] == [item.dump() for item in seal.chain[1:]]
    assert system.chain[0].public_key.dump() != seal.chain[0].public_key.dump()


@pytest.mark.django_db
def test_the_key_files_are_useless_without_the_field_key() -> None:
    sha256 = seal_at(NOW).sha256
    content = (keystore.folder() / f"{sha256}.key").read_bytes()
    with pytest.raises(ValueError, match="Could not deserialize"):
        load_der_private_key(content, None)
    assert load_der_private_key(keystore.read(sha256), None)


@pytest.mark.django_db
def test_the_key_file_of_another_certificate_is_no_use_in_its_place() -> None:
    seal, system = seal_at(NOW), system_at(NOW)
    (keystore.folder() / f"{system.sha256}.key").replace(keystore.folder() / f"{seal.sha256}.key")
    with pytest.raises(NotReady, match="can't be decrypted"):
        seal_at(NOW)
    with pytest.raises(NotReady, match="is missing"):
        system_at(NOW)


@pytest.mark.django_db
def test_an_expired_certificate_refuses_to_seal() -> None:
    seal_at(NOW)
    with pytest.raises(NotReady, match="is valid from 2026-11-20 to 2036-11-17 only"):
        seal_at(NOW + timedelta(days=365 * 11))


@pytest.mark.django_db
def test_another_field_key_is_one_clear_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    seal_at(NOW)
    monkeypatch.setattr(settings, "FIELD_KEY", "another field key, another field key")
    with pytest.raises(NotReady, match="present IMPRIMATUR_FIELD_KEY"):
        seal_at(NOW)


def brought(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, password: str = "correct") -> Path:
    """Set an own PKCS#12, as production does."""
    path = tmp_path / "own.p12"
    path.write_bytes(House("Example Bank", NOW).certify("Example Bank").pkcs12())
    monkeypatch.setattr(settings, "SEAL_PKCS12", str(path))
    monkeypatch.setattr(settings, "SEAL_PASSWORD", password)
    return path


@pytest.mark.django_db
def test_an_organisation_brings_its_own_certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    brought(tmp_path, monkeypatch)
    seal = seal_at(NOW)
    assert seal.chain[0].subject.native["common_name"] == "Example Bank"
    assert seal.crls == ()  # the lists of another house are not ours to embed
    assert system_at(NOW).sha256 == seal.sha256
    assert not keystore.folder().exists()
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    assert check_seal() == []


def test_a_wrong_password_or_a_missing_file_stops_the_start_and_names_the_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = brought(tmp_path, monkeypatch, password="wrong")
    with pytest.raises(ImproperlyConfigured, match="IMPRIMATUR_SEAL_PKCS12"):
        refuse_without_seal()
    path.unlink()
    with pytest.raises(ImproperlyConfigured, match="IMPRIMATUR_SEAL_PKCS12"):
        refuse_without_seal()
    assert [message.id for message in check_seal()] == ["records.E001"]


def test_production_settings_without_a_certificate_refuse_to_load_and_name_it(tmp_path: Path) -> None:
    names = ("SECRET_KEY", "FIELD_KEY", "HOSTS", "REDIS", "DATABASE_NAME", "DATABASE_HOST", "DATABASE_USER")
    done = subprocess.run(
        [sys.executable, "-c", "import config.settings.production"],
        env={"PATH": os.environ["PATH"], **{f"IMPRIMATUR_{name}": "given" for name in names}},
        cwd=Path(__file__).resolve().parents[3],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "IMPRIMATUR_SEAL_PKCS12 is not set." in done.stderr


def test_a_stored_file_is_encrypted_and_never_overwritten(tmp_path: Path) -> None:
    sha256 = store.keep(b"the sealed record")
    path = next((tmp_path / "records").rglob("*.locked"))
    before = path.read_bytes()
    assert b"sealed record" not in before
    assert store.keep(b"the sealed record") == sha256
    assert path.read_bytes() == before
    assert store.read(sha256) == b"the sealed record"
    assert len(list((tmp_path / "records").rglob("*.*"))) == 1


def test_a_changed_or_missing_file_is_lost_and_never_something_else(tmp_path: Path) -> None:
    sha256 = store.keep(b"the sealed record")
    path = next((tmp_path / "records").rglob("*.locked"))
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(store.Lost):
        store.read(sha256)
    path.unlink()
    with pytest.raises(store.Lost):
        store.read(sha256)


def test_a_worker_without_the_libraries_that_print_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise OSError(f"cannot load library for {name}")

    monkeypatch.setattr(apps, "import_module", missing)
    with pytest.raises(SystemExit, match="A library for printing records is missing"):
        apps._load_printing()

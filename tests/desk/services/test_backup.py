"""The parts of a backup, without a database: the file of keys, the list of digests, the passphrase, programs."""

import json
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from desk.backup import (
    disk,
    keys,
    layout,
    locking,
    passphrase,
    postgresql,
    restoring,
    standing,
    stores,
    verifying,
)
from desk.backup.layout import Log, Manifest
from desk.backup.refusal import NotPossible
from oversight.models import Bundle
from tests.desk.backups import PASSPHRASE, run

SECRETS = {"field-key": b"secret", "authority/root.p12": bytes(range(256))}
ABOUT = {"backup": "imprimatur-20261126T023400Z", "sums": "0" * 64, "origin": "log.example/audit"}
MANIFEST = Manifest(
    made_at="2026-11-26T02:34:00+00:00",
    product="0.1.0",
    engine="sqlite",
    engine_version="3.40.1",
    origin="log.example/audit",
    migrations=[],
    key_ids={},
    keys="",
    log=Log(3, 2, "ab", ""),
)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own, where the product keeps its own secrets."""
    folder = tmp_path / "data"
    (folder / "keys").mkdir(parents=True)
    (folder / "keys/files-keys").write_text("a" * 43)
    monkeypatch.setattr(settings, "DATA_DIR", folder)
    monkeypatch.setattr(settings, "FILES_KEYS", str(folder / "keys/files-keys"))
    monkeypatch.setattr(settings, "LOG_SIGNER", str(folder / "signer"))
    monkeypatch.setattr(settings, "FIELD_KEY", settings.FIELD_KEY)
    monkeypatch.setattr(settings, "SECRET_KEY", settings.SECRET_KEY)
    return folder


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locking, "COST", 4)


def nobody(*_given: Any) -> None:
    """Nobody listens to the progress."""


def test_keys_come_back_under_their_passphrase_and_with_nothing_changed() -> None:
    locked = locking.lock(SECRETS, ABOUT, PASSPHRASE)
    assert locking.unlock(locked, PASSPHRASE) == (SECRETS, ABOUT)
    assert locked != locking.lock(SECRETS, ABOUT, PASSPHRASE)
    assert b"secret" not in locked
    for place in (8, 9, 25, 37, len(locked) // 2, len(locked) - 1):  # cost, salt, nonce, content, tag
        changed = bytearray(locked)
        changed[place] ^= 1
        with pytest.raises(NotPossible, match="was changed"):
            locking.unlock(bytes(changed), PASSPHRASE)
    with pytest.raises(NotPossible, match="passphrase is wrong"):
        locking.unlock(locked, PASSPHRASE + " ")
    with pytest.raises(NotPossible, match="no file of keys"):
        locking.unlock(locked[:30], PASSPHRASE)


def test_a_file_of_keys_cannot_ask_for_all_the_memory() -> None:
    locked = bytearray(locking.lock(SECRETS, ABOUT, PASSPHRASE))
    locked[8] = 40  # 2^40 times a kilobyte
    with pytest.raises(NotPossible):
        locking.unlock(bytes(locked), PASSPHRASE)


def test_what_the_signer_remembers_is_no_key(data: Path) -> None:
    (data / "signer").mkdir()
    for name in ("key", "last", "lock"):
        (data / "signer" / name).write_text(name)
    found, notes = keys.collect(is_signed=True)
    assert found["signer-key"] == b"key"
    assert {b"last", b"lock"}.isdisjoint(found.values())
    assert notes == []
    (data / "signer/key").unlink()
    assert "is not among the keys" in keys.collect(is_signed=True)[1][0]
    assert keys.collect(is_signed=False)[1] == []


def test_a_signer_of_another_account_is_left_to_it(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (data / "signer").mkdir()
    monkeypatch.setattr("os.access", lambda *_: False)
    *rights, signer, compare = standing.next_steps(replace(MANIFEST, log=Log(3, 2, "ab", "a note")))
    assert ["audit grants --apply" in step for step in rights] == [True] * (connection.vendor == "postgresql")
    assert "belongs to another account" in signer
    assert "checkpoint of a witness" in compare
    assert list(standing.next_steps(MANIFEST)) == [*rights, compare]  # nothing was signed


def test_keys_of_one_machine_are_put_in_place_and_the_fresh_ones_aside(data: Path) -> None:
    found = {
        **keys.collect(is_signed=False)[0],
        "field-key": b"f" * 64,
        "files-keys": b"b" * 43,
        "signer-key": b"signs",
    }
    aside = keys.place_embedded(found)
    assert aside is not None
    assert (aside / "files-keys").read_text() == "a" * 43
    assert settings.FIELD_KEY == "f" * 64
    assert keys.ids()["files-keys"] != []
    assert (data / "keys/field-key").stat().st_mode & 0o077 == 0
    assert not (data / "keys/signer-key").exists()
    assert keys.place_signer(found)
    assert not keys.place_signer({**found, "signer-key": b"another"})
    assert (data / "signer/key").read_bytes() == b"signs"


def test_keys_are_written_into_a_new_folder_only(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(passphrase.VARIABLE, PASSPHRASE)
    file = tmp_path / "x.keys"
    file.write_bytes(locking.lock(SECRETS, ABOUT, PASSPHRASE))
    run("restore", "--keys", file, "--keys-into", tmp_path / "opened")
    assert (tmp_path / "opened/authority/root.p12").read_bytes() == bytes(range(256))
    with pytest.raises(CommandError, match="so that no key is overwritten"):
        run("restore", "--keys", file, "--keys-into", tmp_path / "opened")
    with pytest.raises(CommandError, match="Name the file of keys"):
        run("restore", "--keys-into", tmp_path / "others")
    with pytest.raises(CommandError, match="Name the folder of the backup"):
        run("restore")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[:-1],  # the last line cut off
        lambda text: text.upper(),
        lambda text: text.replace("database", "../database"),
        lambda text: text.replace("database", "/etc/passwd"),
        lambda text: text + text[:64] + "  files/ab/cd\n",
        lambda text: text + text.splitlines()[0] + "\n",  # a name twice
        lambda text: text.replace("  ", " "),
        lambda text: "",
    ],
)
def test_a_list_of_digests_that_was_changed_is_refused(tmp_path: Path, spoil: Callable[[str], str]) -> None:
    stored = disk.write(tmp_path / "database", b"x")
    whole = layout.render_sums({"database": stored, "manifest.json": stored}).decode()
    (tmp_path / layout.SUMS).write_text(whole)
    assert layout.read_sums(tmp_path).keys() == {"database", "manifest.json"}
    (tmp_path / layout.SUMS).write_text(spoil(whole))
    with pytest.raises(NotPossible):
        layout.check_parts(tmp_path, layout.read_sums(tmp_path), nobody)


def test_a_part_that_is_a_link_elsewhere_does_not_pass(tmp_path: Path) -> None:
    stored = disk.write(tmp_path / "elsewhere", b"x")
    backup = tmp_path / "backup"
    backup.mkdir()
    disk.write(backup / "manifest.json", b"x")
    (backup / "database").symlink_to(tmp_path / "elsewhere")
    (backup / layout.SUMS).write_bytes(layout.render_sums({"database": stored, "manifest.json": stored}))
    with pytest.raises(NotPossible, match="database is a link"):
        layout.check_parts(backup, layout.read_sums(backup), nobody)


def test_a_manifest_of_another_format_names_the_way_out() -> None:
    assert Manifest.parse(MANIFEST.render()) == MANIFEST
    later = json.dumps({**json.loads(MANIFEST.render()), "format": 2}).encode()
    with pytest.raises(NotPossible, match="Restore it with the version that made it"):
        Manifest.parse(later)
    with pytest.raises(NotPossible, match="can't be read"):
        Manifest.parse(b"[]")


def test_only_what_is_kept_goes_into_a_backup(data: Path) -> None:
    digest = "ab" * 32
    wanted = [f"files/ab/{digest}", f"records/ab/{digest}.pdf.locked"]
    left = ["files/drafts/12", "files/parts/1/x.json", "files/keys.lock", f"records/ab/.{digest[:16]}",
            "bundles/x.zip", "signer/last", "redis/dump", "mail/1.log"]  # fmt: skip
    for name in [*wanted, *left]:
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).write_text("x")
    assert list(stores.kept()) == wanted


def test_a_passphrase_is_long_private_and_never_on_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(passphrase.VARIABLE, raising=False)
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    file = tmp_path / "words"
    file.write_text(PASSPHRASE + "\nsomething else\n")
    file.chmod(0o644)
    with pytest.raises(NotPossible, match="Others can read"):
        passphrase.given(file, is_new=True)
    file.chmod(0o600)
    assert passphrase.given(file, is_new=True) == PASSPHRASE
    with pytest.raises(NotPossible, match="Nobody can be asked"):
        passphrase.given(None, is_new=False)
    monkeypatch.setenv(passphrase.VARIABLE, "too short")
    with pytest.raises(NotPossible, match="16 characters"):
        passphrase.given(None, is_new=True)
    assert passphrase.given(None, is_new=False) == "too short"  # an old one may be anything
    with pytest.raises(CommandError, match=r"--keys"):
        call_command("backup", str(tmp_path))


@pytest.mark.parametrize(
    ("told", "words"), [("pg_dump (PostgreSQL) 14.9\n", "Install postgresql-client-15"), (None, "is missing")]
)
def test_programs_older_than_the_server_are_refused(
    monkeypatch: pytest.MonkeyPatch, told: str | None, words: str
) -> None:
    postgresql._version_of.cache_clear()
    monkeypatch.setattr(connection, "get_database_version", lambda: (15, 18))
    monkeypatch.setattr("shutil.which", lambda name: None if told is None else f"/usr/bin/{name}")
    monkeypatch.setattr(postgresql, "run", lambda _command: subprocess.CompletedProcess([], 0, told))
    with pytest.raises(NotPossible, match=words):
        postgresql.check_programmes()
    postgresql._version_of.cache_clear()


def test_the_password_of_the_database_is_on_no_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"NAME": "imp", "HOST": "db.example", "PORT": 5433, "USER": "reader", "PASSWORD": "secret word",
             "OPTIONS": {"sslmode": "verify-full"}}  # fmt: skip
    for key, value in given.items():
        monkeypatch.setitem(connection.settings_dict, key, value)
    found = postgresql._environment()
    wanted = {"PGDATABASE": "imp", "PGHOST": "db.example", "PGPORT": "5433", "PGUSER": "reader",
              "PGPASSWORD": "secret word", "PGSSLMODE": "verify-full"}  # fmt: skip
    assert wanted.items() <= found.items()
    assert not any("secret" in word for word in (*postgresql.DUMP, *postgresql.RESTORE))


def test_a_newer_program_asks_nothing_of_an_older_server_that_it_does_not_know() -> None:
    head = b"--\n-- dump\n\nSET lock_timeout = 0;\nSET transaction_timeout = 0;\nSET x = 1;\n"
    assert postgresql.without(head, postgresql._unknown_settings(17)) == head
    cleaned = postgresql.without(head, postgresql._unknown_settings(16))
    assert cleaned == b"--\n-- dump\n\nSET lock_timeout = 0;\nSET x = 1;\n"


def test_a_backup_of_another_version_is_migrated_only_when_somebody_says_so() -> None:
    everything = sorted(MigrationLoader(None).disk_migrations)
    older = replace(MANIFEST, migrations=[list(name) for name in everything[1:]])
    newer = replace(MANIFEST, migrations=[*map(list, everything), ["desk", "0099_a_later_one"]])
    first = ".".join(everything[0])
    with pytest.raises(NotPossible, match=rf"before these migrations: {first}\..*say --migrate"):
        restoring._check_migrations(older, migrate=False)
    assert restoring._check_migrations(older, migrate=True) == [first]
    for migrate in (False, True):
        with pytest.raises(NotPossible, match=r"this version doesn't: desk\.0099_a_later_one"):
            restoring._check_migrations(newer, migrate=migrate)


def test_every_table_that_names_a_kept_file_is_verified() -> None:
    found = {
        model
        for model in apps.get_models()
        if {"sha256", "size"} <= {field.name for field in model._meta.fields}
    }
    assert found - {Bundle} == set(verifying.HANDED_IN)  # bundles lie on a shelf of their own, for some days

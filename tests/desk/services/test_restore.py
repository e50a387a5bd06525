"""The drill: a backup is made while people work, and restored on an empty place, where everything is verified."""

import fcntl
import hashlib
import os
import shutil
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection, connections

from audit import guards
from audit.files import check, lock, place_of
from audit.log import reading
from audit.log.changing_keys import go_on
from audit.log.checking import verify_log
from audit.log.keys import SignerRefuses, verifiers
from audit.log.sequencer import sequence, tree
from audit.log.signer import sign_head
from audit.models import Checkpoint, Entry, Event
from desk.backup import engines, last, layout, sqlite
from desk.backup.layout import Manifest
from desk.backup.making import make
from desk.backup.refusal import NotPossible
from desk.backup.verifying import verify_all
from imprimatur.tlog.note import Note
from imprimatur.witness.judging import Judge
from imprimatur.witness.place import Place
from imprimatur.witness.submission import Submission
from imprimatur.witness.trusted import Trusted
from records import store
from records.models import Record
from tests.desk import backups
from tests.desk.backups import LATER, PASSPHRASE, REPORT, Writer, empty_place, grow, happen, run

pytestmark = pytest.mark.both_engines


class Made(NamedTuple):
    """A backup that was made while somebody wrote: where it is, and how many commits there were before and after."""

    backup: Path
    keys: Path
    before: int
    after: int


@pytest.fixture(scope="module")
def place(_worlds: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The organisation; the tests work in it, and find a folder to write in."""
    folder = tmp_path_factory.mktemp("drill")
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setenv("IMPRIMATUR_BACKUP_PASSPHRASE", PASSPHRASE)
        patch.setattr("desk.backup.locking.COST", 4)
        with backups.organisation(folder / "data"):
            yield folder


@pytest.fixture(scope="module")
def made(place: Path) -> Made:
    """A backup, made while somebody writes."""
    with Writer() as writer:
        writer.wait_for_more()
        before = Event.objects.count()

        def progress(what: str, done: int, of: int) -> None:
            if what == "database":
                writer.wait_for_more()
            else:  # a rotation of the master keys can't end meanwhile
                with pytest.raises(BlockingIOError), lock().open() as other:
                    fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)

        found = make(
            place / "backups", keys_folder=place / "keys", passphrase=PASSPHRASE, now=LATER, progress=progress
        )
        assert writer.fault is None
    assert found.keys is not None
    return Made(found.folder, found.keys, before, Event.objects.count())


def test_what_is_restored_is_verified_and_goes_on(place: Path, made: Made) -> None:
    leaves = dict(Event.objects.values_list("pk", "leaf"))
    record = Record.objects.get()
    with empty_place(place / "drill"):
        said = run("restore", made.backup, "--keys", made.keys)
        assert "and verified: " in said
        assert "remembers no head" in said
        events = dict(Event.objects.values_list("pk", "leaf"))
        assert made.before < len(events) < made.after
        assert all(bytes(leaves[pk]) == bytes(leaf) for pk, leaf in events.items())
        assert store.read(record.file_sha256)[:5] == b"%PDF-"
        assert sum(check(path.name).size for path in (place / "drill/files").glob("??/*")) > len(REPORT)
        assert guards.faults() == []
        happen()  # the counters of ids go on behind what was restored
        waiting = Event.objects.count() - Entry.objects.count()
        assert waiting > 1
        assert sequence(LATER) == waiting
        with pytest.raises(SignerRefuses, match="doesn't remember any"):
            sign_head(LATER)


@pytest.mark.engine("postgresql")
def test_no_event_of_old_is_taken_for_one_of_a_transaction_of_this_server(place: Path, made: Made) -> None:
    def numbers() -> tuple[int, bool]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(DISTINCT txid), max(txid) < pg_snapshot_xmin(pg_current_snapshot()) FROM audit_event"
            )
            return tuple(cursor.fetchone())

    assert numbers()[0] > 3
    with empty_place(place / "numbers"):
        run("restore", made.backup)
        assert numbers() == (1, True)
        assert tree().mark == 0


def test_a_rollback_is_noticed_by_signer_and_witness(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    witness = Judge(Place.make(tmp_path / "witness", "witness.example/1"))
    for key in verifiers():
        witness._place.trust(Trusted(key.name, key))
    former = os.umask(0o022)
    run("backup", tmp_path / "backups", "--without-keys")
    [backup] = (tmp_path / "backups").glob("imprimatur-*")
    others = [path for path in backup.rglob("*") if path.stat().st_mode & 0o077]
    assert others == [], "what only the owner may read"
    assert oct(os.umask(former)) == oct(former), "the command leaves the process as it was"
    grow(2)
    newest = grow(3)
    assert _handed(witness, 0, newest).status == 200
    with empty_place(tmp_path / "older"):
        shutil.copytree(place / "data/signer", tmp_path / "older/signer")
        said = run("restore", backup)
        assert f"The signer has signed {newest.size} events" in said
        happen()
        sequence(LATER)
        with pytest.raises(SignerRefuses, match=f"{newest.size} were signed already"):
            sign_head(LATER)
        old = Checkpoint.objects.latest("id")
        answer = _handed(witness, old.size, old)
        assert (answer.status, answer.text) == (409, f"{newest.size}\n")
        changed = go_on(reason="Restored from the last backup.", now=LATER)
        assert changed.checkpoint.origin == f"{settings.AUDIT_ORIGIN}/2"
        grow()
        cited = Event.objects.filter(verb="log.continued").latest("id")
        assert Note.parse(newest.note).text.split("\n")[2].encode() in bytes(cited.leaf)
        assert not Checkpoint.objects.filter(origin=newest.origin, size__gt=old.size).exists()
        assert verify_log().faults == []
    with empty_place(tmp_path / "older once more"):
        shutil.copytree(tmp_path / "older/signer", tmp_path / "older once more/signer")
        migrated = []
        monkeypatch.setattr("desk.backup.restoring._check_migrations", lambda *_, **__: ["desk.0009_later"])
        monkeypatch.setattr("desk.backup.restoring.call_command", lambda *given, **_: migrated.append(given))
        said = run("restore", backup, "--migrate")
        assert "Applied afterwards: desk.0009_later." in said
        assert migrated == [("migrate",)]
        assert "The signer has gone on to" in said
        again = go_on(reason="Restored from it once more.", now=LATER)
        assert again.checkpoint.origin == f"{settings.AUDIT_ORIGIN}/3"  # /2 was signed, by what is lost now


def _handed(witness: Judge, old: int, head: Checkpoint) -> Any:
    proof = reading.consistency(old, head.size) if 0 < old < head.size else []
    return witness.answer(Submission(old, proof, Note.parse(head.note)).render(), int(LATER.timestamp()))


def test_nothing_is_restored_of_a_backup_that_is_not_as_it_was_made(
    place: Path, made: Made, tmp_path: Path
) -> None:
    a_file = next(made.backup.glob("files/??/*")).relative_to(made.backup)
    a_record = next(made.backup.glob("records/??/*")).relative_to(made.backup)

    def flip(path: Path) -> None:
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)

    with empty_place(tmp_path / "data"):
        parts = [Path("database"), Path("manifest.json"), Path("SHA256SUMS"), a_file, a_record]
        for number, part in enumerate(parts):
            copy = shutil.copytree(made.backup, tmp_path / f"{number}")
            flip(copy / part)
            with pytest.raises(CommandError, match=r"changed|missing"):
                run("restore", copy, "--keys", made.keys)
            (copy / part).unlink()
            with pytest.raises(CommandError, match=r"missing|no whole backup"):
                run("restore", copy, "--keys", made.keys)
            shutil.rmtree(copy)
        more = shutil.copytree(made.backup, tmp_path / "more")
        (more / "files/another").write_text("slipped in")
        with pytest.raises(CommandError, match="files/another does not belong to it"):
            run("restore", more, "--keys", made.keys)
        _is_empty(tmp_path / "data")


def test_keys_that_are_not_the_right_ones_restore_nothing(
    place: Path, made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flipped = tmp_path / "flipped.keys"
    kept = made.keys.read_bytes()
    flipped.write_bytes(kept[:-1] + bytes([kept[-1] ^ 1]))
    with empty_place(tmp_path / "data"):
        for file in (flipped, tmp_path / "none", made.backup / "database"):
            with pytest.raises(CommandError, match=r"was changed|can't be read|no file of keys"):
                run("restore", made.backup, "--keys", file)
        with monkeypatch.context() as patch:
            patch.setenv("IMPRIMATUR_BACKUP_PASSPHRASE", PASSPHRASE + "?")
            with pytest.raises(CommandError, match="passphrase is wrong"):
                run("restore", made.backup, "--keys", made.keys)
        with monkeypatch.context() as patch:
            patch.setattr(settings, "FIELD_KEY", "another" * 6)
            with pytest.raises(CommandError, match="set IMPRIMATUR_FIELD_KEY"):
                run("restore", made.backup, "--keys", made.keys)
        with monkeypatch.context() as patch:
            (tmp_path / "files-keys").write_text("another" * 10)
            patch.setattr(settings, "FILES_KEYS", str(tmp_path / "files-keys"))
            with pytest.raises(CommandError, match="lacks the master keys"):
                run("restore", made.backup, "--keys", made.keys)
        _is_empty(tmp_path / "data")


def test_only_an_empty_place_that_is_for_this_backup_is_restored_into(
    place: Path, made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(CommandError, match="has tables already"):
        run("restore", made.backup, "--keys", made.keys)
    assert Record.objects.count() == 1
    with empty_place(tmp_path / "data"):
        (tmp_path / "data/files/ab").mkdir(parents=True)
        (tmp_path / "data/files/ab/of-somebody").write_text("here")
        with pytest.raises(CommandError, match="files has files already"):
            run("restore", made.backup, "--keys", made.keys)
        assert (tmp_path / "data/files/ab/of-somebody").read_text() == "here"
        with monkeypatch.context() as patch:
            patch.setattr(settings, "AUDIT_ORIGIN", "elsewhere.example/log")
            with pytest.raises(CommandError, match="Set IMPRIMATUR_LOG_ORIGIN="):
                run("restore", made.backup, "--keys", made.keys)
        other = "sqlite" if connection.vendor == "postgresql" else "postgresql"
        with monkeypatch.context() as patch:
            patch.setattr(connection, "vendor", other)
            patch.setattr("desk.backup.restoring.engine", lambda: sqlite)
            with pytest.raises(CommandError, match=f"the settings of this place are for {other}"):
                run("restore", made.backup, "--keys", made.keys)


def test_a_restore_that_fails_half_way_leaves_the_place_empty(
    place: Path, made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_source: Path) -> None:
        raise OSError(28, "No space left on device")

    with empty_place(tmp_path / "data"):
        with monkeypatch.context() as patch:
            patch.setattr(engines.engine(), "restore", full)
            with pytest.raises(CommandError, match="taken away again"):
                run("restore", made.backup, "--keys", made.keys)
        _is_empty(tmp_path / "data")
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:  # in the way of what the dump makes
                cursor.execute("CREATE FUNCTION audit_refuse() RETURNS int LANGUAGE sql AS 'SELECT 1'")
            with pytest.raises(CommandError, match=r"as empty as before: .*already exists"):
                run("restore", made.backup, "--keys", made.keys)
            _is_empty(tmp_path / "data")


def test_a_backup_that_fails_or_is_killed_leaves_nothing_that_looks_whole(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, keys = tmp_path / "backups", tmp_path / "keys"

    def full(_source: Path, _target: Path) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("desk.backup.disk.copy", full)
        with pytest.raises(CommandError, match=r"is full .* No backup was made"):
            run("backup", target, "--keys", keys)
    assert [path.name for path in target.iterdir()] == [".lock"]
    assert list(keys.iterdir()) == []
    assert _killed_while_copying(target, keys) == -signal.SIGKILL
    [left] = target.glob(".imprimatur-*.part")
    assert (left / "database").exists()
    assert layout.backups(target) == list(keys.iterdir()) == []
    run("backup", target, "--keys", keys)
    assert not left.exists()
    assert len(layout.backups(target)) == len(list(keys.iterdir())) == 1


def _killed_while_copying(target: Path, keys: Path) -> int:
    """Kill a process that makes a backup when it has copied its first file; return how it ended."""
    connections.close_all()
    process = os.fork()
    if process == 0:
        try:
            make(
                target, keys_folder=keys, passphrase=PASSPHRASE, now=LATER,
                progress=lambda what, *_: os.kill(os.getpid(), signal.SIGKILL) if what == "files copied" else None,
            )  # fmt: skip
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def test_files_that_are_the_same_are_shared_with_the_backup_before(
    place: Path, made: Made, tmp_path: Path
) -> None:
    known = {path.relative_to(made.backup) for path in made.backup.glob("files/??/*")}
    changed = min(known)
    live = place / "data" / changed
    content = live.read_bytes()
    live.write_bytes(content)  # as a rotation of the master keys does, in its place
    moment = LATER.replace(hour=20)
    again = make(place / "backups", keys_folder=None, passphrase="", now=moment, progress=lambda *_: None)
    links = {path: (again.folder / path).stat().st_nlink for path in known}
    assert links.pop(changed) == 1
    assert set(links.values()) == {2}
    assert live.stat().st_nlink == 1
    found = last.read()
    assert found is not None
    assert (found.made_at, found.with_keys) == (moment, False)
    shutil.rmtree(again.folder)
    alone = make(
        place / "backups", keys_folder=None, passphrase="", whole=True, now=moment, progress=lambda *_: None
    )
    assert alone.fresh == alone.size > again.fresh
    shutil.rmtree(alone.folder)
    with pytest.raises(NotPossible, match="exists already"):
        make(place / "backups", keys_folder=None, passphrase="", now=LATER, progress=lambda *_: None)


def test_everything_that_is_wrong_is_named(place: Path, made: Made) -> None:
    sound = verify_all(None, lambda *_: None)
    assert sound.faults == []
    assert (sound.records, sound.files > 1, sound.events > 30) == (1, True, True)
    record, report = Record.objects.get(), hashlib.sha256(REPORT).hexdigest()
    sealed, evidence = store._place(record.file_sha256), place_of(report)
    sealed.rename(sealed.with_suffix(".away"))
    evidence.rename(evidence.with_suffix(".away"))
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER audit_event_no_update" if connection.vendor == "sqlite" else "SELECT 1")
    try:
        faults = verify_all(replace(Manifest.parse((made.backup / "manifest.json").read_bytes()).log, events=3),
                            lambda *_: None).faults  # fmt: skip
    finally:
        sealed.with_suffix(".away").rename(sealed)
        evidence.with_suffix(".away").rename(evidence)
        guards.install(connection)
    assert any(record.reference in fault and "can't be read" in fault for fault in faults)
    assert any(f"{report[:16]} is missing" in fault and "reviews_answerfile" in fault for fault in faults)
    assert any(fault.startswith("The backup had 3 events") for fault in faults)
    assert any("trigger" in fault for fault in faults) == (connection.vendor == "sqlite")


@pytest.mark.engine("postgresql")
def test_a_login_that_only_reads_makes_backups_and_one_that_may_not_is_told(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with connection.cursor() as cursor:
        for name in ("tests_reader", "tests_nobody"):
            cursor.execute(f"DROP ROLE IF EXISTS {name}")
            cursor.execute(f"CREATE ROLE {name} LOGIN")
        cursor.execute("GRANT pg_read_all_data TO tests_reader")
    for name in ("tests_reader", "tests_nobody"):
        connection.close()
        monkeypatch.setitem(connection.settings_dict, "USER", name)
        if name == "tests_reader":
            assert "imprimatur-" in run("backup", tmp_path / name, "--without-keys")
        else:
            with pytest.raises(CommandError, match="pg_read_all_data"):
                run("backup", tmp_path / name, "--without-keys")
    connection.close()


def _is_empty(data: Path) -> None:
    """Nothing of a backup is there, neither in the data folder nor in the database."""
    assert [
        path for store in ("files", "records") for path in (data / store).rglob("*") if path.is_file()
    ] == []
    assert [path.name for path in data.glob(".restoring*")] == []
    assert engines.engine().why_not_empty() == ""

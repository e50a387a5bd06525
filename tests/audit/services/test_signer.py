"""The signer signs only what goes on from what it signed last; keys change, and a restore gives a new origin."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from audit.log import changing_keys, keys
from audit.log.checking import verify_log
from audit.log.keys import SignerRefuses
from audit.log.sequencer import sequence
from audit.log.signer import sign_head
from audit.log.turning import turn
from audit.models import Alarm, Checkpoint, Entry, Event, LogKey, Tile, Tree
from imprimatur.tlog import checkpoint as formats
from imprimatur.tlog.note import Note
from tests.audit.logs import NOW, events, signed, signer_in

pytestmark = pytest.mark.engine("postgresql")


@pytest.fixture(autouse=True)
def _signer(settings: Any, tmp_path: Path) -> None:
    signer_in(settings, tmp_path / "signer")


def cut_back(to: int) -> None:
    """Bring the database back to how it was when the tree had so many leaves."""
    gone = list(Entry.objects.filter(leaf_index__gte=to).values_list("event_id", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("audit_event", "audit_entry", "audit_checkpoint", "audit_tile", "audit_tree"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM audit_checkpoint WHERE size > %s", [to])
        cursor.execute("DELETE FROM audit_tile")
        cursor.execute("DELETE FROM audit_tree")
        cursor.execute("DELETE FROM audit_entry")
        cursor.execute("DELETE FROM audit_event WHERE id = ANY(%s)", [gone])
    sequence(NOW)


def test_a_head_is_signed_once_and_the_next_one_goes_on_from_it(db: None) -> None:
    assert sign_head(NOW) is None
    events(3)
    first = signed()
    assert sign_head(NOW) is None
    events(2)
    second = signed()
    head = formats.Checkpoint.parse(Note.parse(second.note).text)
    assert (head.origin, head.size, head.root.hex()) == ("imprimatur.local/log", 5, Tree.objects.get().root)
    assert [row.size for row in Checkpoint.objects.order_by("id")] == [first.size, 5]
    assert [key.name for key in Note.parse(second.note).verified_by(keys.verifiers())] == [
        "imprimatur.local/log"
    ]


def test_killed_before_it_published_the_remembered_note_is_published(db: None) -> None:
    events(3)
    note = signed().note
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_checkpoint DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM audit_checkpoint")
    keys.remember(note)
    Checkpoint.objects.create(origin="x", size=1, root="", note="", made_at=NOW)
    again = sign_head(NOW + timedelta(hours=1))
    assert again is not None
    assert again.note == note


def test_a_shorter_tree_is_never_signed_and_a_new_origin_cites_what_was_signed(db: None) -> None:
    events(5)
    before = signed()
    cut_back(3)
    done = turn(NOW)
    assert done.checkpoint is None
    assert "older than what was published" in done.refusal
    alarm = Alarm.objects.get(ended_at=None)
    assert (alarm.kind, alarm.title.partition(".")[0]) == (
        "sign.log.rollback", "The database is older than what was signed",
    )  # fmt: skip
    titles = {
        Alarm(kind=kind).title for kind in ("sign.log.fork", "witness.01ab.fork", "witness.01ab.ahead", "x")
    }
    assert len(titles) == 4
    events(4)
    assert "doesn't begin with" in turn(NOW).refusal

    changed = changing_keys.go_on(reason="The disk failed.", now=NOW)
    assert changed.checkpoint.origin == "imprimatur.local/log/2"
    cited = Event.objects.get(verb="log.continued")
    assert f'"root":"{before.root}"' in bytes(cited.leaf).decode()
    assert f'"size":{before.size}' in bytes(cited.leaf).decode()
    events(1)
    assert turn(NOW).refusal == ""
    assert not Alarm.objects.filter(ended_at=None).exists()
    assert verify_log().faults == []
    with pytest.raises(SignerRefuses, match="no reason for a new origin"):
        changing_keys.go_on(reason="Again.", now=NOW)


def test_a_signer_without_memory_signs_nothing_over_a_log_that_was_signed(db: None, tmp_path: Path) -> None:
    events(2)
    signed()
    (tmp_path / "signer" / "last").unlink()
    events(1)
    sequence(NOW)
    with pytest.raises(SignerRefuses, match="doesn't remember any"):
        sign_head(NOW)
    assert Checkpoint.objects.count() == 1


def test_a_tile_that_was_changed_is_not_signed_over(db: None) -> None:
    events(3)
    signed()
    tile = Tile.objects.get(level=0, n=0)
    forged = bytearray(tile.data)
    forged[40] ^= 1
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_tile DISABLE TRIGGER USER")
        cursor.execute("UPDATE audit_tile SET data = %s", [bytes(forged)])
    events(1)
    assert turn(NOW).checkpoint is None
    assert "doesn't begin with" in turn(NOW).refusal


def test_a_folder_that_can_not_be_written_is_an_alarm_and_events_get_their_places(
    db: None, settings: Any, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("not a folder")
    settings.LOG_SIGNER = str(tmp_path / "file" / "signer")
    events(2)
    done = turn(NOW)
    assert (done.sequenced, done.checkpoint) == (2, None)
    assert "can't be used (Not a directory)" in done.refusal
    assert Alarm.objects.get().kind == "sign.log.folder"


def test_another_key_takes_over_under_the_signature_of_the_old_one(db: None, tmp_path: Path) -> None:
    events(2)
    old = signed().note
    changed = changing_keys.rotate(reason="A year is over.", now=NOW)
    lines = Note.parse(changed.checkpoint.note).lines
    assert len(lines) == 2
    assert len(Note.parse(changed.checkpoint.note).verified_by(keys.verifiers())) == 2
    assert changed.vkey in bytes(Event.objects.get(verb="log.key_changed").leaf).decode()
    events(1)
    newest = signed()
    assert [line.key_id for line in Note.parse(newest.note).lines] == [lines[1].key_id]
    assert Note.parse(old).verified_by(keys.verifiers())
    assert [bool(key.until_size) for key in LogKey.objects.order_by("id")] == [True, False]
    assert len((tmp_path / "signer" / "key").read_text().splitlines()) == 2
    assert verify_log().faults == []


def test_the_command_says_whether_the_log_is_whole_and_asks_for_the_key_that_one_holds(
    db: None, capsys: pytest.CaptureFixture[str]
) -> None:
    events(3)
    signed()
    held = str(keys.verifiers()[0])
    call_command("audit", "verify", "--key", held)
    assert "The log is whole: 3 events, 1 checkpoints" in capsys.readouterr().out
    stranger = "example.org/log+b5de1d1f+AY5FZCmpzXnpyMSQYrhVeMvSlTBrEsEHiQkVJDJt4T1h"
    with pytest.raises(CommandError):
        call_command("audit", "verify", "--key", stranger)

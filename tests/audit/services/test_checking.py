"""A verification while the log grows: what comes meanwhile is no fault, and what the signer remembers is compared."""

import os
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from audit import trail
from audit.leaf import decode
from audit.log import changing_keys, keys, sequencer, verifying
from audit.log.checking import verify_log
from audit.log.keys import SignerRefuses
from audit.log.signer import sign_head
from audit.log.turning import turn
from audit.models import Alarm, Disclosure, Event, LogKey, Tile, Tree, Verification
from tests.audit.conftest import person
from tests.audit.logs import NOW, events, signed, signer_in

pytestmark = pytest.mark.engine("postgresql")


@pytest.fixture(autouse=True)
def _signer(settings: Any, tmp_path: Path) -> None:
    signer_in(settings, tmp_path / "signer")


def test_heads_that_are_signed_during_a_verification_are_no_fault(db: None) -> None:
    events(300)
    signed()
    grown: list[int] = []

    def grow(done: int, _of: int) -> None:
        if not grown:
            grown.append(done)
            events(2)
            signed()

    found = verify_log(grow)
    assert found.faults == []
    assert (found.size, Tree.objects.get().size) == (300, 302)


def test_events_that_get_their_places_between_two_questions_are_no_fault(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    events(3)
    signed()
    read = sequencer.tree

    def then_more() -> Tree:
        found = read()
        with monkeypatch.context() as patched:
            patched.setattr(sequencer, "tree", read)
            events(1)
            signed()
        return found

    monkeypatch.setattr(sequencer, "tree", then_more)
    assert verify_log().faults == []


def test_what_the_signer_remembers_is_compared_also_when_more_came_after_it(db: None) -> None:
    events(3)
    signed()
    memory = (keys.folder() / "last").read_text()
    other = memory.splitlines()
    other[2] = "A" * 43 + "="
    events(2)
    sequencer.sequence(NOW)
    (keys.folder() / "last").write_text("\n".join(other) + "\n")
    assert verify_log().faults == ["The signer signed another tree of 3 events."]
    (keys.folder() / "last").write_text(memory)
    assert verify_log().faults == []


def test_a_key_that_is_gone_is_said_to_be_gone_and_none_is_made_in_its_place(db: None) -> None:
    events(2)
    signed()
    (keys.folder() / "key").unlink()
    events(1)
    sequencer.sequence(NOW)
    with pytest.raises(SignerRefuses, match="key is gone") as refusal:
        sign_head(NOW)
    assert refusal.value.kind == "log.key"
    assert not (keys.folder() / "key").exists()


def test_an_older_key_is_said_to_be_one(db: None) -> None:
    events(2)
    signed()
    older = (keys.folder() / "key").read_text()
    changing_keys.rotate(reason="A year is over.", now=NOW)
    events(1)
    signed()
    (keys.folder() / "key").write_text(older)
    events(1)
    sequencer.sequence(NOW)
    with pytest.raises(SignerRefuses, match="older one, or another's") as refusal:
        sign_head(NOW)
    assert refusal.value.kind == "log.key"


def test_what_the_superuser_writes_into_the_signers_folder_belongs_to_the_folders_account(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    events(2)
    signed()
    given: set[tuple[str, int, int]] = set()
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(os, "chown", lambda path, uid, gid: given.add((path.name, uid, gid)))
    changing_keys.rotate(reason="A year is over.", now=NOW)
    owner = keys.folder().stat()
    ours = (owner.st_uid, owner.st_gid)
    assert given == {("lock", *ours), ("key", *ours), ("last", *ours)}


def test_a_tile_that_is_gone_is_an_alarm_and_the_sequencer_goes_on(db: None) -> None:
    events(2)
    signed()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE audit_tile DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM audit_tile")
    events(1)
    assert "The tile 0 of level 0" in turn(NOW).refusal
    assert Alarm.objects.get(ended_at=None).kind == "sign.log.tiles"
    assert not Tile.objects.exists()


def test_what_a_person_was_once_called_doesnt_go_without_an_erasure(db: None) -> None:
    user = person("Nina")
    for name in ("Nina One", "Nina Two"):
        user.display_name = name
        user.save()
        trail.record("thing.changed", obj=user, actor=None, now=NOW)
    signed()
    older = Disclosure.objects.filter(path="state").earliest("id")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE audit_disclosure DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM audit_disclosure WHERE id = %s", [older.pk])
    assert verify_log().faults == [f"Number {older.event_id}: “state” is gone, and no event erased it."]


def test_a_head_above_the_end_of_its_key_is_named(db: None) -> None:
    events(3)
    signed()
    LogKey.objects.update(until_size=2)
    assert verify_log().faults == [
        "The checkpoint of 3 events (imprimatur.local/log) is signed only by a key that was given up before."
    ]
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_logkey DISABLE TRIGGER USER")
    LogKey.objects.update(until_size=3)
    assert verify_log().faults == []


def test_what_a_verification_found_is_an_event_and_its_row_stays_as_it_is(db: None) -> None:
    events(2)
    signed()
    tile = Tile.objects.get()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_tile DISABLE TRIGGER USER")
    Tile.objects.update(data=bytes(len(tile.data)))
    found = verifying.carry_out()
    told = decode(bytes(Event.objects.get(verb="log.verified").leaf))["data"]
    assert (told["faults"], told["first"]) == (len(found.faults), found.faults[0])
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Verification.objects.update(faults=[])
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Verification.objects.all().delete()

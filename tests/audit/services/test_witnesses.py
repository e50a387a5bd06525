"""Checkpoints are handed to a real witness in a thread; whatever it answers, the log goes on."""

import shutil
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection

from audit.log import elsewhere, keys, reading, witnesses
from audit.log.checking import verify_log
from audit.log.turning import turn
from audit.models import Alarm, Checkpoint, Cosignature, Event, Outcome, Tree, WitnessAnswer
from imprimatur.tlog.checkpoint import CosignatureVerifier, Cosigner, moment_of
from imprimatur.tlog.note import Note
from tests.audit.logs import NOW, events, signed
from tests.audit.witnessing import SECONDS, Running, answer, later


@pytest.mark.both_engines
def test_each_newest_checkpoint_is_cosigned_and_goes_on_from_what_the_witness_has(
    db: None, witness: Running
) -> None:
    events(3)
    signed()
    witness.trust()
    verifier = CosignatureVerifier.parse(witness.vkey)
    for more in (0, 5):
        events(more)
        checkpoint = signed()
        witnesses.hand_over(checkpoint, NOW)
        witnesses.hand_over(None, NOW)  # once is enough
        [line] = checkpoint.cosignatures.all()
        assert Note.parse(checkpoint.cosigned).verified_by([verifier, *keys.verifiers()])[0] == verifier
        assert moment_of(Note.parse(checkpoint.cosigned).lines[-1]) == SECONDS
        assert (line.witness, answer().size, answer().outcome) == (
            "witness.example/1", checkpoint.size, Outcome.COSIGNED,
        )  # fmt: skip
    proof = reading.inclusion(Event.objects.latest("id").pk)
    assert proof is not None
    assert witness.vkey.split("+")[0] in proof.note
    assert answer().failing_since is None
    assert not Alarm.objects.exists()


def test_a_line_that_a_witness_did_not_sign_is_found_when_the_log_is_verified(
    db: None, witness: Running, settings: Any
) -> None:
    events(3)
    turn(NOW)
    assert verify_log().is_whole
    checkpoint = Checkpoint.objects.get()
    forged = Cosigner("witness.example/1", Ed25519PrivateKey.generate()).cosign(checkpoint.note, SECONDS)
    checkpoint.cosignatures.create(witness="witness.example/1", line=str(forged), made_at=NOW)
    [fault] = verify_log().faults
    assert "as the signature of witness.example/1 is not signed with its key" in fault
    settings.LOG_WITNESSES = ""  # whoever is asked no more can't be judged here
    assert verify_log().is_whole


def test_a_witness_that_lost_an_answer_or_saw_more_than_the_row_says_is_asked_again_from_there(
    db: None, witness: Running
) -> None:
    events(3)
    signed()
    witness.trust()
    witnesses.hand_over(None, NOW)
    events(2)
    signed()
    WitnessAnswer.objects.update(size=1)  # it says otherwise, and it is asked again at once
    witnesses.hand_over(None, NOW)
    WitnessAnswer.objects.all().delete()
    events(2)
    newest = signed()
    witnesses.hand_over(None, NOW)
    assert newest.cosignatures.count() == 1
    assert not Alarm.objects.exists()


def test_a_witness_that_forgot_signs_again_and_the_page_says_so(db: None, witness: Running) -> None:
    events(3)
    signed()
    witness.trust()
    witnesses.hand_over(None, NOW)
    shutil.rmtree(witness.place.folder / "seen")
    for text in ("It had seen 3 events, and now says 0", ""):
        events(2)
        signed()
        witnesses.hand_over(None, NOW)
        assert answer().outcome == Outcome.COSIGNED
        assert answer().text.startswith(text)
    assert answer().text == ""


def test_a_witness_out_of_reach_does_not_stop_the_log_and_is_asked_again_without_a_new_checkpoint(
    db: None, witness: Running
) -> None:
    witness.end()
    events(2)
    done = turn(NOW)
    assert done.checkpoint is not None
    row = answer()
    assert (row.outcome, row.answered_at, row.failing_since) == (Outcome.SILENT, None, NOW)
    assert "refused" in row.text
    turn(later(1))
    assert answer().asked_at == NOW  # not at every turn
    turn(later(11))
    assert answer().asked_at == later(11)
    assert answer().failing_since == NOW
    assert not Alarm.objects.exists()
    assert Cosignature.objects.count() == 0


def test_a_day_without_a_signature_is_an_alarm_that_ends_with_the_next_one(
    db: None, witness: Running
) -> None:
    events(2)
    turn(NOW)
    assert answer().outcome == Outcome.UNKNOWN
    assert str(keys.verifiers()[0]) in answer().text  # what to ask its operator for
    assert not Alarm.objects.exists()
    turn(NOW + timedelta(days=1))
    assert Alarm.objects.get().kind == f"witness.{witness.place.cosigner.verifier.key_id.hex()}.absent"
    assert "signed no checkpoint since 2026-11-02 09:30 UTC" in Alarm.objects.get().text
    witness.trust()
    turn(NOW + timedelta(days=1, seconds=20))
    assert answer().outcome == Outcome.COSIGNED
    assert not Alarm.objects.filter(ended_at=None).exists()


def as_superuser(*statements: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("event", "entry", "checkpoint", "tile", "tree", "cosignature", "logkey"):
            cursor.execute(f"ALTER TABLE audit_{table} DISABLE TRIGGER USER")
        for statement in statements:
            cursor.execute(statement)


FORGET_ORDER = (
    "DELETE FROM audit_cosignature", "DELETE FROM audit_checkpoint", "DELETE FROM audit_tile",
    "DELETE FROM audit_tree", "DELETE FROM audit_entry",
)  # fmt: skip


@pytest.mark.engine("postgresql")
@pytest.mark.parametrize("more", [0, 2])
def test_rewritten_as_a_whole_with_the_key_of_the_log_the_witness_refuses_it(
    db: None, witness: Running, more: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, *_others = events(5)
    before = signed()
    witness.trust()
    witnesses.hand_over(None, NOW)
    as_superuser(*FORGET_ORDER)
    changed = bytes(first.leaf).replace(b'"at":0', b'"at":9')
    assert changed != bytes(first.leaf)
    Event.objects.filter(pk=first.pk).update(leaf=changed)
    (keys.folder() / "last").unlink()  # the attacker owns the signer, too
    events(more)
    after = signed()
    assert after.root != before.root
    witnesses.hand_over(None, later(20))
    assert answer().outcome == Outcome.FORK
    assert not Cosignature.objects.exists()
    alarm = Alarm.objects.get(ended_at=None)
    assert alarm.kind.endswith(".fork")
    assert "Somebody rewrote the log" in alarm.text
    [kept] = witness.place.memory(before.origin).refused()
    printed = [elsewhere.Held("The record IMP-2026-0001", before.origin, before.size, before.root)]
    monkeypatch.setattr(elsewhere, "_sources", [lambda: printed])
    assert any(fault.startswith("The record IMP-2026-0001 holds") for fault in verify_log().faults)
    assert after.note.splitlines()[2] in kept.path.read_text()
    assert before.note.splitlines()[2] in kept.path.read_text()


@pytest.mark.engine("postgresql")
def test_an_older_database_with_an_older_signer_is_noticed_by_the_witness(db: None, witness: Running) -> None:
    events(3)
    older = signed()
    witness.trust()
    turn(NOW)
    memory = (keys.folder() / "last").read_text()
    newer = events(2)
    turn(later(20))
    assert answer().size == 5
    as_superuser(
        "DELETE FROM audit_cosignature", "DELETE FROM audit_checkpoint WHERE size > 3", "DELETE FROM audit_tile",
        "DELETE FROM audit_tree", "DELETE FROM audit_entry",
        f"DELETE FROM audit_event WHERE id IN ({newer[0].pk}, {newer[1].pk})",
    )  # fmt: skip
    WitnessAnswer.objects.update(size=3)  # as restored
    (keys.folder() / "last").write_text(memory)
    turn(later(40))
    assert Tree.objects.get().size == 3
    assert Checkpoint.objects.get() == older
    assert (answer().outcome, answer().size) == (Outcome.AHEAD, 5)
    alarm = Alarm.objects.get(ended_at=None)
    assert alarm.kind.endswith(".ahead")
    assert "has seen 5 events" in alarm.text
    assert "manage.py audit continue" in alarm.text

"""Checkpoints are handed to a real witness in a thread; whatever it answers, the log goes on."""

import http.server
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core import checks
from django.db import connection

from audit.log import asking, elsewhere, keys, reading, witnesses
from audit.log.checking import verify_log
from audit.log.publishing import Courier
from audit.log.turning import turn
from audit.models import Alarm, Checkpoint, Cosignature, Event, Outcome, Tree, WitnessAnswer
from imprimatur.tlog.checkpoint import CosignatureVerifier, Cosigner, moment_of
from imprimatur.tlog.note import Note
from imprimatur.witness.judging import Judge
from imprimatur.witness.place import Place
from imprimatur.witness.server import WitnessServer, listening
from imprimatur.witness.trusted import Trusted
from tests.audit.logs import NOW, events, signed, signer_in

SECONDS = int(NOW.timestamp())


class Running:
    """A witness that runs in a thread of the test."""

    def __init__(self, folder: Path, name: str = "witness.example/1") -> None:
        self.place = Place.make(folder, name)
        self.vkey = self.place.cosigner.vkey
        self.server: WitnessServer = listening("127.0.0.1:0", Judge(self.place), self.vkey)
        self.server.now = lambda: SECONDS
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self.thread.start()

    def trust(self) -> None:
        for key in keys.verifiers():
            self.place.trust(Trusted(key.name, key))

    def end(self) -> None:
        if self.thread.is_alive():
            self.server.shutdown()
            self.thread.join()
            self.server.server_close()


@pytest.fixture
def witness(tmp_path: Path, settings: Any) -> Iterator[Running]:
    signer_in(settings, tmp_path / "signer")
    running = Running(tmp_path / "witness")
    settings.LOG_WITNESSES = f"{running.vkey} {running.url}"
    yield running
    running.end()


@contextmanager
def impostor(answer: Callable[[http.server.BaseHTTPRequestHandler], None]) -> Iterator[str]:
    """An address that answers whatever the test wants."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            answer(self)

        def log_message(self, *_given: Any) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def answer() -> WitnessAnswer:
    return WitnessAnswer.objects.get()


def later(seconds: int) -> Any:
    return NOW + timedelta(seconds=seconds)


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


def test_an_answer_that_another_key_signed_is_not_kept(db: None, witness: Running, settings: Any) -> None:
    events(2)
    checkpoint = signed()
    other = Cosigner("witness.example/1", Ed25519PrivateKey.generate())
    note = Note.parse(checkpoint.note)
    ahead = str(witness.place.cosigner.cosign(note.text, SECONDS + 3600))
    moved = str(witness.place.cosigner.cosign(note.text.replace("\n2\n", "\n3\n"), SECONDS))
    for number, line in enumerate((str(other.cosign(note.text, SECONDS)), ahead, moved, "", "nonsense")):

        def lie(asked: http.server.BaseHTTPRequestHandler, line: str = line) -> None:
            asked.send_response(200)
            asked.end_headers()
            asked.wfile.write(f"{line}\n".encode())

        with impostor(lie) as url:
            settings.LOG_WITNESSES = f"{witness.vkey} {url}"
            witnesses.hand_over(checkpoint, later(number * 20))
        assert answer().outcome == Outcome.REFUSED
        assert "isn't signed with the key" in answer().text
    assert not Cosignature.objects.exists()


def test_redirects_endless_answers_and_refusals_are_no_signatures(
    db: None, witness: Running, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "SECONDS", 0.3)
    events(2)
    checkpoint = signed()
    witness.trust()
    release = threading.Event()

    def redirect(asked: http.server.BaseHTTPRequestHandler) -> None:
        asked.send_response(307)
        asked.send_header("Location", f"{witness.url}add-checkpoint")
        asked.end_headers()

    def flood(asked: http.server.BaseHTTPRequestHandler) -> None:
        asked.send_response(200)
        asked.end_headers()
        asked.wfile.write(b"x" * (asking.LARGEST + 1))

    def hang(_asked: http.server.BaseHTTPRequestHandler) -> None:
        release.wait(10)

    def break_down(asked: http.server.BaseHTTPRequestHandler) -> None:
        asked.send_error(500, "Out of order")

    for number, (what, outcome) in enumerate(
        [(redirect, "refused"), (flood, "silent"), (hang, "silent"), (break_down, "refused")]
    ):
        with impostor(what) as url:
            settings.LOG_WITNESSES = f"{witness.vkey} {url}"
            witnesses.hand_over(checkpoint, later(number * 20))
            release.set()
        assert answer().outcome == outcome, what
    assert not Cosignature.objects.exists()
    assert witness.place.memory(checkpoint.origin).seen() is None


def test_one_witness_that_fails_does_not_keep_another_from_signing(
    db: None, witness: Running, settings: Any, tmp_path: Path
) -> None:
    silent = Running(tmp_path / "silent", "witness.example/silent")
    silent.end()
    (tmp_path / "list").write_text(f"# ours\n{silent.vkey} {silent.url}\n\n{witness.vkey} {witness.url}\n")
    settings.LOG_WITNESSES = str(tmp_path / "list")
    events(2)
    checkpoint = signed()
    witness.trust()
    witnesses.hand_over(checkpoint, NOW)
    assert [row.outcome for row in WitnessAnswer.objects.order_by("id")] == ["silent", "cosigned"]
    assert [line.witness for line in Cosignature.objects.all()] == ["witness.example/1"]


def test_a_setting_that_became_wrong_is_an_alarm_and_stops_nothing(
    db: None, witness: Running, settings: Any, tmp_path: Path
) -> None:
    listed, right = tmp_path / "list", f"{witness.vkey} {witness.url}"
    settings.LOG_WITNESSES = str(listed)
    for text, kinds in (("half a line", ["witness.setting"]), (right, [])):
        listed.write_text(text)
        events(1)
        assert turn(NOW, Courier(lambda _now: None).publish).checkpoint is not None
        assert [alarm.kind for alarm in Alarm.objects.filter(ended_at=None)] == kinds
    listed.write_text("half a line")
    assert turn(NOW).checkpoint is None  # nothing new, and no error either


def test_the_courier_sets_out_when_a_witness_is_due_once_at_a_time_and_comes_back_at_once(
    db: None, settings: Any, tmp_path: Path
) -> None:
    signer_in(settings, tmp_path / "signer")
    settings.LOG_WITNESSES = f"{VKEY} https://w.example"
    begun, release, sent = threading.Event(), threading.Event(), []

    def send(_now: Any) -> None:
        sent.append(1)
        begun.set()
        release.wait(10)
        if len(sent) == 1:
            raise RuntimeError("on the way")

    courier = Courier(send)
    courier.publish(None, NOW)
    assert courier.wait(0)  # nothing was signed yet
    events(1)
    turn(NOW, courier.publish)
    assert begun.wait(10)
    events(1)
    assert turn(NOW, courier.publish).checkpoint is not None  # signed, although the first is under way
    assert not courier.wait(0)
    assert len(sent) == 1
    release.set()
    assert courier.wait(10)
    turn(NOW, courier.publish)  # what went wrong on the way is tried again, without anything new
    assert courier.wait(10)
    assert len(sent) == 2
    settings.LOG_WITNESSES = ""
    turn(NOW, courier.publish)
    assert courier.wait(10)
    assert len(sent) == 2


VKEY = Cosigner("w.example/1", Ed25519PrivateKey.from_private_bytes(b"w" * 32)).vkey


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("", ""),
        (f"{VKEY} https://w.example/", ""),
        (VKEY, "names the key of a witness and its address"),
        ("nonsense https://w.example", "imprimatur witness init"),
        (f"{VKEY} ftp://w.example", "begins with https"),
        (f"{VKEY} https://a.example\n{VKEY} https://b.example", "Two witnesses have one name"),
        ("/nowhere/at/all", "can't be read"),
    ],
)
def test_a_setting_that_names_no_witnesses_is_refused_at_the_start(
    settings: Any, given: str, said: str
) -> None:
    settings.LOG_WITNESSES = given
    found = witnesses.setting_is_right()
    assert [isinstance(fault, checks.Error) for fault in found] == [True] * bool(said)
    assert all(said in str(fault.msg) for fault in found)

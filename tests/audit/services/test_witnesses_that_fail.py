"""Whatever a witness answers, or whoever answers in its place: nothing wrong is kept, and the log goes on."""

import http.server
import threading
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core import checks

from audit.log import asking, witnesses
from audit.log.publishing import Courier
from audit.log.turning import turn
from audit.models import Alarm, Cosignature, Outcome, WitnessAnswer
from imprimatur.tlog.checkpoint import Cosigner
from imprimatur.tlog.note import Note
from tests.audit.logs import NOW, events, signed, signer_in
from tests.audit.witnessing import SECONDS, Running, answer, impostor, later


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

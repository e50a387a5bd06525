"""The witness over HTTP, on an address and on a unix socket, and the command that runs it."""

import http.client
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from imprimatur.cli import main
from imprimatur.tlog.checkpoint import CosignatureVerifier
from imprimatur.tlog.note import Note
from imprimatur.witness import server as servers
from imprimatur.witness.judging import SIZE
from imprimatur.witness.place import NoWitness, Place
from imprimatur.witness.server import WitnessServer, listening
from imprimatur.witness.submission import LARGEST, PATH
from tests.imprimatur.witness.made import NOW, ORIGIN, Log, witness

LOG = Log()
VKEY = LOG.signer.vkey


@contextmanager
def serving(folder: Path, where: str = "127.0.0.1:0") -> Iterator[WitnessServer]:
    with listening(where, witness(folder, LOG), Place.open(folder).cosigner.vkey) as server:
        server.now = lambda: NOW
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[WitnessServer]:
    Place.make(tmp_path / "witness", "witness.example/1")
    with serving(tmp_path / "witness") as found:
        yield found


def connection(server: WitnessServer) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)


def test_several_checkpoints_over_one_connection(server: WitnessServer, tmp_path: Path) -> None:
    asked = connection(server)
    verifier = CosignatureVerifier.parse((tmp_path / "witness" / "vkey").read_text())
    for old, size in [(0, 5), (5, 9)]:
        asked.request("POST", PATH, LOG.handed(old, size))
        answer = asked.getresponse()
        text = answer.read().decode()
        assert (answer.status, answer.headers["Content-Length"]) == (200, str(len(text.encode())))
        assert text.endswith("\n")
        assert Note.parse(str(LOG.note(size)) + text).verified_by([verifier]) == [verifier]
    asked.request("POST", PATH, LOG.handed(0, 12))
    answer = asked.getresponse()
    assert (answer.status, answer.headers["Content-Type"], answer.read()) == (409, SIZE, b"9\n")
    asked.close()


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "status"),
    [
        ("GET", "/", b"", {}, 200),
        ("GET", PATH, b"", {}, 405),
        ("GET", "/elsewhere", b"", {}, 404),
        ("POST", "/", b"old 0", {}, 404),
        ("POST", f"{PATH}?more", b"old 0", {}, 404),
        ("POST", PATH, b"", {}, 400),
        ("POST", PATH, b"", {"Content-Length": "-1"}, 400),
        ("POST", PATH, b"", {"Content-Length": "9" * 30}, 413),
        ("POST", PATH, b"", {"Content-Length": str(LARGEST + 1)}, 413),
        ("POST", PATH, b"0\r\n\r\n", {"Transfer-Encoding": "chunked"}, 411),
        ("DELETE", PATH, b"", {}, 501),
    ],
)
def test_what_is_no_checkpoint_is_refused_unread(
    server: WitnessServer, method: str, path: str, body: bytes, headers: dict[str, str], status: int
) -> None:
    asked = connection(server)
    asked.putrequest(method, path)
    for name, value in ({"Content-Length": str(len(body))} | headers).items():
        if not (name == "Content-Length" and "Transfer-Encoding" in headers):
            asked.putheader(name, value)
    asked.endheaders(body)
    answer = asked.getresponse()
    assert answer.status == status
    assert answer.read()
    asked.close()


def test_a_request_that_breaks_off_changes_nothing_and_the_next_one_is_answered(
    server: WitnessServer,
) -> None:
    body = LOG.handed(0, 5)
    with socket.create_connection(("127.0.0.1", server.server_port), 10) as broken:
        broken.sendall(
            b"POST %s HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % (PATH.encode(), len(body)) + body[:-5]
        )
        broken.shutdown(socket.SHUT_WR)
        assert broken.recv(1000) == b""
    asked = connection(server)
    asked.request("POST", PATH, body)
    assert asked.getresponse().status == 200
    asked.close()


def test_who_comes_when_there_is_no_room_is_sent_away(
    server: WitnessServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "_room", threading.Semaphore(0))
    with socket.create_connection(("127.0.0.1", server.server_port), 10) as asked:
        assert asked.recv(1000) == b""
    monkeypatch.undo()
    again = connection(server)
    again.request("GET", "/")
    assert again.getresponse().status == 200
    again.close()


def test_a_fault_of_the_witness_is_no_signature(server: WitnessServer, tmp_path: Path) -> None:
    (tmp_path / "witness" / "logs").write_text("nonsense\n")
    asked = connection(server)
    asked.request("POST", PATH, LOG.handed(0, 5))
    answer = asked.getresponse()
    assert answer.status == 500
    assert b"nonsense" not in answer.read()
    asked.close()


def test_on_a_unix_socket_also_where_a_killed_process_left_one(tmp_path: Path) -> None:
    Place.make(tmp_path / "w", "witness.example/1")
    path = tmp_path / "s"
    left = socket.socket(socket.AF_UNIX)
    left.bind(str(path))
    left.close()
    with serving(tmp_path / "w", f"unix:{path}"), socket.socket(socket.AF_UNIX) as asked:
        asked.connect(str(path))
        asked.sendall(b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n")
        answer = b"".join(iter(lambda: asked.recv(4096), b""))
    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.endswith((tmp_path / "w" / "vkey").read_bytes())


def test_an_address_of_ipv6_is_listened_at_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Place.make(tmp_path / "w", "witness.example/1")
    monkeypatch.setattr(WitnessServer, "server_bind", lambda _self: None)  # not every machine has IPv6
    monkeypatch.setattr(WitnessServer, "server_activate", lambda _self: None)
    for where, family in (("[::1]:8470", socket.AF_INET6), ("127.0.0.1:8470", socket.AF_INET)):
        with listening(where, witness(tmp_path / "w"), "") as server:
            assert (server.socket.family, server.server_address) == (family, (where[:-5].strip("[]"), 8470))


@pytest.mark.parametrize("where", ["8470", "host:", "host:port", ":8470", "host:99999"])
def test_an_address_that_is_none_is_named(tmp_path: Path, where: str) -> None:
    Place.make(tmp_path / "w", "witness.example/1")
    with pytest.raises(ValueError, match=r"like 127\.0\.0\.1:8470"):
        listening(where, witness(tmp_path / "w"), "")


def test_one_process_serves_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = Place.make(tmp_path / "w", "witness.example/1")
    with place.held():
        assert main(["witness", "serve", str(tmp_path / "w"), "--listen", "127.0.0.1:0"]) == 1
    assert "Another process serves" in capsys.readouterr().err


def test_the_command_serves_until_it_is_interrupted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(self: WitnessServer) -> None:
        with pytest.raises(NoWitness), Place.open(tmp_path / "w").held():
            pass
        raise KeyboardInterrupt

    monkeypatch.setattr(servers.WitnessServer, "serve_forever", interrupted)
    Place.make(tmp_path / "w", "witness.example/1")
    assert main(["witness", "serve", str(tmp_path / "w"), "--listen", "127.0.0.1:0"]) == 0
    assert "logs known: 0" in capsys.readouterr().out


def test_init_trust_and_show(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(tmp_path / "w")
    assert main(["witness", "init", folder, "--name", "witness.example/1"]) == 0
    vkey = capsys.readouterr().out.strip()
    assert CosignatureVerifier.parse(vkey).name == "witness.example/1"
    assert (tmp_path / "w" / "key.pem").stat().st_mode & 0o777 == 0o600
    assert main(["witness", "trust", folder, ORIGIN, VKEY]) == 0
    assert main(["witness", "trust", folder, ORIGIN, VKEY]) == 0
    assert (tmp_path / "w" / "logs").read_text() == f"{ORIGIN} {VKEY}\n"
    assert main(["witness", "show", folder]) == 0
    assert f"{vkey}\n\n{ORIGIN}\n  nothing seen yet\n" in capsys.readouterr().out

    judge = witness(tmp_path / "w")
    judge.answer(LOG.handed(0, 5), NOW)
    assert main(["witness", "show", folder]) == 0
    assert "size 5, root " in capsys.readouterr().out
    assert main(["witness", "note", folder, ORIGIN]) == 0
    assert capsys.readouterr().out == str(LOG.note(5))
    judge.answer(Log(rewritten=3).handed(5, 5), NOW)
    assert main(["witness", "show", folder]) == 1
    assert "which proves a fork" in capsys.readouterr().out
    next((tmp_path / "w" / "seen").glob("*/latest")).write_text("?")
    assert main(["witness", "show", folder]) == 2


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["show", "{}/none"], 2, "imprimatur witness init"),
        (["serve", "{}/none"], 1, "imprimatur witness init"),
        (["init", "{}/w", "--name", "other"], 1, "has a key already"),
        (["init", "{}/new", "--name", "with space"], 1, "no spaces"),
        (["trust", "{}/w", ORIGIN, "nonsense"], 1, "no key of the kind"),
        (["trust", "{}/w", f"a\n{ORIGIN}", VKEY], 1, "origin of a log"),
        (["note", "{}/w", ORIGIN], 1, "has seen no checkpoint of"),
        (["serve", "{}/w", "--listen", "nowhere"], 1, "like 127.0.0.1:8470"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], status: int, said: str
) -> None:
    Place.make(tmp_path / "w", "witness.example/1")
    assert main(["witness", *(argument.format(tmp_path) for argument in arguments)]) == status
    error = capsys.readouterr().err
    assert error.startswith("imprimatur: ")
    assert said in error
    assert len(error.splitlines()) == 1
    assert not (tmp_path / "new" / "key.pem").exists()


def test_a_key_that_is_not_the_one_of_the_folder_is_refused(tmp_path: Path) -> None:
    Place.make(tmp_path / "a", "witness.example/1")
    Place.make(tmp_path / "b", "witness.example/1")
    (tmp_path / "a" / "vkey").write_bytes((tmp_path / "b" / "vkey").read_bytes())
    with pytest.raises(NoWitness, match="belong together"):
        Place.open(tmp_path / "a")
    (tmp_path / "a" / "key.pem").write_text("garbage")
    with pytest.raises(NoWitness, match="can't be read"):
        Place.open(tmp_path / "a")

"""Calls over real sockets to servers that behave badly: busy, elsewhere, without trust, no Imprimatur at all."""

import argparse
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from imprimatur.api_token import new_token
from imprimatur.outcome import Ended, Refusal, Unclear
from imprimatur.server import ATTEMPTS, Answered, Server, server_of

Answers = list[tuple[int, dict[str, str], bytes]]
GOOD = (200, {"Content-Type": "application/json"}, b'{"id": 7}')


class Double(ThreadingHTTPServer):
    """Answers by a list, the last of it for ever, and keeps what it was sent."""

    def __init__(self, answers: Answers) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers, self.sent = answers, list[tuple[str, str, dict[str, str], bytes]]()


class _Handler(BaseHTTPRequestHandler):
    server: Double

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        self.server.sent.append((self.command, self.path, dict(self.headers), body))
        answers = self.server.answers
        status, headers, text = answers.pop(0) if len(answers) > 1 else answers[0]
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(text))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815  (http.server looks for these names)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def answering(
    *answers: tuple[int, dict[str, str], bytes], wrap: Callable[[Double], None] | None = None
) -> Iterator[Double]:
    with Double(list(answers)) as double:
        if wrap:
            wrap(double)
        thread = threading.Thread(target=double.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield double
        finally:
            double.shutdown()
            thread.join()


def calls_to(double: Double, waited: list[float] | None = None, host: str = "127.0.0.1") -> Server:
    waits = waited if waited is not None else []
    return Server(f"http://{host}:{double.server_port}", new_token(), wait=waits.append)


def busy(status: int, after: str = "") -> tuple[int, dict[str, str], bytes]:
    headers = {"Content-Type": "application/problem+json"} | ({"Retry-After": after} if after else {})
    return status, headers, b'{"code": "too-many", "detail": "Later."}'


def test_a_busy_server_is_asked_again_when_it_says_and_the_same_is_sent() -> None:
    waited: list[float] = []
    with answering(busy(429, "7"), busy(503), GOOD) as double:
        assert calls_to(double, waited).post("/requests", {"purpose": "港口"}, key="k1") == {"id": 7}
    assert waited[0] == 7
    assert 0 < waited[1] <= 2
    assert len({(path, headers["Idempotency-Key"], body) for _m, path, headers, body in double.sent}) == 1
    assert double.sent[0][2]["Idempotency-Key"] == '"k1"'
    assert double.sent[0][3] == '{"purpose": "港口"}'.encode()


def test_a_date_to_come_again_is_understood() -> None:
    waited: list[float] = []
    at = datetime.now(UTC) + timedelta(seconds=30)
    with answering(busy(503, at.strftime("%a, %d %b %Y %H:%M:%S GMT")), GOOD) as double:
        calls_to(double, waited).get("/me")
    assert 20 < waited[0] <= 30


@pytest.mark.parametrize("answer", [busy(503), busy(429, "3600"), (500, {}, b"")])
def test_a_server_that_stays_busy_ends_the_command_without_a_verdict(
    answer: tuple[int, dict[str, str], bytes],
) -> None:
    with answering(answer) as double, pytest.raises(Unclear, match="can't answer now"):
        calls_to(double).get("/me")
    assert len(double.sent) == (ATTEMPTS if answer == busy(503) else 1)


def test_the_token_follows_no_redirect() -> None:
    with (
        answering(GOOD) as other,
        answering((302, {"Location": f"http://localhost:{other.server_port}/"}, b"")) as double,
    ):
        with pytest.raises(Unclear, match="leads elsewhere"):
            calls_to(double).get("/me")
        assert other.sent == []
    assert double.sent[0][2]["Authorization"].startswith("Bearer imp_")


def test_what_is_refused_comes_with_its_code_and_sentence() -> None:
    refusal: tuple[int, dict[str, str], bytes] = (422, {}, b'{"code": "refused", "detail": "Erst dort."}')
    with answering(refusal) as double, pytest.raises(Answered, match="Erst dort") as caught:
        calls_to(double).put("/x", {}, seen=3)
    assert (caught.value.code, caught.value.status) == ("refused", 422)
    assert double.sent[0][2]["If-Match"] == '"3"'
    with answering((401, {}, b"{}")) as double, pytest.raises(Refusal, match="doesn't accept the token"):
        calls_to(double).get("/me")


def test_what_is_no_imprimatur_is_told_as_such() -> None:
    with (
        answering((200, {}, b"<html>Welcome to nginx!")) as double,
        pytest.raises(Unclear, match="no Imprimatur"),
    ):
        calls_to(double).get("/me")
    with answering((404, {}, b"<html>")) as double, pytest.raises(Answered, match="answered 404"):
        calls_to(double).get("/me")


def test_nobody_at_the_port_is_out_of_reach() -> None:
    with answering(GOOD) as double:
        port = double.server_port
    with pytest.raises(Unclear, match="out of reach"):
        Server(f"http://127.0.0.1:{port}", new_token(), wait=lambda _: None).get("/me")


def test_what_is_gone_already_may_be_taken_away() -> None:
    with answering((404, {}, b"{}")) as double:
        calls_to(double).delete("/files/7")
    assert double.sent[0][0] == "DELETE"


def test_a_proxy_of_the_environment_is_used_unless_the_server_is_excepted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with answering(GOOD) as proxy:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.server_port}")
        monkeypatch.setenv("no_proxy", "")
        assert Server("http://imprimatur.test", new_token()).get("/me") == {"id": 7}
        assert proxy.sent[0][1] == "http://imprimatur.test/api/v1/me"
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        with answering(GOOD) as double:
            calls_to(double).get("/me")
        assert len(double.sent) == 1
        assert len(proxy.sent) == 1


def given(server: str, ca: Path | None = None) -> argparse.Namespace:
    return argparse.Namespace(server=server, ca=ca, token_file=None)


@pytest.fixture
def authority(tmp_path: Path) -> Path:
    """A certificate for this machine, made here, with its key beside it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "tests")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(
            name, name, key.public_key(), 1, now - timedelta(days=1), now + timedelta(days=1)
        )
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (tmp_path / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    place = tmp_path / "authority.pem"
    place.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return place


def test_a_certificate_is_believed_only_by_its_authority(
    authority: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("IMPRIMATUR_TOKEN", new_token())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority, authority.with_name("key.pem"))

    def wrap(double: Double) -> None:
        double.socket = context.wrap_socket(double.socket, server_side=True)

    with answering(GOOD, wrap=wrap) as double:
        address = f"https://127.0.0.1:{double.server_port}"
        assert server_of(given(address, authority)).get("/me") == {"id": 7}
        with pytest.raises(Unclear, match="--ca FILE"):
            server_of(given(address)).get("/me")
        assert len(double.sent) == 1
    (tmp_path / "no.pem").write_text("nothing")
    with pytest.raises(Unclear, match="no certificate"):
        server_of(given(address, tmp_path / "no.pem"))


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("", "Name the server"),
        ("imprimatur.example.org", "Name the server"),
        ("ftp://imprimatur.example.org", "Name the server"),
        ("https://user@imprimatur.example.org", "Name the server"),
        ("http://imprimatur.example.org", "not encrypted"),
    ],
)
def test_an_address_that_is_none_or_that_others_could_read_is_refused(
    address: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IMPRIMATUR_TOKEN", new_token())
    monkeypatch.delenv("IMPRIMATUR_SERVER", raising=False)
    with pytest.raises(Ended, match=words):
        server_of(given(address))

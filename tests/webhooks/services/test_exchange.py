"""The way out to real receivers: judged addresses only, one deadline, no redirect, certificates verified."""

import socket
import threading
from ipaddress import ip_address
from pathlib import Path

import pytest

from tests.webhooks.receivers import ACCEPTED, HERE, Authority, answering, receiving
from webhooks.outgoing import resolving
from webhooks.outgoing.exchange import KEPT, Outcome, Way, post
from webhooks.rules.destination import Address, Allowed

HEADERS = {"content-type": "application/json", "webhook-id": "msg_1"}
BODY = b'{"type":"endpoint.test"}'


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """What the resolver knows; each name may be asked for once."""
    known: dict[str, list[str]] = {}

    def ask(host: str, _port: int) -> list[Address]:
        if host not in known:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return [ip_address(each) for each in known.pop(host)]

    monkeypatch.setattr(resolving, "ask_system", ask)
    return known


def test_a_message_arrives_as_it_was_sent_and_the_answer_is_kept() -> None:
    raw = b"HTTP/1.1 200 OK\r\nX-Trace: 7\r\nContent-Length: 4\r\n\r\nok\0\xff"
    with receiving(answering(raw)) as receiver:
        answer = post(f"{receiver.url}?a=b", HEADERS, BODY, receiver.way())
    assert (answer.outcome, answer.status, answer.body) == (Outcome.ACCEPTED, 200, "ok��")
    assert ("X-Trace", "7") in answer.headers
    assert answer.address == "127.0.0.1"
    (heard,) = receiver.heard
    assert heard.line == "POST /hook?a=b HTTP/1.1"
    assert heard.body == BODY
    assert heard.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert heard.headers["webhook-id"] == "msg_1"
    assert heard.headers["connection"] == "close"


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(200, "accepted"), (299, "accepted"), (301, "redirected"), (307, "redirected"), (404, "answered"), (410, "gone"),
     (500, "answered")],
)  # fmt: skip
def test_the_status_says_what_came_of_it(status: int, outcome: str) -> None:
    with receiving(answering(f"HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n".encode())) as receiver:
        assert post(receiver.url, HEADERS, BODY, receiver.way()).outcome == outcome


def test_a_redirect_is_not_followed() -> None:
    with receiving(answering(ACCEPTED)) as other:
        raw = (
            f"HTTP/1.1 307 Temporary Redirect\r\nLocation: {other.url}\r\nContent-Length: 0\r\n\r\n".encode()
        )
        with receiving(answering(raw)) as receiver:
            way = Way(Allowed((HERE,), (receiver.port, other.port), plain=True))
            answer = post(receiver.url, HEADERS, BODY, way)
        assert (answer.outcome, answer.status) == (Outcome.REDIRECTED, 307)
        assert other.connections == 0


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving(answering(ACCEPTED)) as proxy, receiving(answering(ACCEPTED)) as receiver:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert post(receiver.url, HEADERS, BODY, receiver.way()).outcome == Outcome.ACCEPTED
        assert (proxy.connections, receiver.connections) == (0, 1)


@pytest.mark.parametrize(
    "spelled", ["localhost", "receiver.example", "metadata.example", "two-faced.example"]
)
def test_a_name_that_leads_inside_is_not_reached(names: dict[str, list[str]], spelled: str) -> None:
    names["localhost"] = ["127.0.0.1"]
    names["receiver.example"] = ["::ffff:127.0.0.1"]
    names["metadata.example"] = ["169.254.169.254"]
    names["two-faced.example"] = ["93.184.215.14", "127.0.0.1"]
    with receiving(answering(ACCEPTED)) as receiver:
        way = Way(Allowed(ports=(receiver.port,)))
        answer = post(f"https://{spelled}:{receiver.port}/", HEADERS, BODY, way)
        assert receiver.connections == 0
    assert answer.outcome == Outcome.REFUSED
    assert answer.detail.startswith("private")
    assert answer.address == ""


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "2130706433",
        "0x7f000001",
        "127.1",
        "0177.0.0.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::]",
        "0.0.0.0",
    ],
)
def test_no_spelling_of_this_machine_is_reached_by_the_real_resolver(host: str) -> None:
    with receiving(answering(ACCEPTED)) as receiver:
        way = Way(Allowed(ports=(receiver.port,)))
        answer = post(f"https://{host}:{receiver.port}/", HEADERS, BODY, way)
        assert receiver.connections == 0
    assert answer.outcome == Outcome.REFUSED


def test_the_system_resolves_other_spellings_to_this_machine_and_the_guard_sees_it() -> None:
    """Why names are judged by what they resolve to: the resolver reads numbers in many ways."""
    assert resolving.ask_system("0x7f.1", 443) == [ip_address("127.0.0.1")]
    assert resolving.ask_system("2130706433", 443) == [ip_address("127.0.0.1")]


def test_a_name_is_asked_for_once_so_that_it_cannot_change_its_mind(monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: the second answer would lead elsewhere, so there is no second question."""
    asked: list[str] = []

    def ask(host: str, _port: int) -> list[Address]:
        asked.append(host)
        return [ip_address("127.0.0.1" if len(asked) == 1 else "127.0.0.2")]

    monkeypatch.setattr(resolving, "ask_system", ask)
    with receiving(answering(ACCEPTED)) as receiver, monkeypatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", lambda *_given, **_named: pytest.fail("asked again"))
        answer = post(f"http://rebinding.example:{receiver.port}/", HEADERS, BODY, receiver.way())
        patch.undo()
    assert (answer.outcome, answer.address) == (Outcome.ACCEPTED, "127.0.0.1")
    assert asked == ["rebinding.example"]
    assert receiver.heard[0].headers["host"] == f"rebinding.example:{receiver.port}"


def test_a_host_that_nobody_knows_is_said_to_be_unknown(names: dict[str, list[str]]) -> None:
    answer = post("https://nobody.example/", HEADERS, BODY, Way(Allowed()))
    assert (answer.outcome, names) == (Outcome.UNKNOWN_HOST, {})


def test_a_resolver_that_never_answers_takes_no_longer_than_the_deadline(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    over = threading.Event()
    monkeypatch.setattr(resolving, "ask_system", lambda _host, _port: [ip_address("1.1.1.1")] * over.wait(30))
    answer = post("https://slow.example/", HEADERS, BODY, Way(Allowed(), seconds=0.2))
    over.set()
    assert answer.outcome == Outcome.TIMED_OUT


def test_a_port_where_nobody_listens_is_unreachable() -> None:
    with receiving(answering(ACCEPTED)) as receiver:
        way, url = receiver.way(), receiver.url
    assert post(url, HEADERS, BODY, way).outcome == Outcome.UNREACHABLE


def _drip(connection: socket.socket, over: threading.Event) -> None:
    """Send a byte now and then, much longer than any deadline here."""
    for _each in range(200):
        if over.wait(0.05):
            return
        connection.sendall(b"x")


@pytest.mark.parametrize("raw", [b"", b"HTTP/1.1 200 OK\r\nX-Slow: ", b"HTTP/1.1 100 Continue\r\n\r\n"])
def test_an_answer_that_drips_ends_at_the_deadline(raw: bytes) -> None:
    def drip(connection: socket.socket, over: threading.Event) -> None:
        connection.sendall(raw)
        _drip(connection, over)

    with receiving(drip) as receiver:
        answer = post(receiver.url, HEADERS, BODY, receiver.way(seconds=0.3))
    assert answer.outcome == Outcome.TIMED_OUT


def test_a_body_that_drips_after_the_status_does_not_undo_it() -> None:
    def drip(connection: socket.socket, over: threading.Event) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n")
        _drip(connection, over)

    with receiving(drip) as receiver:
        answer = post(receiver.url, HEADERS, BODY, receiver.way(seconds=0.3))
    assert answer.outcome == Outcome.ACCEPTED
    assert set(answer.body) == {"x"}


def test_of_a_huge_body_the_first_bytes_are_read_and_kept() -> None:
    def flood(connection: socket.socket, _over: threading.Event) -> None:
        connection.sendall(b"HTTP/1.1 500 Oops\r\nContent-Length: 1000000000\r\n\r\n")
        for _each in range(1000):
            connection.sendall(b"<script>alert(1)</script>" * 4000)

    with receiving(flood) as receiver:
        answer = post(receiver.url, HEADERS, BODY, receiver.way())
    assert (answer.outcome, len(answer.body)) == (Outcome.ANSWERED, KEPT)


@pytest.mark.parametrize(
    ("raw", "outcome"),
    [
        (b"HTTP/1.1 100 Continue\r\n\r\n" * 20000, Outcome.TOO_MUCH),
        (b"HTTP/1.1 200 OK\r\n" + b"X-Header: 1\r\n" * 200 + b"\r\n", Outcome.NO_HTTP),
        (b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * 70000 + b"\r\n\r\n", Outcome.NO_HTTP),
        (b"SSH-2.0-OpenSSH_9.6\r\n", Outcome.NO_HTTP),
        (b"", Outcome.NO_HTTP),
        (b"HTTP/1.1 9999 X\r\n\r\n", Outcome.NO_HTTP),
        (b"\0\xff\xfe", Outcome.NO_HTTP),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n", Outcome.ACCEPTED),
    ],
)
def test_what_is_no_answer_is_said_to_be_none(raw: bytes, outcome: Outcome) -> None:
    with receiving(answering(raw)) as receiver:
        assert post(receiver.url, HEADERS, BODY, receiver.way()).outcome == outcome


def test_with_tls_the_certificate_must_be_of_an_authority_and_for_this_name(
    authority: Authority, names: dict[str, list[str]], tmp_path: Path
) -> None:
    names |= {name: ["127.0.0.1"] for name in ("right.example", "wrong.example")}
    with receiving(answering(ACCEPTED), authority.context_for("right.example")) as receiver:
        known, unknown = receiver.way(authorities=str(authority.path)), receiver.way()
        url = f"https://right.example:{receiver.port}/"
        assert post(url, HEADERS, BODY, known).outcome == Outcome.ACCEPTED
        wrong = post(f"https://wrong.example:{receiver.port}/", HEADERS, BODY, known)
        assert wrong.outcome == Outcome.CERTIFICATE
        assert "wrong.example" in wrong.detail
        names["right.example"] = ["127.0.0.1"]
        assert post(url, HEADERS, BODY, unknown).outcome == Outcome.CERTIFICATE
        assert len(receiver.heard) == 1, "whoever shows the wrong certificate hears nothing"


def test_a_receiver_that_speaks_no_tls_hears_nothing(names: dict[str, list[str]]) -> None:
    names["plain.example"] = ["127.0.0.1"]
    with receiving(answering(b"HTTP/1.1 200 OK\r\n\r\n")) as receiver:
        answer = post(f"https://plain.example:{receiver.port}/", HEADERS, BODY, receiver.way(seconds=1))
        assert answer.outcome in {Outcome.NO_TLS, Outcome.TIMED_OUT, Outcome.UNREACHABLE}
        assert not any(heard.body for heard in receiver.heard)


def test_the_second_address_is_tried_when_the_first_does_not_answer(names: dict[str, list[str]]) -> None:
    names["two.example"] = ["127.0.0.9", "127.0.0.1"]
    with receiving(answering(ACCEPTED)) as receiver:
        answer = post(f"http://two.example:{receiver.port}/", HEADERS, BODY, receiver.way())
    assert (answer.outcome, answer.address) == (Outcome.ACCEPTED, "127.0.0.1")

"""One request to one receiver: judged addresses only, no second resolution, no redirect, no proxy, one deadline."""

import http.client
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from webhooks.outgoing import resolving
from webhooks.outgoing.deadline import Deadline, Received, TooMuch, send_all
from webhooks.outgoing.resolving import addresses_of
from webhooks.rules.destination import (
    Address,
    Allowed,
    BadDestination,
    Destination,
    Fault,
    destination,
    why_not_connect,
)

SECONDS = 15.0  # of all together
MOST = 128 * 1024  # bytes that are read, head and body
KEPT = 4096  # bytes of the body that are kept
HEADERS = 40  # of the answer that are kept, each of at most
HEADER = 400  # characters


class Outcome(StrEnum):
    """What came of an attempt."""

    ACCEPTED = "accepted"
    GONE = "gone"
    REDIRECTED = "redirected"
    ANSWERED = "answered"
    REFUSED = "refused"
    UNKNOWN_HOST = "unknown_host"
    UNREACHABLE = "unreachable"
    TIMED_OUT = "timed_out"
    CERTIFICATE = "certificate"
    NO_TLS = "no_tls"
    NO_HTTP = "no_http"
    TOO_MUCH = "too_much"


@dataclass(slots=True)
class Answer:
    """What came back: `outcome`, and as much of the rest as there was; `detail` is for whoever mends it."""

    outcome: Outcome = Outcome.UNREACHABLE
    status: int | None = None
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: str = ""
    address: str = ""
    detail: str = ""
    wish: timedelta = field(default_factory=timedelta)
    milliseconds: int = 0


@dataclass(frozen=True, slots=True)
class Way:
    """How to send: what is allowed, a file of further certificates ("" for the system's alone), how long."""

    allowed: Allowed
    authorities: str = ""
    seconds: float = SECONDS


def post(url: str, headers: Mapping[str, str], body: bytes, way: Way) -> Answer:
    """Send the body and return what came of it; whatever the other side does, this ends in time and doesn't raise."""
    began, answer = time.monotonic(), Answer()
    try:
        _post(destination(url, way.allowed), headers, body, way, answer)
    except BadDestination as fault:
        unknown = fault.fault == Fault.UNKNOWN
        answer.outcome = Outcome.UNKNOWN_HOST if unknown else Outcome.REFUSED
        answer.detail = str(fault)
    except TimeoutError:
        answer.outcome = Outcome.TIMED_OUT
    except ssl.SSLCertVerificationError as fault:
        answer.outcome, answer.detail = Outcome.CERTIFICATE, fault.verify_message
    except ssl.SSLError as fault:
        answer.outcome, answer.detail = Outcome.NO_TLS, fault.reason or str(fault)
    except TooMuch:
        answer.outcome = Outcome.TOO_MUCH
    except (http.client.HTTPException, ValueError) as fault:
        answer.outcome, answer.detail = Outcome.NO_HTTP, type(fault).__name__
    except OSError as fault:
        answer.outcome, answer.detail = Outcome.UNREACHABLE, fault.strerror or type(fault).__name__
    answer.milliseconds = round((time.monotonic() - began) * 1000)
    return answer


def _post(goal: Destination, headers: Mapping[str, str], body: bytes, way: Way, answer: Answer) -> None:
    deadline = Deadline(way.seconds)
    found = addresses_of(goal.host, goal.port, deadline, resolving.ask_system)
    why_not = why_not_connect(found, goal.scheme, way.allowed)
    if why_not:
        raise why_not
    with _connect(found, goal.port, deadline, answer) as plain:
        if goal.scheme == "http":
            _exchange(plain, goal, headers, body, deadline, answer)
            return
        context = ssl.create_default_context(cafile=None)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if way.authorities:
            context.load_verify_locations(way.authorities)
        plain.settimeout(deadline.left())
        with context.wrap_socket(plain, server_hostname=goal.host) as secure:
            _exchange(secure, goal, headers, body, deadline, answer)


def _connect(found: list[Address], port: int, deadline: Deadline, answer: Answer) -> socket.socket:
    """Connect to the first of these addresses that takes it."""
    fault: OSError | None = None
    for at, address in enumerate(found):
        kind = socket.AF_INET if address.version == 4 else socket.AF_INET6
        connection = socket.socket(kind, socket.SOCK_STREAM)
        try:
            connection.settimeout(deadline.left() / (len(found) - at))
            connection.connect((str(address), port))
        except OSError as refused:
            connection.close()
            fault = refused
        else:
            answer.address = str(address)
            return connection
    assert fault is not None
    raise fault


def _exchange(
    connection: socket.socket,
    goal: Destination,
    headers: Mapping[str, str],
    body: bytes,
    deadline: Deadline,
    answer: Answer,
) -> None:
    lines = [f"POST {goal.target} HTTP/1.1", f"Host: {goal.authority}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    lines += [f"Content-Length: {len(body)}", "Connection: close"]
    send_all(connection, "\r\n".join(lines).encode("ascii") + b"\r\n\r\n" + body, deadline)
    received = Received(connection, deadline, MOST)
    response = http.client.HTTPResponse(received, method="POST")  # type: ignore[arg-type]  # all that it uses
    response.begin()
    answer.status = response.status
    answer.outcome = _judged(response.status)
    pairs = response.getheaders()[:HEADERS]
    answer.headers = [(_legible(name[:HEADER]), _legible(value[:HEADER])) for name, value in pairs]
    answer.wish = _wish(response.getheader("Retry-After") or "")
    answer.body = _start_of(response)


def _start_of(response: http.client.HTTPResponse) -> str:
    """Return the first bytes of the body; that its rest doesn't come changes nothing, the status has been said."""
    kept = b""
    try:
        while len(kept) < KEPT and (part := response.read1(KEPT - len(kept))):
            kept += part
    except (OSError, http.client.HTTPException, ValueError):
        return _legible(kept.decode("utf-8", "replace"))
    return _legible(kept.decode("utf-8", "replace"))


def _judged(status: int) -> Outcome:
    if 200 <= status < 300:
        return Outcome.ACCEPTED
    if status == 410:
        return Outcome.GONE
    return Outcome.REDIRECTED if 300 <= status < 400 else Outcome.ANSWERED


def _wish(text: str) -> timedelta:
    """Return for how long the receiver wants to be left alone: Retry-After in seconds (RFC 9110, 10.2.3)."""
    return (
        timedelta(seconds=int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else timedelta()
    )


def _legible(text: str) -> str:
    """Return the text without the character NUL, which the database keeps in no text."""
    return text.replace("\0", "�")

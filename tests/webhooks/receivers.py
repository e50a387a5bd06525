"""Receivers on 127.0.0.1 that behave well or badly, an authority for their certificates, and endpoints for them."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from webhooks.outgoing.exchange import Way
from webhooks.rules.destination import Allowed

HERE = ip_network("127.0.0.0/8")
ACCEPTED = b"HTTP/1.1 204 No Content\r\nX-Receiver: test\r\n\r\n"


@dataclass
class Heard:
    """A request as it came: its first line, its headers, its body."""

    line: str
    headers: dict[str, str]
    body: bytes


Behaviour = Callable[[socket.socket, threading.Event], None]


@dataclass
class Receiver:
    """A server of one behaviour: `heard` are the requests, `connections` how often somebody connected."""

    port: int
    heard: list[Heard] = field(default_factory=list)
    connections: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    def way(self, seconds: float = 5.0, authorities: str = "") -> Way:
        """Return the way that leads to this receiver and nowhere else."""
        return Way(Allowed((HERE,), (self.port,), plain=True), authorities, seconds)


def answering(raw: bytes) -> Behaviour:
    """Answer each request with these bytes."""

    def behave(connection: socket.socket, _over: threading.Event) -> None:
        connection.sendall(raw)

    return behave


@contextmanager
def receiving(behave: Behaviour, tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """Run a receiver until the block ends."""
    listener = socket.create_server(("127.0.0.1", 0))
    receiver, over = Receiver(listener.getsockname()[1]), threading.Event()
    serving = threading.Thread(target=_serve, args=(listener, receiver, behave, tls, over), daemon=True)
    serving.start()
    try:
        yield receiver
    finally:
        over.set()
        with socket.create_connection(("127.0.0.1", receiver.port), 5):
            serving.join(5)
        listener.close()


def _serve(
    listener: socket.socket,
    receiver: Receiver,
    behave: Behaviour,
    tls: ssl.SSLContext | None,
    over: threading.Event,
) -> None:
    while True:
        connection, _place = listener.accept()
        if over.is_set():
            connection.close()
            return
        receiver.connections += 1
        with connection:
            try:
                connection.settimeout(5)
                speaking = tls.wrap_socket(connection, server_side=True) if tls else connection
                receiver.heard.append(_hear(speaking))
                behave(speaking, over)
                speaking.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # the other side went: for these receivers that is an end like another


def _hear(connection: socket.socket) -> Heard:
    with connection.makefile("rb") as file:
        line = file.readline().decode("latin-1").strip()
        headers: dict[str, str] = {}
        while text := file.readline().decode("latin-1").strip():
            name, _colon, value = text.partition(":")
            headers[name.lower()] = value.strip()
        return Heard(line, headers, file.read(int(headers.get("content-length", "0"))))


class Authority:
    """An authority of the test; `path` is its certificate as PEM."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._key = folder, ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Authority of the test")])
        self._certificate = _certificate(self._name, self._name, self._key, self._key, ca=True)
        self.path = folder / "authority.pem"
        self.path.write_bytes(self._certificate.public_bytes(serialization.Encoding.PEM))

    def context_for(self, host: str) -> ssl.SSLContext:
        """Return what a server needs that calls itself by this name."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        certificate = _certificate(name, self._name, key, self._key, host=host)
        file = self._folder / f"{host}.pem"
        file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    signed_with: ec.EllipticCurvePrivateKey,
    *,
    ca: bool = False,
    host: str = "",
) -> x509.Certificate:
    now = datetime.now(UTC)
    building = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )
    if host:
        building = building.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
    return building.sign(signed_with, hashes.SHA256())

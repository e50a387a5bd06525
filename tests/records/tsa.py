"""An RFC 3161 authority for tests: a small HTTP server on 127.0.0.1 in front of `openssl ts -reply`."""

import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CONFIG = """
[tsa]
default_tsa = first
[first]
dir = {home}
serial = {home}/serial
crypto_device = builtin
signer_cert = {home}/tsa.pem
certs = {home}/chain.pem
signer_key = {home}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ordering = no
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


class OpenSSL:
    """The authority with its keys in a folder; `reply` answers a query as RFC 3161 wants it."""

    def __init__(self, home: Path) -> None:
        self.home, self.config = home, home / "tsa.cnf"
        self.config.write_text(CONFIG.format(home=home))
        (home / "serial").write_text("01\n")
        root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
        root = _certificate("Stamps Root", root_key, None, root_key)
        own = _certificate("Stamps", key, root, root_key)
        (home / "root.pem").write_bytes(root.public_bytes(Encoding.PEM))
        (home / "chain.pem").write_bytes(root.public_bytes(Encoding.PEM))
        (home / "tsa.pem").write_bytes(own.public_bytes(Encoding.PEM))
        (home / "tsa.key").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))

    @property
    def roots(self) -> Path:
        """The file that a client trusts."""
        return self.home / "root.pem"

    def reply(self, query: bytes) -> bytes:
        """Answer a query."""
        (self.home / "query.tsq").write_bytes(query)
        self._run(
            "ts", "-reply", "-config", str(self.config), "-section", "first", "-queryfile", f"{self.home}/query.tsq",
            "-out", f"{self.home}/reply.tsr",
        )  # fmt: skip
        return (self.home / "reply.tsr").read_bytes()

    def _run(self, *words: str) -> None:
        subprocess.run(["openssl", *words], check=True, capture_output=True, timeout=20, cwd=self.home)


def _certificate(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Certificate | None,
    issuer_key: ec.EllipticCurvePrivateKey,
) -> x509.Certificate:
    """Valid long before and after, because records in tests have dates of their own."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    usage = x509.KeyUsage(
        digital_signature=issuer is not None, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=issuer is None, crl_sign=issuer is None,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2050, 1, 1, tzinfo=UTC))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
        )
    )
    if issuer is not None:
        builder = builder.add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True
        )
    return builder.sign(issuer_key, hashes.SHA256())


Answer = Callable[[BaseHTTPRequestHandler, bytes], None]


def well(authority: OpenSSL) -> Answer:
    """Answer as one should."""
    return lambda handler, query: send(handler, authority.reply(query))


def send(
    handler: BaseHTTPRequestHandler,
    content: bytes,
    kind: str = "application/timestamp-reply",
    status: int = 200,
) -> None:
    """Send an answer of this type."""
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content)


@contextmanager
def served(answer: Answer) -> Iterator[str]:
    """Serve on 127.0.0.1 while the block runs; yields the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            answer(self, self.rfile.read(int(self.headers["Content-Length"])))

        def log_message(self, *_given: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/stamp"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

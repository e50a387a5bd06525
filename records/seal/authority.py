"""The internal certificate authority of an installation without one: root, issuing authority, the
organisation's seal.

Made at the first start in the data folder, ECDSA P-256, each key in a PKCS#12 file that only its owner may
read,
encrypted under the field key. An organisation with a certificate of its own sets SEAL_PKCS12 and never
comes here.
"""

import os
import secrets
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509.oid import NameOID

from records.seal import vault

YEARS = {"root": 30, "issuing": 20, "seal": 10}
PURPOSE = "seal"


def folder(data: Path) -> Path:
    """Return where the authority of this installation lives."""
    return data / "keys" / "authority"


def ensure(data: Path, organisation: str, now: datetime) -> Path:
    """Make the authority unless it is there, and return its folder; two processes at once make one."""
    home = folder(data)
    if home.exists():
        return home
    home.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = home.with_name(f".authority-{secrets.token_hex(8)}")
    draft.mkdir(mode=0o700)
    try:
        _make(draft, organisation, now)
        os.rename(draft, home)  # noqa: PTH104  (refuses a folder that another process has filled meanwhile)
    except OSError:
        if not home.exists():
            raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return home


def _make(home: Path, organisation: str, now: datetime) -> None:
    root_key, issuing_key, seal_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
    root = _certificate("root", organisation, root_key, None, root_key, now)
    issuing = _certificate("issuing", organisation, issuing_key, root, root_key, now)
    seal = _certificate("seal", organisation, seal_key, issuing, issuing_key, now)
    for name, key, certificate, chain in (
        ("root", root_key, root, []),
        ("issuing", issuing_key, issuing, [root]),
        ("seal", seal_key, seal, [issuing, root]),
    ):
        content = serialize_key_and_certificates(
            f"imprimatur {name}".encode(),
            key,
            certificate,
            chain,
            BestAvailableEncryption(vault.passphrase(PURPOSE)),
        )
        _write(home / f"{name}.p12", content)
        _write(home / f"{name}.pem", certificate.public_bytes(Encoding.PEM))


def _write(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


_TITLES = {"root": "{} Records Root", "issuing": "{} Records Issuing", "seal": "{}"}


def _subject(kind: str, organisation: str) -> x509.Name:
    """Common names hold 64 characters (RFC 5280, upper bounds)."""
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation[:64]),
            x509.NameAttribute(NameOID.COMMON_NAME, _TITLES[kind].format(organisation[:46])),
        ]
    )


def _certificate(
    kind: str,
    organisation: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Certificate | None,
    issuer_key: ec.EllipticCurvePrivateKey,
    now: datetime,
) -> x509.Certificate:
    """Return the certificate of one of the three; times to the second, valid from an hour before, for
    clocks that differ.
    """
    is_authority = kind != "seal"
    begin = now.astimezone(UTC).replace(microsecond=0) - timedelta(hours=1)
    subject = _subject(kind, organisation)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=365 * YEARS[kind]))
        .add_extension(
            x509.BasicConstraints(ca=is_authority, path_length={"root": 1, "issuing": 0}.get(kind)),
            critical=True,
        )
        .add_extension(_usage(is_authority), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
        )
    )
    return builder.sign(issuer_key, hashes.SHA256())


def _usage(is_authority: bool) -> x509.KeyUsage:
    """An authority signs certificates; a seal signs documents and vouches for them (non-repudiation)."""
    return x509.KeyUsage(
        digital_signature=not is_authority,
        content_commitment=not is_authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        encipher_only=False,
        decipher_only=False,
    )

"""A complete environment of a production site, with a sealing key made for the purpose; nothing in it is real."""

import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

PASSWORD = "only-for-tests"


def seal(path: Path, password: str = PASSWORD) -> None:
    """Write a PKCS#12 file with a self-signed certificate that may sign, valid for a year."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Seal of a test")])
    now = datetime.datetime.now(datetime.UTC)
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=365))
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    encryption = serialization.BestAvailableEncryption(password.encode())
    path.write_bytes(pkcs12.serialize_key_and_certificates(b"seal", key, certificate, None, encryption))


def environment(folder: Path, *, make: bool = True) -> dict[str, str]:
    """Return all variables that production needs; the files they name are made in the folder if wanted."""
    if make:
        seal(folder / "seal.p12")
        (folder / "attestation.pem").write_bytes(
            ec.generate_private_key(ec.SECP256R1()).private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        (folder / "files-keys").write_text("invented-" + "0123456789abcdef" * 3)
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "IMPRIMATUR_DATA": str(folder),
        "IMPRIMATUR_ATTESTATION_KEY": str(folder / "attestation.pem"),
        "IMPRIMATUR_BASE_URL": "https://imprimatur.example.org",
        "IMPRIMATUR_DATABASE_HOST": "db.example.org",
        "IMPRIMATUR_DATABASE_NAME": "imprimatur",
        "IMPRIMATUR_DATABASE_PASSWORD": PASSWORD,
        "IMPRIMATUR_DATABASE_USER": "imprimatur",
        "IMPRIMATUR_FIELD_KEY": "invented-" + "0123456789abcdef" * 3,
        "IMPRIMATUR_FILES_KEYS": str(folder / "files-keys"),
        "IMPRIMATUR_FROM": "imprimatur@example.org",
        "IMPRIMATUR_HOSTS": "imprimatur.example.org",
        "IMPRIMATUR_REDIS": "redis://redis.example.org:6379/0",
        "IMPRIMATUR_SEAL_PASSWORD": PASSWORD,
        "IMPRIMATUR_SEAL_PKCS12": str(folder / "seal.p12"),
        "IMPRIMATUR_SECRET_KEY": "invented-0aZ9!bY8@cX7#dW6$eV5%fU4^gT3&hS2*iR1(jQ0)kP_lO-mN+",
        "IMPRIMATUR_SMTP_HOST": "smtp.example.org",
    }

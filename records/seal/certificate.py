"""Certificates and revocation lists as bytes (RFC 5280): values in, values out, no database and no file."""

import unicodedata
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID, ObjectIdentifier

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

# The bounds of names are of characters; the library counts bytes, of which a Chinese character has three.
warnings.filterwarnings("ignore", "Attribute's length must be >= 1 and <= 64", UserWarning)

LONGEST_NAME = 64  # characters of a common name, an organisation, a serial number (RFC 5280, appendix A.1)
CLOCKS_DIFFER = timedelta(hours=1)  # a certificate is valid from so long before it was made
DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # RFC 9336
AUTHENTIC_DOCUMENTS = ObjectIdentifier("1.2.840.113583.1.1.5")  # Adobe readers ask for it where EKU is given


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a certificate is to say. `depth` is how many authorities may follow; None: it is no authority.

    `serial_number` stands in the subject beside the name (RFC 5280, 4.1.2.4), and is not the certificate's own.
    `lists`, `issuers`: addresses of the issuer's revocation list and certificate; empty: there are none.
    """

    name: str
    organisation: str
    days: int
    depth: int | None = None
    serial_number: str = ""
    lists: str = ""
    issuers: str = ""


@dataclass(frozen=True, slots=True)
class Revoked:
    """An entry of a list; `reason` None stands for unspecified, which is left out (RFC 5280, 5.3.1)."""

    serial: int
    at: datetime
    reason: x509.ReasonFlags | None


def fitting(text: str, most: int = LONGEST_NAME) -> str:
    """Return the name as a certificate can hold it: in NFC, without control characters, `most` characters at most.

    A letter is never parted from its accents. Raises ValueError when nothing is left.
    """
    clean = "".join(
        " " if unicodedata.category(one) in {"Cc", "Cs", "Cn", "Zl", "Zp"} else one for one in text
    )
    name = " ".join(unicodedata.normalize("NFC", clean).split())
    if not name:
        raise ValueError("A certificate needs a name.")
    if len(name) <= most:
        return name
    end = most - 1
    while end > 1 and unicodedata.combining(name[end]):
        end -= 1
    return name[:end].rstrip() + "…"


def issue(
    wanted: Wanted, *, key: Key, issuer: x509.Certificate | None, issuer_key: Key, now: datetime
) -> x509.Certificate:
    """Return the certificate of `key`; without an issuer it is a root. It never outlives its issuer."""
    begin = now.astimezone(UTC).replace(microsecond=0) - CLOCKS_DIFFER
    end = begin + CLOCKS_DIFFER + timedelta(days=wanted.days)
    if issuer is not None:
        begin, end = max(begin, issuer.not_valid_before_utc), min(end, issuer.not_valid_after_utc)
    subject = _subject(wanted)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(end)
    )
    for extension, critical in _extensions(wanted, key, issuer):
        builder = builder.add_extension(extension, critical=critical)
    return builder.sign(issuer_key, hashes.SHA256())


def _subject(wanted: Wanted) -> x509.Name:
    parts = [
        x509.NameAttribute(oid, fitting(value), _validate=False)
        for oid, value in (
            (NameOID.ORGANIZATION_NAME, wanted.organisation),
            (NameOID.COMMON_NAME, wanted.name),
        )
    ]
    if wanted.serial_number:
        parts.append(x509.NameAttribute(NameOID.SERIAL_NUMBER, wanted.serial_number))
    return x509.Name(parts)


def _extensions(
    wanted: Wanted, key: Key, issuer: x509.Certificate | None
) -> Iterable[tuple[x509.ExtensionType, bool]]:
    is_authority = wanted.depth is not None
    own = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    yield x509.BasicConstraints(ca=is_authority, path_length=wanted.depth), True
    yield _usage(is_authority), True
    yield own, False
    yield (
        x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(
            _identifier(issuer) if issuer else own
        ),
        False,
    )
    if not is_authority:
        yield x509.ExtendedKeyUsage([DOCUMENT_SIGNING, AUTHENTIC_DOCUMENTS]), False
    if wanted.lists:
        point = x509.DistributionPoint([x509.UniformResourceIdentifier(wanted.lists)], None, None, None)
        yield x509.CRLDistributionPoints([point]), False
    if wanted.issuers:
        place = x509.UniformResourceIdentifier(wanted.issuers)
        yield (
            x509.AuthorityInformationAccess(
                [x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, place)]
            ),
            False,
        )


def _identifier(certificate: x509.Certificate) -> x509.SubjectKeyIdentifier:
    """Return the identifier of its key as the certificate says it, or as it would be said."""
    try:
        return certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    except x509.ExtensionNotFound:
        return x509.SubjectKeyIdentifier.from_public_key(certificate.public_key())


def _usage(is_authority: bool) -> x509.KeyUsage:
    """An authority signs certificates and lists; the others sign documents and vouch for them (non-repudiation)."""
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


def revocation_list(
    entries: Iterable[Revoked],
    *,
    issuer: x509.Certificate,
    issuer_key: Key,
    number: int,
    now: datetime,
    until: datetime,
) -> bytes:
    """Return the list in DER (RFC 5280, 5, version 2); times to the second."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.subject)
        .last_update(now.astimezone(UTC).replace(microsecond=0))
        .next_update(until.astimezone(UTC).replace(microsecond=0))
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(_identifier(issuer)),
            critical=False,
        )
        .add_extension(x509.CRLNumber(number), critical=False)
    )
    for entry in entries:
        revoked = (
            x509.RevokedCertificateBuilder()
            .serial_number(entry.serial)
            .revocation_date(entry.at.astimezone(UTC).replace(microsecond=0))
        )
        if entry.reason is not None:
            revoked = revoked.add_extension(x509.CRLReason(entry.reason), critical=False)
        builder = builder.add_revoked_certificate(revoked.build())
    return builder.sign(issuer_key, hashes.SHA256()).public_bytes(Encoding.DER)


def sha256_of(certificate: x509.Certificate) -> str:
    """Return the SHA-256 of the certificate in DER."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def pem_of(chain: Sequence[x509.Certificate]) -> str:
    """Return the chain as PEM."""
    return "".join(item.public_bytes(Encoding.PEM).decode() for item in chain)


def common_name(certificate: x509.Certificate) -> str:
    """Return whose certificate it is, as people read it."""
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else certificate.subject.rfc4514_string()

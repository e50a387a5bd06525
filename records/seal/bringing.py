"""A person's own certificate, from a PKCS#12 file: what it must be like before anybody signs with it here."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from asn1crypto import pem as asn1_pem
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs12 import load_key_and_certificates
from django.conf import settings
from django.utils.translation import gettext as _
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError

from audit.refusal import Refused
from records.seal.certificate import Key, common_name

LARGEST = 100_000  # bytes of a file with a key and its chain
RSA_BITS = 2048


@dataclass(frozen=True, slots=True)
class Examined:
    """A key with the certificates that lead from its own to a root that an administrator named."""

    key: Key
    chain: tuple[x509.Certificate, ...]


def examined(content: bytes, password: str, now: datetime) -> Examined:
    """Return what the file holds when one may sign with it; raises Refused with what is wrong."""
    if len(content) > LARGEST:
        raise Refused(_("This file is too large for a key and its certificates."))
    try:
        key, own, others = load_key_and_certificates(content, password.encode() or None)
    except (ValueError, TypeError):
        raise Refused(_("This is not a PKCS#12 file (.p12 or .pfx), or its password is wrong.")) from None
    if key is None or own is None:
        raise Refused(_("This file holds no key with its certificate.")) from None
    if not _is_strong(key) or not isinstance(key, Key):
        text = _("Its key must be EC on P-256, P-384 or P-521, or RSA with {bits} bits or more.")
        raise Refused(text.format(bits=RSA_BITS))
    if not _is_for_signing(own):
        raise Refused(_("This certificate is not for signing documents (key usage)."))
    return Examined(key, _path(own, others, now))


def _is_strong(key: object) -> bool:
    if isinstance(key, rsa.RSAPrivateKey):
        return key.key_size >= RSA_BITS
    return isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name in {
        "secp256r1",
        "secp384r1",
        "secp521r1",
    }


def _is_for_signing(own: x509.Certificate) -> bool:
    """RFC 5280, 4.2.1.3: digitalSignature or nonRepudiation, and no authority."""
    try:
        usage = own.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return False
    return (usage.digital_signature or usage.content_commitment) and not usage.key_cert_sign


def _path(
    own: x509.Certificate, others: list[x509.Certificate], now: datetime
) -> tuple[x509.Certificate, ...]:
    """Return the path to a named root, its own certificate first."""
    if not own.not_valid_before_utc <= now <= own.not_valid_after_utc:
        raise Refused(
            _("The certificate of “{name}” is valid from {begin} to {end} only.").format(
                name=common_name(own),
                begin=f"{own.not_valid_before_utc:%Y-%m-%d}",
                end=f"{own.not_valid_after_utc:%Y-%m-%d}",
            )
        )
    context = ValidationContext(
        trust_roots=_roots(),
        other_certs=[_asn1(item) for item in others],
        moment=now,
        allow_fetching=False,
        revocation_mode="soft-fail",
    )
    try:
        path = asyncio.run(CertificateValidator(_asn1(own), validation_context=context).async_validate_path())
    except (PathError, ValidationError, ValueError) as fault:
        raise Refused(
            _(
                "The certificate of “{name}” doesn't lead to a root that is known here. Add the certificates of its "
                "authorities to the file, or ask an administrator which roots are known."
            ).format(name=common_name(own))
        ) from fault
    return tuple(reversed([x509.load_der_x509_certificate(item.dump()) for item in path]))


def _roots() -> list[asn1.Certificate]:
    """Return the roots that the administrators named; none: nobody brings a certificate."""
    try:
        content = Path(settings.PEOPLE_ROOTS).read_bytes() if settings.PEOPLE_ROOTS else b""
        return [asn1.Certificate.load(der) for _type, _head, der in asn1_pem.unarmor(content, multiple=True)]
    except (OSError, ValueError) as fault:
        raise Refused(
            _("The roots of people's own certificates can't be read. Tell an administrator.")
        ) from fault


def _asn1(certificate: x509.Certificate) -> asn1.Certificate:
    return asn1.Certificate.load(certificate.public_bytes(Encoding.DER))

"""The key with which this installation seals: PKCS#12 from the settings, or the one of the internal
authority.

Never an unsigned file: whoever asks gets a key that works now, or SealNotReady with the reason.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from asn1crypto import pem, x509
from django.conf import settings
from pyhanko.sign import signers

from records.seal import authority, vault


class SealNotReady(Exception):  # noqa: N818
    """The organisation's key can't be used; the message says what to set or to renew."""


@dataclass(frozen=True, slots=True)
class Seal:
    """A key that is ready to seal, and the certificates that vouch for it: its own first, the root last."""

    signer: signers.SimpleSigner
    chain: tuple[x509.Certificate, ...]

    @property
    def sha256(self) -> str:
        """SHA-256 of the certificate in DER, which is pinned in each record."""
        return bytes(self.chain[0].sha256).hex()

    def chain_pem(self) -> str:
        """Return the chain as PEM, as it is kept beside the records."""
        return "".join(pem.armor("CERTIFICATE", item.dump()).decode() for item in self.chain)


def is_own() -> bool:
    """Say whether the organisation brought a certificate of its own."""
    return bool(settings.SEAL_PKCS12)


def seal_at(now: datetime) -> Seal:
    """Return the seal, valid at `now`; the embedded default makes its authority here at the first start."""
    if is_own():
        path, secret = Path(settings.SEAL_PKCS12), settings.SEAL_PASSWORD.encode()
        where = "IMPRIMATUR_SEAL_PKCS12"
    else:
        path = authority.ensure(Path(settings.DATA_DIR), settings.ORGANISATION, now) / "seal.p12"
        secret, where = vault.passphrase(authority.PURPOSE), str(path)
    seal = _loaded(path, secret, where)
    _check_dates(seal, now, where)
    return seal


def _loaded(path: Path, secret: bytes, where: str) -> Seal:
    try:
        content = path.read_bytes()
    except OSError as fault:
        raise SealNotReady(f"The key file of the seal can't be read ({where}): {fault.strerror}.") from fault
    try:
        signer = signers.SimpleSigner.load_pkcs12_data(content, other_certs=[], passphrase=secret)
    except (ValueError, TypeError) as fault:
        raise SealNotReady(f"{where} is not a PKCS#12 file, or its password is wrong.") from fault
    if signer is None or signer.signing_cert is None:
        raise SealNotReady(f"{where} holds no key with its certificate.")
    usage = signer.signing_cert.key_usage_value
    if usage is None or not {"digital_signature", "non_repudiation"} & usage.native:
        raise SealNotReady(f"The certificate in {where} is not for signing (key usage).")
    return Seal(signer, _chain(signer.signing_cert, list(signer.cert_registry)))


def _chain(own: x509.Certificate, others: list[x509.Certificate]) -> tuple[x509.Certificate, ...]:
    """Order the certificates of the file from the seal to the last issuer that is there."""
    chain = [own]
    while chain[-1].subject != chain[-1].issuer:
        found = [item for item in others if item.subject == chain[-1].issuer and item not in chain]
        if not found:
            break
        chain.append(found[0])
    return tuple(chain)


def _check_dates(seal: Seal, now: datetime, where: str) -> None:
    for item in seal.chain:
        if not item.not_valid_before <= now <= item.not_valid_after:
            raise SealNotReady(
                f"The certificate “{item.subject.human_friendly}” in {where} is valid from "
                f"{item.not_valid_before:%Y-%m-%d} to {item.not_valid_after:%Y-%m-%d} only."
            )

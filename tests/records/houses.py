"""Authorities of other houses, made without database and data folder: root, issuing authority, and who they certify."""

from dataclasses import dataclass
from datetime import UTC, datetime

from asn1crypto import keys
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from pyhanko.sign import signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from records.seal.certificate import Key, Wanted, issue, pem_of

FOUNDED = datetime(2026, 11, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Brought:
    """A key with its chain, its own certificate first."""

    key: Key
    chain: list[x509.Certificate]

    def pkcs12(self, password: str = "correct", *, with_chain: bool = True) -> bytes:
        """Return it as an organisation brings it along."""
        return pkcs12.serialize_key_and_certificates(
            b"own", self.key, self.chain[0], self.chain[1:] if with_chain else None,
            BestAvailableEncryption(password.encode()),
        )  # fmt: skip

    def signer(self) -> signers.SimpleSigner:
        """Return it as pyHanko signs with it."""
        chain = [asn1.Certificate.load(item.public_bytes(Encoding.DER)) for item in self.chain]
        content = self.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        return signers.SimpleSigner(
            signing_cert=chain[0],
            signing_key=keys.PrivateKeyInfo.load(content),
            cert_registry=SimpleCertificateStore.from_certs(chain[1:]),
        )


class House:
    """A root, and an issuing authority under it."""

    def __init__(self, name: str = "Example Bank", now: datetime = FOUNDED) -> None:
        self.name, self.now = name, now
        self.root = self._under(None, f"{name} Records Root", depth=1)
        self.issuing = self._under(self.root, f"{name} Records Issuing", depth=0)

    def certify(
        self, name: str, *, days: int = 700, now: datetime | None = None, key: Key | None = None
    ) -> Brought:
        """Return key and chain of somebody."""
        return self._under(self.issuing, name, days=days, now=now, key=key)

    def roots_pem(self) -> str:
        """Return the root as an administrator names it."""
        return pem_of(self.root.chain)

    def _under(
        self,
        issuer: Brought | None,
        name: str,
        *,
        depth: int | None = None,
        days: int = 3650,
        now: datetime | None = None,
        key: Key | None = None,
    ) -> Brought:
        key = key or ec.generate_private_key(ec.SECP256R1())
        wanted = Wanted(name=name, organisation=self.name, days=days, depth=depth)
        certificate = issue(
            wanted,
            key=key,
            issuer=issuer.chain[0] if issuer else None,
            issuer_key=issuer.key if issuer else key,
            now=now or self.now,
        )
        return Brought(key, [certificate, *(issuer.chain if issuer else [])])

"""Keys of an authority that tests make for themselves: root, issuing authority with its list, and whoever signs."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from pyhanko.sign import signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

START = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class TestKey:
    """What `records.seal.sign.signed` asks of a key."""

    __test__ = False
    signer: signers.SimpleSigner
    chain: Sequence[asn1.Certificate]
    crls: Sequence[bytes] = ()


@dataclass
class TestAuthority:
    """Issues certificates; `revoked` are the serial numbers on its list."""

    __test__ = False
    start: datetime = START
    days: int = 3650
    revoked: list[int] = field(default_factory=list)
    _kept: dict[int, list[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.root_key, self.key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
        self.root = self._certificate("Root", self.root_key, None, self.root_key, is_authority=True)
        self.issuing = self._certificate("Issuing", self.key, self.root, self.root_key, is_authority=True)

    def key_for(self, name: str, *, days: int | None = None, lists: bool = True) -> TestKey:
        """Return a key with its certificate; `lists`: with the revocation lists of both authorities."""
        key = ec.generate_private_key(ec.SECP256R1())
        own = self._certificate(name, key, self.issuing, self.key, is_authority=False, days=days)
        chain = [
            asn1.Certificate.load(item.public_bytes(Encoding.DER)) for item in (own, self.issuing, self.root)
        ]
        store = SimpleCertificateStore()  # pyHanko types only a part
        store.register_multiple(chain[1:])
        private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        signer = signers.SimpleSigner(
            signing_cert=chain[0], signing_key=asn1_keys.PrivateKeyInfo.load(private), cert_registry=store
        )
        return TestKey(signer, chain, self.lists() if lists else ())

    def lists(self) -> list[bytes]:
        """Return the revocation lists of root and issuing authority, DER; the same ones until somebody is revoked."""
        if len(self.revoked) not in self._kept:
            pairs = [(self.root, self.root_key, []), (self.issuing, self.key, self.revoked)]
            self._kept[len(self.revoked)] = [self._list(*pair) for pair in pairs]
        return self._kept[len(self.revoked)]

    def _list(self, issuer: x509.Certificate, key: ec.EllipticCurvePrivateKey, serials: list[int]) -> bytes:
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(issuer.subject)
            .last_update(self.start)
            .next_update(self.start + timedelta(days=3650))
            .add_extension(x509.CRLNumber(1), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False
            )
        )
        for serial in serials:
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(self.start)
            builder = builder.add_revoked_certificate(entry.build())
        return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)

    def _certificate(
        self, name: str, key: ec.EllipticCurvePrivateKey, issuer: x509.Certificate | None,
        issuer_key: ec.EllipticCurvePrivateKey, *, is_authority: bool, days: int | None = None,
    ) -> x509.Certificate:  # fmt: skip
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        usage = x509.KeyUsage(
            digital_signature=not is_authority, content_commitment=not is_authority, key_encipherment=False,
            data_encipherment=False, key_agreement=False, key_cert_sign=is_authority, crl_sign=is_authority,
            encipher_only=False, decipher_only=False,
        )  # fmt: skip
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer.subject if issuer else subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(self.start)
            .not_valid_after(self.start + timedelta(days=days or self.days))
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
            )
            .sign(issuer_key, hashes.SHA256())
        )

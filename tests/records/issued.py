"""A record with all that a record can have: certified, signed by two people, sealed, and stamped with the time.

Made without a database and without a server, with keys that tests hold, so that they can forge it too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from imprimatur.record.expected import Expected, Field, Revision
from imprimatur.record.line import written
from records.canonical import canonical, digest
from records.context import Language, SignatureLine
from records.seal.lines import Line
from records.seal.sign import ARCHIVE, PEOPLE, SEAL, SYSTEM, Authority, signed
from tests.records.factories import slim_context
from tests.records.keys import START, TestAuthority, TestKey
from tests.records.layers import NOW, lines_of, stamp_of

FIELDS = [SYSTEM, *PEOPLE.values(), SEAL]
LEGAL, CHAIR = PEOPLE.values()


@dataclass
class House:
    """Who signs: the authority with a key for each field, and whoever stamps the time, whose clock is `moment`."""

    authority: TestAuthority = field(default_factory=TestAuthority)
    moment: datetime = NOW
    keys: dict[str, TestKey] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.stamps = _stamps(self.moment)
        self.keys = {name: self.authority.key_for(name) for name in FIELDS} | self.keys

    @property
    def stamp_root(self) -> asn1.Certificate:
        """The root of the timestamp authority."""
        return self.stamps.roots[0]

    def revoking(self, name: str, at: datetime) -> bytes:
        """Return a list of the authority that revokes the certificate of a field."""
        entry = (
            x509.RevokedCertificateBuilder()
            .serial_number(self.keys[name].chain[0].serial_number)
            .revocation_date(at)
        )
        builder = x509.CertificateRevocationListBuilder().issuer_name(self.authority.issuing.subject)
        builder = (
            builder.last_update(at)
            .next_update(at + timedelta(days=3650))
            .add_revoked_certificate(entry.build())
        )
        return builder.sign(self.authority.key, hashes.SHA256()).public_bytes(Encoding.DER)


def _stamps(moment: datetime) -> Authority:
    """Return an authority that stamps in this process, at the moment that it is told (pyHanko's takes RSA only)."""
    root_key, key = (rsa.generate_private_key(65537, 2048) for _ in range(2))
    root = _certificate("Stamps Root", root_key, "Stamps Root", root_key)
    own = _certificate("Stamps", key, "Stamps Root", root_key)
    private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    store = SimpleCertificateStore.from_certs([root])
    stamper = DummyTimeStamper(own, asn1_keys.PrivateKeyInfo.load(private), store, fixed_dt=moment)
    return Authority(stamper, [root])


def _certificate(
    name: str, key: rsa.RSAPrivateKey, issuer: str, issuer_key: rsa.RSAPrivateKey
) -> asn1.Certificate:
    is_root = name == issuer
    usage = x509.KeyUsage(
        digital_signature=not is_root, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=is_root, crl_sign=is_root, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(START)
        .not_valid_after(START + timedelta(days=3650))
        .add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
        .add_extension(usage, critical=True)
    )
    if not is_root:
        purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = builder.add_extension(purpose, critical=True)
    return asn1.Certificate.load(builder.sign(issuer_key, hashes.SHA256()).public_bytes(Encoding.DER))


@dataclass(frozen=True)
class Issued:
    """The file after each signature, the last one with the timestamp behind it."""

    house: House
    base: bytes
    files: Mapping[str, bytes]

    @property
    def content(self) -> bytes:
        """The file as it was issued."""
        return self.files[SEAL]

    def expected(self, language: Language = "en") -> Expected:
        """Return what was issued, with every digest."""
        chains = [key.chain for key in self.house.keys.values()]
        fields = [Field(name, bytes(self.house.keys[name].chain[0].sha256).hex(), NOW) for name in self.files]
        before = [self.base, *list(self.files.values())[:-1]]
        return Expected(
            fields=[*fields, Field(ARCHIVE)],
            roots=[chains[0][-1].dump(), self.house.stamp_root.dump()],
            certificates=sorted({item.dump() for chain in chains for item in chain}),
            file_sha256=digest(self.content),
            record_sha256=record_sha256(language),
            revisions=[Revision(len(content), digest(content)) for content in before],
        )

    def without_digests(self) -> Expected:
        """Return what can be said of the file by somebody who doesn't know which bytes were issued."""
        return replace(self.expected(), file_sha256="", record_sha256="", revisions=())


def record_sha256(language: Language = "en") -> str:
    """Return the digest that people sign."""
    return digest(canonical(dict(slim_context(language))))


def issue(
    base: bytes,
    house: House,
    *,
    lines: Sequence[SignatureLine] | None = None,
    shown: Sequence[SignatureLine] | None = None,
    keys: Mapping[str, TestKey] | None = None,
    language: Language = "en",
    now: datetime = NOW,
) -> Issued:
    """Sign a printed record in every field. `lines`: what people sign; `shown`: what is shown of it, when it differs;
    `keys`: other keys than those of the house, by field.
    """
    lines = lines_of(language) if lines is None else lines
    inside = dict(zip(PEOPLE.values(), lines, strict=True))
    beside = dict(zip(PEOPLE.values(), shown or lines, strict=True))
    content, files = base, {}
    for name in FIELDS:
        line = beside.get(name)
        content = files[name] = signed(
            content, field=name, key=(keys or {}).get(name, house.keys[name]), now=now,
            name=line["name"] if line else "Imprimatur", reason=line["meaning"] if line else "Issue",
            stamp=stamp_of(line) if line else [Line("detail", "2026")], certify=name == SYSTEM,
            statement=written(inside[name]) if line else b"",
            authority=None if name == SYSTEM else house.stamps, archive=name == SEAL,
        )  # fmt: skip
    return Issued(house, base, files)

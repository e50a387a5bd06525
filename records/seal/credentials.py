"""The keys that sign records: of the system that certifies, of the organisation that seals, of the people who sign.

Never an unsigned file: whoever asks gets a credential that works now, or NotReady with the reason.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from asn1crypto import keys, pem, x509
from django.utils.translation import gettext as _
from pyhanko.sign import signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from accounts.models import User
from records.models import Certificate, Origin, Purpose
from records.seal import authority, keystore, lists, people
from records.seal.refusal import NotReady
from records.seal.sources import Source, source_of

__all__ = ["Credential", "NotReady", "is_own", "person_at", "seal_at", "system_at"]


@dataclass(frozen=True, slots=True)
class Credential:
    """A key that is ready to sign, and what vouches for it.

    `chain`: its own certificate first, the root last. `crls`: the revocation lists (DER) of its authorities, to be
    embedded at level LT; empty for a certificate that was brought along, whose authority's lists we don't hold.
    """

    signer: signers.Signer
    chain: tuple[x509.Certificate, ...]
    crls: tuple[bytes, ...] = ()

    @property
    def sha256(self) -> str:
        """SHA-256 of the certificate in DER, which is pinned in each record."""
        return bytes(self.chain[0].sha256).hex()

    def chain_pem(self) -> str:
        """Return the chain as PEM, as it is kept beside the records."""
        return "".join(pem.armor("CERTIFICATE", item.dump()).decode() for item in self.chain)


def is_own() -> bool:
    """Say whether the organisation brought a certificate of its own for the seal."""
    return source_of(Purpose.SEAL) is not None


def seal_at(now: datetime) -> Credential:
    """Return the organisation's seal, valid at `now`; the embedded default makes its authority at the first time."""
    return _for(Purpose.SEAL, now)


def system_at(now: datetime) -> Credential:
    """Return what certifies a record when it is decided, valid at `now`."""
    return _for(Purpose.SYSTEM, now)


def sealing_until(now: datetime) -> datetime:
    """Return until when the seal's certificate is valid, without signing any list. Raises NotReady."""
    until: datetime = _for(Purpose.SEAL, now, with_lists=False).chain[0].not_valid_after
    return until


def _for(purpose: Purpose, now: datetime, *, with_lists: bool = True) -> Credential:
    source = source_of(purpose)
    if source is None:
        return _of_house(authority.made(purpose, now), now, with_lists=with_lists)
    credential = brought_at(source, now)
    _refuse_revoked(Certificate.objects.filter(sha256=credential.sha256).first(), source.name)
    return credential


def brought_at(source: Source, now: datetime) -> Credential:
    """Return what the organisation brought, valid at `now`, without asking the database. Raises NotReady."""
    if source.token:
        credential = _on_token(source.token, source.name)
    else:
        credential = from_pkcs12(_content(source.file, source.name), source.password, source.name)
    _check(credential.chain, source.name, now, _("Put another key in its place."))
    return credential


def person_at(user: User, now: datetime, *, with_lists: bool = True) -> Credential:
    """Return the credential of a person, valid at `now`; without lists where nothing is signed by it.

    It is issued when there was none, and anew shortly before it expires. Call it in a transaction of its own or in
    that of the signature. Raises NotReady when it was revoked, when the person's own certificate expired, and when the
    person can't sign at all.
    """
    return _of_house(people.certificate_of(user, now), now, with_lists=with_lists)


def _of_house(row: Certificate, now: datetime, *, with_lists: bool = True) -> Credential:
    """Return the credential of a certificate whose key lies in the data folder."""
    chain = tuple(
        x509.Certificate.load(der) for _type, _headers, der in pem.unarmor(row.chain.encode(), multiple=True)
    )
    _check(chain, row.name, now, _renewal(row))
    if authority.is_cut_off(row):
        raise NotReady(
            _("The authority of “{name}” was revoked. Run `manage.py authority rotate issuing`.").format(
                name=row.name
            )
        )
    signer = signers.SimpleSigner(
        signing_cert=chain[0],
        signing_key=keys.PrivateKeyInfo.load(keystore.read(row.sha256)),
        cert_registry=SimpleCertificateStore.from_certs(chain[1:]),
    )
    return Credential(signer, chain, lists.of(row, now) if with_lists else ())


def _renewal(row: Certificate) -> str:
    """Say what to do when the certificate or one of its authorities isn't in date."""
    if row.origin == Origin.BROUGHT:
        return _("Bring another one.")
    return _("Run `manage.py authority show`, and rotate what expired.")


def _refuse_revoked(row: Certificate | None, where: str) -> None:
    if row is not None and row.revoked_at is not None:
        raise NotReady(
            _("The certificate in {where} was revoked here ({reason}). Put another key in its place.").format(
                where=where, reason=row.get_revocation_display()
            )
        )


def _on_token(token: Mapping[str, str], where: str) -> Credential:
    from records.seal.token import signer_on  # noqa: PLC0415  (needs python-pkcs11, which only a token does)

    try:
        found = [
            x509.Certificate.load(der)
            for _type, _headers, der in pem.unarmor(_content(token["chain"], f"{where}_CHAIN"), multiple=True)
        ]
    except ValueError as fault:
        raise NotReady(
            _("{where} is no file of certificates (PEM).").format(where=f"{where}_CHAIN")
        ) from fault
    signer = signer_on(token, [item for item in found if item.ca], where)
    own = signer.signing_cert
    return Credential(signer, ordered(own, found))


def _content(path: str, where: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as fault:
        raise NotReady(
            _("The key file can't be read ({where}): {fault}.").format(where=where, fault=fault.strerror)
        ) from fault


def from_pkcs12(content: bytes, password: str, where: str) -> Credential:
    """Return what a PKCS#12 file holds, dates unseen; `where` names it in the sentence of NotReady."""
    try:
        signer = signers.SimpleSigner.load_pkcs12_data(content, other_certs=[], passphrase=password.encode())
    except (ValueError, TypeError) as fault:
        raise NotReady(
            _("{where} is not a PKCS#12 file, or its password is wrong.").format(where=where)
        ) from fault
    if signer is None or signer.signing_cert is None:
        raise NotReady(_("{where} holds no key with its certificate.").format(where=where))
    return Credential(signer, ordered(signer.signing_cert, list(signer.cert_registry)))


def ordered(own: x509.Certificate, others: Sequence[x509.Certificate]) -> tuple[x509.Certificate, ...]:
    """Order certificates from `own` to the last issuer that is there."""
    chain = [own]
    while chain[-1].subject != chain[-1].issuer:
        found = [item for item in others if item.subject == chain[-1].issuer and item not in chain]
        if not found:
            break
        chain.append(found[0])
    return tuple(chain)


def _check(chain: Sequence[x509.Certificate], where: str, now: datetime, advice: str) -> None:
    """Raise NotReady for a certificate that isn't for signing, and for a chain that isn't in date."""
    usage = chain[0].key_usage_value
    if usage is None or not {"digital_signature", "non_repudiation"} & usage.native:
        raise NotReady(_("The certificate in {where} is not for signing (key usage).").format(where=where))
    for item in chain:
        if not item.not_valid_before <= now <= item.not_valid_after:
            raise NotReady(
                _("The certificate “{name}” ({where}) is valid from {begin} to {end} only. {advice}").format(
                    name=item.subject.human_friendly,
                    where=where,
                    begin=f"{item.not_valid_before:%Y-%m-%d}",
                    end=f"{item.not_valid_after:%Y-%m-%d}",
                    advice=advice,
                )
            )

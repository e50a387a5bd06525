"""The internal authority: root, issuing authority, and the certificates that it gives to system, seal and people.

Rows say which certificate is in use, files hold the keys. Each is made when it is first needed, ECDSA P-256; two
processes at once make one, because the database takes one in use only. A certificate that an organisation brings
along never comes here, except an issuing authority for people.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization.pkcs12 import load_key_and_certificates
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from records.models import Certificate, Origin, Purpose
from records.seal import keystore
from records.seal.certificate import (
    LONGEST_NAME,
    Key,
    Wanted,
    common_name,
    fitting,
    issue,
    pem_of,
    sha256_of,
)
from records.seal.refusal import NotReady

DAYS = {"root": 30 * 365, "issuing": 20 * 365, "system": 10 * 365, "seal": 10 * 365}
DEPTHS = {"root": 1, "issuing": 0}
ISSUERS = {"issuing": Purpose.ROOT, "system": Purpose.ISSUING, "seal": Purpose.ISSUING}
TITLES = {"root": " Records Root", "issuing": " Records Issuing", "system": " Records System", "seal": ""}


@dataclass(frozen=True, slots=True)
class Opened:
    """An authority that can sign now: its row, its certificate and key, and its chain."""

    row: Certificate
    certificate: x509.Certificate
    key: Key


def in_use(purpose: Purpose) -> Certificate | None:
    """Return the certificate of the house that is in use for this purpose, whatever its dates say."""
    return _in_use(Certificate.objects.filter(purpose=purpose, origin=Origin.ISSUED))


def _in_use(rows: Iterable[Certificate]) -> Certificate | None:
    return next((row for row in rows if row.is_in_use), None)


def made(purpose: Purpose, now: datetime) -> Certificate:
    """Return the certificate in use for this purpose, made now if there never was one; none is made for people here.

    Raises NotReady when it was revoked: a new one is an administrator's decision.
    """
    rows = list(Certificate.objects.filter(purpose=purpose, origin=Origin.ISSUED))
    if found := _in_use(rows):
        return found
    if rows:
        raise NotReady(
            _(
                "The certificate of the {purpose} was revoked. Run `manage.py authority rotate {code}`."
            ).format(purpose=purpose.label, code=purpose.value)
        )
    try:
        with transaction.atomic():
            row = new(purpose, now)
            tell_issued(row, now=now)
            return row
    except IntegrityError:
        if found := in_use(purpose):  # another process was faster
            return found
        raise


def is_cut_off(row: Certificate) -> bool:
    """Say whether an authority above the certificate was revoked."""
    issuer = row.issuer
    while issuer is not None and issuer.revoked_at is None:
        issuer = issuer.issuer
    return issuer is not None


def new(purpose: Purpose, now: datetime) -> Certificate:
    """Make a further certificate for this purpose, in the caller's transaction; its event is the caller's."""
    above = ISSUERS.get(purpose)
    issuer = opened(made(above, now)) if above else None
    number = Certificate.objects.filter(purpose=purpose, origin=Origin.ISSUED).count() + 1
    title = TITLES[purpose] + (f" {number}" if number > 1 and purpose in DEPTHS else "")
    wanted = Wanted(
        name=fitting(settings.ORGANISATION, LONGEST_NAME - len(title)) + title,
        organisation=settings.ORGANISATION,
        days=DAYS[purpose],
        depth=DEPTHS.get(purpose),
    )
    return issued(wanted, purpose=purpose, issuer=issuer, person=None, now=now)


def issued(
    wanted: Wanted, *, purpose: Purpose, issuer: Opened | None, person: User | None, now: datetime
) -> Certificate:
    """Make key and certificate, keep both, and return the row; transaction and event are the caller's."""
    key = ec.generate_private_key(ec.SECP256R1())
    if issuer is not None:
        wanted = _with_addresses(wanted, issuer.row)
    certificate = issue(
        wanted,
        key=key,
        issuer=issuer.certificate if issuer else None,
        issuer_key=issuer.key if issuer else key,
        now=now,
    )
    keystore.keep(sha256_of(certificate), key)
    row = row_of(certificate, pem_of([certificate]) + (issuer.row.chain if issuer else ""), purpose, now)
    row.person, row.issuer = person, issuer.row if issuer else None
    row.save(force_insert=True)
    return row


def _with_addresses(wanted: Wanted, issuer: Certificate) -> Wanted:
    return Wanted(
        name=wanted.name,
        organisation=wanted.organisation,
        days=wanted.days,
        depth=wanted.depth,
        serial_number=wanted.serial_number,
        lists=address_of(issuer.sha256, "crl"),
        issuers=address_of(issuer.sha256, "cer"),
    )


def address_of(sha256: str, kind: str) -> str:
    """Return the public address of an authority's certificate ("cer") or of its revocation list ("crl")."""
    return f"{(settings.CERTIFICATES_URL or settings.BASE_URL).rstrip('/')}/certificates/{sha256}.{kind}"


def row_of(certificate: x509.Certificate, chain: str, purpose: Purpose, now: datetime) -> Certificate:
    """Return the row of a certificate, not saved."""
    return Certificate(
        sha256=sha256_of(certificate),
        purpose=purpose,
        serial=f"{certificate.serial_number:x}",
        name=common_name(certificate)[:300],
        chain=chain,
        valid_from=certificate.not_valid_before_utc,
        valid_until=certificate.not_valid_after_utc,
        issued_at=now,
    )


def tell_issued(
    row: Certificate, *, now: datetime, actor: User | None = None, replaced: Iterable[Certificate] = ()
) -> None:
    """Record that a certificate was issued, or brought along."""
    trail.record(
        "certificate.issued",
        obj=row,
        actor=actor,
        now=now,
        data={"purpose": row.purpose, "provenance": row.origin, "sha256": row.sha256},
        personal={"person": row.person.display_name} if row.person else None,
        also=list(replaced),
    )


def opened(row: Certificate) -> Opened:
    """Return the authority with its key; raises NotReady."""
    if row.revoked_at is not None:
        raise NotReady(
            _("The authority “{name}” was revoked. Run `manage.py authority rotate issuing`.").format(
                name=row.name
            )
        )
    certificate = row.loaded()
    if row.origin == Origin.BROUGHT:
        return Opened(row, certificate, _brought()[0])
    return Opened(row, certificate, keystore.key_of(row.sha256))


def for_people(now: datetime) -> Certificate:
    """Return the authority that certifies people: the house's own, or the one that the settings name."""
    if not settings.PEOPLE_ISSUER_PKCS12:
        return made(Purpose.ISSUING, now)
    _key, certificate, others = _brought()
    if found := Certificate.objects.filter(sha256=sha256_of(certificate)).first():
        return found
    try:
        with transaction.atomic():
            row = row_of(certificate, pem_of([certificate, *others]), Purpose.ISSUING, now)
            row.origin = Origin.BROUGHT
            row.save(force_insert=True)
            tell_issued(row, now=now)
            return row
    except IntegrityError:
        return Certificate.objects.get(sha256=sha256_of(certificate))


def _brought() -> tuple[Key, x509.Certificate, list[x509.Certificate]]:
    """Return key, certificate and further chain of the issuing authority in the settings; raises NotReady."""
    where = "IMPRIMATUR_PEOPLE_ISSUER_PKCS12"
    try:
        content = Path(settings.PEOPLE_ISSUER_PKCS12).read_bytes()
        key, certificate, others = load_key_and_certificates(
            content, settings.PEOPLE_ISSUER_PASSWORD.encode() or None
        )
    except OSError as fault:
        raise NotReady(
            _("The key file can't be read ({where}): {fault}.").format(where=where, fault=fault.strerror)
        ) from fault
    except ValueError as fault:
        raise NotReady(
            _("{where} is not a PKCS#12 file, or its password is wrong.").format(where=where)
        ) from fault
    if not isinstance(key, Key) or certificate is None:
        raise NotReady(_("{where} holds no key with its certificate.").format(where=where))
    if not _may_issue(certificate):
        raise NotReady(
            _("The certificate in {where} is no authority that may sign certificates and lists.").format(
                where=where
            )
        )
    return key, certificate, _ordered(certificate, others)


def _may_issue(certificate: x509.Certificate) -> bool:
    try:
        basic = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return False
    return basic.ca and usage.key_cert_sign and usage.crl_sign


def _ordered(own: x509.Certificate, others: list[x509.Certificate]) -> list[x509.Certificate]:
    """Order the further certificates from the issuer of `own` to the last issuer that is there."""
    chain, last = [], own
    while last.subject != last.issuer:
        above = next((item for item in others if item.subject == last.issuer and item not in chain), None)
        if above is None:
            break
        chain.append(above)
        last = above
    return chain

"""Certificates as their pages show them: whose, how long still, and where they stand."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cryptography import x509
from cryptography.x509.oid import NameOID
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from records.expiry import EXPIRES_SOON
from records.models import Certificate, Purpose, RevocationList
from records.seal import lists

MOST = 200
_PARTS = {NameOID.SERIAL_NUMBER: "serialNumber"}
_ORDER = {Purpose.ROOT: 0, Purpose.ISSUING: 1, Purpose.SYSTEM: 2, Purpose.SEAL: 3}


class CertificateStanding(StrEnum):
    """Where a certificate stands at a moment; what was revoked stays so, whatever its dates say."""

    IN_USE = "in_use"
    EXPIRES_SOON = "expires_soon"
    REPLACED = "replaced"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Shown:
    """A certificate on a page. `share` is how much of its time is left, of 1000; tone, icon and label are its state."""

    row: Certificate
    tone: str
    icon: str
    label: str
    days: int
    share: int
    newest_list: RevocationList | None = None

    @property
    def is_in_use(self) -> bool:
        """Say whether a time that is left means anything."""
        return self.row.is_in_use and self.days >= 0

    @property
    def fingerprint(self) -> list[str]:
        """SHA-256 in groups of eight digits, to be compared by eye."""
        return _grouped(self.row.sha256)


def shown(row: Certificate, now: datetime) -> Shown:
    """Return the certificate as it stands now."""
    left, whole = row.valid_until - now, row.valid_until - row.valid_from
    share = max(0, min(1000, round(1000 * (left / whole))))
    tone, icon, label = _looks(standing(row, now))
    newest = lists.newest(row.sha256) if row.purpose in lists.AUTHORITIES else None
    return Shown(row, tone, icon, label, left.days, share if row.is_in_use else 0, newest)


def standing(row: Certificate, now: datetime) -> CertificateStanding:
    """Return where the certificate stands now."""
    if row.revoked_at is not None:
        return CertificateStanding.REVOKED
    if row.valid_until < now:
        return CertificateStanding.EXPIRED
    if row.retired_at is not None:
        return CertificateStanding.REPLACED
    return (
        CertificateStanding.EXPIRES_SOON
        if row.valid_until - now < EXPIRES_SOON
        else CertificateStanding.IN_USE
    )


def _looks(stands: CertificateStanding) -> tuple[str, str, str]:
    return {
        CertificateStanding.REVOKED: ("bad", "ban", pgettext("a certificate", "revoked")),
        CertificateStanding.EXPIRED: ("bad", "alert-triangle", pgettext("a certificate", "expired")),
        CertificateStanding.REPLACED: ("", "history", pgettext("a certificate", "replaced")),
        CertificateStanding.EXPIRES_SOON: (
            "warn",
            "alert-triangle",
            pgettext("a certificate", "expires soon"),
        ),
        CertificateStanding.IN_USE: ("good", "circle-check", pgettext("a certificate", "in use")),
    }[stands]


def of_the_house(now: datetime) -> list[Shown]:
    """Return authorities, system and seal, those in use first."""
    rows = Certificate.objects.exclude(purpose=Purpose.PERSON)
    found = sorted(
        rows, key=lambda row: (not row.is_in_use, _ORDER[Purpose(row.purpose)], -row.issued_at.timestamp())
    )
    return [shown(row, now) for row in found[:MOST]]


def of_people(now: datetime, *, name: str, with_old: bool) -> list[Shown]:
    """Return certificates of people whose name has this in it, newest first, at most two hundred.

    Without `with_old` those that another one replaced are left out; those that were revoked are not.
    """
    rows = narrowed(Certificate.objects.filter(purpose=Purpose.PERSON), name=name, with_old=with_old)
    return [shown(row, now) for row in rows[:MOST]]


def narrowed(rows: QuerySet[Certificate], *, name: str, with_old: bool) -> QuerySet[Certificate]:
    """Return those whose name, or that of their person, has this in it; replaced ones only `with_old`."""
    rows = rows.select_related("person")
    if name:
        rows = rows.filter(Q(person__display_name__icontains=name) | Q(name__icontains=name))
    return rows if with_old else rows.filter(retired_at=None)


def what_it_says(row: Certificate) -> list[tuple[str, str]]:
    """Return what stands in the certificate, in words, with its value."""
    certificate = row.loaded()
    return [
        (_("Subject"), written(certificate.subject)),
        (_("Issuer"), written(certificate.issuer)),
        (_("Serial number"), " ".join(_grouped(row.serial))),
        (pgettext("a certificate", "Key"), key_in_words(certificate.public_key())),
    ]


def written(name: x509.Name) -> str:
    """Write a name out as people read it, with the parts in the order of the certificate."""
    return ", ".join(f"{_PARTS.get(part.oid, part.rfc4514_attribute_name)}={part.value!s}" for part in name)


def _grouped(digits: str) -> list[str]:
    """Return hexadecimal digits in groups of eight, to be compared by eye."""
    return [digits[start : start + 8] for start in range(0, len(digits), 8)]


def key_in_words(key: object) -> str:
    """Return kind and curve, or kind and bits, of a public key."""
    curve, bits = getattr(key, "curve", None), getattr(key, "key_size", 0)
    return f"EC {curve.name}" if curve is not None else f"RSA {bits}"

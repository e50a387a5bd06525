"""Revocation lists of the authorities whose keys we hold: signed anew daily and at each revocation, and kept.

The number of a list is the second in which it was signed, or one more than the last: so it only grows, also after
the database was brought back from an older backup.
"""

from datetime import UTC, datetime, timedelta

from cryptography import x509
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet

from records.models import Certificate, Purpose, RevocationList, RevocationReason
from records.seal.authority import opened
from records.seal.certificate import Revoked, revocation_list

RENEWED = timedelta(days=1)
AUTHORITIES = (Purpose.ROOT, Purpose.ISSUING)


def newest(sha256: str) -> RevocationList | None:
    """Return the newest list of the authority whose certificate has this digest."""
    return RevocationList.objects.filter(issuer_id=sha256).order_by("-number").first()


def current(issuer: Certificate, now: datetime) -> RevocationList:
    """Return a list that names everything revoked and is of today, signed now if need be. Raises NotReady."""
    found = newest(issuer.sha256)
    if found is not None and not _is_stale(found, now):
        return found
    with transaction.atomic():
        Certificate.objects.select_for_update(no_key=True).get(pk=issuer.pk)
        found = newest(issuer.sha256)  # another process may have signed it while this one waited
        if found is not None and not _is_stale(found, now):
            return found
        return _signed(issuer, found, now)


def _is_stale(found: RevocationList, now: datetime) -> bool:
    return not found.this_update <= now < min(found.this_update + RENEWED, found.next_update) or (
        found.entries != _revoked(found.issuer_id).count()
    )


def _revoked(issuer_id: str) -> QuerySet[Certificate]:
    return Certificate.objects.filter(issuer_id=issuer_id, revoked_at__isnull=False)


def _signed(issuer: Certificate, last: RevocationList | None, now: datetime) -> RevocationList:
    authority = opened(issuer)
    begin = now.astimezone(UTC).replace(microsecond=0)
    until = begin + timedelta(days=settings.REVOCATION_LIST_DAYS)
    number = max(int(begin.timestamp()), last.number + 1 if last else 0)
    entries = [_entry(row) for row in _revoked(issuer.pk).order_by("revoked_at", "serial")]
    content = revocation_list(
        entries,
        issuer=authority.certificate,
        issuer_key=authority.key,
        number=number,
        now=begin,
        until=until,
    )
    return RevocationList.objects.create(
        issuer=issuer,
        number=number,
        this_update=begin,
        next_update=until,
        entries=len(entries),
        content=content,
    )


def _entry(row: Certificate) -> Revoked:
    reason = None
    if row.revocation != RevocationReason.UNSPECIFIED:
        reason = x509.ReasonFlags(row.revocation)
    assert row.revoked_at is not None
    return Revoked(int(row.serial, 16), row.revoked_at, reason)


def keeping(now: datetime) -> QuerySet[Certificate]:
    """Return the authorities that must go on signing lists: not revoked, and some certificate of theirs is in date.

    Those that were rotated are among them until the last certificate that they issued has expired.
    """
    children = Certificate.objects.filter(issuer=OuterRef("pk"), valid_until__gte=now)
    return Certificate.objects.filter(
        Exists(children), purpose__in=AUTHORITIES, revoked_at__isnull=True, valid_until__gte=now
    ).order_by("issued_at", "sha256")


def of(row: Certificate, now: datetime) -> tuple[bytes, ...]:
    """Return the lists that say whether the certificate and its authorities hold, nearest first; raises NotReady.

    Empty for a certificate whose authority's lists we don't keep.
    """
    found = []
    issuer = row.issuer
    while issuer is not None:
        found.append(bytes(current(issuer, now).content))
        issuer = issuer.issuer
    return tuple(found)


def out_of_date(now: datetime) -> list[str]:
    """Return the names of the authorities whose newest list may not be relied on any more."""
    rows = keeping(now).annotate(until=Max("lists__next_update")).filter(until__lte=now)
    return list(rows.values_list("name", flat=True))

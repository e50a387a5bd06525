"""Certificates of people: issued when a person first signs, anew before they expire, never again after a revocation."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from records.models import Certificate, Origin, Purpose
from records.seal import authority
from records.seal.certificate import Wanted, fitting
from records.seal.refusal import NotReady


def newest_of(person: User) -> Certificate | None:
    """Return the person's certificate in use, or the last one that was."""
    rows = list(Certificate.objects.select_related("issuer__issuer").filter(person=person))
    return next((row for row in rows if row.is_in_use), rows[0] if rows else None)


def certificate_of(person: User, now: datetime) -> Certificate:
    """Return the certificate with which the person signs now, issued if need be. Raises NotReady.

    The person's row is locked while it is issued, so two processes issue one.
    """
    found = newest_of(person)
    if found is not None and _serves(found, person, now):
        return found
    with transaction.atomic():
        locked = User.objects.select_for_update(no_key=True).get(pk=person.pk)
        found = newest_of(locked)
        if found is not None and _serves(found, locked, now):
            return found
        if not locked.is_active:
            raise NotReady(
                _("{name} is not active, and gets no certificate.").format(name=locked.display_name)
            )
        replaced = retired(found, now)
        row = issued_to(locked, now)
        authority.tell_issued(row, now=now, replaced=replaced)
        return row


def _serves(found: Certificate, person: User, now: datetime) -> bool:
    """Say whether the certificate is to be used; False: another one is to be issued. Raises NotReady."""
    if found.revoked_at is not None:
        raise NotReady(
            _(
                "The certificate of {name} was revoked ({reason}). An administrator can issue another one."
            ).format(name=person.display_name, reason=found.get_revocation_display())
        )
    if found.origin == Origin.BROUGHT:
        return True  # its dates are judged when it is used: another house renews it
    if (
        found.name != fitting(person.display_name)
        or found.issuer is None
        or found.issuer.revoked_at is not None
    ):
        return False
    soon = found.valid_until - timedelta(days=settings.PERSON_CERTIFICATE_RENEWAL_DAYS)
    return (
        now < soon or authority.for_people(now).valid_until <= found.valid_until
    )  # a new one would end no later


def retired(found: Certificate | None, now: datetime) -> list[Certificate]:
    """Mark that another certificate takes the place of this one; return what was changed, for the event."""
    if found is None or not found.is_in_use:
        return []
    found.retired_at = now
    found.save(update_fields=["retired_at"])
    return [found]


def issued_to(person: User, now: datetime) -> Certificate:
    """Issue a certificate to a locked person, in the caller's transaction; its event is the caller's."""
    wanted = Wanted(
        name=fitting(person.display_name),
        organisation=settings.ORGANISATION,
        days=settings.PERSON_CERTIFICATE_DAYS,
        serial_number=str(person.pseudonym),
    )
    issuer = authority.opened(authority.for_people(now))
    return authority.issued(wanted, purpose=Purpose.PERSON, issuer=issuer, person=person, now=now)

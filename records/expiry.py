"""Which certificates of the house end soon, for the checks and the page of health."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from records.models import Certificate, Origin, Purpose

EXPIRES_SOON = timedelta(days=60)


def expiring(now: datetime, within: timedelta) -> QuerySet[Certificate]:
    """Return certificates in use that end within the time, or ended; those of people are issued anew by themselves."""
    rows = Certificate.objects.exclude(purpose=Purpose.PERSON).filter(origin=Origin.ISSUED)
    return rows.filter(retired_at=None, revoked_at=None, valid_until__lt=now + within).order_by("valid_until")


def expiring_people(now: datetime, within: timedelta) -> QuerySet[Certificate]:
    """Return certificates in use that people brought, and that end within the time, or ended."""
    rows = Certificate.objects.filter(purpose=Purpose.PERSON, origin=Origin.BROUGHT, person__is_active=True)
    return rows.filter(retired_at=None, revoked_at=None, valid_until__lt=now + within).order_by("valid_until")

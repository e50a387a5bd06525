"""Which certificates of the house end soon, for the checks and the page of health."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from records.models import Certificate, Origin, Purpose

EXPIRES_SOON = timedelta(days=60)


def expiring(now: datetime, within: timedelta) -> QuerySet[Certificate]:
    """Return certificates in use that end within the time, or ended; those of people are issued anew by themselves."""
    return _ending(now, within).exclude(purpose=Purpose.PERSON).filter(origin=Origin.ISSUED)


def nobody_renews(now: datetime, within: timedelta) -> QuerySet[Certificate]:
    """Return what `expiring` does, and the certificates that people brought: they renew those themselves."""
    of_house, of_people = ~Q(purpose=Purpose.PERSON), Q(person__is_active=True, origin=Origin.BROUGHT)
    return _ending(now, within).filter(of_house & Q(origin=Origin.ISSUED) | of_people)


def _ending(now: datetime, within: timedelta) -> QuerySet[Certificate]:
    rows = Certificate.objects.filter(retired_at=None, revoked_at=None, valid_until__lt=now + within)
    return rows.order_by("valid_until")

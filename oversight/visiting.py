"""Visits and downloads of auditors, each an event: one for each sitting in front of a thing, one for each file."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from accounts.roles import Role, has_role
from audit import trail
from oversight.models import Engagement, EngagementGrant, Visit
from oversight.permissions import engagements_of, sight_under
from oversight.watched import ENGAGEMENT, REQUEST

SITTING = timedelta(minutes=30)
"""Whoever comes back to a thing within this time is still at it."""
MINUTE = timedelta(minutes=1)
"""So exactly is written down when a sitting ended."""


def note_visit(*, actor: User, kind: str, key: str, now: datetime) -> None:
    """Write down that an auditor looks at a thing; one query in the middle of a sitting, for others than auditors none.

    Nothing is written for whoever has no engagement in force.
    """
    if not has_role(actor, Role.AUDITOR) or _goes_on(actor, kind, key, now):
        return
    with transaction.atomic():
        if engagements := _engagements(actor, now):
            _begin(actor, kind, key, _covering(engagements, kind, key), engagements, 0, now)


def note_reading(*, actor: User, engagement: Engagement, position: int, now: datetime) -> Visit | None:
    """Write down that an auditor looks at the page of an engagement, and return the visit before this one.

    `position` is the size of the log's tree before the page was read: what comes later is new at the next visit.
    """
    key = str(engagement.pk)
    visits = list(_visits(actor, ENGAGEMENT, key)[:2])
    if visits and visits[0].last_at > now - SITTING:
        _go_on(visits[0], now, position)
        return visits[1] if len(visits) > 1 else None
    with transaction.atomic():
        _begin(actor, ENGAGEMENT, key, engagement, [engagement], position, now)
    return visits[0] if visits else None


@transaction.atomic
def note_download(*, actor: User, what: str, key: str, now: datetime) -> None:
    """Leave the event that an auditor took something away; `what` is the name of the address, `key` its arguments."""
    if not has_role(actor, Role.AUDITOR):
        return
    if engagements := _engagements(actor, now):
        trail.record(
            "engagement.downloaded", obj=engagements[0], actor=actor, now=now,
            data={"what": what, "key": key, "engagements": [found.pk for found in engagements]},
        )  # fmt: skip


def _goes_on(actor: User, kind: str, key: str, now: datetime) -> bool:
    """Say whether the auditor is still at it, and write down that they are."""
    last = _visits(actor, kind, key).filter(last_at__gt=now - SITTING).first()
    if last is None:
        return False
    _go_on(last, now, last.position)
    return True


def _go_on(visit: Visit, now: datetime, position: int) -> None:
    if now - visit.last_at >= MINUTE or position != visit.position:
        Visit.objects.filter(pk=visit.pk, last_at__lte=now).update(last_at=now, position=position)


def _begin(
    actor: User, kind: str, key: str, engagement: Engagement, engagements: Sequence[Engagement], position: int,
    now: datetime,
) -> None:  # fmt: skip
    """Begin a visit, unless another request of the same person did in this moment: they wait for each other here."""
    list(EngagementGrant.objects.select_for_update().filter(content_object=engagement, user=actor))
    if _visits(actor, kind, key).filter(last_at__gt=now - SITTING).exists():
        return
    Visit.objects.create(
        auditor=actor, engagement=engagement, kind=kind, key=key, began_at=now, last_at=now, position=position
    )
    trail.record(
        "engagement.viewed", obj=engagement, actor=actor, now=now,
        data={"what": kind, "key": key, "engagements": [found.pk for found in engagements]},
    )  # fmt: skip


def _visits(actor: User, kind: str, key: str) -> QuerySet[Visit]:
    return Visit.objects.filter(auditor=actor, kind=kind, key=key).order_by("-last_at", "-id")


def _engagements(actor: User, now: datetime) -> list[Engagement]:
    return list(engagements_of(actor, now).prefetch_related("projects", "boards").order_by("id"))


def _covering(engagements: Sequence[Engagement], kind: str, key: str) -> Engagement:
    """Return the first engagement that covers the request; of other things, the first one."""
    if len(engagements) > 1 and kind == REQUEST:
        for engagement in engagements:
            if sight_under(engagement).requests().filter(reference=key).exists():
                return engagement
    return engagements[0]

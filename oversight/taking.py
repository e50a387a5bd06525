"""Workbooks that are taken away under an engagement: each is an event, told before the first byte goes out."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from accounts.models import User
from audit import trail
from audit.models import Event
from oversight.models import Engagement, Sample
from oversight.permissions import engagement_to_read, sample_to_read, sight_under
from oversight.sampling import requests_in_scope
from reviews.models import ReviewRequest


@transaction.atomic
def take_events(*, actor: User, engagement_id: int, now: datetime) -> tuple[Engagement, int]:
    """Record that the events in scope are taken away; return the number of the last event that goes. Raises Http404."""
    engagement = engagement_to_read(actor, engagement_id, now)
    last = Event.objects.aggregate(last=Max("id"))["last"] or 0
    count = sight_under(engagement).events().filter(id__lte=last).count()
    trail.record(
        "log.exported", obj=engagement, actor=actor, now=now,
        data={"format": "xlsx", "count": count, "last": last, "engagements": [engagement.pk]},
    )  # fmt: skip
    return engagement, last


@transaction.atomic
def take_requests(
    *, actor: User, engagement_id: int, now: datetime
) -> tuple[Engagement, list[ReviewRequest]]:
    """Record that the list of requests in scope is taken away, and return it. Raises Http404."""
    engagement = engagement_to_read(actor, engagement_id, now)
    requests = requests_in_scope(engagement)
    _taken("requests", engagement, actor, now, count=len(requests))
    return engagement, requests


@transaction.atomic
def take_sample(*, actor: User, sample_id: int, now: datetime) -> Sample:
    """Record that a sample is taken away, and return it. Raises Http404."""
    sample = sample_to_read(actor, sample_id, now)
    _taken("sample", sample.engagement, actor, now, count=sample.size, key=str(sample.pk))
    return sample


def _taken(
    what: str, engagement: Engagement, actor: User, now: datetime, *, count: int, key: str = ""
) -> None:
    data = {"what": what, "key": key, "format": "xlsx", "count": count, "engagements": [engagement.pk]}
    trail.record("engagement.downloaded", obj=engagement, actor=actor, now=now, data=data)

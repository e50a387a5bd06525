"""What waits for administrators: jobs that failed, people whose signing is locked, webhooks that the system switched
off; one query for all.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from django.db.models import BigIntegerField, CharField, Count, F, Max, Min, Value
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.proofs import SigningLock
from accounts.roles import Role
from jobs.models import Job, JobState
from reminders.waiting import Round, Source, Waiting
from reviews.selectors.waiting import in_office
from webhooks.models import Endpoint, EndpointState, OffBecause


class _Found(NamedTuple):
    """Failed jobs in one row (count, first, last id), or one lock (failures, since, its id, whose), or an endpoint."""

    what: str
    number: int
    since: datetime
    last: int
    person: int
    name: str


def failed_jobs(asked: Round) -> Iterator[Waiting]:
    """Yield the administrators when jobs have failed for good; no query when none of them is asked about."""
    for found in (row for row in asked.once(_read) if row.what == "job"):
        for person in in_office(asked, Role.ADMINISTRATOR):
            yield Waiting(
                person_id=person,
                object_type="jobs.job",
                object_id=str(found.last),
                since=found.since,
                due=None,
                title=_("Jobs that failed"),
                needs=ngettext(
                    "{count} job failed for good: see why, and try it again.",
                    "{count} jobs failed for good: see why, and try them again.",
                    found.number,
                ).format(count=found.number),
                act=_("Look at the jobs"),
                url=reverse("desk:jobs"),
            )


def locked_signers(asked: Round) -> Iterator[Waiting]:
    """Yield the other administrators for each person whose signing is locked."""
    for lock in (row for row in asked.once(_read) if row.what == "lock"):
        for person in in_office(asked, Role.ADMINISTRATOR):
            if person == lock.person:
                continue
            yield Waiting(
                person_id=person,
                object_type="accounts.signinglock",
                object_id=str(lock.last),
                since=lock.since,
                due=None,
                title=_("Signing is locked for {name}").format(name=lock.name),
                needs=_(
                    "{count} answers in a row were wrong: ask {name} by voice or in person, then unlock it."
                ).format(count=lock.number, name=lock.name),
                act=_("Look at {name}").format(name=lock.name),
                url=reverse("accounts:person", args=[lock.person]),
            )


def silent_endpoints(asked: Round) -> Iterator[Waiting]:
    """Yield the administrators for each endpoint of webhooks that the system switched off."""
    for found in (row for row in asked.once(_read) if row.what == "webhook"):
        for person in in_office(asked, Role.ADMINISTRATOR):
            yield Waiting(
                person_id=person,
                object_type="webhooks.endpoint",
                object_id=str(found.last),
                since=found.since,
                due=None,
                title=_("{name} is told nothing any more").format(name=found.name),
                needs=_(
                    "No message came through: see what the receiver answered, then switch it on or remove it."
                ),
                act=_("Look at the endpoint"),
                url=reverse("webhooks:endpoint", args=[found.last]),
            )


def _read(asked: Round) -> list[_Found]:
    if not in_office(asked, Role.ADMINISTRATOR):
        return []
    ended = Coalesce("finished_at", "created_at")
    jobs = (
        Job.objects.filter(state=JobState.FAILED)
        .order_by()
        .values(what=Value("job", CharField()))
        .annotate(count=Count("id"), since=Min(ended), last=Max("id"))
        .annotate(person=Value(0, BigIntegerField()), name=Value("", CharField()))
        .values_list("what", "count", "since", "last", "person", "name")
    )
    locks = (
        SigningLock.objects.filter(unlocked_at__isnull=True)
        .order_by()
        .annotate(
            what=Value("lock", CharField()), count=Cast("failures", BigIntegerField()), since=F("locked_at"),
            last=F("id"), whose=F("person_id"), name=F("person__display_name"),
        )
        .values_list("what", "count", "since", "last", "whose", "name")
    )  # fmt: skip
    endpoints = (
        Endpoint.objects.filter(state=EndpointState.DISABLED)
        .exclude(off_because=OffBecause.BY_HAND)
        .order_by()
        .annotate(
            what=Value("webhook", CharField()), count=Value(1, BigIntegerField()), since=F("off_since"), last=F("id"),
            whose=Value(0, BigIntegerField()), name=F("description"),
        )
        .values_list("what", "count", "since", "last", "whose", "name")
    )  # fmt: skip
    rows = jobs.union(locks, endpoints, all=True)
    return [found for found in (_Found(*row) for row in rows) if found.number]


SOURCE = Source("job.failed", gettext_lazy("Failed job"), failed_jobs, reminds=False)
SILENT = Source("webhook.silent", gettext_lazy("Webhook switched off"), silent_endpoints, reminds=False)
LOCKED = Source("signing.locked", gettext_lazy("Locked signing"), locked_signers, reminds=False)

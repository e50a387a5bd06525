"""What waits for administrators: jobs that failed, people whose signing is locked; one query for both."""

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


class _Found(NamedTuple):
    """Failed jobs, all in one row (count, first, last id), or one lock (failures, since, its id, whose)."""

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
    return [found for found in (_Found(*row) for row in jobs.union(locks, all=True)) if found.number]


SOURCE = Source("job.failed", gettext_lazy("Failed job"), failed_jobs, reminds=False)
LOCKED = Source("signing.locked", gettext_lazy("Locked signing"), locked_signers, reminds=False)

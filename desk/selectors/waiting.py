"""What waits for administrators: jobs that failed, people whose signing is locked."""

from collections.abc import Iterator

from django.db.models import Count, Max, Min
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.proofs import SigningLock
from accounts.roles import Role
from jobs.models import Job, JobState
from reminders.waiting import Round, Source, Waiting
from reviews.selectors.waiting import in_office


def failed_jobs(asked: Round) -> Iterator[Waiting]:
    """Yield the administrators when jobs have failed for good; no query when none of them is asked about."""
    administrators = in_office(asked, Role.ADMINISTRATOR)
    if not administrators:
        return
    ended = Coalesce("finished_at", "created_at")
    failed = Job.objects.filter(state=JobState.FAILED).aggregate(
        count=Count("id"), since=Min(ended), last=Max("id")
    )
    if not failed["count"]:
        return
    for person in administrators:
        yield Waiting(
            person_id=person,
            object_type="jobs.job",
            object_id=str(failed["last"]),
            since=failed["since"],
            due=None,
            title=_("Jobs that failed"),
            needs=ngettext(
                "{count} job failed for good: see why, and try it again.",
                "{count} jobs failed for good: see why, and try them again.",
                failed["count"],
            ).format(count=failed["count"]),
            act=_("Look at the jobs"),
            url=reverse("desk:jobs"),
        )


SOURCE = Source("job.failed", gettext_lazy("Failed job"), failed_jobs, reminds=False)


def locked_signers(asked: Round) -> Iterator[Waiting]:
    """Yield the other administrators for each person whose signing is locked."""
    administrators = in_office(asked, Role.ADMINISTRATOR)
    if not administrators:
        return
    for lock in SigningLock.objects.filter(unlocked_at__isnull=True).select_related("person"):
        name = lock.person.display_name
        for person in administrators:
            if person == lock.person_id:
                continue
            yield Waiting(
                person_id=person,
                object_type="accounts.signinglock",
                object_id=str(lock.pk),
                since=lock.locked_at,
                due=None,
                title=_("Signing is locked for {name}").format(name=name),
                needs=_(
                    "{count} answers in a row were wrong: ask {name} by voice or in person, then unlock it."
                ).format(count=lock.failures, name=name),
                act=_("Look at {name}").format(name=name),
                url=reverse("accounts:person", args=[lock.person_id]),
            )


LOCKED = Source("signing.locked", gettext_lazy("Locked signing"), locked_signers, reminds=False)

"""What waits for administrators: jobs that failed."""

from collections.abc import Iterator

from django.db.models import Count, Max, Min
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

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

"""Trying a failed job again."""

from datetime import datetime

import pytest
from django.http import Http404

from accounts.models import User
from audit.models import Event
from audit.refusal import IllegalTransition
from desk.services import retry_job
from jobs.models import Job, JobState

pytestmark = pytest.mark.django_db


@pytest.mark.both_engines
def test_a_failed_job_is_due_again_with_all_its_attempts_and_one_event(
    administrator: User, failed: Job, now: datetime
) -> None:
    before = Event.objects.count()
    retry_job(actor=administrator, job_id=failed.pk, now=now)
    failed.refresh_from_db()
    assert (failed.state, failed.attempts, failed.run_at) == (JobState.DUE, 0, now)
    assert failed.last_error.startswith("The oven is cold.")
    assert Event.objects.count() == before + 1
    assert Event.objects.order_by("-pk")[0].verb == "job.retried"


@pytest.mark.parametrize("state", [JobState.DUE, JobState.RUNNING, JobState.DONE])
def test_a_job_that_has_not_failed_is_left_alone(
    administrator: User, failed: Job, now: datetime, state: JobState
) -> None:
    Job.objects.update(state=state)
    before = Event.objects.count()
    with pytest.raises(IllegalTransition, match="hasn't failed"):
        retry_job(actor=administrator, job_id=failed.pk, now=now)
    failed.refresh_from_db()
    assert (failed.state, failed.attempts) == (state, 3)
    assert Event.objects.count() == before


def test_to_others_there_is_no_such_job(outsider: User, failed: Job, now: datetime) -> None:
    with pytest.raises(Http404):
        retry_job(actor=outsider, job_id=failed.pk, now=now)
    failed.refresh_from_db()
    assert failed.state == JobState.FAILED


def test_an_unknown_job_is_not_found(administrator: User, now: datetime) -> None:
    with pytest.raises(Http404):
        retry_job(actor=administrator, job_id=999, now=now)

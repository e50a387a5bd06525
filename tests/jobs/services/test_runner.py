"""Claiming, doing and ending a job."""

from datetime import datetime, timedelta

import pytest

from jobs import progress, runner
from jobs.models import Job, JobState
from jobs.queue import enqueue, requeue
from tests.jobs.conftest import KIND, Clock, Work

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


def fail(_payload: object) -> None:
    raise ValueError("The printer is on fire.")


def test_a_due_job_is_done_once(work: Work, clock: Clock, now: datetime) -> None:
    job = enqueue(KIND, {"record": 7}, now=now)
    assert runner.run(job.pk, clock)
    assert not runner.run(job.pk, clock)
    job.refresh_from_db()
    assert work.done == [{"record": 7}]
    assert (job.state, job.attempts, job.lease_until, job.finished_at) == (JobState.DONE, 1, None, now)


def test_a_job_is_not_done_before_its_time(work: Work, clock: Clock, now: datetime) -> None:
    job = enqueue(KIND, {}, now=now, run_at=now + timedelta(hours=1))
    assert not runner.run(job.pk, clock)
    assert work.done == []
    clock.goes_on(hours=1)
    assert runner.run(job.pk, clock)


def test_a_job_under_a_lease_is_left_to_its_worker_until_the_lease_runs_out(
    work: Work, clock: Clock, now: datetime
) -> None:
    job = enqueue(KIND, {}, now=now)
    assert runner.claim(job, timedelta(minutes=2), now)
    assert not runner.run(job.pk, clock)
    clock.goes_on(minutes=2)
    assert runner.run(job.pk, clock)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.DONE, 2)


def test_two_workers_that_saw_the_same_free_job_do_not_both_get_it(work: Work, now: datetime) -> None:
    job = enqueue(KIND, {}, now=now)
    seen_by_another = Job.objects.get(pk=job.pk)
    assert runner.claim(job, timedelta(minutes=2), now)
    assert runner.claim(seen_by_another, timedelta(minutes=2), now) is None


def test_a_failing_job_is_tried_again_later_each_time_and_given_up_with_its_reason(
    work: Work, clock: Clock, now: datetime
) -> None:
    work.does = fail
    job = enqueue(KIND, {}, now=now)
    pauses = []
    for _ in range(3):
        runner.run(job.pk, clock)
        job.refresh_from_db()
        pauses.append((job.run_at - clock.now).total_seconds())
        assert not runner.run(job.pk, clock)
        clock.now = max(job.run_at, clock.now)
    assert pauses[:2] == [5, 10]
    assert (job.state, job.attempts, job.finished_at) == (JobState.FAILED, 3, clock.now)
    assert job.last_error.splitlines()[0] == "The printer is on fire. (ValueError)"
    assert "in fail" in job.last_error
    assert work.done == []


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(1, 5), (2, 10), (5, 80), (10, 2560), (11, 3600), (9999, 3600)]
)
def test_pauses_double_up_to_an_hour(attempts: int, seconds: int) -> None:
    assert runner.pause_after(attempts) == timedelta(seconds=seconds)


def test_a_job_that_kills_its_worker_each_time_is_given_up(work: Work, clock: Clock, now: datetime) -> None:
    job = enqueue(KIND, {}, now=now)
    for _ in range(3):
        job.refresh_from_db()
        assert runner.claim(job, timedelta(minutes=2), clock.now)
        clock.goes_on(minutes=2)
    assert not runner.run(job.pk, clock)
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "in each of 3 attempts" in job.last_error
    assert work.done == []


def test_an_attempt_that_outlived_its_lease_changes_nothing_any_more(
    work: Work, clock: Clock, now: datetime
) -> None:
    job = enqueue(KIND, {}, now=now)

    def slow(_payload: object) -> None:
        work.does = lambda _: None
        clock.goes_on(minutes=3)
        assert runner.run(job.pk, clock)
        clock.goes_on(minutes=3)
        fail(None)

    work.does = slow
    assert runner.run(job.pk, clock)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.last_error) == (JobState.DONE, 2, "")
    assert job.finished_at == now + timedelta(minutes=3)


def test_an_attempt_that_reports_progress_after_its_lease_was_taken_stops(
    work: Work, clock: Clock, now: datetime
) -> None:
    job = enqueue(KIND, {}, now=now)

    def slow(_payload: object) -> None:
        work.does = lambda _: None
        clock.goes_on(minutes=3)
        assert runner.run(job.pk, clock)
        progress.report(50, "half of it")
        raise AssertionError("must not come here")

    work.does = slow
    runner.run(job.pk, clock)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.progress_text) == (JobState.DONE, 2, "")


def test_progress_is_seen_while_the_job_runs_and_extends_its_lease(
    work: Work, clock: Clock, now: datetime
) -> None:
    job = enqueue(KIND, {}, now=now)
    seen = []

    def slow(_payload: object) -> None:
        before = Job.objects.get(pk=job.pk)
        progress.report(140, "three of four")
        after = Job.objects.get(pk=job.pk)
        seen.append((after.progress, after.progress_text, after.lease_until != before.lease_until))

    work.does = slow
    runner.run(job.pk, clock)
    assert seen == [(100, "three of four", True)]


def test_progress_outside_of_a_job_does_nothing() -> None:
    progress.report(10, "nobody asks")
    assert not Job.objects.exists()


def test_a_kind_that_no_app_knows_any_more_fails_with_that_reason(
    work: Work, clock: Clock, now: datetime
) -> None:
    job = enqueue(KIND, {}, now=now)
    Job.objects.filter(pk=job.pk).update(kind="gone.kind")
    assert not runner.run(job.pk, clock)
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "gone.kind" in job.last_error


def test_a_failed_job_that_is_put_back_has_all_its_attempts_again(
    work: Work, clock: Clock, now: datetime
) -> None:
    work.does = fail
    job = enqueue(KIND, {}, now=now)
    for _ in range(3):
        runner.run(job.pk, clock)
        clock.goes_on(hours=1)
    work.does = lambda _: None
    assert requeue(job_id=job.pk, now=clock.now)
    assert not requeue(job_id=job.pk, now=clock.now)
    assert runner.run(job.pk, clock)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.last_error) == (JobState.DONE, 1, "")


def test_only_failed_jobs_are_put_back(work: Work, clock: Clock, now: datetime) -> None:
    job = enqueue(KIND, {}, now=now)
    assert not requeue(job_id=job.pk, now=now)
    runner.run(job.pk, clock)
    assert not requeue(job_id=job.pk, now=now)

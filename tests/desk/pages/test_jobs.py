"""The page of jobs."""

from datetime import datetime

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from desk.selectors.jobs import PAGE
from jobs.models import Job, JobState
from tests.desk.conftest import browser

pytestmark = pytest.mark.django_db


def test_an_administrator_sees_what_failed_and_why_with_a_button(administrator: User, failed: Job) -> None:
    page = browser(administrator).get("/jobs/").content.decode()
    assert "Bake a cake" in page
    assert "The oven is cold." in page
    assert "3 of 3" in page
    assert f'action="/jobs/{failed.pk}/retry"' in page


def test_trying_again_makes_it_due_and_says_so(administrator: User, failed: Job) -> None:
    page = browser(administrator).post(f"/jobs/{failed.pk}/retry", follow=True).content.decode()
    failed.refresh_from_db()
    assert failed.state == JobState.DUE
    assert "The job is due again." in page
    assert "No job has failed." in page


def test_trying_again_what_runs_already_says_why_not(administrator: User, failed: Job) -> None:
    Job.objects.update(state=JobState.RUNNING)
    page = browser(administrator).post(f"/jobs/{failed.pk}/retry", follow=True).content.decode()
    assert "hasn&#x27;t failed" in page
    failed.refresh_from_db()
    assert failed.state == JobState.RUNNING


def test_a_running_job_shows_how_far_it_is(administrator: User, failed: Job) -> None:
    Job.objects.update(state=JobState.RUNNING, progress=40, progress_text="Page 4 of 10")
    page = browser(administrator).get("/jobs/?state=running").content.decode()
    assert "40 %" in page
    assert "Page 4 of 10" in page
    assert "/retry" not in page


def test_a_kind_that_no_app_knows_any_more_is_shown_by_its_name(administrator: User, failed: Job) -> None:
    Job.objects.update(kind="gone.kind")
    assert "gone.kind" in browser(administrator).get("/jobs/").content.decode()


def test_long_lists_come_in_pages_with_a_fixed_number_of_queries(
    administrator: User, kind: str, now: datetime, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    Job.objects.bulk_create(
        Job(kind=kind, state=JobState.FAILED, run_at=now, created_at=now, last_error=f"reason {number}")
        for number in range(PAGE * 2)
    )
    client = browser(administrator)
    with django_assert_max_num_queries(15):
        first = client.get("/jobs/")
    assert first.content.decode().count("Try again") == PAGE
    older = client.get(f"/jobs/{first.context['older_url']}")
    assert older.content.decode().count("Try again") == PAGE
    assert older.context["older_url"] == ""
    seen = [line.job.pk for page in (first, older) for line in page.context["page"].lines]
    assert len(set(seen)) == PAGE * 2


@pytest.mark.parametrize(
    "query", ["?before=x", "?before=-1", "?before=99999999999999999999999", "?state=nothing", "?before=²"]
)
def test_an_odd_address_is_no_error(administrator: User, failed: Job, query: str) -> None:
    assert browser(administrator).get(f"/jobs/{query}").status_code == 200


def test_to_others_these_pages_do_not_exist(outsider: User, failed: Job) -> None:
    client = browser(outsider)
    assert client.get("/jobs/").status_code == 404
    assert client.post(f"/jobs/{failed.pk}/retry").status_code == 404
    failed.refresh_from_db()
    assert failed.state == JobState.FAILED


def test_visitors_are_sent_to_sign_in(client: Client, failed: Job) -> None:
    assert client.get("/jobs/")["Location"] == "/accounts/login/?next=/jobs/"
    assert client.post(f"/jobs/{failed.pk}/retry").status_code == 302
    failed.refresh_from_db()
    assert failed.state == JobState.FAILED


def test_trying_again_is_not_done_by_following_a_link(administrator: User, failed: Job) -> None:
    assert browser(administrator).get(f"/jobs/{failed.pk}/retry").status_code == 405

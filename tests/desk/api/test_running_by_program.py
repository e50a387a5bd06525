"""How the product runs, by calls: administrators look at jobs, try failed ones again, and read health."""

from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from accounts.models import User
from accounts.roles import Role
from audit.models import Event
from jobs.models import Job
from tests.calling import as_, problem
from tests.dossiers import NOW, person

pytestmark = pytest.mark.django_db
SCOPES = ("organisation:read", "organisation:write")


@pytest.fixture
def ada(db: None) -> User:
    found = person("Ada Admin", Role.ADMINISTRATOR)
    TOTP.activate(found, generate_totp_secret())
    return found


def a_job(state: str, **given: Any) -> Job:
    over = {"finished_at": NOW} if state in {"done", "failed"} else {}
    return Job.objects.create(
        kind="webhooks.deliver", state=state, run_at=NOW, created_at=NOW, attempts=3, **over | given
    )


def test_a_failed_job_is_tried_again_and_no_other(
    ada: User, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    monkeypatch.setattr("jobs.queue.send", lambda _job_id: True)
    job, done = a_job("failed", last_error="No route.\nTraceback"), a_job("done")
    call = as_(ada, *SCOPES)
    with django_assert_max_num_queries(7):
        (line,) = call.get("/jobs?state=failed")["items"]
    assert (line["id"], line["error"], line["label"]) == (job.pk, "No route.\nTraceback", "Send a webhook")
    again = call.post(f"/jobs/{job.pk}/retry", idempotency_key="1")
    assert (again["state"], again["attempts"]) == ("due", 0)
    problem(call("POST", f"/jobs/{job.pk}/retry"), 409, "wrong-state")
    problem(call("POST", f"/jobs/{done.pk}/retry"), 409, "wrong-state")
    problem(call("POST", "/jobs/999999/retry"), 404, "not-found")
    assert Event.objects.filter(verb="job.retried").count() == 1


def test_health_is_told_as_on_the_page(ada: User) -> None:
    found = as_(ada, *SCOPES).get("/health")
    parts = {part["title"]: part for part in found["parts"]}
    assert parts["Database"]["level"] == "good"
    order = ["good", "warn", "bad"]
    assert found["level"] == max((part["level"] for part in found["parts"]), key=order.index)


def test_to_nobody_else_do_jobs_and_health_exist(ada: User) -> None:
    job, calls = a_job("failed"), as_(ada, *SCOPES)
    ravi = as_(person("Ravi Researcher", Role.RESEARCHER))
    problem(ravi("GET", "/jobs"), 403, "missing-scope")
    problem(as_(ada, "organisation:read")("POST", f"/jobs/{job.pk}/retry"), 403, "missing-scope")
    ada.groups.clear()
    for method, path in (("GET", "/jobs"), ("GET", "/health"), ("POST", f"/jobs/{job.pk}/retry")):
        problem(calls(method, path), 404, "not-found")
    assert Job.objects.get(pk=job.pk).state == "failed"

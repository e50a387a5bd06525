"""Figures, reports before they are issued and schedules before they are made: only of what the person sees."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from audit.models import Event
from compliance.models import Action, Assessment, Evidence, PeriodReport, Schedule
from tests.calling import as_, problem
from tests.compliance.api.test_compliance_by_program import wished
from tests.compliance.conftest import attach

pytestmark = pytest.mark.django_db
PICTURES = ("controls", "overdue", "expiring", "actions")


def test_the_figures_tell_what_the_pictures_show_and_nothing_to_an_outsider(
    action: Action, submitted: Assessment, reviewer: User, helper: User, owner: User, outsider: User
) -> None:
    call, path = as_(reviewer), "/compliance/figures"
    late = call.get(f"{path}/overdue")
    assert (late["checks"], late["actions"]) == (1, 1)
    assert {one["kind"]: one["holder"]["name"] for one in late["items"]} == {
        "checklist.review": reviewer.display_name, "action": helper.display_name,
    }  # fmt: skip
    assert sum(one["to_do"] for one in late["holders"]) == 1
    weeks = call.get(f"{path}/actions")["items"]
    assert (len(weeks), sum(not each["ahead"] for each in weeks)) == (21, 13)
    assert call.get(f"{path}/controls")["items"] == [], "nothing is accepted yet"
    call.post(f"/assessments/{submitted.pk}/acceptance")
    (cell,) = call.get(f"{path}/controls")["items"]
    assert (cell["about"], cell["met"], cell["standing"]) == ("Harbor", cell["controls"], "met")
    nothing = as_(outsider)
    assert nothing.get(f"{path}/controls")["items"] == nothing.get(f"{path}/expiring")["items"] == []
    assert nothing.get(f"{path}/overdue")["holders"] == nothing.get(f"{path}/overdue")["items"] == []
    assert all(each["in_time"] == each["late"] == 0 for each in nothing.get(f"{path}/actions")["items"])
    assert all(each["late"] == 0 for each in as_(owner).get(f"{path}/actions?mine=true")["items"])
    for name in PICTURES:
        problem(as_(owner, "compliance:write")("GET", f"{path}/{name}"), 403, "missing-scope")


def test_what_expires_is_told_with_the_days_that_are_left(readiness: Assessment, owner: User) -> None:
    evidence = attach(owner, readiness, "R01")
    soon = timezone.localdate() + timedelta(days=14)
    Evidence.objects.filter(pk=evidence.pk).update(expires_on=soon)
    (file,) = as_(owner).get("/compliance/figures/expiring")["items"]
    assert (file["id"], file["control"], file["expires_on"]) == (evidence.pk, "R01", soon.isoformat())
    assert file["days"] == (soon - timezone.localdate()).days


def test_a_report_is_read_before_it_is_issued_by_who_sees_its_project(
    readiness: Assessment, secretary: User, owner: User, outsider: User
) -> None:
    today = timezone.localdate()
    days = f"/report-figures?since={readiness.due.year}-01-01&until={today}"
    told = as_(owner).get(f"{days}&project={readiness.project_id}")
    assert told["runs"] == {"in_time": 0, "late": 0, "missed": 1, "waiting": 0}
    assert [one["about"] for one in told["missed"]] == ["Harbor-7B 2.1"]
    assert told["why_not_issue"] is not None
    assert as_(secretary).get(days)["project"] is None
    problem(as_(owner)("GET", days), 404, "not-found")
    problem(as_(outsider)("GET", f"{days}&project={readiness.project_id}"), 404, "not-found")
    ahead = f"/report-figures?since={today}&until={today + timedelta(days=9)}"
    problem(as_(secretary)("GET", ahead), 422, "refused")
    assert PeriodReport.objects.count() == Event.objects.filter(verb="report.issued").count() == 0


def test_a_schedule_is_foreseen_with_its_refusals_and_none_is_made(
    owner: User, reviewer: User, secretary: User
) -> None:
    call, body = as_(secretary), wished(owner, reviewer)
    problem(as_(owner)("POST", "/schedule-previews", body), 403, "forbidden")
    for change in ({"rule": "FREQ=HOURLY"}, {"controls": ["X"]}, {"reviewer": owner.pk}):
        problem(call("POST", "/schedule-previews", body | change), 422, "refused")
    over = {"first_on": "2020-01-01", "last_on": "2020-02-01"}
    assert (
        "never happen" in problem(call("POST", "/schedule-previews", body | over), 422, "refused")["detail"]
    )
    seen = call.post("/schedule-previews", body)
    assert (len(seen["coming"]), seen["ends"]) == (10, False)
    assert seen["coming"] == [each["on"] for each in call.post("/schedules", body)["coming"]]
    assert seen["suggested"] == [] or seen["suggested"][0]["controls"] == ["D09"]
    assert Schedule.objects.count() == 1

"""Libraries, schedules, the year and reports by calls: read by whom the pages let, changed with their reasons."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from audit.models import Event
from compliance.models import Assessment, PeriodReport, Schedule
from registry.models import Project
from tests.calling import as_, problem
from tests.compliance.conftest import MakeSchedule

pytestmark = pytest.mark.django_db


def wished(owner: User, reviewer: User, **given: Any) -> dict[str, Any]:
    return {
        "library": "board-duties", "controls": ["D09"], "rule": "FREQ=MONTHLY;BYMONTHDAY=1", "zone": "Europe/Berlin",
        "first_on": timezone.localdate().isoformat(), "owner": owner.pk, "reviewer": reviewer.pk, **given,
    }  # fmt: skip


def test_libraries_are_read_with_their_controls_and_sources(outsider: User) -> None:
    call = as_(outsider)
    codes = [one["code"] for one in call.get("/libraries")["items"]]
    assert {"board-duties", "release-readiness"} <= set(codes)
    library = call.get("/libraries/release-readiness")
    assert library["versions"][0] == library["version"]
    assert all(control["source"] for control in library["controls"])
    assert call.get("/libraries/release-readiness?q=nothing-has-this-word")["controls"] == []
    problem(call("GET", "/libraries/unknown"), 404, "not-found")
    problem(call("GET", "/libraries/release-readiness?version=99"), 404, "not-found")


def test_a_schedule_is_made_changed_paused_resumed_and_ended(
    owner: User, reviewer: User, secretary: User, outsider: User, project: Project
) -> None:
    call, body = as_(secretary), wished(owner, reviewer, project=project.pk)
    problem(as_(owner)("POST", "/schedules", body), 403, "forbidden")
    refused = wished(owner, owner)
    assert "different people" in problem(call("POST", "/schedules", refused), 422, "refused")["detail"]
    for change in ({"rule": "FREQ=HOURLY"}, {"zone": "Nowhere"}, {"controls": ["X"]}, {"rule": ""}):
        problem(call("POST", "/schedules", body | change), 422, "refused")
    problem(call("POST", "/schedules", body | {"clock": "25:00"}), 422, "invalid")
    made = call.post("/schedules", body, idempotency_key="1")
    assert (made["state"], made["about"], len(made["coming"])) == ("active", "Harbor", 10)
    assert call.post("/schedules", body, idempotency_key="1")["id"] == made["id"]
    path = f"/schedules/{made['id']}"
    assert as_(owner).get(path)["timing"] == made["timing"]
    problem(as_(outsider)("GET", path), 404, "not-found")
    assert call.put(path, body | {"days": 7})["days"] == 7
    problem(call("POST", f"{path}/resumption", None), 409, "wrong-state")
    assert call.post(f"{path}/pause", {"reason": "Moving."})["coming"] == []
    assert call.post(f"{path}/resumption")["state"] == "active"
    problem(as_(owner)("POST", f"{path}/end", {"reason": "Over."}), 403, "forbidden")
    assert call.post(f"{path}/end", {"reason": "Over."})["state"] == "ended"
    problem(call("PUT", path, body), 409, "wrong-state")
    assert Schedule.objects.count() == Event.objects.filter(verb="schedule.created").count() == 1


def test_the_list_of_schedules_asks_as_often_for_many_as_for_one(
    make_schedule: MakeSchedule, secretary: User, outsider: User, django_assert_max_num_queries: Any
) -> None:
    made = [make_schedule().pk for _each in range(3)]
    call = as_(secretary)
    first = call.get("/schedules?limit=2")
    rest = call.get(f"/schedules?limit=2&after={first['next']}")
    assert [one["id"] for one in first["items"] + rest["items"]] == made[::-1]
    assert call.get("/schedules?state=paused")["items"] == []
    assert as_(outsider).get("/schedules")["items"] == []
    with django_assert_max_num_queries(8):
        call.get("/schedules")
    with django_assert_max_num_queries(14):
        call.get("/libraries")


def test_the_year_tells_of_the_checks_that_the_person_sees(
    readiness: Assessment, secretary: User, outsider: User
) -> None:
    on = readiness.created_at
    year = as_(secretary).get(f"/compliance/years/{on.year}")
    (row,) = [one for one in year["rows"] if one["about"] == "Harbor"]
    assert row["months"][on.month - 1]["count"] == 1
    checks = as_(secretary).get(f"/compliance/years/{on.year}/months/{on.month}")["items"]
    assert [one["assessment"] for one in checks] == [readiness.pk]
    assert as_(outsider).get(f"/compliance/years/{on.year}")["checks"] == 0
    assert as_(outsider).get(f"/compliance/years/{on.year}/months/{on.month}")["items"] == []
    problem(as_(secretary)("GET", "/compliance/years/1999"), 404, "not-found")


def test_a_report_is_issued_by_whom_the_page_lets_and_read_by_who_sees_its_project(
    readiness: Assessment, secretary: User, owner: User, outsider: User, legal: User
) -> None:
    today = timezone.localdate()
    body = {"since": f"{today.year}-01-01", "until": today.isoformat(), "project": readiness.project_id}
    problem(as_(owner)("POST", "/reports", body), 403, "forbidden")
    ahead = body | {"until": (today + timedelta(days=2)).isoformat()}
    problem(as_(secretary)("POST", "/reports", ahead), 422, "refused")
    problem(as_(secretary)("POST", "/reports", body | {"project": 999}), 404, "not-found")
    made = as_(secretary).post("/reports", body, idempotency_key="1")
    assert as_(secretary).post("/reports", body | {"project": None})["project"] is None
    assert made["record"] is not None
    assert [one["id"] for one in as_(owner).get("/reports")["items"]] == [made["id"]]
    assert as_(outsider).get("/reports")["items"] == []
    assert len(as_(legal).get("/reports")["items"]) == PeriodReport.objects.count() == 2

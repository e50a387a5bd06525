"""What applies, by calls: judged by what is known, decided against it with a reason, and the reason not told to all."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from audit.models import Event
from compliance.services.libraries import load_library
from registry.models import ModelVersion
from tests.calling import as_, problem
from tests.compliance.conftest import NOW
from tests.compliance.services.test_applicability import LARGE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _large() -> None:
    load_library(content=LARGE.encode(), now=NOW)


def test_a_decision_about_a_version_holds_until_it_is_taken_back(
    version: ModelVersion, secretary: User, owner: User, outsider: User
) -> None:
    call, path = as_(secretary), "/libraries/large/decisions"
    about = f"/libraries/large/applicability?version={version.pk}"
    assert (as_(owner).get(about)["outcome"], as_(owner).get(about)["decisions"]) == ("unknown", [])
    problem(as_(outsider)("GET", about), 404, "not-found")
    problem(call("GET", f"{about}&project=1"), 422, "invalid")
    problem(call("GET", about.replace("large", "unknown")), 404, "not-found")
    until = timezone.localdate() + timedelta(days=9)
    wish = {"version": version.pk, "applies": False, "reason": "No user there.", "until": until.isoformat()}
    problem(as_(owner)("POST", path, wish), 403, "forbidden")
    problem(as_(outsider)("POST", path, wish), 404, "not-found")
    problem(call("POST", path, wish | {"reason": " "}), 422, "invalid")
    problem(call("POST", path, wish | {"until": "2020-01-01"}), 422, "refused")
    problem(call("POST", path, wish | {"model": version.model_id}), 422, "invalid")
    made = call.post(path, wish, idempotency_key="1")
    assert call.post(path, wish, idempotency_key="1") == made
    told = as_(owner).get(about)
    assert (told["outcome"], told["why"], told["decided_until"]) == ("no", ["No user there."], wish["until"])
    assert (told["decided_about"]["name"], told["ruled"] != []) == ("Harbor-7B 2.1", True)
    end = f"/decisions/{told['decisions'][0]['id']}/end"
    problem(as_(owner)("POST", end, None), 403, "forbidden")
    problem(as_(outsider)("POST", end, None), 404, "not-found")
    assert call.post(end)["outcome"] == "unknown"
    problem(call("POST", end, None), 409, "wrong-state")
    verbs = ["applicability.decided", "applicability.taken_back"]
    assert list(Event.objects.filter(verb__in=verbs).order_by("id").values_list("verb", flat=True)) == verbs


def test_the_reason_of_a_decision_about_the_organisation_is_read_by_who_sees_all(
    version: ModelVersion, secretary: User, owner: User
) -> None:
    chosen = "The board chose it."
    wish = {"applies": True, "reason": chosen}
    made = as_(secretary).post("/libraries/board-duties/decisions", wish)
    assert (made["subject"]["level"], made["decisions"][0]["reason"]) == ("organisation", chosen)
    told = as_(owner).get("/libraries/board-duties/applicability")
    assert told["outcome"] == "yes"
    assert told["decisions"][0]["reason"] is None
    assert chosen not in str(told) + str(as_(owner).get("/applicability"))


def test_all_that_applies_is_listed_in_pages_among_what_the_person_sees(
    version: ModelVersion, secretary: User, owner: User, outsider: User
) -> None:
    call = as_(owner)
    first = call.get("/applicability?limit=2")
    rest = call.get(f"/applicability?limit=2&after={first['next']}")
    assert rest["next"] is None
    levels = [one["level"] for one in first["items"] + rest["items"]]
    assert levels == ["organisation", "project", "model", "version"]
    verdicts = {one["library"]: one["outcome"] for one in rest["items"][1]["verdicts"]}
    assert verdicts["large"] == "unknown"
    assert [one["level"] for one in as_(outsider).get("/applicability")["items"]] == ["organisation"]
    found = call.get("/applicability?outcome=unknown&framework=large")["items"]
    assert {one["level"] for one in found} == {"project", "model", "version"}
    assert call.get("/applicability?outcome=decided")["items"] == []
    assert [one["name"] for one in call.get("/applicability?q=2.1")["items"]] == ["Harbor-7B 2.1"]
    problem(as_(outsider)("GET", f"/applicability?after={first['next']}"), 422, "invalid")
    problem(call("GET", "/applicability?after=elsewhere"), 422, "invalid")

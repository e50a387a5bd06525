"""Checklists by calls: opened by hand, given to people, filled in, discussed, reviewed, taken away when frozen."""

import hashlib
import json
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from audit.models import Event
from compliance.models import Assessment
from registry.models import Project
from tests.calling import as_, problem
from tests.compliance.conftest import Fill, verbs_of
from tests.compliance.oscal.schemas import faults

pytestmark = pytest.mark.django_db


def test_a_checklist_is_opened_by_hand_given_to_people_and_moved(
    project: Project, secretary: User, owner: User, reviewer: User, outsider: User
) -> None:
    call, path = as_(secretary), "/libraries/board-duties/checklists"
    wish = {"project": project.pk, "owner": owner.pk, "reviewer": reviewer.pk, "days": 10}
    problem(as_(owner)("POST", path, wish), 403, "forbidden")
    problem(call("POST", "/libraries/unknown/checklists", wish), 404, "not-found")
    problem(call("POST", path, wish | {"reviewer": owner.pk}), 422, "refused")
    problem(call("POST", path, wish | {"board": 1}), 422, "refused")
    problem(call("POST", path, wish | {"project": 999_999}), 404, "not-found")
    made = call.post(path, wish, idempotency_key="1")
    assert call.post(path, wish, idempotency_key="1")["id"] == made["id"]
    mine = f"/assessments/{made['id']}"
    problem(as_(outsider)("GET", mine), 404, "not-found")
    problem(as_(owner)("PUT", f"{mine}/people", {"owner": owner.pk, "reviewer": None}), 403, "forbidden")
    problem(call("PUT", f"{mine}/people", {"owner": owner.pk}), 422, "invalid")
    for _twice in range(2):
        told = call.put(f"{mine}/people", {"owner": owner.pk, "reviewer": None})
        assert told["reviewer"] is None
    day = (timezone.localdate() + timedelta(days=30)).isoformat()
    problem(as_(owner)("POST", f"{mine}/due", {"day": day, "reason": "Away."}), 403, "forbidden")
    problem(call("POST", f"{mine}/due", {"day": "2020-01-01", "reason": "Away."}), 422, "refused")
    assert call.post(f"{mine}/due", {"day": day, "reason": "Away."})["due"] > made["due"]
    assert as_(owner).get("/assessments?which=waiting&mine=true")["items"][0]["id"] == made["id"]
    assert as_(owner).get("/assessments?which=overdue&mine=true")["items"] == []
    checklist = Assessment.objects.get(pk=made["id"])
    assert verbs_of(checklist) == ["assessment.opened", "assessment.assigned", "assessment.due_moved"]


def test_owner_and_reviewer_comment_until_it_is_accepted_and_nobody_else_reads_it(
    submitted: Assessment, owner: User, reviewer: User, outsider: User, helper: User
) -> None:
    path, words = f"/assessments/{submitted.pk}", {"text": "Which of the two manifests is this?"}
    for stranger in (outsider, helper):
        problem(as_(stranger)("POST", f"{path}/controls/R01/comments", words), 404, "not-found")
        problem(as_(stranger)("GET", f"{path}/comments"), 404, "not-found")
    problem(as_(reviewer)("POST", f"{path}/controls/X9/comments", words), 404, "not-found")
    asked = as_(reviewer).post(f"{path}/controls/R01/comments", words)
    as_(owner).post(f"{path}/controls/R02/comments", {"text": "The newer one."})
    told = as_(owner).get(f"{path}/comments")["items"]
    assert [each["text"] for each in told] == ["The newer one.", asked["text"]]
    assert as_(owner).get(f"{path}/comments?control=R01")["items"] == [asked]
    event = Event.objects.filter(verb="control.commented").first()
    assert event is not None
    assert words["text"] not in str(vars(event)), "the log holds the digest of the words alone"
    assert as_(reviewer).post(f"{path}/acceptance")["state"] == "accepted"
    problem(as_(owner)("POST", f"{path}/controls/R01/comments", words), 409, "wrong-state")


def test_a_checklist_is_filled_in_reviewed_and_taken_away_once_it_is_frozen(
    readiness: Assessment, fill: Fill, owner: User, reviewer: User, outsider: User
) -> None:
    call, path = as_(owner), f"/assessments/{readiness.pk}"
    assert "R02" in problem(call("POST", f"{path}/submission", None), 422, "refused")["detail"]
    problem(call("GET", f"{path}/content"), 422, "refused")
    fill(readiness)
    problem(as_(reviewer)("PUT", f"{path}/controls/R01", {"state": "met"}), 403, "forbidden")
    told = call.put(f"{path}/controls/R01", {"state": "partly", "comment": "Half."})
    assert (told["controls"][0]["state"], told["controls"][0]["comment"]) == ("partly", "Half.")
    assert call.post(f"{path}/submission")["state"] == "submitted"
    problem(call("PUT", f"{path}/controls/R01", {"state": "met"}), 409, "wrong-state")
    problem(call("POST", f"{path}/acceptance", None), 403, "forbidden")
    back = as_(reviewer).post(f"{path}/return", {"reason": "Say which version."})
    assert back["state"] == "returned"
    problem(as_(reviewer)("POST", f"{path}/acceptance", None), 409, "wrong-state")
    call.post(f"{path}/submission")
    assert as_(reviewer).post(f"{path}/acceptance")["state"] == "accepted"
    for ending in ("content", "results"):
        problem(as_(outsider)("GET", f"{path}/{ending}"), 404, "not-found")
    content = call("GET", f"{path}/content").content
    readiness.refresh_from_db()
    assert hashlib.sha256(content).hexdigest() == readiness.sha256
    assert json.loads(content)["controls"][0]["number"] == "R01"
    assert faults("assessment-results", as_(reviewer).get(f"{path}/results")) == []
    assert Event.objects.filter(verb="assessment.downloaded").count() == 2

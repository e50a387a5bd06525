"""Evidence by calls: handed in with its days, replaced, shown, used again and withdrawn by who fills in alone."""

from base64 import b64decode
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from audit import files
from audit.models import Event
from compliance.models import Assessment, Evidence
from compliance.services.about import Checked
from compliance.services.opening import open_assessment
from registry.models import ModelVersion
from tests.calling import as_, problem
from tests.compliance.conftest import NOW, attach, verbs_of

pytestmark = pytest.mark.django_db
BYTES = {"content_type": "application/octet-stream"}


def test_a_file_is_handed_in_with_its_days_replaced_and_withdrawn(
    readiness: Assessment, owner: User, reviewer: User, outsider: User
) -> None:
    call, path = as_(owner), f"/assessments/{readiness.pk}/controls/R01/evidence"
    today = timezone.localdate()
    days = f"effective_on={today - timedelta(days=3)}&expires_on={today + timedelta(days=30)}"
    problem(as_(outsider)("POST", f"{path}?name=a.txt", b"first", **BYTES), 404, "not-found")
    problem(as_(reviewer)("POST", f"{path}?name=a.txt", b"first", **BYTES), 403, "forbidden")
    backwards = f"{path}?name=a.txt&effective_on={today}&expires_on={today - timedelta(days=1)}"
    assert "expire" in problem(call("POST", backwards, b"first", **BYTES), 422, "refused")["detail"]
    problem(call("POST", f"{path}?name=a.txt&expires_on=soon", b"first", **BYTES), 422, "invalid")
    given = call("POST", f"{path}?name=a.txt&{days}", b"first", idempotency_key="1", **BYTES)
    assert given.status_code == 201
    first = Evidence.objects.get()
    assert given["Location"] == f"/api/v1/evidence/{first.pk}"
    (told,) = given.json()["controls"][0]["evidence"]
    assert told["expires_on"] == (today + timedelta(days=30)).isoformat()
    newer = call("POST", f"{path}?name=b.txt&replaces={first.pk}", b"second", **BYTES).json()
    (told,) = newer["controls"][0]["evidence"]
    assert (told["name"], told["version"]) == ("b.txt", 2)
    seen = as_(reviewer).get(f"/evidence/{told['id']}")
    assert [each["name"] for each in seen["versions"]] == ["b.txt", "a.txt"]
    reason = {"reason": "It is of another system."}
    problem(as_(reviewer)("POST", f"/evidence/{told['id']}/withdrawal", reason), 403, "forbidden")
    problem(as_(outsider)("POST", f"/evidence/{told['id']}/withdrawal", reason), 404, "not-found")
    problem(call("POST", f"/evidence/{first.pk}/withdrawal", reason), 422, "refused")
    gone = call.post(f"/evidence/{told['id']}/withdrawal", reason)
    assert gone["withdrawal_reason"] == reason["reason"]
    assert call.get(f"/assessments/{readiness.pk}")["controls"][0]["evidence"] == []
    assert verbs_of(readiness)[1:] == ["evidence.added", "evidence.replaced", "evidence.withdrawn"]


def test_a_file_is_taken_away_and_shown_and_each_time_that_is_an_event(
    readiness: Assessment, owner: User, reviewer: User, outsider: User
) -> None:
    text, other = attach(owner, readiness, "R01", b"Looked at."), attach(owner, readiness, "R02", b"\0\1\2")
    call, path = as_(reviewer), f"/evidence/{text.pk}"
    for ending in ("", "/file", "/preview"):
        problem(as_(outsider)("GET", f"{path}{ending}"), 404, "not-found")
        problem(as_(reviewer, "compliance:write")("GET", f"{path}{ending}"), 403, "missing-scope")
    assert call.get(path)["shown_as"] == "text"
    assert not Event.objects.filter(verb__in=("evidence.viewed", "evidence.downloaded")).exists()
    taken = call("GET", f"{path}/file")
    assert b"".join(taken.streaming_content) == b"Looked at."
    assert "attachment" in taken["Content-Disposition"]
    assert b64decode(call.get(f"{path}/preview")["content"]) == b"Looked at."
    assert verbs_of(readiness)[-2:] == ["evidence.downloaded", "evidence.viewed"]
    kept = call.get(f"/evidence/{other.pk}")
    assert (kept["shown_as"], kept["pages"]) == (None, 0)
    assert "Download" in kept["why_not_shown"]
    problem(call("GET", f"/evidence/{other.pk}/preview"), 404, "not-found")
    files.place_of(text.sha256).unlink()
    problem(call("GET", f"{path}/file"), 422, "refused")
    problem(call("GET", f"{path}/preview"), 422, "refused")
    assert Event.objects.filter(verb="evidence.downloaded").count() == 1


def test_a_file_of_an_accepted_run_is_used_again_by_who_fills_in(
    accepted: Assessment, version: ModelVersion, owner: User, reviewer: User, secretary: User, outsider: User
) -> None:
    checked = Checked(library_code="release-readiness", version_id=version.pk)
    fresh = open_assessment(actor=secretary, checked=checked, owner=owner, reviewer=reviewer, now=NOW)
    call, path = as_(owner), f"/assessments/{fresh.pk}/controls/R01"
    (offer,) = call.get(f"{path}/reusable")["items"]
    assert (offer["control"], offer["other"]) == ("R01", False)
    problem(as_(reviewer)("GET", f"{path}/reusable"), 403, "forbidden")
    problem(as_(outsider)("GET", f"{path}/reusable"), 404, "not-found")
    problem(call("GET", f"/assessments/{fresh.pk}/controls/X/reusable"), 404, "not-found")
    of_another_control = Evidence.objects.get(assessment=accepted, control__number="R02").pk
    problem(call("POST", f"{path}/reuse", {"evidence": of_another_control}), 404, "not-found")
    problem(as_(reviewer)("POST", f"{path}/reuse", {"evidence": offer["id"]}), 403, "forbidden")
    used = call.post(f"{path}/reuse", {"evidence": offer["id"]})
    (told,) = used["controls"][0]["evidence"]
    assert told["sha256"] == offer["sha256"]
    assert call.get(f"/evidence/{told['id']}")["reused_from"] == accepted.title
    problem(call("POST", f"{path}/reuse", {"evidence": offer["id"]}), 422, "refused")
    assert verbs_of(fresh)[1:] == ["evidence.reused"]

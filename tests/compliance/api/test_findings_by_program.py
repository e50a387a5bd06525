"""Findings, actions and exceptions by calls: who raises, mends, verifies, excuses, and who isn't told of it."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from compliance.models import Action, Assessment, ControlException, Finding
from compliance.services.about import Checked
from compliance.services.opening import open_assessment
from tests.calling import as_, problem
from tests.compliance.conftest import DUE, NOW, MakePerson, verbs_of

pytestmark = pytest.mark.django_db


def soon(days: int = 20) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def test_an_action_is_reported_returned_and_verified_by_somebody_else_and_closes_its_finding(
    finding: Finding, action: Action, reviewer: User, helper: User, owner: User, outsider: User
) -> None:
    does, judges, path = as_(helper), as_(reviewer), f"/actions/{action.pk}"
    report = {"report": "Written."}
    problem(as_(outsider)("GET", path), 404, "not-found")
    problem(as_(outsider)("POST", f"{path}/report", report), 404, "not-found")
    problem(as_(owner)("POST", f"{path}/report", report), 403, "forbidden")
    problem(judges("POST", f"{path}/verification", None), 409, "wrong-state")
    problem(does("POST", f"{path}/report", {"report": " "}), 422, "refused")
    assert does.post(f"{path}/report", report, idempotency_key="1")["state"] == "done"
    assert does.post(f"{path}/report", report, idempotency_key="1")["state"] == "done"
    problem(does("POST", f"{path}/verification", None), 403, "forbidden")
    back = judges.post(f"{path}/return", {"reason": "Half of it is empty."})
    assert (back["state"], back["returned_reason"]) == ("open", "Half of it is empty.")
    does.post(f"{path}/report", {"report": "All of it."})
    assert judges.post(f"{path}/verification")["state"] == "verified"
    assert does.get(f"/findings/{finding.pk}")["closing"] == "resolved"
    assert judges.get("/findings?open=true")["items"] == []
    story = ["action.reported", "action.returned", "action.reported", "action.verified"]
    assert [verb for verb in verbs_of(finding.assessment) if verb in story] == story


def test_actions_are_planned_given_to_others_and_dropped_and_the_finding_withdrawn(
    finding: Finding, action: Action, reviewer: User, helper: User, owner: User, outsider: User
) -> None:
    call, plan = as_(reviewer), {"text": "Ask the supplier.", "owner": owner.pk, "due": soon()}
    path = f"/findings/{finding.pk}"
    problem(as_(outsider)("POST", f"{path}/actions", plan), 404, "not-found")
    problem(as_(helper)("POST", f"{path}/actions", plan), 403, "forbidden")
    problem(call("POST", f"{path}/actions", plan | {"due": "2020-01-01"}), 422, "refused")
    second = call.post(f"{path}/actions", plan)
    assert (second["control"], second["about"], second["late"]) == ("R03", "Harbor-7B 2.1", False)
    change = {"owner": helper.pk, "due": soon(30), "reason": "She knows the data."}
    problem(as_(owner)("PUT", f"/actions/{second['id']}", change), 403, "forbidden")
    assert call.put(f"/actions/{second['id']}", change)["owner"]["id"] == helper.pk
    assert call.put(f"/actions/{second['id']}", change)["due"] == soon(30)
    assert verbs_of(finding.assessment).count("action.changed") == 1
    listed = as_(helper).get("/actions?mine=true&limit=1")
    rest = as_(helper).get(f"/actions?mine=true&limit=1&after={listed['next']}")
    assert [one["id"] for one in listed["items"] + rest["items"]] == [action.pk, second["id"]]
    assert [one["id"] for one in call.get("/actions?which=late")["items"]] == [action.pk]
    assert as_(outsider).get("/actions")["items"] == as_(owner).get("/actions?mine=true")["items"] == []
    problem(call("POST", f"{path}/withdrawal", {"reason": "No finding."}), 422, "refused")
    for each in (action.pk, second["id"]):
        problem(as_(helper)("POST", f"/actions/{each}/drop", {"reason": "Over."}), 403, "forbidden")
        assert call.post(f"/actions/{each}/drop", {"reason": "Over."})["drop_reason"] == "Over."
    problem(as_(owner)("POST", f"{path}/withdrawal", {"reason": "No finding."}), 403, "forbidden")
    assert call.post(f"{path}/withdrawal", {"reason": "No finding."})["closing"] == "withdrawn"
    problem(call("POST", f"{path}/withdrawal", {"reason": "Again."}), 409, "wrong-state")
    assert Action.objects.get(pk=action.pk).due == DUE


def test_an_exception_is_asked_for_and_decided_by_legal_staff_alone(
    readiness: Assessment, owner: User, legal: User, outsider: User
) -> None:
    call, lawyer = as_(owner), as_(legal)
    path = f"/assessments/{readiness.pk}/controls/R03/exceptions"
    wish = {"reason": "The supplier is late.", "instead": "Weekly checks", "until": soon()}
    problem(as_(outsider)("POST", path, wish), 404, "not-found")
    problem(call("POST", path, wish | {"until": "2020-01-01"}), 422, "refused")
    asked = call.post(path, wish)
    assert (asked["scope"], asked["about"], asked["counts"]) == ("version", "Harbor-7B 2.1", False)
    mine = f"/exceptions/{asked['id']}"
    problem(call("POST", f"{mine}/approval", {}), 403, "forbidden")
    problem(as_(outsider)("GET", mine), 404, "not-found")
    assert as_(outsider).get("/exceptions")["items"] == []
    assert lawyer.get(mine)["why_not_decide"] is None
    problem(lawyer("POST", f"{mine}/refusal", {}), 422, "refused")
    assert lawyer.post(f"{mine}/approval", {})["counts"] is True
    problem(call("POST", f"{mine}/revocation", {"reason": "No need."}), 403, "forbidden")
    ended = lawyer.post(f"{mine}/revocation", {"reason": "Delivered."})
    assert (ended["state"], ended["counts"], ended["end_reason"]) == ("revoked", False, "Delivered.")
    problem(lawyer("POST", f"{mine}/approval", {}), 409, "wrong-state")
    assert lawyer.get("/exceptions?state=approved")["items"] == []


def test_an_exception_of_the_organisation_is_read_by_whom_it_excuses(
    readiness: Assessment, secretary: User, legal: User, owner: User, outsider: User, make_person: MakePerson
) -> None:
    checked = Checked(library_code="release-readiness")
    whole = open_assessment(actor=secretary, checked=checked, owner=secretary, now=NOW)
    wish = {"reason": "No building has it yet.", "until": soon()}
    asked = as_(secretary).post(f"/assessments/{whole.pk}/controls/R04/exceptions", wish)
    assert (asked["scope"], asked["project"], asked["about"]) == ("organisation", None, "")
    path = f"/exceptions/{asked['id']}"
    assert as_(legal).post(f"{path}/approval", {})["counts"] is True
    assert as_(owner).get(path)["reason"] == wish["reason"], "it excuses a control of their checklist"
    problem(as_(owner)("GET", f"/assessments/{whole.pk}"), 404, "not-found")
    problem(as_(outsider)("GET", path), 404, "not-found")
    assert ControlException.objects.get().until == date.fromisoformat(soon())

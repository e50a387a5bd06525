"""A new version opens its checklist by itself; reminders know who it waits for."""

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from accounts.roles import Role
from audit.refusal import Refused
from compliance.models import Assessment
from compliance.services.about import Checked
from compliance.services.opening import open_assessment, open_for_version
from compliance.services.reviewing import return_assessment
from registry.models import ModelVersion, Project
from registry.services import VersionFacts, register_model, register_version
from reminders.waiting import get
from tests.compliance.conftest import NOW, MakePerson, verbs_of


@pytest.mark.both_engines
def test_a_new_version_opens_its_checklist_for_who_registered_it(
    readiness: Assessment, version: ModelVersion, owner: User, reviewer: User
) -> None:
    assert (readiness.owner, readiness.reviewer) == (owner, reviewer)
    assert (readiness.scope, readiness.project_id) == ("version", version.model.project_id)
    assert readiness.library.code == "release-readiness"
    assert (readiness.due - NOW).days == 14
    assert verbs_of(readiness) == ["assessment.opened"]


def test_told_twice_a_version_has_one_checklist(version: ModelVersion, owner: User) -> None:
    open_for_version(version, owner, NOW)
    assert Assessment.objects.filter(version=version).count() == 1


def test_a_safety_lead_who_registers_a_version_does_not_review_it(
    make_person: MakePerson, project: Project, secretary: User
) -> None:
    lead = make_person("Lone Lead", Role.SAFETY_LEAD, Role.RESEARCHER)
    model = register_model(actor=project.created_by, project_id=project.pk, name="Skiff", now=NOW)
    version = ModelVersion.objects.create(
        model=model, number="1", channel="api", created_at=NOW, created_by=lead
    )
    open_for_version(version, lead, NOW)
    assert Assessment.objects.get(version=version).reviewer == secretary


def test_without_anybody_to_review_the_reviewer_is_named_later(owner: User, project: Project) -> None:
    model = register_model(actor=owner, project_id=project.pk, name="Skiff", now=NOW)
    version = register_version(
        actor=owner, model=model, facts=VersionFacts(number="1", channel="api"), now=NOW
    )
    assert Assessment.objects.get(version=version).reviewer is None


def test_a_checklist_opened_by_hand(
    secretary: User, owner: User, accepted: Assessment, version: ModelVersion
) -> None:
    checked = Checked(library_code="release-readiness", version_id=version.pk)
    again = open_assessment(actor=secretary, checked=checked, owner=owner, now=NOW)
    assert verbs_of(again) == ["assessment.opened"]
    with pytest.raises(Refused, match="open for the version already"):
        open_assessment(actor=secretary, checked=checked, owner=owner, now=NOW)
    with pytest.raises(PermissionDenied):
        open_assessment(actor=owner, checked=checked, owner=owner, now=NOW)


def test_a_checklist_waits_for_its_owner_and_then_for_its_reviewer(
    readiness: Assessment, owner: User, reviewer: User, outsider: User
) -> None:
    ask = get("checklist").ask
    (waiting,) = ask(NOW, frozenset({owner.pk, outsider.pk}))
    assert (waiting.person_id, waiting.due) == (owner.pk, readiness.due)
    assert waiting.title == "Release readiness, Harbor-7B 2.1"
    assert waiting.url == f"/compliance/assessments/{readiness.pk}/"
    assert not [*ask(NOW, frozenset({reviewer.pk}))]
    assert not [*get("checklist.review").ask(NOW, None)]


def test_a_submitted_checklist_waits_for_its_reviewer_only(submitted: Assessment, reviewer: User) -> None:
    assert not [*get("checklist").ask(NOW, None)]
    (waiting,) = get("checklist.review").ask(NOW, None)
    assert waiting.person_id == reviewer.pk


def test_a_returned_checklist_says_why(submitted: Assessment, reviewer: User) -> None:
    return_assessment(actor=reviewer, assessment_id=submitted.pk, reason="R03 names no groups.", now=NOW)
    (waiting,) = get("checklist").ask(NOW, None)
    assert waiting.needs == "The reviewer returned it: R03 names no groups."


def test_what_was_accepted_waits_for_nobody(accepted: Assessment) -> None:
    assert not [*get("checklist").ask(NOW, None), *get("checklist.review").ask(NOW, None)]

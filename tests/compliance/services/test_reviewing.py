"""Submitting, returning, accepting: somebody else reviews, and what was accepted is frozen."""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404

from accounts.models import User
from audit.refusal import IllegalTransition, Refused
from compliance.models import Answer, Assessment, Control, Evidence
from compliance.services.answers import answer_control
from compliance.services.reviewing import (
    accept_assessment,
    assign_assessment,
    return_assessment,
    submit_assessment,
)
from tests.compliance.conftest import NOW, Fill, MakePerson, attach, verbs_of


def test_what_lacks_is_named_all_at_once(readiness: Assessment, owner: User) -> None:
    for number, state in (("R01", "met"), ("R02", "partly"), ("R03", "not_applicable")):
        answer_control(
            actor=owner, assessment_id=readiness.pk, number=number, state=state, comment="", now=NOW
        )
    with pytest.raises(Refused) as refusal:
        submit_assessment(actor=owner, assessment_id=readiness.pk, now=NOW)
    said = str(refusal.value)
    assert "No answer yet: R04, R05" in said
    assert "A reason is missing: R02, R03" in said
    assert "A file is missing: R01." in said
    readiness.refresh_from_db()
    assert readiness.state == "open"


def test_a_withdrawn_file_leaves_the_gap_open(readiness: Assessment, owner: User, fill: Fill) -> None:
    fill(readiness)
    Evidence.objects.filter(control__number="R01").update(
        withdrawn_at=NOW, withdrawn_by=owner, withdrawal_reason="Wrong file."
    )
    with pytest.raises(Refused, match="A file is missing: R01"):
        submit_assessment(actor=owner, assessment_id=readiness.pk, now=NOW)


@pytest.mark.both_engines
def test_a_complete_checklist_goes_to_its_reviewer_and_is_accepted(
    submitted: Assessment, owner: User, reviewer: User
) -> None:
    assert submitted.state == "submitted"
    accepted = accept_assessment(actor=reviewer, assessment_id=submitted.pk, now=NOW)
    assert (accepted.state, accepted.accepted_by, accepted.accepted_at) == ("accepted", reviewer, NOW)
    assert verbs_of(accepted)[-2:] == ["assessment.submitted", "assessment.accepted"]
    assert verbs_of(accepted).count("assessment.accepted") == 1


def test_the_frozen_content_holds_answers_evidence_and_the_library(accepted: Assessment) -> None:
    accepted.refresh_from_db()
    content = bytes(accepted.content or b"")
    assert hashlib.sha256(content).hexdigest() == accepted.sha256
    data = json.loads(content)
    assert data["library"]["code"] == "release-readiness"
    assert data["reviewer"] == "Elif Bayar"
    assert [control["number"] for control in data["controls"]] == [f"R{n:02}" for n in range(1, 15)]
    first = data["controls"][0]
    assert first["state"] == "met"
    assert first["evidence"][0]["name"] == "proof.txt"
    assert first["text"]["zh"]


def test_the_owner_never_accepts_their_own_checklist(
    submitted: Assessment, owner: User, reviewer: User
) -> None:
    with pytest.raises(PermissionDenied, match="somebody else reviews"):
        accept_assessment(actor=owner, assessment_id=submitted.pk, now=NOW)
    submitted.refresh_from_db()
    assert submitted.state == "submitted"


def test_only_the_reviewer_judges(submitted: Assessment, secretary: User, outsider: User) -> None:
    with pytest.raises(PermissionDenied, match="Only its reviewer"):
        accept_assessment(actor=secretary, assessment_id=submitted.pk, now=NOW)
    with pytest.raises(PermissionDenied, match="Only its reviewer"):
        return_assessment(actor=secretary, assessment_id=submitted.pk, reason="No.", now=NOW)
    with pytest.raises(Http404):
        accept_assessment(actor=outsider, assessment_id=submitted.pk, now=NOW)


def test_who_filled_in_a_part_does_not_review_it_after_a_change_of_owner(
    submitted: Assessment, secretary: User, owner: User, make_person: MakePerson
) -> None:
    other = make_person("Guo Heng")
    assign_assessment(actor=secretary, assessment_id=submitted.pk, owner=other, reviewer=owner, now=NOW)
    with pytest.raises(PermissionDenied, match="You filled in a part"):
        accept_assessment(actor=owner, assessment_id=submitted.pk, now=NOW)


def test_owner_and_reviewer_are_never_the_same_person(
    readiness: Assessment, secretary: User, owner: User
) -> None:
    with pytest.raises(Refused, match="different people"):
        assign_assessment(actor=secretary, assessment_id=readiness.pk, owner=owner, reviewer=owner, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Assessment.objects.filter(pk=readiness.pk).update(reviewer=owner)


def test_nothing_is_accepted_before_it_was_submitted(readiness: Assessment, reviewer: User) -> None:
    with pytest.raises(IllegalTransition, match="hasn't submitted"):
        accept_assessment(actor=reviewer, assessment_id=readiness.pk, now=NOW)
    assert "assessment.accepted" not in verbs_of(readiness)


def test_a_return_says_why_and_opens_it_again(submitted: Assessment, owner: User, reviewer: User) -> None:
    with pytest.raises(Refused, match="what the owner has to do"):
        return_assessment(actor=reviewer, assessment_id=submitted.pk, reason=" ", now=NOW)
    return_assessment(actor=reviewer, assessment_id=submitted.pk, reason="R03 names no groups.", now=NOW)
    answer_control(
        actor=owner, assessment_id=submitted.pk, number="R03", state="partly", comment="two groups", now=NOW
    )
    submit_assessment(actor=owner, assessment_id=submitted.pk, now=NOW + timedelta(days=2))
    accept_assessment(actor=reviewer, assessment_id=submitted.pk, now=NOW + timedelta(days=3))
    assert [v for v in verbs_of(submitted) if v.startswith("assessment.") and v != "assessment.answered"] == [
        "assessment.opened", "assessment.submitted", "assessment.returned", "assessment.submitted",
        "assessment.accepted",
    ]  # fmt: skip


def test_without_a_reviewer_nothing_is_submitted(
    readiness: Assessment, owner: User, secretary: User, fill: Fill
) -> None:
    assign_assessment(actor=secretary, assessment_id=readiness.pk, owner=owner, reviewer=None, now=NOW)
    fill(readiness)
    with pytest.raises(Refused, match="no reviewer"):
        submit_assessment(actor=owner, assessment_id=readiness.pk, now=NOW)


@pytest.mark.both_engines
def test_an_accepted_checklist_changes_in_no_way(accepted: Assessment, owner: User, secretary: User) -> None:
    with pytest.raises(IllegalTransition, match="frozen"):
        attach(owner, accepted, "R01")
    with pytest.raises(IllegalTransition, match="frozen"):
        assign_assessment(actor=secretary, assessment_id=accepted.pk, owner=owner, reviewer=None, now=NOW)
    changes: list[Callable[[], object]] = [
        lambda: Assessment.objects.filter(pk=accepted.pk).update(due=NOW),
        lambda: Assessment.objects.filter(pk=accepted.pk).update(state="open"),
        lambda: Assessment.objects.filter(pk=accepted.pk)._raw_delete("default"),
        lambda: Answer.objects.filter(assessment=accepted).update(state="not_met"),
        lambda: Answer.objects.filter(assessment=accepted)._raw_delete("default"),
        lambda: Evidence.objects.filter(assessment=accepted).update(name="other.txt"),
        lambda: Evidence.objects.filter(assessment=accepted)._raw_delete("default"),
        lambda: Control.objects.filter(number="R01").update(text_en="Something else."),
    ]
    for change in changes:
        with pytest.raises(IntegrityError, match="Refused"), transaction.atomic():
            change()


@pytest.mark.both_engines
def test_a_row_is_not_accepted_around_the_service(submitted: Assessment, secretary: User) -> None:
    rows = Assessment.objects.filter(pk=submitted.pk)
    forged = {"state": "accepted", "accepted_at": NOW, "content": b"{}", "sha256": "0" * 64}
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(**forged, accepted_by=secretary)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(state="accepted")
    submitted.refresh_from_db()
    assert submitted.state == "submitted"


def test_an_assignment_leaves_one_event_and_the_same_again_none(
    readiness: Assessment, secretary: User, owner: User, reviewer: User, make_person: MakePerson
) -> None:
    other = make_person("Guo Heng")
    for _turn in range(2):
        assign_assessment(
            actor=secretary, assessment_id=readiness.pk, owner=other, reviewer=reviewer, now=NOW
        )
    assert verbs_of(readiness) == ["assessment.opened", "assessment.assigned"]
    with pytest.raises(PermissionDenied):
        assign_assessment(actor=owner, assessment_id=readiness.pk, owner=owner, reviewer=reviewer, now=NOW)

"""The gate of a board's policy: an accepted checklist about this version."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from compliance.gates import in_words
from compliance.gates import readiness as ask
from compliance.models import Assessment
from compliance.services.about import Checked
from compliance.services.occurrences import open_due, plan_occurrences
from compliance.services.opening import open_assessment
from compliance.services.reviewing import accept_assessment, assign_assessment, submit_assessment
from compliance.services.schedules import Timing, create_schedule
from registry.models import ModelVersion
from registry.services import VersionFacts, register_version
from tests.compliance.conftest import NOW, Fill

CODE = "release-readiness"


@pytest.mark.both_engines
def test_the_gate_is_shut_until_the_checklist_is_accepted(
    readiness: Assessment, version: ModelVersion, owner: User
) -> None:
    (check,) = ask(version.pk, [CODE], NOW)
    assert not check.met
    assert check.note == "Ravi Krishnan fills it in, due Mon 16 Mar."
    assert check.url == f"/compliance/assessments/{readiness.pk}/"
    assert (check.accepted_at, check.accepted_by) == (None, "")


def test_a_checklist_leads_to_its_page_only_for_who_may_open_it(
    readiness: Assessment, version: ModelVersion, owner: User, outsider: User
) -> None:
    (for_owner,), (for_other,) = (ask(version.pk, [CODE], NOW, reader=who) for who in (owner, outsider))
    assert for_owner.url == f"/compliance/assessments/{readiness.pk}/"
    assert for_other == replace(for_owner, url="")


def test_late_is_said(readiness: Assessment, version: ModelVersion) -> None:
    (check,) = ask(version.pk, [CODE], NOW + timedelta(days=20))
    assert check.note == "Overdue since Mon 16 Mar; Ravi Krishnan fills it in."


def test_in_review_is_not_met(submitted: Assessment, version: ModelVersion) -> None:
    (check,) = ask(version.pk, [CODE], NOW)
    assert (check.met, check.note) == (False, "Waits for review by Elif Bayar.")


@pytest.mark.both_engines
def test_an_accepted_checklist_opens_the_gate(accepted: Assessment, version: ModelVersion) -> None:
    later = NOW + timedelta(days=2)
    (check,) = ask(version.pk, [CODE], later)
    assert (check.met, check.accepted_by, check.accepted_at) == (True, "Elif Bayar", accepted.accepted_at)
    assert check.note == "Accepted by Elif Bayar on Tue 3 Mar."
    assert check.title == "Release readiness"


def test_an_acceptance_does_not_count_before_its_moment(accepted: Assessment, version: ModelVersion) -> None:
    assert not ask(version.pk, [CODE], NOW)[0].met


def test_a_further_run_leaves_the_gate_open(
    accepted: Assessment, version: ModelVersion, secretary: User, owner: User
) -> None:
    checked = Checked(library_code=CODE, version_id=version.pk)
    later = NOW + timedelta(days=2)
    open_assessment(actor=secretary, checked=checked, owner=owner, now=later)
    assert ask(version.pk, [CODE], later + timedelta(days=1))[0].met


def test_a_checklist_about_some_of_the_controls_opens_nothing(
    version: ModelVersion, secretary: User, owner: User, reviewer: User, fill: Fill
) -> None:
    checked = Checked(library_code=CODE, version_id=version.pk, control_numbers=("R10",))
    timing = Timing(
        rule="FREQ=YEARLY", starts=datetime.fromisoformat("2026-03-01T09:00"), owner=owner, reviewer=reviewer
    )
    create_schedule(actor=secretary, checked=checked, timing=timing, now=NOW - timedelta(days=2))
    plan_occurrences(now=NOW, horizon=timedelta(days=60))
    open_due(now=NOW)
    part = Assessment.objects.get(version=version, occurrence__isnull=False)
    fill(part)
    submit_assessment(actor=owner, assessment_id=part.pk, now=NOW)
    accept_assessment(actor=reviewer, assessment_id=part.pk, now=NOW)
    (check,) = ask(version.pk, [CODE], NOW + timedelta(days=1))
    assert not check.met
    assert check.url != f"/compliance/assessments/{part.pk}/"


def test_the_checklist_of_another_version_opens_nothing(
    accepted: Assessment, version: ModelVersion, owner: User
) -> None:
    other = register_version(
        actor=owner, model=version.model, facts=VersionFacts(number="2.2", channel="api"), now=NOW
    )
    assert not ask(other.pk, [CODE], NOW + timedelta(days=9))[0].met


def test_unknown_and_missing_checklists_are_named_in_the_order_asked(
    version: ModelVersion, readiness: Assessment, secretary: User
) -> None:
    assign_assessment(actor=secretary, assessment_id=readiness.pk, owner=None, reviewer=None, now=NOW)
    checks = ask(version.pk, ["nothing", "board-duties", CODE], NOW)
    assert [check.code for check in checks] == ["nothing", "board-duties", CODE]
    assert [check.note for check in checks] == [
        "There is no checklist with this code.",
        "Nobody has begun this checklist for the version.",
        "Has no owner yet; due Mon 16 Mar.",
    ]
    assert not any(check.met for check in checks)


def test_a_gate_costs_two_queries(
    accepted: Assessment, version: ModelVersion, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):
        ask(version.pk, [CODE, "board-duties"], NOW)


def test_titles_are_in_the_language_of_the_page(accepted: Assessment, version: ModelVersion) -> None:
    with translation.override("zh-hans"):
        assert ask(version.pk, [CODE], NOW)[0].title == "发布准备核查"


def test_a_policy_may_ask_that_it_was_accepted_lately(accepted: Assessment, version: ModelVersion) -> None:
    assert accepted.accepted_at is not None
    soon, late = (accepted.accepted_at + timedelta(days=days, hours=1) for days in (29, 30))
    (check,) = ask(version.pk, [f"{CODE}:30"], soon)
    assert (check.met, check.code, check.title) == (True, CODE, "Release readiness")
    young, old = ask(version.pk, [CODE, f"{CODE}:30"], late)
    assert (young.met, old.met) == (True, False)
    assert (
        old.note
        == "Accepted by Elif Bayar on Tue 3 Mar. The policy asks for at most 30 days; open a new run."
    )
    assert in_words([CODE, f"{CODE}:30", "nowhere"]) == [
        "Release readiness", "Release readiness, accepted at most 30 days ago", "nowhere",
    ]  # fmt: skip

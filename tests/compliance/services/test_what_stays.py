"""What was found, planned, excused and decided stays as it was; whose work it is doesn't decide about it alone."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from compliance.gates import readiness
from compliance.models import Action, Answer, ApplicabilityOverride, Assessment, ControlException, Finding
from compliance.rules.applicability import Level
from compliance.selectors.finding_page import exception_list
from compliance.services.actions import drop_action, report_action
from compliance.services.applicability import decide_applicability
from compliance.services.exceptions import approve_exception, ask_for_exception
from compliance.services.findings import withdraw_finding
from compliance.services.reviewing import accept_assessment
from registry.models import ModelVersion
from reminders.waiting import waiting_for
from tests.compliance.conftest import DUE, NOW

GATE = "release-readiness:no-critical"


def excuse(owner: User, legal: User, assessment: Assessment) -> ControlException:
    asked = ask_for_exception(
        actor=owner, assessment_id=assessment.pk, number="R03", reason="Late.", instead="", until=DUE, now=NOW
    )
    return approve_exception(actor=legal, exception_id=asked.pk, reason="Once.", now=NOW)


@pytest.mark.both_engines
def test_no_statement_changes_what_was_found_planned_excused_or_decided(
    finding: Finding, opened: Assessment, owner: User, reviewer: User, secretary: User, legal: User
) -> None:
    excuse(owner, legal, finding.assessment)
    decide_applicability(
        actor=secretary, code="board-duties", level=Level.ORGANISATION, subject_id=0, applies=True, reason="Ours.",
        now=NOW,
    )  # fmt: skip
    drop_action(actor=reviewer, action_id=finding.actions.get().pk, reason="Not needed.", now=NOW)
    withdraw_finding(actor=reviewer, finding_id=finding.pk, reason="It is there.", now=NOW)
    other = Finding.objects.create(
        assessment=opened, control=opened.library.controls.get(number="D09"), severity="critical", text="None.",
        raised_at=NOW, raised_by=reviewer,
    )  # fmt: skip
    planned = Action.objects.create(
        finding=other, text="Do.", owner=owner, due=DUE, created_at=NOW, given_at=NOW, created_by=reviewer
    )
    accept_assessment(actor=reviewer, assessment_id=finding.assessment_id, now=NOW)
    theirs = Answer.objects.create(
        assessment=opened, control=other.control, state="met", changed_at=NOW, changed_by=owner
    )
    excuses, decisions = ControlException.objects.all(), ApplicabilityOverride.objects.all()
    closed, settled = Finding.objects.filter(pk=finding.pk), Action.objects.filter(finding=finding)
    others, planned_ones = Finding.objects.filter(pk=other.pk), Action.objects.filter(pk=planned.pk)
    tries: list[Callable[[], object]] = [
        lambda: others.update(severity="low"),
        lambda: others.update(text="Something else."),
        lambda: others.update(assessment=finding.assessment),
        lambda: closed.update(closed_at=None, closing="", closing_reason=""),
        lambda: closed.update(closing_reason="Another one."),
        lambda: planned_ones.update(text="Less."),
        planned_ones.delete,
        lambda: settled.update(drop_reason="Another one."),
        lambda: excuses.update(until=date(2027, 3, 1)),
        lambda: excuses.update(control_number="R04"),
        lambda: excuses.update(scope="project", version=None),
        excuses.delete,
        lambda: decisions.update(applies=False),
        lambda: decisions.update(reason="Another one."),
        decisions.delete,
        lambda: Answer.objects.filter(pk=theirs.pk).update(assessment=finding.assessment),
    ]
    for act in tries:
        with pytest.raises(IntegrityError, match="Refused"), transaction.atomic():
            act()
    planned_ones.update(due=date(2026, 5, 1))
    excuses.update(state="revoked", ended_at=NOW, ended_by=legal, end_reason="It came.")
    with pytest.raises(IntegrityError, match="Refused"), transaction.atomic():
        excuses.update(state="approved", ended_at=None, ended_by=None)


def test_who_filled_in_the_checklist_does_not_withdraw_what_the_reviewer_found(
    finding: Finding, version: ModelVersion, owner: User, reviewer: User
) -> None:
    drop_action(actor=reviewer, action_id=finding.actions.get().pk, reason="No need.", now=NOW)
    owner.groups.add(reviewer.groups.get())
    for person in (owner, User.objects.get(pk=owner.pk)):  # without a role that manages, and with one
        with pytest.raises(PermissionDenied, match="never who filled in"):
            withdraw_finding(actor=person, finding_id=finding.pk, reason="It is none.", now=NOW)
    accept_assessment(actor=reviewer, assessment_id=finding.assessment_id, now=NOW)
    assert not readiness(version.pk, [GATE], NOW)[0].met
    withdraw_finding(actor=reviewer, finding_id=finding.pk, reason="It is there.", now=NOW)
    assert readiness(version.pk, [GATE], NOW)[0].met


def test_a_gate_says_the_same_wherever_somebody_looks(
    finding: Finding, version: ModelVersion, owner: User, reviewer: User, legal: User
) -> None:
    accept_assessment(actor=reviewer, assessment_id=finding.assessment_id, now=NOW)
    excuse(owner, legal, finding.assessment)
    for at, opens in (
        (datetime(2026, 4, 1, 23, 0, tzinfo=UTC), True),
        (datetime(2026, 4, 2, 1, 0, tzinfo=UTC), False),
    ):
        for zone in ("Pacific/Honolulu", "Asia/Shanghai", "UTC"):
            with timezone.override(zone):
                assert readiness(version.pk, [GATE], at)[0].met is opens, zone
                assert exception_list(legal, at)[0].counts is opens, zone


def test_what_was_reported_waits_for_the_next_one_when_the_reviewer_has_left(
    finding: Finding, owner: User, reviewer: User, helper: User
) -> None:
    report_action(actor=helper, action_id=finding.actions.get().pk, report="Done.", now=NOW)
    assert not list(waiting_for(owner.pk, NOW))
    User.objects.filter(pk=reviewer.pk).update(is_active=False)
    assert [source.kind for source, _thing in waiting_for(owner.pk, NOW)] == ["action.verify"]
    assert not list(waiting_for(helper.pk, NOW))


def test_what_waits_for_legal_staff_comes_first_however_much_was_decided_since(
    submitted: Assessment, owner: User, legal: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("compliance.selectors.finding_page.SHOWN", 1)
    waits = ask_for_exception(
        actor=owner, assessment_id=submitted.pk, number="R04", reason="Late.", instead="", until=DUE, now=NOW
    )
    excuse(owner, legal, submitted)
    assert [each.exception.pk for each in exception_list(legal, NOW)] == [waits.pk]

"""From what is wrong to what is mended: findings, actions, exceptions, comments, and what they hold."""

from datetime import date, timedelta
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404

from accounts.models import User
from audit.models import Disclosure
from audit.refusal import IllegalTransition, Refused
from compliance.gates import in_words
from compliance.gates import readiness as ask
from compliance.models import Action, Assessment, ControlComment, Finding
from compliance.permissions.findings import visible_findings
from compliance.services.actions import (
    change_action,
    drop_action,
    report_action,
    return_action,
    verify_action,
)
from compliance.services.answers import answer_control
from compliance.services.findings import (
    Planned,
    comment_on_control,
    plan_action,
    withdraw_finding,
)
from compliance.services.reviewing import accept_assessment, submit_assessment
from registry.models import ModelVersion
from reminders.waiting import waiting_for
from tests.compliance.conftest import DUE, NOW, Fill, raised, verbs_of

LATER = NOW + timedelta(days=1)
GATE = "release-readiness:no-critical"


@pytest.mark.both_engines
def test_a_finding_closes_when_its_action_is_done_and_somebody_else_has_verified_it(
    finding: Finding, action: Action, helper: User, reviewer: User, outsider: User
) -> None:
    assert list(visible_findings(helper, NOW)) == [finding]
    assert not visible_findings(outsider, NOW).exists()
    report_action(actor=helper, action_id=action.pk, report="Sheet 4 in the wiki.", now=LATER)
    with pytest.raises(PermissionDenied, match="You do this yourself"):
        verify_action(actor=helper, action_id=action.pk, now=LATER)
    return_action(actor=reviewer, action_id=action.pk, reason="Section 2 is empty.", now=LATER)
    action.refresh_from_db()
    assert (action.state, action.returned_reason, action.done_at) == ("open", "Section 2 is empty.", None)
    report_action(actor=helper, action_id=action.pk, report="Section 2 too.", now=LATER)
    verify_action(actor=reviewer, action_id=action.pk, now=LATER)
    finding.refresh_from_db()
    assert (finding.closing, finding.closed_at) == ("resolved", LATER)
    assert verbs_of(finding.assessment)[-7:] == [
        "assessment.finding_raised", "action.planned", "action.reported", "action.returned", "action.reported",
        "action.verified", "assessment.finding_resolved",
    ]  # fmt: skip


def test_a_dropped_action_mends_nothing_until_another_one_does(
    finding: Finding, action: Action, helper: User, reviewer: User
) -> None:
    drop_action(actor=reviewer, action_id=action.pk, reason="Another way.", now=LATER)
    finding.refresh_from_db()
    assert finding.is_open
    second = plan_action(
        actor=reviewer, finding_id=finding.pk, action=Planned("The other way.", helper, DUE), now=LATER
    )
    report_action(actor=helper, action_id=second.pk, report="Done.", now=LATER)
    verify_action(actor=reviewer, action_id=second.pk, now=LATER)
    finding.refresh_from_db()
    assert not finding.is_open
    with pytest.raises(IllegalTransition):
        plan_action(actor=reviewer, finding_id=finding.pk, action=Planned("More.", helper, DUE), now=LATER)


def test_who_may_and_when(
    finding: Finding, action: Action, owner: User, helper: User, reviewer: User, outsider: User
) -> None:
    with pytest.raises(Http404):
        verify_action(actor=outsider, action_id=action.pk, now=LATER)
    for act in (drop_action, return_action):
        with pytest.raises(Http404):
            act(actor=outsider, action_id=action.pk, reason="x", now=LATER)
    with pytest.raises(Http404):
        report_action(actor=outsider, action_id=action.pk, report="x", now=LATER)
    with pytest.raises(PermissionDenied, match="Only whoever has to do it"):
        report_action(actor=reviewer, action_id=action.pk, report="x", now=LATER)
    with pytest.raises(IllegalTransition, match="isn't reported as done"):
        verify_action(actor=reviewer, action_id=action.pk, now=LATER)
    with pytest.raises(Refused, match="Drop its actions first"):
        withdraw_finding(actor=reviewer, finding_id=finding.pk, reason="None after all.", now=LATER)
    with pytest.raises(PermissionDenied):
        withdraw_finding(actor=helper, finding_id=finding.pk, reason="Mine.", now=LATER)
    assert Finding.objects.get().is_open


def test_another_owner_or_day_needs_a_reason(
    action: Action, owner: User, helper: User, reviewer: User
) -> None:
    moved = DUE + timedelta(days=30)
    with pytest.raises(PermissionDenied):
        change_action(
            actor=helper, action_id=action.pk, owner=helper, due=moved, reason="More time.", now=LATER
        )
    with pytest.raises(Refused, match="Say why"):
        change_action(actor=reviewer, action_id=action.pk, owner=owner, due=moved, reason=" ", now=LATER)
    with pytest.raises(Refused, match="passed already"):
        change_action(
            actor=reviewer, action_id=action.pk, owner=owner, due=date(2026, 1, 1), reason="x", now=LATER
        )
    change_action(actor=reviewer, action_id=action.pk, owner=owner, due=moved, reason="Ill.", now=LATER)
    action.refresh_from_db()
    assert (action.owner, action.due) == (owner, moved)
    assert verbs_of(action.finding.assessment).count("action.changed") == 1


def test_bad_input_leaves_nothing(submitted: Assessment, reviewer: User, helper: User) -> None:
    gone = helper
    for over, why in (
        ({"severity": "awful"}, "how severe"),
        ({"text": " "}, "what is wrong"),
        ({"action": Planned("", helper, DUE)}, "what is to be done"),
        ({"action": Planned("x", helper, date(2026, 3, 1))}, "passed already"),
    ):
        with pytest.raises(Refused, match=why):
            raised(reviewer, submitted, gone, **over)
    with pytest.raises(Http404):
        raised(reviewer, submitted, helper, number="R99")
    assert not Finding.objects.exists()
    assert "assessment.finding_raised" not in verbs_of(submitted)


@pytest.mark.both_engines
def test_what_is_not_met_is_accepted_only_with_a_finding_or_an_exception(
    readiness: Assessment, fill: Fill, owner: User, reviewer: User, helper: User
) -> None:
    fill(readiness)
    answer_control(
        actor=owner, assessment_id=readiness.pk, number="R03", state="not_met", comment="No sheet.", now=NOW
    )
    submit_assessment(actor=owner, assessment_id=readiness.pk, now=NOW)
    with pytest.raises(Refused, match="nobody does anything about it: R03"):
        accept_assessment(actor=reviewer, assessment_id=readiness.pk, now=LATER)
    raised(reviewer, readiness, helper)
    accept_assessment(actor=reviewer, assessment_id=readiness.pk, now=LATER)
    with pytest.raises(IllegalTransition, match="frozen"):
        raised(reviewer, readiness, helper, severity="low")
    with pytest.raises(IntegrityError), transaction.atomic():
        Finding.objects.create(
            assessment=readiness, control=Finding.objects.get().control, severity="low", text="late",
            raised_at=LATER, raised_by=reviewer,
        )  # fmt: skip
    assert Finding.objects.count() == 1


def test_a_critical_finding_holds_the_gate_until_it_is_mended(
    finding: Finding, action: Action, version: ModelVersion, helper: User, reviewer: User
) -> None:
    accept_assessment(actor=reviewer, assessment_id=finding.assessment_id, now=NOW)
    held, plain = ask(version.pk, [GATE, "release-readiness"], LATER)
    assert (held.met, plain.met) == (False, True)
    assert "1 critical finding is open" in held.note
    report_action(actor=helper, action_id=action.pk, report="Done.", now=LATER)
    assert not ask(version.pk, [GATE], LATER)[0].met
    verify_action(actor=reviewer, action_id=action.pk, now=LATER)
    assert ask(version.pk, [GATE], LATER)[0].met
    assert in_words([GATE]) == ["Release readiness, no critical finding open"]


def test_comments_are_read_by_both_and_their_words_stay_out_of_the_log(
    submitted: Assessment, owner: User, reviewer: User, outsider: User, helper: User
) -> None:
    words = "Is this the sheet of 2025?"
    comment_on_control(actor=reviewer, assessment_id=submitted.pk, number="R03", text=words, now=NOW)
    with pytest.raises(Http404):
        comment_on_control(actor=outsider, assessment_id=submitted.pk, number="R03", text="x", now=NOW)
    with pytest.raises(Refused):
        comment_on_control(actor=owner, assessment_id=submitted.pk, number="R03", text=" ", now=NOW)
    assert verbs_of(submitted)[-1] == "control.commented"
    assert not Disclosure.objects.filter(value__contains=words).exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        ControlComment.objects.update(text="Other words.")
    accept_assessment(actor=reviewer, assessment_id=submitted.pk, now=LATER)
    with pytest.raises(IllegalTransition):
        comment_on_control(actor=owner, assessment_id=submitted.pk, number="R03", text="Late.", now=LATER)


def test_the_owner_of_a_checklist_judges_only_what_its_reviewer_does(
    finding: Finding, action: Action, owner: User, reviewer: User, helper: User
) -> None:
    report_action(actor=helper, action_id=action.pk, report="Done.", now=LATER)
    for act in (verify_action, partial(drop_action, reason="No."), partial(return_action, reason="No.")):
        with pytest.raises(PermissionDenied, match="the reviewer of the checklist"):
            act(actor=owner, action_id=action.pk, now=LATER)
    own = plan_action(
        actor=reviewer, finding_id=finding.pk, action=Planned("Check.", reviewer, DUE), now=LATER
    )
    report_action(actor=reviewer, action_id=own.pk, report="Checked.", now=LATER)
    assert waits(owner) == ["action.verify: Check., Harbor-7B 2.1"]
    verify_action(actor=owner, action_id=own.pk, now=LATER)
    own.refresh_from_db()
    assert own.settled_by == owner


def test_an_action_whose_owner_has_left_waits_for_who_can_give_it_away(
    action: Action, reviewer: User, helper: User
) -> None:
    helper.is_active = False
    helper.save()
    assert waits(helper) == []
    (thing,) = (thing for source, thing in waiting_for(reviewer.pk, LATER) if source.kind == "action")
    assert thing.needs == "Tomasz Zielinski can't sign in any more. Give it to somebody else, or drop it."


def test_who_gets_an_overdue_action_is_late_only_from_then_on(
    action: Action, owner: User, reviewer: User, helper: User
) -> None:
    overdue = NOW + timedelta(days=60)
    change_action(
        actor=reviewer, action_id=action.pk, owner=owner, due=action.due, reason="Ill.", now=overdue
    )
    (thing,) = (thing for source, thing in waiting_for(owner.pk, overdue) if source.kind == "action")
    assert (thing.since, thing.due is not None and thing.due < overdue) == (overdue, True)
    change_action(
        actor=reviewer, action_id=action.pk, owner=owner, due=DUE.replace(month=6), reason="x", now=LATER
    )
    action.refresh_from_db()
    assert action.given_at == overdue, "another day is no other owner"


def waits(person: User) -> list[str]:
    return [f"{source.kind}: {thing.title}" for source, thing in waiting_for(person.pk, LATER)]

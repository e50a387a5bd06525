"""Conditions to their end: overdue ones are told and suspend by policy, the board waives, others take over."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile

from audit.models import Event
from audit.refusal import IllegalTransition, Refused
from reminders.waiting import get as source
from reviews.models import Condition, Decision, Suspension
from reviews.rules.explaining import DateKind
from reviews.rules.lifecycle import RequestState
from reviews.rules.review_lifecycle import Matter, ReviewState
from reviews.selectors.conditions import report_lines
from reviews.selectors.dated import SOURCES
from reviews.services.condition_people import reassign_condition
from reviews.services.conditions import report_condition, verify_condition
from reviews.services.deadlines import move_date
from reviews.services.motions import ConditionDraft, move_motion, second_motion
from reviews.services.opening import open_ballot
from reviews.services.release import record_release
from reviews.services.taking_up import take_up_again
from reviews.tasks import meet_deadlines
from tests.boardrooms import POLICY, House, a_house, all_vote, approved, in_review
from tests.dossiers import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_review")]
STRICT = {**POLICY, "overdue_conditions": {"escalate_days": 5, "suspend_days": 20}}


@pytest.fixture
def house() -> House:
    return a_house(STRICT)


@pytest.fixture
def condition(house: House) -> Condition:
    due = (NOW + timedelta(days=30)).date()
    draft = ConditionDraft("Name the sources.", house.ravi.pk, due, house.lena.pk, True)
    approved(house, in_review(house), kind="approve_with_conditions", conditions=[draft])
    return Condition.objects.select_related("decision__request", "review").get()


def state_of(condition: Condition) -> str:
    return str(Decision.objects.get(pk=condition.decision_id).request.state)


@pytest.mark.both_engines
def test_the_policy_suspends_once_for_a_missed_date_also_after_a_missed_run(
    house: House, condition: Condition
) -> None:
    assert condition.suspend_at == condition.due_at + timedelta(days=20)
    assert condition.suspend_at is not None
    assert meet_deadlines(condition.suspend_at - timedelta(seconds=1)) == 0
    late = condition.suspend_at + timedelta(days=4)
    assert meet_deadlines(late) == 1
    assert meet_deadlines(late) == 0
    suspension = Suspension.objects.get()
    assert (suspension.suspended_by, suspension.condition) == (None, condition)
    assert "C1" in suspension.reason
    assert state_of(condition) == RequestState.SUSPENDED
    assert Event.objects.filter(verb="request.suspended").count() == 1
    review = house.ethics_review(condition.decision.request)
    assert (review.state, review.matter) == (ReviewState.DELIBERATING, Matter.SUSPENSION)
    meet_deadlines(suspension.ratify_by)
    assert state_of(condition) == RequestState.APPROVED, "the same ratification as of any suspension"
    meet_deadlines(suspension.ratify_by + timedelta(days=30))
    assert Suspension.objects.count() == 1, "one missed date suspends once"


def test_what_is_reported_or_has_a_new_date_suspends_nothing(house: House, condition: Condition) -> None:
    assert condition.suspend_at is not None
    missed = condition.suspend_at
    later = (condition.due + timedelta(days=60)).isoformat()
    given: dict[str, Any] = {
        "request_id": condition.decision.request_id, "kind": "condition", "key": condition.pk, "at": None, "now": NOW,
    }  # fmt: skip
    day = condition.due + timedelta(days=60)
    with pytest.raises(PermissionDenied):
        move_date(actor=house.ravi, day=day, reason="Holidays.", **given)
    with pytest.raises(Refused, match="Say why"):
        move_date(actor=house.sena, day=day, reason=" ", **given)
    move_date(actor=house.sena, day=day, reason="The sources answer late.", **given)
    condition.refresh_from_db()
    assert condition.due.isoformat() == later
    assert condition.suspend_at == condition.due_at + timedelta(days=20)
    assert meet_deadlines(missed + timedelta(days=1)) == 0
    report_condition(actor=house.ravi, condition_id=condition.pk, text="Done.", files=[], now=NOW)
    assert condition.suspend_at is not None
    assert meet_deadlines(condition.suspend_at) == 0
    assert state_of(condition) == RequestState.APPROVED


def test_an_overdue_condition_escalates_to_chair_and_secretary(house: House, condition: Condition) -> None:
    told = source("review.condition_overdue")
    assert condition.escalate_at is not None
    before = list(told.ask(condition.escalate_at - timedelta(hours=1), None))
    assert before == []
    asked = {thing.person_id for thing in told.ask(condition.escalate_at, None)}
    assert asked == {house.chloe.pk, house.sena.pk}


def test_only_a_ballot_of_the_board_that_set_it_waives_a_condition(
    house: House, condition: Condition
) -> None:
    review = house.ethics_review(condition.decision.request)
    given: dict[str, Any] = {"review_id": review.pk, "kind": "waive", "text": "It is moot.", "now": NOW}
    with pytest.raises(IllegalTransition):
        move_motion(actor=house.milo, condition_id=condition.pk, **given)
    with pytest.raises(PermissionDenied):
        take_up_again(actor=house.lex, review_id=review.pk, matter="condition", now=NOW)
    take_up_again(actor=house.chloe, review_id=review.pk, matter="condition", now=NOW)
    motion = move_motion(actor=house.milo, condition_id=condition.pk, **given)
    second_motion(actor=house.mara, motion_id=motion.pk, now=NOW)
    all_vote(house, open_ballot(actor=house.sena, motion_id=motion.pk, now=NOW))
    condition.refresh_from_db()
    assert (condition.state, condition.waived_ballot, condition.met_at) == ("waived", motion.ballot, None)
    decision = condition.decision
    record_release(
        actor=house.rita, decision_id=decision.pk, manifest_sha256=decision.manifest_sha256, where="hub", now=NOW
    )  # fmt: skip
    with pytest.raises(IllegalTransition):
        report_condition(actor=house.ravi, condition_id=condition.pk, text="Done.", files=[], now=NOW)


def test_a_report_that_waited_when_the_board_waived_the_condition_is_not_judged_any_more(
    house: House, condition: Condition
) -> None:
    review = house.ethics_review(condition.decision.request)
    report = report_condition(actor=house.ravi, condition_id=condition.pk, text="Nearly.", files=[], now=NOW)
    take_up_again(actor=house.chloe, review_id=review.pk, matter="condition", now=NOW)
    motion = move_motion(
        actor=house.milo, review_id=review.pk, kind="waive", text="It is moot.", condition_id=condition.pk, now=NOW
    )  # fmt: skip
    second_motion(actor=house.mara, motion_id=motion.pk, now=NOW)
    all_vote(house, open_ballot(actor=house.sena, motion_id=motion.pk, now=NOW))
    for accepted in (False, True):
        with pytest.raises(IllegalTransition):
            verify_condition(
                actor=house.lena, report_id=report.pk, accepted=accepted, verdict="Not yet.", now=NOW
            )
    condition.refresh_from_db()
    assert condition.state == "waived"
    verification = SOURCES[DateKind.VERIFICATION]
    assert not verification.rows().filter(verification.running).exists()


def test_the_secretary_lets_somebody_take_over_from_who_left_and_from_nobody_else(
    house: House, condition: Condition
) -> None:
    given: dict[str, Any] = {
        "condition_id": condition.pk,
        "part": "verifier",
        "now": NOW,
        "reason": "She left.",
    }
    with pytest.raises(IllegalTransition, match="theirs"):
        reassign_condition(actor=house.sena, person_id=house.sid.pk, **given)
    house.lena.is_active = False
    house.lena.save(update_fields=["is_active"])
    with pytest.raises(PermissionDenied):
        reassign_condition(actor=house.chloe, person_id=house.sid.pk, **given)
    for unfit in (house.ravi, house.rex):
        with pytest.raises(Refused):
            reassign_condition(actor=house.sena, person_id=unfit.pk, **given)
    reassign_condition(actor=house.sena, person_id=house.sid.pk, **given)
    report = report_condition(actor=house.ravi, condition_id=condition.pk, text="Done.", files=[], now=NOW)
    verify_condition(actor=house.sid, report_id=report.pk, accepted=True, verdict="", now=NOW)
    condition.refresh_from_db()
    assert (condition.state, condition.verifier) == ("met", house.sid)
    assert Event.objects.filter(verb="condition.reassigned").count() == 1


def test_evidence_of_one_name_has_versions_and_none_is_lost(house: House, condition: Condition) -> None:
    for content in (b"one", b"two"):
        report = report_condition(
            actor=house.ravi, condition_id=condition.pk, text="Done.", files=[ContentFile(content, "log.txt")], now=NOW
        )  # fmt: skip
        verify_condition(actor=house.lena, report_id=report.pk, accepted=False, verdict="More.", now=NOW)
    lines = report_lines(condition.reports.all())
    assert [[(one.version, one.newest) for one in line.evidence] for line in lines] == [
        [(1, False)],
        [(2, True)],
    ]

"""From an approval in force to its release and to its end."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile

from audit.refusal import IllegalTransition, Refused
from reviews.models import Condition, Decision, Recusal, Release
from reviews.rules.lifecycle import RequestState
from reviews.services.conditions import report_condition, verify_condition
from reviews.services.motions import ConditionDraft
from reviews.services.release import record_release
from reviews.services.suspending import suspend_approval, withdraw_approval
from reviews.tasks import meet_deadlines
from tests.boardrooms import House, a_house, approved, in_review, verbs_about
from tests.dossiers import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines, pytest.mark.usefixtures("standing_approval")]


@pytest.fixture
def house() -> House:
    return a_house()


def state_of(decision: Decision) -> str:
    decision.request.refresh_from_db()
    return decision.request.state


def release(house: House, decision: Decision, **given: object) -> Release:
    arguments: dict[str, Any] = {
        "actor": house.rita, "decision_id": decision.pk, "manifest_sha256": decision.manifest_sha256,
        "where": "hub", "now": NOW,
    }  # fmt: skip
    return record_release(**{**arguments, **given})


def with_condition(house: House) -> tuple[Decision, Condition]:
    draft = ConditionDraft("Name the sources.", house.ravi.pk, date(2026, 12, 31), house.lena.pk, True)
    decision = approved(house, in_review(house), kind="approve_with_conditions", conditions=[draft])
    return decision, Condition.objects.get()


def test_the_release_manager_records_the_release_of_the_approved_digest_only(house: House) -> None:
    decision = approved(house, in_review(house))
    with pytest.raises(Refused, match="not what was approved"):
        release(house, decision, manifest_sha256="0" * 64)
    for name in ("ravi", "chloe", "lex", "sena"):
        with pytest.raises(PermissionDenied):
            release(house, decision, actor=house.people[name])
    assert not Release.objects.exists()
    release(house, decision)
    assert state_of(decision) == RequestState.RELEASED
    with pytest.raises(IllegalTransition):
        release(house, decision)
    assert verbs_about(decision.request).count("request.released") == 1


def test_a_condition_that_blocks_the_release_is_met_first(house: House) -> None:
    decision, condition = with_condition(house)
    with pytest.raises(Refused, match="C1"):
        release(house, decision)
    evidence = [ContentFile(b"one", "log.txt"), ContentFile(b"two", "log.txt")]
    with pytest.raises(PermissionDenied):
        report_condition(actor=house.lena, condition_id=condition.pk, text="Done.", files=evidence, now=NOW)
    report = report_condition(
        actor=house.ravi, condition_id=condition.pk, text="Done.", files=evidence, now=NOW
    )
    assert [(f.name, f.size) for f in report.files.all()] == [("log.txt", 3), ("log.txt", 3)]
    assert len({f.sha256 for f in report.files.all()}) == 2
    with pytest.raises(Refused, match="C1"):
        release(house, decision)
    for name in ("ravi", "milo", "sena"):
        with pytest.raises(PermissionDenied):
            verify_condition(
                actor=house.people[name], report_id=report.pk, accepted=True, verdict="", now=NOW
            )
    verify_condition(actor=house.lena, report_id=report.pk, accepted=True, verdict="Seen.", now=NOW)
    release(house, decision)
    assert state_of(decision) == RequestState.RELEASED


def test_a_report_that_is_returned_can_be_made_again(house: House) -> None:
    _decision, condition = with_condition(house)
    given: dict[str, Any] = {"condition_id": condition.pk, "files": [], "now": NOW}
    report = report_condition(actor=house.ravi, text="Done.", **given)
    with pytest.raises(IllegalTransition):
        report_condition(actor=house.ravi, text="Done twice.", **given)
    with pytest.raises(Refused):
        verify_condition(actor=house.lena, report_id=report.pk, accepted=False, verdict=" ", now=NOW)
    verify_condition(actor=house.lena, report_id=report.pk, accepted=False, verdict="Which ones?", now=NOW)
    condition.refresh_from_db()
    assert (condition.state, condition.met_at) == ("open", None)
    report_condition(actor=house.ravi, text="These three.", **given)
    assert condition.reports.count() == 2, "the first report stays"


def test_a_verifier_who_comes_to_have_a_part_in_the_request_verifies_nothing(house: House) -> None:
    decision, condition = with_condition(house)
    report = report_condition(actor=house.ravi, condition_id=condition.pk, text="Done.", files=[], now=NOW)
    decision.request.parts.create(person=house.lena, added_at=NOW, added_by=house.ravi)
    with pytest.raises(PermissionDenied):
        verify_condition(actor=house.lena, report_id=report.pk, accepted=True, verdict="", now=NOW)
    condition.refresh_from_db()
    assert condition.state == "partly"


def test_an_approval_expires_by_itself_and_a_missed_run_catches_up_once(house: House) -> None:
    decision = approved(house, in_review(house))
    assert decision.expires_at is not None
    just_before = decision.expires_at - timedelta(seconds=1)
    meet_deadlines(just_before)
    assert state_of(decision) == RequestState.APPROVED
    long_after = decision.expires_at + timedelta(days=9)
    with pytest.raises(Refused, match="expired"):
        release(house, decision, now=decision.expires_at)
    assert meet_deadlines(long_after) == 1
    assert meet_deadlines(long_after) == 0
    decision.refresh_from_db()
    assert (state_of(decision), decision.status) == (RequestState.EXPIRED, "ended")
    assert decision.ended_at == decision.expires_at


def test_a_suspension_is_made_alone_and_lapses_if_the_board_does_not_ratify_it(house: House) -> None:
    decision = approved(house, in_review(house))
    with pytest.raises(PermissionDenied):
        suspend_approval(actor=house.milo, decision_id=decision.pk, reason="Danger.", now=NOW)
    suspension = suspend_approval(actor=house.sid, decision_id=decision.pk, reason="Danger.", now=NOW)
    assert state_of(decision) == RequestState.SUSPENDED
    with pytest.raises(IllegalTransition):
        release(house, decision)
    assert suspension.ratify_by.date() == date(2026, 12, 1)
    assert meet_deadlines(suspension.ratify_by + timedelta(days=1)) == 1
    suspension.refresh_from_db()
    assert (state_of(decision), suspension.ending) == (RequestState.APPROVED, "lapsed")


def test_legal_staff_who_are_recused_do_not_end_an_approval(house: House) -> None:
    decision = approved(house, in_review(house))
    suspend_approval(actor=house.sid, decision_id=decision.pk, reason="A leak.", now=NOW)
    Recusal.objects.create(request=decision.request, person=house.lex, kind="financial", made_at=NOW)
    with pytest.raises(PermissionDenied):
        withdraw_approval(actor=house.lex, decision_id=decision.pk, reason="Over.", now=NOW)
    assert state_of(decision) == RequestState.SUSPENDED


def test_the_requester_withdraws_a_suspended_approval(house: House) -> None:
    decision = approved(house, in_review(house))
    with pytest.raises(IllegalTransition):
        withdraw_approval(actor=house.ravi, decision_id=decision.pk, reason="Not needed.", now=NOW)
    suspend_approval(actor=house.sid, decision_id=decision.pk, reason="Danger.", now=NOW)
    with pytest.raises(PermissionDenied):
        withdraw_approval(actor=house.milo, decision_id=decision.pk, reason="Not needed.", now=NOW)
    withdraw_approval(actor=house.ravi, decision_id=decision.pk, reason="Not needed.", now=NOW)
    decision.refresh_from_db()
    assert (state_of(decision), decision.status) == (RequestState.WITHDRAWN, "ended")
    assert decision.suspensions.get().ending == "withdrawn"


def test_a_newer_approval_of_the_same_version_supersedes_the_older_one(house: House) -> None:
    older = approved(house, in_review(house))
    newer_request = in_review(house, version=older.request.version)
    newer = approved(house, newer_request, now=NOW + timedelta(minutes=5))
    older.refresh_from_db()
    assert state_of(older) == RequestState.SUPERSEDED
    assert (older.status, older.superseded_by) == ("in_force", newer), (
        "it stays valid for its digest until its date"
    )
    assert state_of(newer) == RequestState.APPROVED

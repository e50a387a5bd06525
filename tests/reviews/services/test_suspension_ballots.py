"""A suspension is ratified and lifted by ballots of the leading board, or it lapses."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from audit.refusal import IllegalTransition, Refused
from reviews.models import Ballot, BoardReview, Decision, Suspension
from reviews.rules.lifecycle import RequestState
from reviews.rules.review_lifecycle import Matter, ReviewState
from reviews.services.attendance import mark_attendance
from reviews.services.deadlines import move_date
from reviews.services.interests import recuse
from reviews.services.meetings.balloting import put_again
from reviews.services.opening import open_ballot
from reviews.services.suspending import suspend_approval, withdraw_approval
from reviews.services.taking_up import lay_aside, take_up_again
from reviews.tasks import meet_deadlines
from tests.boardrooms import House, a_ballot, a_house, a_motion, all_vote, approved, in_review, verbs_about
from tests.dossiers import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_approval")]


@pytest.fixture
def house() -> House:
    return a_house()


def suspended(house: House) -> tuple[Decision, Suspension]:
    decision = approved(house, in_review(house))
    suspension = suspend_approval(actor=house.sid, decision_id=decision.pk, reason="It leaks.", now=NOW)
    return decision, suspension


def review_of(house: House, decision: Decision) -> BoardReview:
    return house.ethics_review(decision.request)


def resolved(
    house: House, decision: Decision, kind: str, position: str = "for", now: datetime = NOW
) -> Ballot:
    """Let the board vote on a motion of this kind."""
    return all_vote(house, a_ballot(house, review_of(house, decision), kind, now=now), position, now=now)


@pytest.mark.both_engines
def test_the_board_ratifies_by_a_ballot_and_lifts_by_another_and_its_word_on_the_release_stays(
    house: House,
) -> None:
    decision, suspension = suspended(house)
    review = review_of(house, decision)
    assert (review.state, review.matter, review.passed) == (
        ReviewState.DELIBERATING,
        Matter.SUSPENSION,
        "approve",
    )
    assert review.due_at == suspension.ratify_by
    ballot = resolved(house, decision, "ratify")
    suspension.refresh_from_db()
    assert (suspension.ratified_ballot, suspension.ratified_at) == (ballot, ballot.closed_at)
    review.refresh_from_db()
    assert (review.state, review.passed) == (ReviewState.CLOSED, "approve")
    assert meet_deadlines(suspension.ratify_by + timedelta(days=30)) == 0, "a ratified one doesn't lapse"
    with pytest.raises(IllegalTransition):
        a_motion(house, review, "lift")
    with pytest.raises(PermissionDenied):
        take_up_again(actor=house.milo, review_id=review.pk, matter="suspension", now=NOW)
    take_up_again(actor=house.sena, review_id=review.pk, matter="suspension", now=NOW)
    with pytest.raises(Refused, match="ratified it already"):
        a_motion(house, review, "ratify")
    lifting = resolved(house, decision, "lift")
    suspension.refresh_from_db()
    decision.request.refresh_from_db()
    assert (suspension.ending, suspension.ending_ballot) == ("lifted", lifting)
    assert decision.request.state == RequestState.APPROVED
    assert verbs_about(decision.request).count("suspension.lifted") == 1
    assert Decision.objects.filter(request=decision.request).count() == 1, (
        "no ballot decides the request anew"
    )


def test_a_failed_motion_ratifies_nothing_and_the_suspension_lapses_in_time(house: House) -> None:
    decision, suspension = suspended(house)
    ballot = resolved(house, decision, "ratify", "against")
    assert ballot.result == "failed"
    assert review_of(house, decision).state == ReviewState.DELIBERATING
    assert meet_deadlines(suspension.ratify_by - timedelta(seconds=1)) == 0
    late = suspension.ratify_by + timedelta(days=3)
    assert meet_deadlines(late) == 1
    assert meet_deadlines(late) == 0
    suspension.refresh_from_db()
    decision.request.refresh_from_db()
    assert (suspension.ending, suspension.ended_at) == ("lapsed", suspension.ratify_by)
    assert decision.request.state == RequestState.APPROVED
    review = review_of(house, decision)
    assert (review.state, review.passed, review.closed_at) == (ReviewState.CLOSED, "approve", NOW)


def test_a_ballot_about_it_ends_no_later_than_its_ratification_and_a_missed_run_counts_it_first(
    house: House,
) -> None:
    decision, suspension = suspended(house)
    later = suspension.ratify_by - timedelta(hours=2)
    ballot = a_ballot(house, review_of(house, decision), "ratify", now=later)
    assert ballot.deadline == suspension.ratify_by
    for name in ("chloe", "milo", "mara"):
        from_now = later + timedelta(minutes=1)
        ballot = all_vote(house, ballot, names=[name], now=from_now)
    assert ballot.state == "open"
    meet_deadlines(suspension.ratify_by + timedelta(days=2))
    suspension.refresh_from_db()
    assert (suspension.ending, suspension.ratified_at) == ("", suspension.ratify_by)


def test_a_motion_about_it_whose_ballot_was_tabled_is_put_again(house: House) -> None:
    decision, suspension = suspended(house)
    ballot = a_ballot(house, review_of(house, decision), "ratify")
    for name in ("mara", "lena"):
        person = house.people[name].pk
        mark_attendance(
            actor=house.sena, ballot_id=ballot.pk, person_id=person, present=False, note="", now=NOW
        )
    later = ballot.deadline
    meet_deadlines(later)
    ballot.refresh_from_db()
    assert ballot.result == "tabled"
    again = put_again(actor=house.sena, review_id=ballot.review_id, ballot_id=ballot.pk, now=later)
    assert (again.kind, again.suspension, again.text) == ("ratify", suspension, ballot.text)
    all_vote(house, open_ballot(actor=house.sena, motion_id=again.pk, now=later), now=later)
    suspension.refresh_from_db()
    assert suspension.ratified_ballot == again.ballot


def test_a_ballot_about_it_is_not_put_off_beyond_its_ratification(house: House) -> None:
    decision, suspension = suspended(house)
    ballot = a_ballot(house, review_of(house, decision), "ratify")
    given: dict[str, Any] = {
        "actor": house.sena, "request_id": decision.request_id, "kind": "ballot", "key": ballot.pk, "at": None,
        "reason": "Holidays.", "now": NOW,
    }  # fmt: skip
    with pytest.raises(Refused, match="time to ratify"):
        move_date(day=suspension.ratify_by.date() + timedelta(days=1), **given)
    ballot.refresh_from_db()
    assert ballot.deadline < suspension.ratify_by
    move_date(day=ballot.deadline.date() + timedelta(days=1), **given)


def test_nothing_else_is_moved_while_the_board_is_at_a_suspension(house: House) -> None:
    decision, _suspension = suspended(house)
    for kind in ("approve", "reject", "continue", "waive"):
        with pytest.raises(IllegalTransition, match="something else"):
            a_motion(house, review_of(house, decision), kind)
    with pytest.raises(IllegalTransition, match="isn't laid aside"):
        lay_aside(actor=house.sena, review_id=review_of(house, decision).pk, reason="Later.", now=NOW)


def test_who_recuses_themself_while_the_board_is_at_a_suspension_does_not_count(house: House) -> None:
    decision, _suspension = suspended(house)
    recuse(actor=house.mara, request_id=decision.request_id, kind="financial", reason="Shares.", now=NOW)
    ballot = a_ballot(house, review_of(house, decision), "ratify", seconder="lena")
    assert {seat.person for seat in ballot.seats.all() if seat.is_eligible} == {
        house.chloe,
        house.milo,
        house.lena,
    }


def test_lifting_brings_no_expired_approval_back(house: House) -> None:
    decision, _suspension = suspended(house)
    resolved(house, decision, "ratify")
    assert decision.expires_at is not None
    meet_deadlines(decision.expires_at)
    review = review_of(house, decision)
    take_up_again(actor=house.chloe, review_id=review.pk, matter="suspension", now=decision.expires_at)
    resolved(house, decision, "lift", now=decision.expires_at)
    decision.request.refresh_from_db()
    assert decision.request.state == RequestState.EXPIRED


def test_lifting_brings_no_approval_back_that_another_one_ended_which_has_expired_since(house: House) -> None:
    decision, _suspension = suspended(house)
    resolved(house, decision, "ratify")
    later = NOW + timedelta(days=1)
    request = in_review(house, version=decision.request.version, now=later)
    newer = approved(house, request, now=later)
    Decision.objects.filter(pk=newer.pk).update(ends_older=True, status="ended", ended_at=later)
    take_up_again(actor=house.chloe, review_id=review_of(house, decision).pk, matter="suspension", now=later)
    resolved(house, decision, "lift", now=later)
    decision.refresh_from_db()
    decision.request.refresh_from_db()
    assert (decision.request.state, decision.status) == (RequestState.SUPERSEDED, "ended")
    assert decision.superseded_by == newer


def test_withdrawing_what_expired_while_it_was_suspended_leaves_its_end_at_its_date(house: House) -> None:
    decision, _suspension = suspended(house)
    resolved(house, decision, "ratify")
    assert decision.expires_at is not None
    meet_deadlines(decision.expires_at)
    withdraw_approval(
        actor=house.ravi, decision_id=decision.pk, reason="Over.", now=decision.expires_at + timedelta(days=3)
    )
    decision.refresh_from_db()
    decision.request.refresh_from_db()
    assert (decision.request.state, decision.ended_at) == (RequestState.WITHDRAWN, decision.expires_at)


def test_the_database_keeps_who_suspended_and_by_which_ballot_it_ended(house: House) -> None:
    _decision, suspension = suspended(house)
    for wrong in (
        {"suspended_by": None},
        {"ratified_at": NOW},
        {"ending": "lifted", "ended_at": NOW},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Suspension.objects.filter(pk=suspension.pk).update(**wrong)

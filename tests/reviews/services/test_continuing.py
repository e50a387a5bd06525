"""Continuing review opens by itself, the requester reports, the board votes, and nothing is skipped."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from audit.refusal import IllegalTransition, Refused
from reminders.models import Message
from reviews.models import BoardReview, ContinuingReview, Decision
from reviews.rules.review_lifecycle import Matter, ReviewState
from reviews.services.continuing import Report, report_continuing, return_report
from reviews.services.suspending import suspend_approval
from reviews.tasks import meet_deadlines
from tests.boardrooms import POLICY, House, a_ballot, a_house, a_motion, all_vote, approved, in_review

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_approval")]
TWO_YEARS = {**POLICY, "validity_months": 24, "continuing_months": 6, "continuing_ahead_days": 20}
SAID = Report("Nothing.", "One complaint.", "Refusals as before.", "C1 is met.")


@pytest.fixture
def decision() -> Decision:
    house = a_house(TWO_YEARS)
    return approved(house, in_review(house))


@pytest.fixture
def house(decision: Decision) -> House:
    return a_house()


def opens(decision: Decision) -> datetime:
    assert decision.next_review is not None
    day = decision.next_review - timedelta(days=20)
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def opened(decision: Decision) -> ContinuingReview:
    meet_deadlines(opens(decision))
    return ContinuingReview.objects.get()


def review_of(house: House, decision: Decision) -> BoardReview:
    return house.ethics_review(decision.request)


def test_it_opens_once_ahead_of_its_date_and_a_missed_run_opens_it_late_with_its_own_date(
    decision: Decision, house: House
) -> None:
    assert meet_deadlines(opens(decision) - timedelta(days=1)) == 0
    late = opens(decision) + timedelta(days=40)
    assert meet_deadlines(late) == 1
    assert meet_deadlines(late) == 0
    review = ContinuingReview.objects.get()
    assert (review.due, review.state, review.number) == (decision.next_review, "asked", 1)
    assert Message.objects.filter(person=house.ravi, kind="continuing_review.asked").count() == 1
    assert not Message.objects.filter(person=house.milo, kind="continuing_review.asked").exists()


def test_the_board_votes_on_the_report_and_the_next_date_follows(decision: Decision, house: House) -> None:
    review, now = opened(decision), opens(decision)
    with pytest.raises(PermissionDenied):
        report_continuing(actor=house.milo, review_id=review.pk, report=SAID, now=now)
    with pytest.raises(Refused, match="also where it is nothing"):
        report_continuing(actor=house.ravi, review_id=review.pk, report=Report("", "", ""), now=now)
    assert review_of(house, decision).state == ReviewState.CLOSED, "without a report the board has nothing"
    report_continuing(actor=house.ravi, review_id=review.pk, report=SAID, now=now)
    taken = review_of(house, decision)
    assert (taken.state, taken.matter) == (ReviewState.DELIBERATING, Matter.CONTINUING)
    with pytest.raises(IllegalTransition):
        report_continuing(actor=house.ravi, review_id=review.pk, report=SAID, now=now)
    ballot = all_vote(house, a_ballot(house, taken, "continue", now=now), now=now)
    review.refresh_from_db()
    decision.refresh_from_db()
    assert (review.ending, review.ballot, ballot.motion.report) == ("continued", ballot, review.reports.get())
    assert decision.next_review is not None
    assert decision.next_review > review.due
    assert review.next_due == decision.next_review
    assert meet_deadlines(now) == 0
    meet_deadlines(opens(decision))
    assert ContinuingReview.objects.filter(state="asked").get().number == 2


def test_a_failed_motion_lets_nothing_go_on_and_a_returned_report_is_asked_for_again(
    decision: Decision, house: House
) -> None:
    review, now = opened(decision), opens(decision)
    report = report_continuing(actor=house.ravi, review_id=review.pk, report=SAID, now=now)
    all_vote(house, a_ballot(house, review_of(house, decision), "continue", now=now), "against", now=now)
    review.refresh_from_db()
    assert review.state == "reported"
    motion = a_motion(house, review_of(house, decision), "continue", now=now)
    with pytest.raises(PermissionDenied):
        return_report(actor=house.milo, report_id=report.pk, reason="Which complaint?", now=now)
    return_report(actor=house.sena, report_id=report.pk, reason="Which complaint?", now=now)
    review.refresh_from_db()
    motion.refresh_from_db()
    assert (review.state, review_of(house, decision).state) == ("asked", ReviewState.CLOSED)
    assert motion.withdrawn_at == now, "a motion about the old report goes with it"
    second = report_continuing(actor=house.ravi, review_id=review.pk, report=SAID, now=now)
    assert second.number == 2
    assert review.reports.count() == 2, "the first report stays"


def test_a_suspension_comes_first_and_the_review_goes_on_when_it_has_lapsed(
    decision: Decision, house: House
) -> None:
    review, now = opened(decision), opens(decision)
    report_continuing(actor=house.ravi, review_id=review.pk, report=SAID, now=now)
    a_ballot(house, review_of(house, decision), "continue", now=now)
    suspension = suspend_approval(actor=house.sid, decision_id=decision.pk, reason="A leak.", now=now)
    assert review_of(house, decision).matter == Matter.SUSPENSION
    assert decision.request.ballots.latest("number").result == "stopped"
    meet_deadlines(suspension.ratify_by)
    taken = review_of(house, decision)
    assert (taken.state, taken.matter) == (ReviewState.DELIBERATING, Matter.CONTINUING)
    review.refresh_from_db()
    assert review.state == "reported"


def test_it_ends_with_the_approval(decision: Decision, house: House) -> None:
    review = opened(decision)
    report_continuing(actor=house.ravi, review_id=review.pk, report=SAID, now=opens(decision))
    assert decision.expires_at is not None
    meet_deadlines(decision.expires_at)
    review.refresh_from_db()
    assert (review.state, review.ending) == ("closed", "ended")
    assert review_of(house, decision).state == ReviewState.CLOSED

"""Appeals of suspensions: the panel lifts the suspension or upholds it, while the request stays suspended."""

from datetime import timedelta

import pytest

from audit.refusal import IllegalTransition, Refused
from reviews.models import Appeal, BoardReview, Suspension
from reviews.rules.lifecycle import RequestState
from reviews.services.suspending import suspend_approval, withdraw_approval
from reviews.services.suspension_voted import lapse
from reviews.services.taking_up import lay_aside
from tests.boardrooms import House, a_ballot, a_house, all_vote, approved, in_review
from tests.dossiers import NOW
from tests.panels import (
    an_appeal,
    heard,
    letters,
    panel_ballot,
    panel_votes,
    panelists,
    state,
    waits_for,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_approval")]
DAY = timedelta(days=1)


@pytest.fixture
def house() -> House:
    return a_house()


def suspended(house: House) -> Suspension:
    decision = approved(house, in_review(house))
    return suspend_approval(actor=house.sid, decision_id=decision.pk, reason="A leak.", now=NOW)


@pytest.mark.parametrize(
    ("kind", "outcome", "after"), [("lift", "lifted", "approved"), ("ratify", "upheld", "suspended")]
)
def test_the_panel_lifts_a_suspension_or_upholds_it(
    house: House, kind: str, outcome: str, after: str
) -> None:
    suspension = suspended(house)
    request = suspension.decision.request
    people = panelists()
    panel = heard(house, an_appeal(house, request), people)
    review = BoardReview.objects.get(board=panel)
    assert waits_for("review.appeal") == {"eva"}
    assert (state(request), review.matter, review.leading) == ("suspended", "suspension", False)
    panel_votes(panel_ballot(house, panel, people, kind), people)
    appeal = Appeal.objects.get(request=request)
    assert (appeal.state, appeal.outcome, state(request)) == ("decided", outcome, after)
    suspension.refresh_from_db()
    assert bool(suspension.ended_at) == (kind == "lift")
    assert "appeal_decided" in letters(request)
    assert waits_for("review.appeal") == set()
    assert house.ethics_review(request).leading
    with pytest.raises(IllegalTransition):
        an_appeal(house, request)


def test_who_suspended_it_is_not_on_the_panel(house: House) -> None:
    request = suspended(house).decision.request
    appeal = an_appeal(house, request)
    with pytest.raises(Refused, match="Sid Safety: suspended"):
        heard(house, appeal, [*panelists(2), house.sid])


def test_an_appeal_of_a_suspension_counts_its_days_from_the_suspension(house: House) -> None:
    request = suspended(house).decision.request
    with pytest.raises(Refused, match="ended on"):
        an_appeal(house, request, now=NOW + timedelta(days=29))
    an_appeal(house, request, now=NOW + timedelta(days=20))


def test_an_approval_that_is_withdrawn_ends_the_appeal_and_stops_its_panel(house: House) -> None:
    suspension = suspended(house)
    request = suspension.decision.request
    panel = heard(house, an_appeal(house, request), panelists())
    withdraw_approval(actor=house.lex, decision_id=suspension.decision_id, reason="No more.", now=NOW)
    assert Appeal.objects.get(request=request).state == "ended"
    assert BoardReview.objects.get(board=panel).state == "closed"
    assert state(request) == RequestState.WITHDRAWN


def test_a_panel_does_not_lay_an_appeal_aside_also_when_the_board_has_ratified_the_suspension(
    house: House,
) -> None:
    suspension = suspended(house)
    request = suspension.decision.request
    panel = heard(house, an_appeal(house, request), panelists())
    all_vote(house, a_ballot(house, house.ethics_review(request), "ratify"))
    review = BoardReview.objects.get(board=panel)
    with pytest.raises(IllegalTransition, match="laid aside"):
        lay_aside(actor=house.sena, review_id=review.pk, reason="It is ratified.", now=NOW)
    review.refresh_from_db()
    assert review.state != "closed"
    assert Appeal.objects.get(request=request).state == "heard"


def test_a_suspension_that_lapses_leaves_nothing_to_appeal(house: House) -> None:
    suspension = suspended(house)
    request = suspension.decision.request
    panel = heard(house, an_appeal(house, request), panelists())
    assert lapse(suspension_id=suspension.pk, now=suspension.ratify_by)
    appeal = Appeal.objects.get(request=request)
    assert (appeal.state, appeal.outcome, state(request)) == ("ended", "", "approved")
    assert BoardReview.objects.get(board=panel).state == "closed"

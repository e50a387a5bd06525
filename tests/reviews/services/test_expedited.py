"""An expedited request is decided by its reviewers; it can't be rejected, and any doubt sends it to the whole board."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from audit.models import Event
from audit.refusal import Refused
from reviews.models import Ballot, BoardReview, Decision, Policy, Reckoning
from reviews.selectors.waiting import waiting_about
from reviews.services.assigning import assign_reader
from reviews.services.boards import set_policy
from reviews.services.escalating import send_on
from reviews.services.motions import move_motion
from reviews.services.opening import open_ballot
from tests.boardrooms import (
    POLICY,
    House,
    a_ballot,
    a_house,
    a_motion,
    all_vote,
    in_review,
    verbs_about,
    vote,
)
from tests.dossiers import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_house")]


@pytest.fixture
def house() -> House:
    return a_house()


@pytest.fixture
def review(house: House) -> BoardReview:
    return house.ethics_review(in_review(house, procedure="expedited"))


def moved(house: House, review: BoardReview, name: str = "chloe") -> Ballot:
    """Return the ballot on a motion that nobody seconded."""
    motion = move_motion(actor=house.people[name], review_id=review.pk, kind="approve", text="Yes.", now=NOW)
    return open_ballot(actor=house.sena, motion_id=motion.pk, now=NOW)


def policy(house: House, *, circulation: bool = True, **procedures: Any) -> Policy:
    content = {**POLICY, "circulation": circulation, "procedures": procedures}
    return set_policy(
        actor=house.ada, board_id=house.boards["ethics"].pk, content=content,
        reason="As agreed.", now=NOW,
    )  # fmt: skip


def test_the_chair_decides_alone_where_nobody_reads_it_first(house: House, review: BoardReview) -> None:
    ballot = moved(house, review)
    assert [seat.person for seat in ballot.seats.all()] == [house.chloe]
    assert ballot.opening["quorum"] == {"seats": 1, "recused": 0, "needed": 1, "present": 1}
    assert (ballot.procedure, ballot.seconded_by_name, ballot.opening["composition"]) == ("expedited", "", [])
    with pytest.raises(PermissionDenied):
        vote(house, ballot, "milo")
    vote(house, ballot, "chloe")
    decision = Decision.objects.get()
    assert (decision.outcome, decision.basis) == ("approved", "ballots")


def test_only_its_reviewers_are_asked_and_an_unseconded_motion_waits_for_its_ballot(
    house: House, review: BoardReview
) -> None:
    def asked(kind: str) -> set[int]:
        found = waiting_about(frozenset({review.request_id}), NOW)
        return {thing.person_id for told, thing in found if told == kind}

    assert asked("review.position") == {house.chloe.pk}
    motion = move_motion(actor=house.chloe, review_id=review.pk, kind="approve", text="Yes.", now=NOW)
    assert asked("review.second") == set()
    assert house.sena.pk in asked("review.opening")
    send_on(actor=house.chloe, review_id=review.pk, procedure="full", reason="Hm.", now=NOW)
    assert asked("review.second") == {house.people[name].pk for name in ("milo", "mara", "lena")}
    assert asked("review.opening") == set()
    assert not motion.withdrawn_at


def test_its_readers_decide_and_as_many_as_the_policy_says(house: House, review: BoardReview) -> None:
    assign_reader(
        actor=house.chloe,
        review_id=review.pk,
        person_id=house.mara.pk,
        role="lead",
        reason="Knows it.",
        now=NOW,
    )
    policy(house, circulation=False, expedited={"reviewers": 2})
    ballot = moved(house, review, "mara")
    assert {seat.person for seat in ballot.seats.all()} == {house.chloe, house.mara}
    assert ballot.opening["quorum"]["needed"] == 2
    ballot = vote(house, ballot, "mara")
    assert ballot.state == "open"
    policy(house, expedited={"reviewers": 3})
    ballot = vote(house, ballot, "chloe")
    assert (ballot.result, ballot.closing["quorum"]["needed"]) == ("passed", 2), (
        "a ballot keeps its own policy"
    )


def test_without_enough_reviewers_no_ballot_opens(house: House, review: BoardReview) -> None:
    policy(house, expedited={"reviewers": 2})
    with pytest.raises(Refused, match="2 members decide"):
        moved(house, review)
    assert not Ballot.objects.exists()


def test_a_doubt_stops_the_ballot_and_the_same_review_goes_on_under_the_full_procedure(
    house: House, review: BoardReview
) -> None:
    ballot = moved(house, review)
    later = NOW + timedelta(hours=2)
    change = send_on(
        actor=house.lena, review_id=review.pk, procedure="full", reason="Users of age 13.", now=later
    )
    ballot.refresh_from_db()
    assert (ballot.state, ballot.result, ballot.because) == ("closed", "stopped", "stopped")
    assert "goes on under another procedure: full procedure" in ballot.note
    after = BoardReview.objects.get(pk=review.pk)
    assert (after.pk, after.state, after.request.procedure) == (review.pk, "deliberating", "full")
    assert after.due_at > review.due_at
    reckoned = Reckoning.objects.filter(object_type="reviews.boardreview", object_id=review.pk).latest("pk")
    assert (reckoned.start, reckoned.count, reckoned.due) == (later, 30, after.due_at)
    assert reckoned.source["path"] == "procedures.full.term"
    leaf = json.loads(bytes(Event.objects.get(verb="request.escalated").leaf))
    assert (leaf["actor"], leaf["data"]["procedure_after"]) == (str(house.lena.pseudonym), "full")
    assert verbs_about(change.request).count("ballot.closed") == 1
    again = move_motion(actor=house.milo, review_id=review.pk, kind="reject", text="No.", now=later)
    with pytest.raises(Refused, match="no seconder"):
        open_ballot(actor=house.sena, motion_id=again.pk, now=later)
    full = a_ballot(house, after, now=later)
    assert full.opening["quorum"]["seats"] == 5
    all_vote(house, full, now=later)
    assert Decision.objects.get().outcome == "approved"


def test_what_one_board_passed_is_put_again_when_another_has_a_doubt(house: House) -> None:
    request = in_review(house, ("ethics", "safety"), procedure="expedited")
    ethics, safety = house.ethics_review(request), house.safety_review(request)
    vote(house, moved(house, ethics), "chloe")
    ethics.refresh_from_db()
    assert (ethics.state, ethics.passed) == ("closed", "approve")
    send_on(actor=house.sid, review_id=safety.pk, procedure="full", reason="Not minor.", now=NOW)
    ethics.refresh_from_db()
    assert (ethics.state, ethics.passed, ethics.closed_at) == ("deliberating", "", None)
    assert not Decision.objects.exists()


def test_the_full_procedure_asks_for_a_seconder_unless_the_policy_says_otherwise(house: House) -> None:
    review = house.ethics_review(in_review(house))
    motion = move_motion(actor=house.milo, review_id=review.pk, kind="approve", text="Yes.", now=NOW)
    with pytest.raises(Refused, match="no seconder"):
        open_ballot(actor=house.sena, motion_id=motion.pk, now=NOW)
    policy(house, full={"seconder": False, "may_reject": False})
    assert open_ballot(actor=house.sena, motion_id=motion.pk, now=NOW).procedure == "full"
    with pytest.raises(Refused, match="nothing is rejected"):
        move_motion(actor=house.milo, review_id=review.pk, kind="reject", text="No.", now=NOW)


def test_a_board_smaller_than_its_policy_asks_for_opens_no_ballot(house: House) -> None:
    review = house.ethics_review(in_review(house))
    motion = a_motion(house, review)
    set_policy(
        actor=house.ada, board_id=house.boards["ethics"].pk, content={**POLICY, "seats_minimum": 7},
        reason="As the law asks.", now=NOW,
    )  # fmt: skip
    with pytest.raises(Refused, match="has 5 seats, and its policy asks for 7"):
        open_ballot(actor=house.sena, motion_id=motion.pk, now=NOW)


def test_a_request_is_not_routed_to_a_board_under_a_procedure_that_it_does_not_offer(house: House) -> None:
    policy(house, expedited={"offered": False})
    with pytest.raises(Refused, match="Ethics board doesn't offer this procedure"):
        in_review(house, procedure="expedited")

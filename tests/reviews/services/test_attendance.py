"""Arrivals, departures and alternates: quorum and threshold follow who is there."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.services.deactivation import deactivate
from audit.refusal import IllegalTransition, Refused
from reviews.models import Ballot, BoardReview, Decision
from reviews.rules.review_lifecycle import ReviewState
from reviews.selectors.arithmetic_in_words import ballot_in_words
from reviews.services.attendance import mark_attendance
from reviews.services.boards import seat_person
from reviews.services.closing import close_at_deadline
from reviews.services.interests import recuse
from reviews.services.opening import open_ballot
from reviews.services.withdrawal import withdraw_request
from tests.boardrooms import (
    House,
    a_ballot,
    a_house,
    a_motion,
    all_vote,
    decided,
    in_review,
    sign,
    vote,
)
from tests.dossiers import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines, pytest.mark.usefixtures("standing_review")]


@pytest.fixture
def house() -> House:
    house = a_house()
    seat_person(
        actor=house.ada, board_id=house.boards["ethics"].pk, person_id=house.ugo.pk, role="alternate",
        attributes=["lay"], now=NOW,
    )  # fmt: skip
    return house


@pytest.fixture
def review(house: House) -> BoardReview:
    return house.ethics_review(in_review(house))


def mark(house: House, ballot: Ballot, name: str, *, present: bool, sits_for: str = "") -> Ballot:
    mark_attendance(
        actor=house.sena, ballot_id=ballot.pk, person_id=house.people[name].pk, present=present, note="", now=NOW,
        sits_for=house.people[sits_for].pk if sits_for else None,
    )  # fmt: skip
    return Ballot.objects.get(pk=ballot.pk)


def test_an_alternate_votes_for_an_absent_member_and_adds_no_seat(house: House, review: BoardReview) -> None:
    motion = a_motion(house, review)
    ballot = open_ballot(
        actor=house.sena,
        motion_id=motion.pk,
        absent=[house.lena.pk],
        sitting={house.ugo.pk: house.lena.pk},
        now=NOW,
    )
    assert ballot.opening["quorum"] == {"seats": 5, "recused": 1, "needed": 3, "present": 4}
    ballot = all_vote(house, ballot, names=("chloe", "milo", "mara", "ugo"))
    assert ballot.result == "passed"
    assert decided_by(ballot) == {"Chloe Chair", "Milo Member", "Mara Member", "Ugo Outsider"}


def decided_by(ballot: Ballot) -> set[str]:
    return {vote.seat.name for vote in ballot.votes.select_related("seat")}


def test_an_alternate_for_nobody_or_for_somebody_present_does_not_vote(
    house: House, review: BoardReview
) -> None:
    motion = a_motion(house, review)
    with pytest.raises(Refused, match="alternate"):
        open_ballot(actor=house.sena, motion_id=motion.pk, sitting={house.ugo.pk: house.milo.pk}, now=NOW)
    ballot = open_ballot(actor=house.sena, motion_id=motion.pk, sitting={}, now=NOW)
    with pytest.raises(Refused, match="alternate"):
        vote(house, ballot, "ugo")
    assert not ballot.votes.exists()


def test_when_the_member_comes_back_the_alternate_sits_for_nobody(house: House, review: BoardReview) -> None:
    ballot = a_ballot(house, review, absent=("milo",), mover="chloe")
    mark(house, ballot, "ugo", present=True, sits_for="milo")
    vote(house, ballot, "ugo", "against")
    mark(house, ballot, "milo", present=True)
    ballot = all_vote(house, ballot)
    assert (
        ballot.closing["threshold"] | {"base": 4, "votes_for": 4, "votes_against": 0}
        == ballot.closing["threshold"]
    )


def test_who_leaves_takes_their_vote_along_and_a_lost_quorum_tables(
    house: House, review: BoardReview
) -> None:
    ballot = a_ballot(house, review, absent=("mara",), sitting={})
    vote(house, ballot, "milo")
    vote(house, ballot, "chloe")
    ballot = mark(house, ballot, "lena", present=False)
    assert (ballot.state, ballot.result) == ("closed", "tabled"), "all who are left had voted, two of five"
    review.refresh_from_db()
    assert review.state == ReviewState.TABLED
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    ("who_leaves", "result"), [(("chloe", "lena", "ugo"), "tabled"), (("chloe",), "passed")]
)
def test_who_was_deactivated_without_having_voted_is_no_part_of_the_quorum(
    house: House, review: BoardReview, who_leaves: tuple[str, ...], result: str
) -> None:
    ballot = a_ballot(house, review)
    for name in ("milo", "mara"):
        vote(house, ballot, name)
    if result == "passed":
        vote(house, ballot, "lena")
    for name in (*who_leaves, "milo"):
        deactivate(actor=house.ada, person_id=house.people[name].pk, reason="Left.", now=NOW)
    assert close_at_deadline(ballot_id=ballot.pk, now=ballot.deadline)
    ballot.refresh_from_db()
    assert (ballot.result, ballot.because) == (result, "deadline")
    present = {seat.person for seat in ballot.seats.all() if seat.is_eligible}
    assert house.chloe not in present
    assert house.milo in present, "who had voted keeps the vote"
    assert not close_at_deadline(ballot_id=ballot.pk, now=ballot.deadline)


def test_a_ballot_is_tabled_when_the_only_lay_member_has_left(house: House, review: BoardReview) -> None:
    ballot = a_ballot(house, review, sitting={})
    mark(house, ballot, "lena", present=False)
    ballot = all_vote(house, ballot, names=("chloe", "milo", "mara"))
    assert ballot.closing["quorum"]["present"] == ballot.closing["quorum"]["needed"] == 3
    assert (ballot.state, ballot.result) == ("closed", "tabled"), (
        "the policy asks for somebody lay or external"
    )
    assert "not everybody present whom the policy asks for: tabled" in ballot_in_words(ballot)
    assert not Decision.objects.exists()


def test_attendance_is_written_down_by_chair_or_secretary_while_the_ballot_is_open(
    house: House, review: BoardReview
) -> None:
    ballot = a_ballot(house, review, sitting={})
    given: dict[str, Any] = {"ballot_id": ballot.pk, "present": False, "note": "", "now": NOW}
    with pytest.raises(PermissionDenied):
        mark_attendance(actor=house.milo, person_id=house.mara.pk, **given)
    with pytest.raises(Refused):
        mark_attendance(actor=house.sena, person_id=house.rex.pk, **given)
    all_vote(house, ballot)
    with pytest.raises(IllegalTransition):
        mark_attendance(actor=house.sena, person_id=house.mara.pk, **given)


def test_a_request_withdrawn_before_its_signatures_ends_its_decision(house: House) -> None:
    decision = decided(house, in_review(house), sitting={})
    withdraw_request(actor=house.ravi, request_id=decision.request_id, reason="Not needed.", now=NOW)
    decision.refresh_from_db()
    assert (decision.status, decision.request.state) == ("ended", "withdrawn")
    with pytest.raises(IllegalTransition):
        sign(house, decision, "legal", "lex")


def test_legal_staff_recuse_themselves_from_signing(house: House) -> None:
    decision = decided(house, in_review(house), sitting={})
    recuse(actor=house.lex, request_id=decision.request_id, kind="personal", reason="A cousin.", now=NOW)
    with pytest.raises(PermissionDenied):
        sign(house, decision, "legal", "lex")

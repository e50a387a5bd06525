"""What boards say among themselves stays hidden on every page, also on forms that somebody else would fill in."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from audit.leaf import decode
from audit.models import Event
from registry.services import share_project
from reminders.waiting import waiting_for
from reviews.models import Ballot, ReviewRequest, Seat
from reviews.selectors.figures.load import load
from reviews.selectors.figures.picture import Period
from reviews.selectors.held import held_for
from reviews.services.assigning import assign_reader, decline_reading
from reviews.services.blocks import raise_block
from reviews.services.boards import end_seat, set_policy
from reviews.services.chasing import remind_now
from reviews.services.deadlines import move_date
from tests.boardrooms import POLICY, House, a_ballot, a_house, a_motion, in_review, vote
from tests.dossiers import NOW

from .visits import get, post, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_review")]

BLOCKED = "Refusals in Turkish were never measured."


@pytest.fixture
def house() -> House:
    return a_house()


def path(request: ReviewRequest, part: str = "") -> str:
    return f"/requests/{request.reference}/{part}"


@pytest.mark.parametrize("name", ["ravi", "rex"])
def test_the_form_of_a_motion_tells_requester_and_recused_nothing_of_blocking_positions(
    house: House, name: str
) -> None:
    request = in_review(house)
    raise_block(actor=house.milo, review_id=house.ethics_review(request).pk, text=BLOCKED, now=NOW)
    move = path(request, "boards/ethics/move/")
    assert BLOCKED in get(house, "mara", move)
    assert BLOCKED not in get(house, name, move, 403)


@pytest.mark.parametrize("name", ["ravi", "rex"])
def test_the_form_that_opens_a_ballot_tells_requester_and_recused_nothing_of_the_motion(
    house: House, name: str
) -> None:
    request = in_review(house)
    motion = a_motion(house, house.ethics_review(request), "reject")
    opening = path(request, f"motions/{motion.pk}/ballot/")
    assert motion.text in words(get(house, "milo", opening))
    assert motion.text not in words(get(house, name, opening, 403))


def test_whose_seat_ended_sees_no_votes_when_their_own_is_refused(house: House) -> None:
    request = in_review(house)
    ballot = vote(house, a_ballot(house, house.ethics_review(request)), "mara", reason="Mara's own words.")
    seat = Seat.objects.get(person=house.milo)
    end_seat(actor=house.ada, seat_id=seat.pk, reason="Left.", now=NOW)
    share_project(
        actor=house.ravi, project_id=request.project_id, person=house.milo, may_contribute=False, now=NOW
    )
    Ballot.objects.filter(pk=ballot.pk).update(deadline=timezone.now() + timedelta(days=1))
    data = {"position": "for", "reason": "Mine.", "revision_sha256": "0" * 64}
    answer = post(house, "milo", path(request, "ballots/1/vote/"), data, 403)
    assert "own words" not in answer.content.decode()


def a_hidden_ballot() -> tuple[House, ReviewRequest, Ballot]:
    house = a_house({**POLICY, "positions_hidden": True})
    request = in_review(house)
    ballot = a_ballot(house, house.ethics_review(request))
    return house, request, vote(house, ballot, "milo", "against", block_text=BLOCKED)


@pytest.mark.parametrize("part", ["", "history/", "ballots/1/", "boards/ethics/", "boards/ethics/move/"])
def test_a_block_that_came_with_a_hidden_vote_is_hidden_like_the_vote(part: str) -> None:
    house, request, ballot = a_hidden_ballot()
    seen = words(get(house, "mara", path(request, part)))
    assert BLOCKED not in seen
    assert "Blocked" not in seen
    assert "Milo Member can clear it" not in seen
    for name in ("chloe", "mara", "lena"):
        ballot = vote(house, ballot, name)
    assert ballot.state == "held"
    assert part.startswith("boards/ethics/") or BLOCKED in words(get(house, "mara", path(request, part)))


def test_its_holder_sees_the_block_of_a_hidden_vote() -> None:
    house, request, _ballot = a_hidden_ballot()
    assert BLOCKED in words(get(house, "milo", path(request)))


def test_a_block_from_before_a_hidden_ballot_stays_known(house: House) -> None:
    house = a_house_that_hides(house)
    request = in_review(house)
    raise_block(actor=house.milo, review_id=house.ethics_review(request).pk, text=BLOCKED, now=NOW)
    a_ballot(house, house.ethics_review(request))
    assert BLOCKED in words(get(house, "mara", path(request)))


def a_house_that_hides(house: House, **more: Any) -> House:
    content = {**POLICY, "positions_hidden": True, **more}
    set_policy(actor=house.ada, board_id=house.boards["ethics"].pk, content=content, reason="So.", now=NOW)
    return house


@pytest.mark.parametrize("name", ["ravi", "rex"])
def test_the_history_tells_nobody_outside_who_was_reminded_and_why_a_ballot_got_longer(
    house: House, name: str
) -> None:
    request = in_review(house)
    review = house.ethics_review(request)
    given: dict[str, Any] = {"review_id": review.pk, "person_id": house.milo.pk, "role": "lead"}
    reading = assign_reader(actor=house.sena, reason="Chloe would be partial.", now=NOW, **given)
    decline_reading(actor=house.milo, assignment_id=reading.pk, reason="Rather another one.", now=NOW)
    ballot = a_ballot(house, review)
    remind_now(
        actor=house.sena, request_id=request.pk, kind="review.vote", object_id=str(ballot.pk), person_id=house.milo.pk,
        now=NOW,
    )  # fmt: skip
    move_date(
        actor=house.sena, request_id=request.pk, kind="ballot", key=ballot.pk, at=None,
        day=ballot.deadline.date() + timedelta(days=9), reason="Chloe and Milo disagree.", now=NOW,
    )  # fmt: skip
    inside = words(get(house, "chloe", path(request, "history/")))
    assert "Chloe and Milo disagree." in inside
    assert "Reminded by hand" in inside
    assert "Rather another one." in inside
    outside = words(get(house, name, path(request, "history/")))
    assert "disagree" not in outside
    assert "Reminded by hand" not in outside
    assert "Rather another one" not in outside
    assert "partial" not in outside
    event = Event.objects.get(verb="person.reminded")
    assert decode(bytes(event.leaf))["data"]["person"] == str(house.milo.pseudonym)


def test_that_a_hidden_ballot_can_be_closed_is_told_to_nobody_who_may_still_vote(house: House) -> None:
    request = in_review(house)
    hidden = {**POLICY, "positions_hidden": True}
    set_policy(actor=house.ada, board_id=house.boards["ethics"].pk, content=hidden, reason="Minds.", now=NOW)
    ballot = a_ballot(house, house.ethics_review(request))
    for name in ("chloe", "mara", "lena"):
        vote(house, ballot, name, "against")
    assert "Close the ballot" in [item.act for _kind, item in waiting_for(house.sena.pk, NOW)]
    for name in ("milo", "chloe"):
        assert "closing" not in "".join(held.what for held in held_for(house.people[name], NOW)), name


def test_figures_tell_who_asks_nothing_of_votes_on_their_own_request(house: House) -> None:
    request = in_review(house)
    ballot = vote(house, a_ballot(house, house.ethics_review(request)), "milo")

    def counts(reader: str) -> dict[str, list[str]]:
        shown = load(NOW, Period(None, house.people[reader]))
        return {line[1]: line[3:5] for line in shown.lines()}

    assert (counts("sena")["Milo Member"], counts("sena")["Mara Member"]) == (["0", "1"], ["1", "0"])
    for name in ("ravi", "rex"):
        assert counts(name)["Milo Member"] == counts(name)["Mara Member"] == ["0", "0"]
    for voter in ("chloe", "mara", "lena"):
        vote(house, ballot, voter)
    assert counts("ravi")["Milo Member"] == ["0", "1"], "what is counted is no secret"

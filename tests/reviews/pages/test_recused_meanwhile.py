"""Somebody who is recused while a page is open: parts, forms, notices and dates that were there before tell nothing."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from reminders.dates import dates_for
from reminders.delivery import deliver
from reminders.models import Message, Reminder
from reminders.planner import plan
from reviews.models import Ballot, ReviewRequest
from reviews.selectors.readers import readers_of
from reviews.services.discussing import comment_on_answer
from reviews.services.interests import recuse
from reviews.services.positions import take_position
from tests.boardrooms import House, a_ballot, a_house, a_motion, in_review, vote
from tests.dossiers import NOW

from .visits import client_of, get, post, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_review")]
KEY = "known_failures"
SAID = "Mara would rather wait for the audit."


@pytest.fixture
def house() -> House:
    return a_house()


@pytest.fixture
def request_(house: House) -> ReviewRequest:
    """A request in which Mara said where she stands, and of which Milo has the page open."""
    request = in_review(house)
    take_position(
        actor=house.mara, review_id=house.ethics_review(request).pk, position="against", reason=SAID, now=NOW
    )
    assert SAID in words(get(house, "milo", path(request, "boards/ethics/")))
    return request


def path(request: ReviewRequest, part: str = "") -> str:
    return f"/requests/{request.reference}/{part}"


def keep_out(house: House, request: ReviewRequest, name: str = "milo") -> None:
    recuse(actor=house.people[name], request_id=request.pk, kind="personal", reason="A cousin.", now=NOW)


@pytest.mark.parametrize("part", ["rail", "motions", "talk-limits"])
def test_a_part_of_the_page_that_is_fetched_again_holds_nothing_any_more(
    house: House, request_: ReviewRequest, part: str
) -> None:
    motion = a_motion(house, house.ethics_review(request_), mover="chloe", seconder="lena")
    headers = {"HX-Request": "true", "HX-Target": part, "HX-Current-URL": path(request_)}
    client = client_of(house, "milo")
    before = words(client.get(path(request_), headers=headers).content.decode())
    assert part != "motions" or motion.text in before
    keep_out(house, request_)
    after = words(client.get(path(request_), headers=headers).content.decode())
    assert SAID not in after
    assert motion.text not in after
    if part == "rail":
        assert "You are recused from this request." in after


@pytest.mark.parametrize(
    ("part", "data"),
    [
        ("boards/ethics/position/", {"position": "for", "reason": "Still."}),
        ("boards/ethics/block/", {"text": "No."}),
        ("boards/ethics/move/", {}),
        ("ballots/1/vote/", {"position": "for", "reason": "Still.", "revision_sha256": "0" * 64}),
        ("discuss/", {"kind": "comment", "audience": "board", "text": "Still."}),
    ],
)
def test_a_form_that_was_open_is_refused_with_the_reason_and_shows_nothing(
    house: House, request_: ReviewRequest, part: str, data: dict[str, Any]
) -> None:
    ballot = vote(house, a_ballot(house, house.ethics_review(request_), mover="chloe"), "lena", reason=SAID)
    Ballot.objects.filter(pk=ballot.pk).update(deadline=timezone.now() + timedelta(days=1))
    keep_out(house, request_)
    answer = client_of(house, "milo").post(path(request_, part), data, headers={"HX-Request": "true"})
    assert answer.status_code == 403
    told = words(answer.content.decode())
    assert "You are recused from this request." in told
    assert SAID not in told


@pytest.mark.parametrize(
    "part", ["boards/ethics/", "ballots/1/", "motions/{motion}/ballot/", "boards/ethics/move/"]
)
def test_pages_of_the_board_close_with_the_reason(house: House, request_: ReviewRequest, part: str) -> None:
    ballot = a_ballot(house, house.ethics_review(request_), mover="chloe")
    page = path(request_, part.format(motion=ballot.motion_id))
    get(house, "milo", page)
    keep_out(house, request_)
    told = words(get(house, "milo", page, 403))
    assert "You are recused from this request." in told
    assert SAID not in told
    assert SAID in words(get(house, "lena", path(request_, "boards/ethics/"))), "the others go on"


def test_a_reminder_that_was_planned_before_is_not_delivered(house: House, request_: ReviewRequest) -> None:
    ballot = a_ballot(house, house.ethics_review(request_), mover="chloe")
    soon = ballot.deadline - timedelta(hours=30)
    plan(soon)
    planned = Reminder.objects.filter(kind="review.vote")
    assert {"Milo Member", "Lena Lay"} <= set(planned.values_list("person__display_name", flat=True))
    keep_out(house, request_)
    deliver(list(planned.values_list("pk", flat=True)), soon)
    assert not Message.objects.filter(person=house.milo, kind="review.vote").exists()
    assert Message.objects.filter(person=house.lena, kind="review.vote").exists()


def test_the_calendar_leaves_the_request_out_at_once(house: House, request_: ReviewRequest) -> None:
    a_ballot(house, house.ethics_review(request_), mover="chloe")

    def dated() -> list[str]:
        return [one.title for one in dates_for(house.milo, NOW) if request_.reference in one.title]

    assert len(dated()) == 2
    keep_out(house, request_)
    assert dated() == []


def test_who_is_recused_is_named_by_nobody_in_what_the_board_says(
    house: House, request_: ReviewRequest
) -> None:
    assert house.milo in readers_of(request_, "board", NOW)
    keep_out(house, request_)
    assert house.milo not in readers_of(request_, "board", NOW)
    comment_on_answer(
        actor=house.mara, request_id=request_.pk, question_key=KEY, text="For the board.", audience="board", now=NOW,
    )  # fmt: skip
    assert "For the board." not in words(get(house, "milo", path(request_)))


def test_the_history_and_the_search_tell_no_more_than_to_who_asks(
    house: House, request_: ReviewRequest
) -> None:
    keep_out(house, request_)
    for page in (path(request_, "history/"), "/search/?q=audit", "/"):
        assert SAID not in words(get(house, "milo", page)), page


def test_who_declared_nothing_is_asked_once_and_nobody_else_is(house: House, request_: ReviewRequest) -> None:
    assert "Before you read" in words(get(house, "lena", path(request_)))
    assert "Before you read" not in words(get(house, "ravi", path(request_)))
    assert "Before you read" not in words(get(house, "rex", path(request_)))
    post(house, "lena", path(request_, "interests/nothing/"))
    assert "Before you read" not in words(get(house, "lena", path(request_)))
    assert "Lena Lay" in words(get(house, "chloe", path(request_, "interests/")))

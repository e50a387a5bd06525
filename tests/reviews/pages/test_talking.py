"""Comments, questions and answers beside the dossier, interests, positions and blocks before a ballot."""

import re
from datetime import timedelta
from typing import Any

import pytest

from reviews.models import Block, Comment, Declaration, Question, Recusal, ReviewRequest, Stance
from reviews.rules.review_lifecycle import ReviewState
from tests.boardrooms import House, a_house, in_review
from tests.dossiers import NOW, a_version

from .visits import client_of, get, post, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_reviews")]


@pytest.fixture
def house() -> House:
    return a_house()


@pytest.fixture
def request_(house: House) -> ReviewRequest:
    return in_review(house, ("ethics", "safety"))


def path(request: ReviewRequest, part: str = "") -> str:
    return f"/requests/{request.reference}/{part}"


def test_a_member_chooses_for_whom_a_comment_is_and_nothing_is_chosen_beforehand(
    house: House, request_: ReviewRequest
) -> None:
    html = get(house, "milo", path(request_, "discuss/?about=harmed"))
    kinds = re.findall('type="radio" name="kind" value="([a-z_]+)"', html)
    assert kinds == ["everyone", "question", "must_fix", "should_fix", "note", "board", "private"]
    assert "checked" not in html.split('name="kind"', 1)[1].split("</fieldset>", 1)[0]
    post(house, "milo", path(request_, "discuss/"), {"kind": "board", "about": "harmed", "text": "Among us."})
    post(
        house, "milo", path(request_, "discuss/"), {"kind": "everyone", "about": "harmed", "text": "For all."}
    )
    assert list(Comment.objects.order_by("id").values_list("audience", "question_key")) == [
        ("board", "harmed"),
        ("everyone", "harmed"),
    ]
    requester = get(house, "ravi", path(request_))
    assert "For all." in requester
    assert "Among us." not in requester


def test_the_requester_writes_for_everyone_only(house: House, request_: ReviewRequest) -> None:
    html = get(house, "ravi", path(request_, "discuss/"))
    assert 'value="board"' not in html
    assert 'value="question"' not in html
    post(house, "ravi", path(request_, "discuss/"), {"kind": "board", "text": "Hidden?"}, 422)
    assert not Comment.objects.exists()


def test_a_question_goes_to_the_requester_who_answers_it(house: House, request_: ReviewRequest) -> None:
    data = {"kind": "question", "about": "harmed", "text": "Who was heard?", "quote": "looked into"}
    response = post(house, "lena", path(request_, "discuss/"), data)
    question = Question.objects.get()
    assert response["Location"] == path(request_, "#question-1")
    assert question.review.board == house.boards["ethics"]
    answer = path(request_, f"questions/{question.pk}/answer/")
    for name, status in (("milo", 403), ("rex", 403), ("ugo", 404), ("sena", 403)):
        post(house, name, answer, {"text": "Not mine to say."}, status)
    post(house, "ravi", answer, {"text": " "})
    question.refresh_from_db()
    assert question.is_open
    post(house, "ravi", answer, {"text": "Both groups were."})
    question.refresh_from_db()
    assert (question.answer, question.answered_by) == ("Both groups were.", house.ravi)
    get(house, "ravi", answer, 405)


def test_an_empty_comment_is_said_at_its_field_and_what_was_chosen_stays(
    house: House, request_: ReviewRequest
) -> None:
    data = {"kind": "everyone", "text": "", "quote": "my passage", "about": "harmed"}
    response = post(house, "milo", path(request_, "discuss/"), data, 422)
    assert "my passage" in response.content.decode()
    assert not Comment.objects.exists()


def test_the_form_comes_as_a_part_beside_the_answer(house: House, request_: ReviewRequest) -> None:
    response = client_of(house, "milo").get(
        path(request_, "discuss/?about=harmed"), headers={"HX-Request": "true"}
    )
    assert response.status_code == 200
    assert b"<html" not in response.content
    assert b"<form" in response.content


def test_a_thread_is_settled_by_its_author_or_a_lead_and_by_nobody_else(
    house: House, request_: ReviewRequest
) -> None:
    post(
        house, "milo", path(request_, "discuss/"), {"kind": "everyone", "text": "A point.", "about": "harmed"}
    )
    comment = Comment.objects.get()
    settle = path(request_, f"comments/{comment.pk}/settle/")
    for name, status in (("lena", 403), ("ravi", 403), ("rex", 403), ("ugo", 404)):
        post(house, name, settle, status=status)
    post(house, "milo", settle)
    comment.refresh_from_db()
    assert comment.settled_by == house.milo
    assert "settled by Milo Member" in words(get(house, "chloe", path(request_)))


def test_a_thing_of_another_request_is_not_found_under_this_address(
    house: House, request_: ReviewRequest
) -> None:
    post(house, "milo", path(request_, "discuss/"), {"kind": "everyone", "text": "A point."})
    other = in_review(house, version=a_version(house.ravi, number="2.2"))
    comment = Comment.objects.get()
    post(house, "milo", path(other, f"comments/{comment.pk}/settle/"), status=404)


def test_a_position_is_taken_with_a_reason_and_seen_by_the_board_only(
    house: House, request_: ReviewRequest
) -> None:
    form = get(house, "milo", path(request_, "boards/ethics/position/"))
    assert "checked" not in form.split('name="position"', 1)[1].split("</fieldset>", 1)[0]
    post(house, "milo", path(request_, "boards/ethics/position/"), {"position": "for"}, 422)
    post(
        house,
        "milo",
        path(request_, "boards/ethics/position/"),
        {"position": "for", "reason": "Sound tests."},
    )
    assert Stance.objects.get().reason == "Sound tests."
    assert "Sound tests." in get(house, "chloe", path(request_, "boards/ethics/"))
    for name in ("ravi", "rex"):
        get(house, name, path(request_, "boards/ethics/"), 403)
    post(house, "rex", path(request_, "boards/ethics/position/"), {"position": "for", "reason": "Mine."}, 403)
    post(
        house, "sena", path(request_, "boards/ethics/position/"), {"position": "for", "reason": "Mine."}, 403
    )
    assert Stance.objects.count() == 1


def test_a_block_needs_a_text_and_a_member(house: House, request_: ReviewRequest) -> None:
    block = path(request_, "boards/ethics/block/")
    post(house, "lena", block, {"reason": ""}, 422)
    post(house, "sena", block, {"reason": "Stop."}, 403)
    post(house, "lena", block, {"reason": "Night crews first."})
    assert Block.objects.get().holder == house.lena
    assert "Blocking position" in words(get(house, "chloe", path(request_)))


def test_a_review_is_put_off_once_to_a_day_that_lies_ahead(house: House, request_: ReviewRequest) -> None:
    post(house, "milo", path(request_, "boards/ethics/position/"), {"position": "for", "reason": "Read it."})
    defer = path(request_, "boards/ethics/defer/")
    past, ahead = (NOW - timedelta(days=400)).date(), (NOW + timedelta(days=40)).date()
    post(house, "milo", defer, {"until": past.isoformat(), "reason": "Holidays."}, 422)
    post(house, "milo", defer, {"until": ahead.isoformat(), "reason": "A test runs."})
    assert house.ethics_review(request_).state == ReviewState.DEFERRED
    post(house, "milo", path(request_, "boards/ethics/resume/"), status=403)
    post(house, "chloe", path(request_, "boards/ethics/resume/"))
    assert house.ethics_review(request_).state == ReviewState.DELIBERATING


def test_a_declared_interest_is_judged_by_a_lead_and_read_by_nobody_else(
    house: House, request_: ReviewRequest
) -> None:
    post(
        house,
        "lena",
        path(request_, "interests/declare/"),
        {"kind": "financial", "text": "I hold two shares."},
    )
    declaration = Declaration.objects.get()
    assert "I hold two shares." in get(house, "chloe", path(request_, "interests/"))
    assert "I hold two shares." in get(house, "lena", path(request_, "interests/"))
    for name in ("milo", "ravi", "lex"):
        assert "two shares" not in get(house, name, path(request_, "interests/"))
    assert "Judge the interest" in words(get(house, "chloe", path(request_)))
    judge = path(request_, f"interests/{declaration.pk}/judge/")
    for name, status in (("lena", 403), ("milo", 403), ("ravi", 403), ("ugo", 404)):
        post(house, name, judge, {"is_conflict": "no", "finding": "Fine."}, status)
    post(house, "chloe", judge, {"finding": "Nothing chosen."}, 422)
    post(house, "chloe", judge, {"is_conflict": "yes", "finding": "A stake is a stake."})
    assert Recusal.objects.filter(person=house.lena).exists()
    assert "You are recused from this request." in words(get(house, "lena", path(request_)))


def test_the_pages_take_at_most_fifteen_queries(
    house: House, request_: ReviewRequest, django_assert_max_num_queries: Any
) -> None:
    post(
        house,
        "lena",
        path(request_, "interests/declare/"),
        {"kind": "financial", "text": "I hold two shares."},
    )
    client = client_of(house, "chloe")
    for part in ("history/", "interests/", "boards/ethics/", "discuss/?about=harmed", "readiness/"):
        with django_assert_max_num_queries(15):
            assert client.get(path(request_, part)).status_code == 200, part

"""Working days, clocks and dates by calls: written by administrators, counted again by who leads the board."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from reviews.models import Board, ClosingDay, Question
from reviews.services.reading import ask_question
from tests.boardrooms import House, a_ballot, events, in_review
from tests.calling import Caller, as_, problem

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_review")]


def a_closing(first: int = 1, last: int = 12) -> dict[str, Any]:
    today = timezone.now().date()
    days = [(today + timedelta(days=count)).isoformat() for count in (first, last)]
    return {"board": "ethics", "first": days[0], "last": days[1], "reason": "House closed"}


def test_closings_are_written_and_taken_back_by_administrators_and_read_by_everybody(
    house: House, ada: Caller
) -> None:
    given = a_closing()
    milo = as_(house.milo)
    before = milo.get(f"/working-days?board=ethics&year={given['first'][:4]}")
    assert (before["closings"], before["board"]) == ([], "ethics")
    assert len(before["months"]) == 12
    assert sum(month["working"] for month in before["months"]) == before["working"]
    problem(milo("POST", "/working-days/closings", given), 403, "missing-scope")
    assert "administrators" in before["why_not_manage"]
    problem(as_(house.ugo)("GET", "/working-days?board=ethics"), 404, "not-found")
    backwards = given | {"last": given["first"], "first": given["last"]}
    told = problem(ada("POST", "/working-days/closings", backwards), 422, "refused")
    assert "before the first" in told["detail"]
    problem(ada("POST", "/working-days/closings", given | {"board": "none"}), 404, "not-found")
    problem(ada("POST", "/working-days/closings", given | {"reason": " "}), 422, "invalid")
    assert not ClosingDay.objects.exists()
    written = ada.post("/working-days/closings", given, idempotency_key="closing")
    assert ada.post("/working-days/closings", given, idempotency_key="closing") == written
    (closing,) = written["closings"]
    assert (closing["first"], closing["reason"], closing["works"]) == (given["first"], "House closed", False)
    assert written["working"] < before["working"]
    assert any(days["name"] == "House closed" for days in written["named"])
    back = f"/working-days/closings/{closing['id']}/ending"
    problem(milo("POST", back), 403, "missing-scope")
    ended = ada("POST", back)
    assert ended.json()["closings"] == []
    assert [one["id"] for one in ended.json()["former"]] == [closing["id"]]
    problem(ada("POST", back), 422, "refused")
    problem(ada("POST", "/working-days/closings/999/ending"), 404, "not-found")
    assert (events("closing_day.written"), events("closing_day.taken_back")) == (1, 1)


def test_a_board_sits_where_an_administrator_says(house: House, ada: Caller) -> None:
    given = {"country": "DE", "subdivision": "BY", "time_zone": "Europe/Berlin", "reason": "It moved."}
    problem(as_(house.sena)("POST", "/boards/ethics/place", given), 403, "missing-scope")
    problem(ada("POST", "/boards/ethics/place", given | {"country": "XX"}), 422, "refused")
    problem(ada("POST", "/boards/ethics/place", given | {"time_zone": "Mars/Olympus"}), 422, "refused")
    assert Board.objects.get(slug="ethics").country == ""
    placed = ada.post("/boards/ethics/place", given)
    assert (placed["country"], placed["subdivision"], placed["time_zone"]) == ("DE", "BY", "Europe/Berlin")
    assert "Germany" in placed["place"]
    problem(ada("POST", "/boards/ethics/place", given), 422, "refused")
    assert events("board.placed") == 1


def test_a_running_date_is_explained_and_counted_again_by_who_leads_the_board(
    house: House, ada: Caller
) -> None:
    request = in_review(house)
    now = timezone.now()
    ask_question(actor=house.mara, review_id=house.ethics_review(request).pk, text="Which?", now=now)
    question = Question.objects.get(request=request)
    path = f"/requests/{request.reference}/dates/question/{question.pk}"
    told = as_(house.ravi).get(f"{path}/why")
    assert (told["would_be"], told["board"]) == (None, "ethics")
    assert "secretary" in told["why_not_recount"]
    assert any("question was asked" in line for line in told["lines"])
    ada.post("/working-days/closings", a_closing())
    told = as_(house.ravi).get(f"{path}/why")
    assert told["would_be"] > told["due"]
    sena = as_(house.sena)
    (line,) = sena.get("/boards/ethics/dates")["items"]
    assert (line["reference"], line["id"], line["would_be"]) == (
        request.reference, question.pk, told["would_be"],
    )  # fmt: skip
    problem(as_(house.milo)("GET", "/boards/ethics/dates"), 403, "forbidden")
    problem(as_(house.ugo)("GET", "/boards/ethics/dates"), 404, "not-found")
    wished = {"would_be": told["would_be"]}
    problem(as_(house.milo)("POST", f"{path}/recount", wished), 403, "forbidden")
    problem(as_(house.ugo)("POST", f"{path}/recount", wished), 404, "not-found")
    problem(sena("POST", f"{path}/recount", {"would_be": told["due"]}), 422, "refused")
    assert events("deadline.recounted") == 0
    counted = sena.post(f"{path}/recount", wished)
    assert (counted["due"], counted["would_be"]) == (told["would_be"], None)
    assert any("Sena Secretary had it counted again" in line for line in counted["lines"])
    assert sena.get("/boards/ethics/dates")["items"] == []
    assert events("deadline.recounted") == 1


def test_the_clocks_of_a_request_say_how_long_they_ran_and_stood(house: House) -> None:
    request = in_review(house)
    told = as_(house.ravi).get(f"/requests/{request.reference}/clock")
    assert [one["board"] for one in told["items"]] == [None, "ethics"]
    assert told["items"][0]["stretches"][0]["state"] == "running"
    assert told["items"][1]["due"]
    assert told["says"]
    problem(as_(house.ugo)("GET", f"/requests/{request.reference}/clock"), 404, "not-found")


def test_a_date_of_the_deliberation_is_explained_only_to_who_sees_it(house: House) -> None:
    request = in_review(house)
    ballot = a_ballot(house, house.ethics_review(request))
    path = f"/requests/{request.reference}/dates/ballot/{ballot.pk}/why"
    assert as_(house.milo).get(path)["kind"] == "ballot"
    problem(as_(house.ravi)("GET", path), 403, "forbidden")
    problem(as_(house.rex)("GET", path), 403, "forbidden")

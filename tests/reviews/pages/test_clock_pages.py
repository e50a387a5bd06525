"""Pages of clocks: the year of a board, why a date is what it is, dates to count again, readers, load."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from reviews.models import Assignment, Board, ClosingDay, ReviewRequest
from reviews.services.assigning import assign_reader
from reviews.services.reading import answer_question, ask_question
from reviews.services.working_days import add_closing, place_board
from tests.boardrooms import House, a_house, in_review
from tests.dossiers import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_review")]
HTMX: dict[str, Any] = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def house() -> House:
    return a_house()


@pytest.fixture
def request_(house: House) -> ReviewRequest:
    return in_review(house)


def seen(user: User, path: str, status: int = 200, **how: Any) -> str:
    client = Client()
    client.force_login(user)
    response = client.get(path, **how)
    assert response.status_code == status
    return response.content.decode()


def sent(user: User, path: str, data: Mapping[str, object]) -> int:
    client = Client()
    client.force_login(user)
    return client.post(path, data).status_code


def test_the_year_shows_holidays_make_up_days_and_days_of_the_house(house: House) -> None:
    board = house.boards["ethics"]
    place_board(
        actor=house.ada, board_id=board.pk, country="CN", subdivision="", time_zone="Asia/Shanghai",
        reason="It moved.", now=NOW,
    )  # fmt: skip
    add_closing(
        actor=house.ada,
        board_id=None,
        day=date(2026, 12, 24),
        until=date(2026, 12, 31),
        reason="Over the new year",
        now=NOW,
    )
    page = seen(house.milo, "/working-days/?board=ethics&year=2026")
    assert '<td class="holiday" title="Public holiday: National Day">1<' in page
    assert '<td class="make_up" title="Worked in exchange">10<' in page
    assert 'title="Closed by the house: Over the new year"' in page
    assert "have not been announced" not in page
    assert "Take back" not in page, "members only read it"
    later = seen(house.milo, "/working-days/?board=ethics&year=2040")
    assert "have not been announced" in later
    plain = seen(house.ravi, "/working-days/?year=2026")
    assert "National Day" not in plain
    assert "Over the new year" in plain
    seen(house.ugo, "/working-days/?board=ethics", 404)


def test_an_administrator_closes_days_and_is_told_how_many_dates_would_be_others(
    house: House, request_: ReviewRequest
) -> None:
    add = reverse("reviews:close_days")
    day = NOW.date() + timedelta(days=30)
    given = {"day": day.isoformat(), "reason": "Audit of the building", "board": house.boards["ethics"].pk}
    client = Client()
    client.force_login(house.ada)
    answer = client.post(add, given, follow=True)
    assert "1 running date would be another one now" in answer.content.decode()
    assert ClosingDay.objects.get().until == day
    assert sent(house.ada, add, {"day": "2026-13-40", "reason": "x"}) == 422
    assert sent(house.sena, add, given) == 403
    assert ClosingDay.objects.count() == 1
    closing = ClosingDay.objects.get()
    assert sent(house.sena, reverse("reviews:end_closing", args=[closing.pk]), {}) == 404
    assert sent(house.ada, reverse("reviews:end_closing", args=[closing.pk]), {}) == 302
    closing.refresh_from_db()
    assert closing.ended_by == house.ada


def test_a_date_is_explained_beside_it_and_counted_again_by_who_leads(
    house: House, request_: ReviewRequest
) -> None:
    review = house.ethics_review(request_)
    why = reverse("reviews:why_date", args=[request_.reference, "review", review.pk])
    part = seen(house.ravi, why, **HTMX)
    assert "The term is 30 days, ending on a working day." in part
    assert "<html" not in part
    assert "Count it again" not in part
    day = NOW.date() + timedelta(days=30)
    add_closing(actor=house.ada, board_id=None, day=day, until=day, reason="Moving house", now=NOW)
    assert "Count it again" not in seen(house.ravi, why)
    assert "Count it again" in seen(house.sena, why)
    line = seen(house.sena, reverse("reviews:changed_dates", args=["ethics"]))
    assert "Moving house" not in line, "the date as it was written knows nothing of it yet"
    assert request_.reference in line
    recount = reverse("reviews:recount", args=[request_.reference, "review", review.pk])
    old = review.due_at
    assert sent(house.milo, recount, {}) == 403
    assert sent(house.sena, recount, {"back": "board"}) == 302
    review.refresh_from_db()
    assert review.due_at > old
    assert "Moving house" in seen(house.ravi, why)
    assert "Every running date is what the calendar" in seen(
        house.sena, reverse("reviews:changed_dates", args=["ethics"])
    )
    seen(house.milo, reverse("reviews:changed_dates", args=["ethics"]), 403)
    seen(house.ravi, reverse("reviews:why_date", args=[request_.reference, "nothing", review.pk]), 404)
    seen(house.ugo, why, 404)


@pytest.mark.parametrize(
    "page", ["dates", "board_review", "request"], ids=["all dates", "the board's review", "the request"]
)
def test_why_stands_beside_the_date_on_each_page(house: House, request_: ReviewRequest, page: str) -> None:
    review = house.ethics_review(request_)
    arguments = [request_.reference, "ethics"] if page == "board_review" else [request_.reference]
    why = reverse("reviews:why_date", args=[request_.reference, "review", review.pk])
    if page == "request":
        html = seen(house.milo, reverse("reviews:clock", args=arguments), **HTMX)
        assert reverse("reviews:clock", args=arguments) in seen(
            house.milo, reverse("reviews:request", args=arguments)
        )
    else:
        html = seen(house.milo, reverse(f"reviews:{page}", args=arguments))
    assert why in html


def test_the_clock_is_solid_while_it_runs_and_hatched_while_it_stands(
    house: House, request_: ReviewRequest
) -> None:
    review = house.ethics_review(request_)
    asked, answered = NOW - timedelta(days=3), NOW - timedelta(days=1)
    type(review).objects.filter(pk=review.pk).update(opened_at=NOW - timedelta(days=9))
    request_.clock.update(since=NOW - timedelta(days=9))
    question = ask_question(actor=house.milo, review_id=review.pk, text="Which?", now=asked)
    page = reverse("reviews:clock", args=[request_.reference])
    assert 'class="hatch"' in seen(house.ravi, page)
    answer_question(actor=house.ravi, question_id=question.pk, text="These.", now=answered)
    html = seen(house.ravi, page)
    assert "Ethics board: ran for" in html
    assert "stood for 2 days" in html
    assert html.count('class="hatch"') == 2, "the request's and the board's"
    assert "<td>paused</td>" in html


def test_the_secretary_sees_the_proposal_with_its_reasons_and_chooses(
    house: House, request_: ReviewRequest
) -> None:
    page = reverse("reviews:assign_reader", args=[request_.reference, "ethics", "lead"])
    html = seen(house.sena, page)
    assert html.index("Mara Member") < html.index("Milo Member")
    assert "Sits as an expert. (+3)" in html
    assert "Has a part in the request" in html
    seen(house.milo, page, 403)
    seen(house.ugo, page, 404)
    assert sent(house.sena, page, {"person": house.lena.pk}) == 422
    assert sent(house.sena, page, {"person": house.rex.pk}) == 422
    assert not Assignment.objects.exists()
    assert sent(house.sena, page, {"person": house.mara.pk}) == 302
    assert Assignment.objects.get().person == house.mara
    board = reverse("reviews:board_review", args=[request_.reference, "ethics"])
    assert "You read this first." in seen(house.mara, board)
    assert "You read this first." not in seen(house.milo, board)
    back = reverse("reviews:decline_reading", args=[request_.reference, "ethics"])
    seen(house.milo, back, 404)
    assert sent(house.mara, back, {"reason": ""}) == 422
    assert sent(house.mara, back, {"reason": "Travelling."}) == 302
    assert "Travelling." in seen(house.sena, board)


def test_the_load_of_a_board_is_a_picture_for_who_leads_it(house: House, request_: ReviewRequest) -> None:
    assign_reader(
        actor=house.sena,
        review_id=house.ethics_review(request_).pk,
        person_id=house.mara.pk,
        role="lead",
        now=NOW,
    )
    page = reverse("reviews:board_load", args=["ethics"])
    html = seen(house.chloe, page)
    assert "Mara Member carries the most: 2 points." in html
    assert "Lena Lay" in html
    seen(house.milo, page, 403)
    seen(house.ugo, page, 404)


def test_a_board_is_placed_on_its_page_in_a_country_from_the_list(house: House) -> None:
    page = reverse("reviews:place_board", args=["ethics"])
    given = {"country": "DE", "part": "DE-BY", "time_zone": "Europe/Berlin", "reason": "It moved."}
    assert sent(house.ada, page, given | {"part": "US-CA"}) == 422
    assert sent(house.ada, page, given | {"country": "ZZ"}) == 422
    assert sent(house.chloe, page, given) == 403
    assert Board.objects.get(slug="ethics").country == ""
    assert sent(house.ada, page, given) == 302
    assert Board.objects.get(slug="ethics").subdivision == "BY"

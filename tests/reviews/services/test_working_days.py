"""Closing days and the place of a board: written by administrators; running dates stay until somebody counts again."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from audit.models import Event
from audit.refusal import Refused
from reminders.rules.working_days import is_working_day
from reviews.models import Board, ClosingDay, Question, Reckoning, ReviewRequest
from reviews.rules.explaining import DateKind
from reviews.selectors.calendar import Calendars, calendar_of, house_calendar
from reviews.selectors.changed_dates import changed_of, waiting_sentence
from reviews.selectors.dated import find
from reviews.selectors.explained import explain
from reviews.selectors.explanation_words import as_text
from reviews.services.reading import ask_question
from reviews.services.recounting import recount_date
from reviews.services.working_days import add_closing, end_closing, place_board
from tests.boardrooms import House, a_ballot, a_house, in_review
from tests.closed_days import closed
from tests.dossiers import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_review")]
DAY = timedelta(days=1)


@pytest.fixture
def house() -> House:
    return a_house()


@pytest.fixture
def request_(house: House) -> ReviewRequest:
    return in_review(house)


def asked(house: House, request: ReviewRequest) -> Question:
    review = house.ethics_review(request)
    return ask_question(actor=house.milo, review_id=review.pk, text="Which sources?", now=NOW)


def test_days_are_written_and_taken_back_by_administrators_with_an_event(house: House) -> None:
    day = NOW.date() + 7 * DAY
    closing = closed(house, day)
    assert not calendar_of(house.boards["ethics"]).works_on(day)
    assert calendar_of(house.boards["safety"]).works_on(day), "it is the ethics board's own day"
    end_closing(actor=house.ada, closing_id=closing.pk, now=NOW)
    assert calendar_of(house.boards["ethics"]).works_on(day)
    assert ClosingDay.objects.get(pk=closing.pk).ended_by == house.ada, "it isn't deleted"
    verbs = list(
        Event.objects.filter(object_type="reviews.closingday").order_by("pk").values_list("verb", flat=True)
    )
    assert verbs == ["closing_day.written", "closing_day.taken_back"]
    with pytest.raises(Refused, match="already"):
        end_closing(actor=house.ada, closing_id=closing.pk, now=NOW)
    for name in ("sena", "chloe", "ugo"):
        with pytest.raises(PermissionDenied):
            closed(house, day, by=name)
    assert ClosingDay.objects.count() == 1


@pytest.mark.parametrize(
    ("first", "last", "reason", "said"),
    [
        (0, -1, "x", "before the first"),
        (0, 366, "x", "At most a year"),
        (-900, -800, "x", "past"),
        (0, 0, "  ", "Say why"),
    ],
)
def test_days_that_make_no_sense_are_refused(
    house: House, first: int, last: int, reason: str, said: str
) -> None:
    today = NOW.date()
    with pytest.raises(Refused, match=said):
        add_closing(
            actor=house.ada,
            board_id=None,
            day=today + first * DAY,
            until=today + last * DAY,
            reason=reason,
            now=NOW,
        )
    assert not ClosingDay.objects.exists()


def test_a_board_opens_on_a_day_on_which_everybody_is_closed(house: House) -> None:
    day = NOW.date() + 7 * DAY
    closed(house, day, day + DAY, board="")
    closed(house, day, works=True)
    assert calendar_of(house.boards["ethics"]).works_on(day)
    assert not calendar_of(house.boards["ethics"]).works_on(day + DAY)
    assert not calendar_of(house.boards["safety"]).works_on(day)
    assert not house_calendar().works_on(day)


def test_calendars_of_many_boards_are_read_in_one_query(house: House, django_assert_num_queries: Any) -> None:
    closed(house, NOW.date(), board="")
    boards, calendars = list(Board.objects.all()) * 20, Calendars()
    with django_assert_num_queries(1):
        assert all(not calendars.of(board).works_on(NOW.date()) for board in boards)


def test_a_board_is_placed_in_a_country_that_the_library_knows(house: House) -> None:
    board = house.boards["ethics"]

    def place(country: str, part: str, zone: str = "Europe/Berlin", by: str = "ada") -> None:
        place_board(
            actor=house.people[by], board_id=board.pk, country=country, subdivision=part, time_zone=zone,
            reason="It moved.", now=NOW,
        )  # fmt: skip

    place("DE", "BY")
    board.refresh_from_db()
    calendar = calendar_of(board)
    assert (board.country, board.subdivision, board.time_zone) == ("DE", "BY", "Europe/Berlin")
    assert not calendar.works_on(date(2027, 1, 6))
    assert Event.objects.filter(verb="board.placed", object_id=str(board.pk)).count() == 1
    for country, part, zone in (
        ("ZZ", "", "UTC"),
        ("DE", "XX", "UTC"),
        ("", "BY", "UTC"),
        ("DE", "BY", "Mars/Olympus"),
    ):
        with pytest.raises(Refused):
            place(country, part, zone)
    with pytest.raises(Refused, match="already"):
        place("DE", "BY")
    with pytest.raises(PermissionDenied):
        place("US", "", by="sena")
    assert Event.objects.filter(verb="board.placed").count() == 1


@pytest.mark.both_engines
def test_a_running_date_stays_until_chair_or_secretary_have_it_counted_again(
    house: House, request_: ReviewRequest
) -> None:
    question = asked(house, request_)
    old = question.due_at
    assert waiting_sentence(house.boards["ethics"], NOW) == ""
    closed(house, NOW.date() + DAY)  # within the working days of the question; the review counts days
    question.refresh_from_db()
    assert question.due_at == old, "it doesn't jump"
    ((dated, found),) = changed_of([house.boards["ethics"]], NOW)
    assert (dated.thing, found.due) == (question, old)
    assert found.would_be is not None
    assert found.would_be > old
    assert "1 running date" in waiting_sentence(house.boards["ethics"], NOW)
    given: dict[str, Any] = {"request_id": request_.pk, "kind": "question", "key": question.pk, "now": NOW}
    for name in ("ada", "milo", "ravi"):
        with pytest.raises((PermissionDenied, Http404)):
            recount_date(actor=house.people[name], **given)
    with pytest.raises(Refused, match="once more"):
        recount_date(actor=house.sena, expected=old, **given)
    before = Event.objects.count()
    recount_date(actor=house.sena, expected=found.would_be, **given)
    question.refresh_from_db()
    assert question.due_at == found.would_be
    (event,) = Event.objects.order_by("pk")[before:]
    assert event.verb == "deadline.recounted"
    with pytest.raises(Refused, match="the same"):
        recount_date(actor=house.sena, **given)
    text = as_text(explain(find("question", request_, question.pk), NOW))
    assert "Sena Secretary had it counted again" in text
    assert "House closed" in text


def test_a_ballot_is_never_shortened_by_counting_again(house: House, request_: ReviewRequest) -> None:
    ballot = a_ballot(house, house.ethics_review(request_))
    closing = closed(house, NOW.date() + DAY)
    given: dict[str, Any] = {"request_id": request_.pk, "kind": "ballot", "key": ballot.pk, "now": NOW}
    recount_date(actor=house.sena, **given)
    ballot.refresh_from_db()
    longer = ballot.deadline
    end_closing(actor=house.ada, closing_id=closing.pk, now=NOW)
    with pytest.raises(Refused, match="only gets longer"):
        recount_date(actor=house.sena, **given)
    ballot.refresh_from_db()
    assert ballot.deadline == longer


def test_a_newer_edition_of_the_holidays_moves_no_running_date_but_is_shown(
    house: House, request_: ReviewRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    place_board(
        actor=house.ada, board_id=house.boards["ethics"].pk, country="DE", subdivision="", time_zone="Europe/Berlin",
        reason="It moved.", now=NOW,
    )  # fmt: skip
    question = asked(house, request_)
    ethics = Board.objects.get(slug="ethics")
    assert "question" not in {dated.kind for dated, _found in changed_of([ethics], NOW)}
    new_holiday = NOW.date() + DAY
    monkeypatch.setattr(
        "reviews.rules.working_calendar.is_working_day",
        lambda day, country, part: day != new_holiday and is_working_day(day, country, part),
    )
    found = {dated.kind: found for dated, found in changed_of([ethics], NOW)}
    would_be = found[DateKind.QUESTION].would_be
    assert would_be is not None
    assert would_be > question.due_at
    question.refresh_from_db()
    assert question.due_at < would_be
    kept = Reckoning.objects.get(object_type="reviews.question", object_id=question.pk)
    assert kept.calendar["edition"].startswith("holidays ")

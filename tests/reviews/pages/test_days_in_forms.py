"""Days at the ends of the calendar are errors of the form: they overflow in some time zone, here or in the database."""

from datetime import date

import pytest
from django import forms
from django.http import QueryDict

from reviews.forms.away import AwayForm
from reviews.forms.incidents import ClassForm, FilingForm, RaiseForm
from reviews.forms.meetings import SeriesForm, SessionForm
from reviews.forms.working_days import ClosingForm
from reviews.models import Board, MeetingSeries

BOARD = Board(time_zone="Asia/Shanghai", name_en="Ethics board")
SERIES = MeetingSeries(board=BOARD, starts="2026-11-24T10:00", zone="Asia/Shanghai")
DAYS = ("day", "until", "since", "first_on", "last_on", "first_day", "last_day")
MOMENTS = ("happened_at", "aware_at", "filed_at")


def forms_with(day: str) -> list[forms.Form]:
    """Return every form with days, with this one everywhere."""
    data = QueryDict(mutable=True)
    data.update(dict.fromkeys(DAYS, day) | dict.fromkeys(MOMENTS, f"{day}T00:00"))
    return [
        SessionForm(data, board=BOARD), SeriesForm(data, board=BOARD, series=SERIES), AwayForm(data, offers=[]),
        RaiseForm(data, versions=[], projects=[]), ClassForm(data), FilingForm(data), ClosingForm(data),
    ]  # fmt: skip


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_no_form_takes_a_day_at_the_end_of_the_calendar(day: str) -> None:
    for form in forms_with(day):
        dated = {*DAYS, *MOMENTS} & set(form.fields)
        assert dated
        assert dated <= set(form.errors), type(form).__name__


def test_an_ordinary_day_is_taken_everywhere() -> None:
    for form in forms_with(date(2027, 3, 28).isoformat()):
        assert not {*DAYS, *MOMENTS} & set(form.errors), (type(form).__name__, form.errors)

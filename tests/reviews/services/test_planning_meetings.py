"""Meetings of a series are made ahead, each date once; changed from a day on, ended, and by themselves."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from audit.models import Event
from audit.refusal import Refused
from reviews.models import Meeting
from reviews.rules.meeting_dates import DaysOff
from reviews.services.meetings.agenda import add_item
from reviews.services.meetings.calling import call_meeting
from reviews.services.meetings.planning import plan_meetings
from reviews.services.meetings.series import Rhythm, change_series, end_series, make_series
from tests.boardrooms import House, a_house
from tests.dossiers import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_house")]
BERLIN = ZoneInfo("Europe/Berlin")


def rhythm(**more: Any) -> Rhythm:
    given: dict[str, Any] = {
        "rule": "FREQ=WEEKLY;BYDAY=FR", "starts": datetime(2026, 12, 4, 10, 0), "zone": "Europe/Berlin", "lasts": 90,  # noqa: DTZ001 (a wall time)
        "place": "Room 4.02",
    }  # fmt: skip
    return Rhythm(**{**given, **more})


@pytest.fixture
def house() -> House:
    house = a_house()
    board = house.boards["ethics"]
    board.country = "DE"
    board.save(update_fields=["country"])
    return house


def days() -> list[str]:
    rows = Meeting.objects.exclude(state="cancelled").order_by("starts_at")
    return [f"{meeting.starts_at.astimezone(BERLIN):%d %b %H:%M}" for meeting in rows]


@pytest.mark.both_engines
def test_each_date_is_one_meeting_however_often_the_clock_comes_by(house: House) -> None:
    series = make_series(actor=house.sena, board_id=house.boards["ethics"].pk, rhythm=rhythm(), now=NOW)
    made = Meeting.objects.count()
    assert plan_meetings(now=NOW) == plan_meetings(now=NOW) == 0
    assert plan_meetings(now=NOW + timedelta(days=7)) == 1
    assert Meeting.objects.filter(series=series).count() == made + 1
    assert Event.objects.filter(verb="meeting.planned").count() == made + 1
    assert Meeting.objects.filter(number=None).count() == made + 1, (
        "numbers are given when people are invited"
    )


@pytest.mark.parametrize(("choice", "day"), [(DaysOff.LATER, "28 Dec 10:00"), (DaysOff.DROP, "08 Jan 10:00")])
def test_a_holiday_of_the_boards_country_moves_or_drops_a_meeting(
    house: House, choice: DaysOff, day: str
) -> None:
    make_series(actor=house.sena, board_id=house.boards["ethics"].pk, rhythm=rhythm(days_off=choice), now=NOW)
    assert days()[:3] == ["04 Dec 10:00", "11 Dec 10:00", "18 Dec 10:00"]
    assert days()[3] == day
    assert "25 Dec 10:00" not in days()


def test_a_rule_that_leaves_out_short_months_and_a_board_of_others_are_refused(house: House) -> None:
    given: dict[str, Any] = {"board_id": house.boards["ethics"].pk, "now": NOW}
    with pytest.raises(Refused):
        make_series(actor=house.sena, rhythm=rhythm(rule="FREQ=MONTHLY;BYMONTHDAY=31"), **given)
    with pytest.raises(PermissionDenied):
        make_series(actor=house.milo, rhythm=rhythm(), **given)
    assert not Meeting.objects.exists()


def test_a_series_is_changed_from_a_day_on_and_what_was_prepared_keeps_its_agenda(house: House) -> None:
    series = make_series(actor=house.sena, board_id=house.boards["ethics"].pk, rhythm=rhythm(), now=NOW)
    second = Meeting.objects.order_by("starts_at")[1]
    add_item(actor=house.sena, meeting_id=second.pk, title="Budget", note="", takes=10, now=NOW)
    new = change_series(
        actor=house.sena, series_id=series.pk, since=date(2026, 12, 8), reason="Fridays are for travelling.", now=NOW,
        rhythm=rhythm(rule="FREQ=WEEKLY;BYDAY=TH", starts=datetime(2026, 12, 10, 14, 0)),  # noqa: DTZ001 (a wall time)
    )  # fmt: skip
    assert days()[:3] == ["04 Dec 10:00", "10 Dec 14:00", "17 Dec 14:00"]
    second.refresh_from_db()
    assert (second.series, second.items.get().title) == (new, "Budget")
    assert plan_meetings(now=NOW) == 0
    assert Event.objects.filter(verb="meeting_series.changed").count() == 1


def test_a_series_is_not_changed_over_the_heads_of_those_who_were_invited(house: House) -> None:
    series = make_series(actor=house.sena, board_id=house.boards["ethics"].pk, rhythm=rhythm(), now=NOW)
    first = Meeting.objects.order_by("starts_at")[0]
    add_item(actor=house.sena, meeting_id=first.pk, title="Budget", note="", takes=10, now=NOW)
    call_meeting(actor=house.sena, meeting_id=first.pk, now=NOW)
    with pytest.raises(Refused, match="2026-12-04"):
        end_series(actor=house.sena, series_id=series.pk, since=date(2026, 12, 2), reason="Enough.", now=NOW)
    with pytest.raises(Http404):
        end_series(actor=house.milo, series_id=series.pk, since=date(2026, 12, 5), reason="Enough.", now=NOW)
    end_series(actor=house.sena, series_id=series.pk, since=date(2026, 12, 5), reason="Enough.", now=NOW)
    assert days() == ["04 Dec 10:00"]
    assert plan_meetings(now=NOW + timedelta(days=30)) == 0
    assert series.meetings.get().starts_at == datetime(2026, 12, 4, 9, 0, tzinfo=UTC)


def test_a_series_is_changed_once_and_only_while_it_has_meetings(house: House) -> None:
    given: dict[str, Any] = {"actor": house.sena, "reason": "Travelling.", "now": NOW}
    last = datetime(2026, 12, 31, 12, 0, tzinfo=UTC)
    series = make_series(
        actor=house.sena, board_id=house.boards["ethics"].pk, rhythm=rhythm(ends_at=last), now=NOW
    )
    later = rhythm(starts=datetime(2026, 12, 18, 10, 0))  # noqa: DTZ001 (a wall time)
    with pytest.raises(Refused, match="earlier day"):
        end_series(series_id=series.pk, since=date(2027, 2, 1), **given)
    with pytest.raises(Refused, match="lies before"):
        change_series(series_id=series.pk, since=date(2026, 12, 15), rhythm=rhythm(), **given)
    series.refresh_from_db()
    assert series.ends_at == last
    change_series(series_id=series.pk, since=date(2026, 12, 15), rhythm=later, **given)
    with pytest.raises(Refused, match="follows this one"):
        change_series(series_id=series.pk, since=date(2026, 12, 10), rhythm=later, **given)
    assert days() == ["04 Dec 10:00", "11 Dec 10:00", "18 Dec 10:00", "28 Dec 10:00"]

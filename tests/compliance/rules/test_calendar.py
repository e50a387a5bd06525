"""How a check counts in the year."""

from datetime import UTC, date, datetime, timedelta

import pytest

from compliance.rules.calendar import Mark, Run, mark_of, share, weeks_of, worst

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("state", "due", "submitted", "expected"),
    [
        (None, NOW + DAY, None, Mark.PLANNED),
        (None, NOW - DAY, None, Mark.PLANNED),
        ("open", NOW + DAY, None, Mark.DUE),
        ("open", NOW, None, Mark.DUE),
        ("open", NOW - DAY, None, Mark.MISSED),
        ("returned", NOW + DAY, NOW - DAY, Mark.DUE),
        ("returned", NOW - DAY, NOW - 2 * DAY, Mark.MISSED),
        ("submitted", NOW + DAY, NOW, Mark.REVIEW),
        ("submitted", NOW - DAY, NOW - 2 * DAY, Mark.REVIEW),
        ("submitted", NOW - 2 * DAY, NOW - DAY, Mark.REVIEW),
        ("accepted", NOW - DAY, NOW - DAY, Mark.DONE),
        ("accepted", NOW - 2 * DAY, NOW - DAY, Mark.LATE),
    ],
)
def test_how_a_check_counts(
    state: str | None, due: datetime, submitted: datetime | None, expected: Mark
) -> None:
    assert mark_of(Run(due, state, submitted), NOW) is expected


def test_the_mark_that_asks_most_for_attention_wins() -> None:
    assert worst([Mark.DONE, Mark.MISSED, Mark.PLANNED]) is Mark.MISSED
    assert worst([Mark.PLANNED, Mark.LATE, Mark.DONE]) is Mark.LATE
    assert worst([]) is None


def test_a_share_is_never_rounded_up_to_all() -> None:
    found = share([Mark.DONE] * 999 + [Mark.MISSED] + [Mark.PLANNED, Mark.DUE, Mark.REVIEW])
    assert (found.over, found.in_time) == (1000, 999)
    assert found.tenths == 999
    assert share([Mark.DUE]).tenths == 0


def test_weeks_begin_on_monday_and_leave_out_the_neighbouring_months() -> None:
    weeks = weeks_of(2026, 11)
    assert weeks[0] == [None] * 6 + [date(2026, 11, 1)]
    assert weeks[-1][0] == date(2026, 11, 30)
    assert weeks[-1][1:] == [None] * 6
    assert sum(day is not None for week in weeks for day in week) == 30

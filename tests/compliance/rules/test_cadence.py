"""What a schedule begins with follows from the cadences of its controls."""

from compliance.rules.cadence import INTERVALS, timing_of
from compliance.rules.library_file import Every
from compliance.rules.recurrence import FREQUENCIES


def test_the_control_that_wants_it_most_often_decides_and_all_happenings_count() -> None:
    found = timing_of(
        [
            {"every": "yearly", "events": ["incident"]},
            {"every": "quarterly"},
            {"events": ["version_created"]},
            {},
        ]
    )
    assert found == ("quarterly", ["version_created", "incident"])
    assert timing_of([]) == ("", [])


def test_each_cadence_is_an_interval_of_the_editor() -> None:
    assert set(INTERVALS) == set(Every)
    assert set(INTERVALS.values()) <= set(FREQUENCIES)

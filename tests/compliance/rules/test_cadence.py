"""What a schedule begins with follows from the cadences of its controls."""

from compliance.rules.cadence import INTERVALS, timing_of
from compliance.rules.library_file import Every
from compliance.rules.recurrence import FREQUENCIES


def test_the_control_that_wants_it_most_often_decides_and_happenings_are_those_of_all() -> None:
    both = ["version_created", "incident"]
    yearly, quarterly = {"every": "yearly", "events": both}, {"every": "quarterly", "events": both[1:]}
    assert timing_of([yearly, quarterly, {}]) == ("quarterly", ["incident"])
    assert timing_of([yearly, {"every": "weekly"}]) == ("weekly", [])
    assert timing_of([{"events": both}]) == ("", both)
    assert timing_of([]) == ("", [])


def test_each_cadence_is_an_interval_of_the_editor() -> None:
    assert set(INTERVALS) == set(Every)
    assert set(INTERVALS.values()) <= set(FREQUENCIES)

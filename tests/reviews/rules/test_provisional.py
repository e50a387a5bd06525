"""The emergency procedure: its grounds, how long it holds, and the full review after it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from reviews.rules.clocks import Term, WorkingCalendar
from reviews.rules.policy import BoardPolicy
from reviews.rules.provisional import (
    PROVISIONAL_DAYS,
    Ending,
    NoGround,
    ballot_ends,
    ending_by,
    full_procedure,
    full_review_due,
    last_day,
    provisional_days,
    why_not_ground,
)
from reviews.rules.triage import Procedure

PLAIN = WorkingCalendar()
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("procedure", "ground", "reason"),
    [
        ("emergency", "active_harm", None),
        ("emergency", "critical_fix", None),
        ("emergency", "", NoGround.MISSING),
        ("emergency", "in_a_hurry", NoGround.MISSING),
        ("full", "", None),
        ("full", "active_harm", NoGround.NOT_AN_EMERGENCY),
    ],
)
def test_an_emergency_is_active_harm_or_a_critical_fix(
    procedure: str, ground: str, reason: NoGround | None
) -> None:
    assert why_not_ground(procedure, ground) == reason


@pytest.mark.parametrize("procedure", [p for p in Procedure if p != Procedure.EXPERT])
def test_the_full_review_is_full_whatever_triage_had_proposed(procedure: Procedure) -> None:
    assert full_procedure(procedure) == Procedure.FULL


def test_experts_whom_triage_had_asked_for_are_not_saved_by_the_emergency() -> None:
    assert full_procedure("expert") == Procedure.EXPERT


def test_a_provisional_approval_holds_thirty_days_the_first_one_counted() -> None:
    assert PROVISIONAL_DAYS == 30
    assert last_day(date(2026, 11, 23), PROVISIONAL_DAYS) == date(2026, 12, 22)


@pytest.mark.parametrize(
    ("days", "until", "due"),
    [
        (30, date(2026, 12, 22), datetime(2026, 12, 21, 17, 0, tzinfo=UTC)),
        (14, date(2026, 12, 22), datetime(2026, 12, 7, 17, 0, tzinfo=UTC)),
        (30, date(2026, 12, 13), datetime(2026, 12, 11, 17, 0, tzinfo=UTC)),
        (30, date(2026, 12, 14), datetime(2026, 12, 11, 17, 0, tzinfo=UTC)),
    ],
)
def test_the_full_review_is_due_in_its_term_and_before_the_approval_ends(
    days: int, until: date, due: datetime
) -> None:
    assert full_review_due(MONDAY, Term(days), until, PLAIN) == due


def test_an_approval_that_ends_today_leaves_no_deadline_in_the_past() -> None:
    assert full_review_due(MONDAY, Term(30), MONDAY.date(), PLAIN) == MONDAY


@pytest.mark.parametrize(
    ("procedure", "hours_left", "ends_after"),
    [
        ("emergency", 72, 72),
        ("emergency", 200, 96),
        ("full", 72, 96),
        ("emergency", 0, 96),
        ("emergency", -5, 96),
    ],
)
def test_a_ballot_of_an_emergency_ends_when_the_decision_is_due(
    procedure: str, hours_left: int, ends_after: int
) -> None:
    ordinary, due = MONDAY + timedelta(hours=96), MONDAY + timedelta(hours=hours_left)
    assert ballot_ends(procedure, ordinary, due=due, now=MONDAY) == MONDAY + timedelta(hours=ends_after)


def test_only_an_emergency_is_provisional_and_the_shortest_term_of_the_boards_holds() -> None:
    def within(days: int) -> BoardPolicy:
        urgent = replace(BoardPolicy().procedure("emergency"), provisional_days=days)
        return replace(BoardPolicy(), procedures={**BoardPolicy().procedures, Procedure.EMERGENCY: urgent})

    assert provisional_days("emergency", [BoardPolicy()]) == PROVISIONAL_DAYS
    assert provisional_days("emergency", [within(30), within(10), within(0)]) == 10
    assert provisional_days("emergency", [within(0)]) == 0
    assert provisional_days("full", [BoardPolicy()]) == 0


@pytest.mark.parametrize(
    ("outcome", "ending"),
    [
        ("approved", Ending.SUPERSEDED),
        ("approved_with_conditions", Ending.SUPERSEDED),
        ("rejected", Ending.ENDS_AT_ONCE),
        ("returned", Ending.ENDS_AT_ITS_DATE),
        ("refused", Ending.ENDS_AT_ITS_DATE),
    ],
)
def test_what_the_full_review_makes_of_the_approval(outcome: str, ending: Ending) -> None:
    assert ending_by(outcome) == ending

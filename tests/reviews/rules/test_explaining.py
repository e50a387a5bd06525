"""A date follows from its start, its term, its days, its pauses and its moves."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.rules.clocks import Pause, Procedure, Term, Unit, WorkingCalendar, after_pauses, deadline
from reviews.rules.explaining import (
    Base,
    DateKind,
    TermSource,
    count,
    days_as_json,
    merged,
    read_days,
    with_pauses,
)
from reviews.rules.policy import BoardPolicy, ProcedureRules, Source
from reviews.rules.policy_sources import SourceMark
from reviews.rules.terms import term_for
from reviews.rules.working_calendar import Closing

PLAIN = WorkingCalendar()
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("kind", "procedure", "count_of", "path", "mark"),
    [
        (DateKind.COMPLETENESS, "", 3, "completeness_days", "P"),
        (DateKind.REVIEW, "full", 30, "procedures.full.term", "S"),
        (DateKind.REVIEW, "expedited", 14, "procedures.expedited.term", "P"),
        (DateKind.REVIEW, "emergency", 72, "procedures.emergency.term", "M"),
        (DateKind.QUESTION, "full", 20, "question_days", "P"),
        (DateKind.BALLOT, "full", 3, "ballot_days", "P"),
        (DateKind.RATIFICATION, "full", 5, "ratification_days", "P"),
        (DateKind.APPEAL, "full", 28, "appeal_days", "P"),
        (DateKind.PROVISIONAL, "emergency", 30, "procedures.emergency.provisional_days", "P"),
        (DateKind.SIGNATURE, "full", 5, "", "P"),
    ],
)
def test_each_term_says_where_it_comes_from(
    kind: DateKind, procedure: str, count_of: int, path: str, mark: str
) -> None:
    found = term_for(kind, BoardPolicy(), procedure=procedure, version=4)
    assert found is not None
    assert (found.term.count, found.source.path, found.source.mark) == (count_of, path, mark)
    assert found.source.version == (4 if path else 0)


def test_a_date_that_somebody_chooses_has_no_term() -> None:
    assert term_for(DateKind.CONDITION, BoardPolicy()) is None


def test_what_the_policy_says_is_the_term_and_its_source_stands_beside_it() -> None:
    own = BoardPolicy(
        question_days=7,
        procedures={code: ProcedureRules(term=Term(21), ballot_days=1) for code in Procedure},
        sources={"question_days": Source("Rule 12", "第十二条", SourceMark.VERIFIED)},
    )
    question = term_for(DateKind.QUESTION, own, version=2)
    review = term_for(DateKind.REVIEW, own, procedure="full", version=2)
    ballot = term_for(DateKind.BALLOT, own, procedure="full", version=2)
    assert question is not None
    assert question.term == Term(7, Unit.WORKING_DAYS)
    assert (question.source.text_en, question.source.mark) == ("Rule 12", "V")
    assert review is not None
    assert review.term == Term(21)
    assert ballot is not None
    assert (ballot.term.count, ballot.source.path) == (1, "procedures.full.ballot_days")


def test_the_source_and_the_days_are_read_as_they_were_kept() -> None:
    source = TermSource("question_days", 3, "V", "Rule 12", "第十二条")
    assert TermSource.read(source.as_json()) == source
    assert TermSource.read({}) == TermSource()
    closed = WorkingCalendar(country="CN", closings=(Closing(MONDAY.date(), MONDAY.date(), "Audit"),))
    days = count(MONDAY - timedelta(days=60), Term(60, Unit.WORKING_DAYS), closed).days
    assert read_days(days_as_json(days)) == days
    assert any(one.reason for one in days)


def test_short_pauses_together_move_a_deadline_by_one_day_and_not_by_one_each() -> None:
    due = Term(14).due(MONDAY, PLAIN)
    base = Base(due, Unit.DAYS, MONDAY)
    ten = [Pause(MONDAY + timedelta(days=n), MONDAY + timedelta(days=n) + HOUR) for n in range(1, 11)]
    assert with_pauses(base, ten, PLAIN, MONDAY + timedelta(days=11)) == due + timedelta(days=1)
    assert with_pauses(base, [], PLAIN, MONDAY) == due


def test_a_deadline_after_pauses_ends_with_a_day_of_work() -> None:
    due = Term(11).due(MONDAY, PLAIN)  # Friday 4 December, 17:00
    assert after_pauses(due, Unit.DAYS, HOUR, PLAIN) == datetime(2026, 12, 7, 17, tzinfo=UTC)
    assert after_pauses(due, Unit.HOURS, HOUR, PLAIN) == due + HOUR
    assert after_pauses(due, Unit.DAYS, timedelta(), PLAIN) == due


def test_pauses_before_the_date_was_written_anew_are_in_it_already() -> None:
    moved_at = MONDAY + timedelta(days=5)
    base = Base(datetime(2026, 12, 18, 17, tzinfo=UTC), Unit.DAYS, moved_at)
    before = Pause(MONDAY, MONDAY + timedelta(days=3))
    assert with_pauses(base, [before], PLAIN, moved_at + HOUR) == base.due
    across = Pause(moved_at - HOUR, moved_at + HOUR)
    assert with_pauses(base, [before, across], PLAIN, moved_at + 2 * HOUR) == datetime(
        2026, 12, 21, 17, tzinfo=UTC
    )


def test_pauses_that_overlap_are_told_as_one() -> None:
    pauses = [
        Pause(MONDAY, MONDAY + 4 * HOUR),
        Pause(MONDAY + HOUR, MONDAY + 2 * HOUR),
        Pause(MONDAY + 6 * HOUR),
        Pause(MONDAY + 7 * HOUR, MONDAY + 8 * HOUR),
    ]
    told = merged(pauses, since=MONDAY + HOUR, now=MONDAY + 9 * HOUR)
    assert told == (Pause(MONDAY + HOUR, MONDAY + 4 * HOUR), Pause(MONDAY + 6 * HOUR))
    assert merged(pauses, since=MONDAY + 10 * HOUR, now=MONDAY + 10 * HOUR) == ()


SPANS = st.lists(st.tuples(st.integers(0, 500), st.integers(0, 80)), max_size=8)


@given(SPANS, st.integers(1, 40))
def test_the_date_told_is_the_date_that_the_clock_gives(spans: list[tuple[int, int]], days: int) -> None:
    """However the pauses lie, base and pauses give what the whole term gives; more pauses never bring it nearer."""
    calendar = WorkingCalendar(country="CN")
    pauses = [Pause(MONDAY + n * HOUR, MONDAY + (n + length) * HOUR) for n, length in spans]
    now, term = MONDAY + timedelta(days=60), Term(days)
    base = Base(term.due(MONDAY, calendar), Unit.DAYS, MONDAY)
    found = with_pauses(base, pauses, calendar, now)
    assert found == deadline(MONDAY, term, calendar, pauses, now=now).due
    assert found >= with_pauses(base, pauses[1:], calendar, now) >= base.due
    assert with_pauses(base, merged(pauses, since=MONDAY, now=now), calendar, now) == found

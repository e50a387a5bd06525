"""Who counts as a seat, as present, and as one of the denominator."""

import pytest

from reviews.rules.roster import (
    RosterProblem,
    eligible_of,
    present_and_eligible,
    problems_of,
    recused_of,
    seated_minus_recused,
    seats_of,
)

from .rosters import roster


@pytest.mark.parametrize(
    ("words", "seats", "recused", "present", "seated"),
    [
        ("c+ m+ m+ m+ m+ m- mx", 7, 1, 5, 6),
        ("c+ m+ m+", 3, 0, 3, 3),
        ("cx mx mx", 3, 3, 0, 0),
        ("c+ m- a+2", 2, 0, 2, 2),  # an alternate for an absent member
        ("c+ mx a+2", 2, 1, 2, 2),  # an alternate for a recused one fills the seat again
        ("c+ mx a+", 2, 1, 1, 1),  # an alternate who sits for nobody
        ("c+ m+ ax", 2, 0, 2, 2),  # a recused alternate takes no seat away
        ("", 0, 0, 0, 0),
    ],
)
def test_the_roster_is_counted(words: str, seats: int, recused: int, present: int, seated: int) -> None:
    people = roster(words)
    assert seats_of(people) == seats
    assert recused_of(people) == recused
    assert present_and_eligible(people) == len(eligible_of(people)) == present
    assert seated_minus_recused(people) == seated


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("c+ m+ a+2", RosterProblem.ALTERNATE_FOR_PRESENT),
        ("c+ m- a+9", RosterProblem.ALTERNATE_FOR_NOBODY),
        ("c+ m- a+2 a+2", RosterProblem.TWO_ALTERNATES_FOR_ONE),
    ],
)
def test_a_roster_that_would_count_somebody_twice_is_named(words: str, problem: RosterProblem) -> None:
    assert problems_of(roster(words)) == (problem,)


def test_a_person_with_two_seats_is_named_and_a_sound_roster_is_not() -> None:
    people = roster("c+ m+")
    assert problems_of((*people, people[0])) == (RosterProblem.TWICE,)
    assert problems_of(roster("c+ m- a+2 a+ ax m+")) == ()

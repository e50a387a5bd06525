"""Whom the rules propose as reader, with which reasons, and whom they leave out."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviews.rules.assigning import (
    Candidate,
    Excluded,
    Fact,
    Load,
    NotChosen,
    ReaderRole,
    propose,
    reasons_of,
    why_not_choose,
)
from reviews.rules.roster import SeatRole

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
WEEKS = timedelta(weeks=1)


def test_the_load_weighs_more_the_higher_the_tier() -> None:
    assert Load(tiers=(4,), ballots=1, conditions=2).points == 7
    assert Load(tiers=(1, 1), reviews=1).points == 3
    assert Load().points == 0


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Candidate(1), Candidate(2, load=Load(ballots=1))),
        (Candidate(1, attributes=frozenset({"expert"})), Candidate(2)),
        (Candidate(1, same_model=1), Candidate(2, same_topics=2)),
        (Candidate(1, last_assigned=NOW - 4 * WEEKS), Candidate(2, last_assigned=NOW - WEEKS)),
        (Candidate(1), Candidate(2, last_assigned=NOW)),
        (Candidate(1), Candidate(2, speaks=False)),
        (Candidate(1), Candidate(2, hours_apart=9)),
        (Candidate(1), Candidate(2, role=SeatRole.CHAIR)),
        (Candidate(1, load=Load(tiers=(1,))), Candidate(2, load=Load(tiers=(4,)))),
    ],
)
def test_one_fact_decides_between_members_who_are_alike_otherwise(
    first: Candidate, second: Candidate
) -> None:
    for order in ([first, second], [second, first]):
        assert [one.person for one in propose(order, NOW).ranked] == [1, 2]


def test_who_was_assigned_longest_ago_wins_a_tie_and_then_who_sat_first() -> None:
    recent, older = (
        Candidate(person, last_assigned=NOW - weeks * WEEKS) for person, weeks in ((1, 9), (2, 12))
    )
    assert [one.person for one in propose([recent, older], NOW).ranked] == [2, 1], (
        "both have four weeks' points"
    )
    assert [one.person for one in propose([Candidate(5), Candidate(3)], NOW).ranked] == [5, 3]


@pytest.mark.parametrize("why", list(Excluded))
def test_who_is_excluded_is_never_ranked_however_fit(why: Excluded) -> None:
    fit = Candidate(1, attributes=frozenset({"expert"}), same_model=5, excluded=(why,))
    loaded = Candidate(2, load=Load(tiers=(4, 4, 4)))
    found = propose([fit, loaded], NOW)
    assert [one.person for one in found.ranked] == [2]
    assert [(one.person, one.excluded) for one in found.left_out] == [(1, (why,))]


def test_every_point_has_its_reason_and_what_counts_most_comes_first() -> None:
    one = Candidate(
        1, attributes=frozenset({"expert"}), load=Load(tiers=(3,), ballots=1), same_model=4, same_topics=1,
        last_assigned=NOW - 2 * WEEKS,
    )  # fmt: skip
    found = propose([one], NOW).ranked[0]
    assert found.points == sum(reason.points for reason in found.reasons) == -8 + 6 + 3 + 2 + 2 + 1 + 1
    assert [(reason.fact, reason.number) for reason in found.reasons[:2]] == [
        (Fact.LOAD, 4),
        (Fact.SAME_MODEL, 4),
    ]
    assert Fact.FAR not in {reason.fact for reason in found.reasons}


def test_who_has_nothing_open_is_told_so() -> None:
    facts = {reason.fact for reason in reasons_of(Candidate(1), NOW, None)}
    assert {Fact.IDLE, Fact.NEVER_ASSIGNED, Fact.LANGUAGE, Fact.NEAR} == facts


def test_the_second_reader_brings_other_eyes_than_the_lead() -> None:
    lay, same = Candidate(1, attributes=frozenset({"lay"})), Candidate(2)
    second = propose([same, lay], NOW, role=ReaderRole.SECOND, lead_attributes=["expert"])
    assert second.ranked[0].person == 1
    assert Fact.COMPLEMENT in {reason.fact for reason in second.ranked[0].reasons}
    beside_lay = propose([same, lay], NOW, role=ReaderRole.SECOND, lead_attributes=["lay"])
    assert beside_lay.ranked[0].person == 2, "two lay readers see alike, so who sat first wins"
    as_lead = propose([same, lay], NOW, lead_attributes=["expert"])
    assert as_lead.ranked[0].person == 2


def test_another_choice_than_the_first_needs_a_reason() -> None:
    found = propose(
        [Candidate(1), Candidate(2, load=Load(ballots=9)), Candidate(3, excluded=(Excluded.AWAY,))], NOW
    )
    assert why_not_choose(found, 1, "") is None
    assert why_not_choose(found, 2, " ") == NotChosen.NEEDS_REASON
    assert why_not_choose(found, 2, "Knows the data.") is None
    assert why_not_choose(found, 3, "Knows the data.") == NotChosen.LEFT_OUT
    assert why_not_choose(found, 9, "Knows the data.") == NotChosen.NOT_ON_THE_BOARD


CANDIDATES = st.builds(
    Candidate, person=st.integers(1, 10**6), role=st.sampled_from(SeatRole),
    attributes=st.frozensets(st.sampled_from(["lay", "external", "non_technical", "expert"])),
    excluded=st.lists(st.sampled_from(Excluded), max_size=1).map(tuple),
    load=st.builds(Load, tiers=st.lists(st.integers(1, 4), max_size=5).map(tuple), ballots=st.integers(0, 9)),
    same_model=st.integers(0, 9), same_topics=st.integers(0, 9),
    last_assigned=st.none() | st.integers(0, 999).map(lambda days: NOW - timedelta(days=days)),
    speaks=st.booleans(), hours_apart=st.integers(0, 23),
)  # fmt: skip


@settings(max_examples=25)
@given(st.lists(CANDIDATES, max_size=8, unique_by=lambda one: one.person), st.sampled_from(ReaderRole))
def test_everybody_is_ranked_or_left_out_once_and_more_load_never_helps(
    candidates: list[Candidate], role: ReaderRole
) -> None:
    found = propose(candidates, NOW, role=role, lead_attributes=["expert"])
    people = [one.person for one in found.ranked] + [one.person for one in found.left_out]
    assert sorted(people) == sorted(one.person for one in candidates)
    assert [one.place for one in found.ranked] == list(range(1, len(found.ranked) + 1))
    for one in candidates:
        if one.excluded:
            continue
        heavier = replace(one, load=replace(one.load, tiers=(*one.load.tiers, 4)))
        others = [heavier if other is one else other for other in candidates]
        after = propose(others, NOW, role=role, lead_attributes=["expert"])
        before_place, after_place = found.place_of(one.person), after.place_of(one.person)
        assert before_place is not None
        assert after_place is not None
        assert after_place >= before_place

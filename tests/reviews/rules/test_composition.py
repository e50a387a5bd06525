"""Who must be present, or no ballot opens."""

from reviews.rules.composition import CompositionRule, check_composition, is_composed

from .rosters import roster

LAY_OR_EXTERNAL = CompositionRule(1, ("lay", "external"))
NON_TECHNICAL = CompositionRule(1, ("non_technical",))


def test_who_has_one_of_the_attributes_serves_the_rule_and_one_person_may_serve_two() -> None:
    people = roster("c+ m+:lay,non_technical m+")
    assert [check.found for check in check_composition([LAY_OR_EXTERNAL, NON_TECHNICAL], people)] == [1, 1]
    assert is_composed([LAY_OR_EXTERNAL, NON_TECHNICAL], people)


def test_an_absent_or_recused_lay_member_does_not_serve_the_rule() -> None:
    people = roster("c+ m-:lay mx:external m+:expert")
    (check,) = check_composition([LAY_OR_EXTERNAL], people)
    assert (check.found, check.met) == (0, False)
    assert not is_composed([LAY_OR_EXTERNAL], people)


def test_an_alternate_who_sits_for_somebody_counts_and_one_who_sits_for_nobody_does_not() -> None:
    assert is_composed([LAY_OR_EXTERNAL], roster("c+ m-:lay a+2:external"))
    assert not is_composed([LAY_OR_EXTERNAL], roster("c+ m-:lay a+:external"))


def test_two_are_two_people_and_no_rule_asks_for_nobody() -> None:
    two = CompositionRule(2, ("lay", "external"))
    assert not is_composed([two], roster("c+ m+:lay,external"))
    assert is_composed([two], roster("c+:lay m+:external"))
    assert is_composed([], roster("c+"))

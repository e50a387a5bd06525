"""Whether a library applies: what fails decides, what nobody has said is never a no."""

from decimal import Decimal
from typing import Any

import pytest

from compliance.rules.applicability import Judged, Outcome, judge, read_applies

EU = {"fact": "markets", "has_any": ["eu"]}
LARGE = {"fact": "compute", "at_least": "1e25"}
CLOSED = {"fact": "channel", "has_none": ["internal"]}
YES, NO, UNKNOWN = Outcome.YES, Outcome.NO, Outcome.UNKNOWN


def rule(*when: dict[str, Any]) -> Any:
    return read_applies({"to": "version", "when": list(when)})


@pytest.mark.parametrize(
    ("when", "facts", "outcome"),
    [
        ([], {}, YES),
        ([EU], {"markets": ["cn", "eu"]}, YES),
        ([EU], {"markets": ["cn"]}, NO),
        ([EU], {"markets": []}, NO),
        ([EU], {"markets": None}, UNKNOWN),
        ([EU], {}, UNKNOWN),
        ([LARGE], {"compute": Decimal("1e25")}, YES),
        ([LARGE], {"compute": Decimal("9.99e24")}, NO),
        ([LARGE], {"compute": None}, UNKNOWN),
        ([LARGE], {"compute": ["1e26"]}, UNKNOWN),
        ([CLOSED], {"channel": "api"}, YES),
        ([CLOSED], {"channel": "internal"}, NO),
        ([EU, LARGE], {"markets": ["cn"], "compute": None}, NO),
        ([EU, LARGE], {"markets": ["eu"], "compute": None}, UNKNOWN),
        ([EU, LARGE], {"markets": ["eu"], "compute": Decimal("2e25")}, YES),
    ],
)
def test_a_library_applies_when_all_conditions_hold(when: Any, facts: Any, outcome: Outcome) -> None:
    assert judge(rule(*when), facts).outcome is outcome


def test_what_no_fact_can_tell_is_left_to_a_person_unless_a_condition_fails() -> None:
    depends = read_applies({"to": "organisation", "depends": {"en": "we do so", "zh": "如此"}})
    assert judge(depends, {}) == Judged(UNKNOWN, ())
    both = read_applies({"to": "version", "when": [EU], "depends": {"en": "we do so", "zh": "如此"}})
    assert judge(both, {"markets": ["eu"]}).outcome is UNKNOWN
    assert judge(both, {"markets": ["cn"]}).outcome is NO


def test_the_conditions_that_made_it_so_are_told() -> None:
    told = judge(rule(EU, LARGE, CLOSED), {"markets": ["cn"], "channel": "internal", "compute": None})
    assert [(finding.condition.fact, finding.found) for finding in told.deciding] == [
        ("markets", ["cn"]), ("channel", ["internal"]),
    ]  # fmt: skip
    assert [finding.condition.fact for finding in judge(rule(EU, LARGE), {"markets": ["eu"]}).deciding] == [
        "compute"
    ]
    assert [finding.found for finding in judge(rule(EU), {"markets": ["eu", "cn"]}).deciding] == [["eu"]]

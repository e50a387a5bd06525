"""A policy is read whole, or refused with every fault."""

from typing import Any

import pytest

from reviews.rules.composition import CompositionRule
from reviews.rules.policy import BoardPolicy, PolicyError, PolicyFault, as_json, parse
from reviews.rules.quorum import QuorumKind, QuorumRule
from reviews.rules.threshold import Threshold, ThresholdOf

WHOLE: dict[str, Any] = {
    "quorum": {"kind": "fraction", "numerator": 2, "denominator": 3},
    "composition": [{"at_least": 1, "any_of": ["lay", "external"]}],
    "threshold": {"numerator": 2, "denominator": 3, "strict": False, "of": "seated_minus_recused"},
    "override": {"numerator": 3, "denominator": 4, "strict": True, "of": "present_and_eligible"},
    "ballot_days": 5,
    "gates": ["release-readiness"],
    "open_findings_block": True,
    "positions_hidden": True,
    "validity_months": 6,
    "appeal_days": 14,
}
LEAST: dict[str, Any] = {
    "quorum": {"kind": "majority_of_seats"},
    "threshold": {"numerator": 1, "denominator": 2, "strict": True, "of": "present_and_eligible"},
    "ballot_days": 3,
}


def test_a_whole_policy_is_read_and_written_back_as_it_was() -> None:
    policy = parse(WHOLE)
    assert policy == BoardPolicy(
        quorum=QuorumRule(QuorumKind.FRACTION, numerator=2, denominator=3),
        composition=(CompositionRule(1, ("lay", "external")),),
        threshold=Threshold(2, 3, strict=False, of=ThresholdOf.SEATED_MINUS_RECUSED),
        override=Threshold(3, 4, strict=True),
        ballot_days=5,
        gates=("release-readiness",),
        open_findings_block=True,
        positions_hidden=True,
        validity_months=6,
        appeal_days=14,
    )
    written = as_json(policy)
    assert {key: written[key] for key in WHOLE} == WHOLE
    assert parse(written) == policy


def test_the_least_policy_has_defaults_for_the_rest() -> None:
    policy = parse(LEAST)
    assert policy == BoardPolicy()
    assert parse(as_json(policy)) == policy


def test_a_count_is_written_back_too() -> None:
    policy = parse({**LEAST, "quorum": {"kind": "count", "count": 5}})
    assert as_json(policy)["quorum"] == {"kind": "count", "count": 5}


@pytest.mark.parametrize(
    ("change", "path", "fault"),
    [
        ({"quorum": None}, "quorum", PolicyFault.MISSING),
        ({"quorum": {"kind": "some"}}, "quorum.kind", PolicyFault.NOT_A_CHOICE),
        ({"quorum": {"kind": "count", "count": 0}}, "quorum.count", PolicyFault.OUT_OF_RANGE),
        ({"quorum": {"kind": "count", "count": 2.5}}, "quorum.count", PolicyFault.NOT_A_NUMBER),
        ({"quorum": {"kind": "count", "count": True}}, "quorum.count", PolicyFault.NOT_A_NUMBER),
        (
            {"quorum": {"kind": "fraction", "numerator": 4, "denominator": 3}},
            "quorum.numerator",
            PolicyFault.OUT_OF_RANGE,
        ),
        ({"threshold": {"numerator": 2, "denominator": 3}}, "threshold.of", PolicyFault.MISSING),
        (
            {"threshold": {"numerator": 1, "denominator": 2, "of": "present_and_eligible"}},
            "threshold",
            PolicyFault.HALF_WOULD_PASS,
        ),
        (
            {"threshold": {"numerator": 2, "denominator": 3, "strict": "no", "of": "present_and_eligible"}},
            "threshold.strict",
            PolicyFault.NOT_TRUE_OR_FALSE,
        ),
        ({"ballot_days": 0}, "ballot_days", PolicyFault.OUT_OF_RANGE),
        ({"ballot_days": None}, "ballot_days", PolicyFault.MISSING),
        ({"gates": "release-readiness"}, "gates", PolicyFault.NOT_A_LIST),
        ({"gates": [1]}, "gates", PolicyFault.NOT_A_CHOICE),
        ({"gates": ["release-readiness:0"]}, "gates", PolicyFault.NOT_A_CHOICE),
        ({"gates": ["release-readiness:no-critical:30"]}, "gates", PolicyFault.NOT_A_CHOICE),
        ({"gates": ["release-readiness:soon"]}, "gates", PolicyFault.NOT_A_CHOICE),
        ({"gates": ["a b"]}, "gates", PolicyFault.NOT_A_CHOICE),
        ({"positions_hidden": 1}, "positions_hidden", PolicyFault.NOT_TRUE_OR_FALSE),
        ({"composition": [{"at_least": 1, "any_of": []}]}, "composition.0.any_of", PolicyFault.MISSING),
        (
            {"composition": [{"at_least": 1, "any_of": ["wise"]}]},
            "composition.0.any_of",
            PolicyFault.NOT_A_CHOICE,
        ),
        ({"composition": [{"any_of": ["lay"]}]}, "composition.0.at_least", PolicyFault.MISSING),
        ({"composition": ["lay"]}, "composition.0", PolicyFault.MISSING),
        ({"casting_vote": True}, "casting_vote", PolicyFault.UNKNOWN),
        ({"circulation": "no"}, "circulation", PolicyFault.NOT_TRUE_OR_FALSE),
        ({"seats_minimum": -1}, "seats_minimum", PolicyFault.OUT_OF_RANGE),
        ({"conflicts": ["same_town"]}, "conflicts", PolicyFault.NOT_A_CHOICE),
        ({"conflicts": "same_team"}, "conflicts", PolicyFault.NOT_A_LIST),
        ({"declaration_months": 61}, "declaration_months", PolicyFault.OUT_OF_RANGE),
        ({"continuing_months": None}, "continuing_months", PolicyFault.MISSING),
        ({"ratification_days": 0}, "ratification_days", PolicyFault.OUT_OF_RANGE),
        ({"question_days": 0}, "question_days", PolicyFault.OUT_OF_RANGE),
        ({"completeness_days": 1.5}, "completeness_days", PolicyFault.NOT_A_NUMBER),
        ({"expiry_notices": [0]}, "expiry_notices", PolicyFault.OUT_OF_RANGE),
        ({"expiry_notices": ["90"]}, "expiry_notices", PolicyFault.NOT_A_NUMBER),
        ({"overdue_conditions": {"fine": 3}}, "overdue_conditions.fine", PolicyFault.UNKNOWN),
        (
            {"overdue_conditions": {"suspend_days": -1}},
            "overdue_conditions.suspend_days",
            PolicyFault.OUT_OF_RANGE,
        ),
        ({"sources": {"weather": {}}}, "sources.weather", PolicyFault.UNKNOWN),
        (
            {"sources": {"quorum": {"text_en": "a", "text_zh": "b", "mark": "X"}}},
            "sources.quorum.mark",
            PolicyFault.NOT_A_CHOICE,
        ),
        (
            {"sources": {"quorum": {"text_en": "a", "text_zh": "", "mark": "P"}}},
            "sources.quorum.text_zh",
            PolicyFault.MISSING,
        ),
    ],
)
def test_a_fault_is_named_with_its_place(change: dict[str, Any], path: str, fault: PolicyFault) -> None:
    with pytest.raises(PolicyError) as refused:
        parse({**LEAST, **change})
    assert [(problem.path, problem.fault) for problem in refused.value.problems] == [(path, fault)]


def test_notices_and_conflicts_are_kept_in_one_order_without_repeating() -> None:
    policy = parse({**LEAST, "expiry_notices": [7, 90, 7], "conflicts": ["card_author", "same_project"]})
    assert policy.expiry_notices == (90, 7)
    assert [code.value for code in policy.conflicts] == ["same_project", "card_author"]
    assert parse({**LEAST, "expiry_notices": []}).expiry_notices == ()


def test_a_policy_from_before_says_nothing_new() -> None:
    policy = parse(LEAST)
    assert (policy.declaration_months, policy.seats_minimum, policy.circulation) == (0, 0, True)
    assert (policy.overdue_conditions.suspend_days, policy.sources) == (0, {})


def test_all_faults_come_at_once() -> None:
    with pytest.raises(PolicyError) as refused:
        parse({})
    assert {problem.path for problem in refused.value.problems} == {"quorum", "threshold", "ballot_days"}

"""Procedures as data: what a policy says about each, and the policy as it holds under one of them."""

from typing import Any

import pytest

from reviews.rules.clocks import Procedure, Term, Unit
from reviews.rules.composition import CompositionRule
from reviews.rules.policy import BoardPolicy, PolicyError, PolicyFault, as_json, parse, rules_for
from reviews.rules.procedures import DEFAULT_PROCEDURES, KEYS_OF
from reviews.rules.quorum import QuorumKind, QuorumRule
from reviews.rules.threshold import Threshold, ThresholdOf

LEAST: dict[str, Any] = {
    "quorum": {"kind": "majority_of_seats"},
    "composition": [{"at_least": 1, "any_of": ["lay"]}],
    "threshold": {"numerator": 2, "denominator": 3, "of": "present_and_eligible"},
    "ballot_days": 3,
}


def test_a_policy_without_procedures_has_the_usual_ones() -> None:
    policy = parse(LEAST)
    assert policy.procedures == DEFAULT_PROCEDURES
    assert {code: rules.term for code, rules in policy.procedures.items()} == {
        Procedure.EXEMPT: Term(3, Unit.WORKING_DAYS),
        Procedure.EXPEDITED: Term(14),
        Procedure.FULL: Term(30),
        Procedure.EMERGENCY: Term(72, Unit.HOURS),
        Procedure.EXPERT: Term(30),
    }
    assert policy.procedure(Procedure.EMERGENCY).provisional_days == 30
    assert policy.procedure(Procedure.EXPERT).panel_minimum == 5
    assert policy.procedure(Procedure.FULL).provisional_days == 0


def test_expedited_is_decided_by_its_reviewers_and_full_by_the_board() -> None:
    policy = parse(LEAST)
    expedited = rules_for(policy, "expedited")
    assert expedited.quorum == QuorumRule(QuorumKind.COUNT, count=1)
    assert expedited.composition == ()
    assert expedited.threshold == policy.threshold
    for code in ("full", "emergency", "expert", ""):
        assert rules_for(policy, code) == policy


def test_what_a_procedure_says_goes_before_what_the_board_says() -> None:
    said = {
        "emergency": {
            "quorum": {"kind": "count", "count": 3},
            "threshold": {"numerator": 3, "denominator": 4, "of": "seated_minus_recused"},
            "composition": [{"at_least": 2, "any_of": ["expert"]}],
            "ballot_days": 1,
        }
    }
    policy = parse({**LEAST, "procedures": said})
    urgent = rules_for(policy, "emergency")
    assert urgent.quorum == QuorumRule(QuorumKind.COUNT, count=3)
    assert urgent.threshold == Threshold(3, 4, of=ThresholdOf.SEATED_MINUS_RECUSED)
    assert urgent.composition == (CompositionRule(2, ("expert",)),)
    assert urgent.ballot_days == 1
    assert urgent.override == policy.override
    assert rules_for(policy, "full").ballot_days == 3
    assert parse(as_json(policy)) == policy


def test_each_procedure_is_written_with_its_settings_only() -> None:
    written = as_json(BoardPolicy())["procedures"]
    assert {Procedure(code): tuple(rules) for code, rules in written.items()} == KEYS_OF
    assert written["expedited"]["reviewers"] == 1
    assert written["expedited"]["quorum"] is None


@pytest.mark.parametrize(
    ("procedures", "path", "fault"),
    [
        ([], "procedures", PolicyFault.MISSING),
        ({"quick": {}}, "procedures.quick", PolicyFault.UNKNOWN),
        ({"full": []}, "procedures.full", PolicyFault.MISSING),
        ({"full": {"offered": False}}, "procedures.full.offered", PolicyFault.UNKNOWN),
        ({"full": {"quorum": None}}, "procedures.full.quorum", PolicyFault.UNKNOWN),
        ({"expedited": {"may_reject": True}}, "procedures.expedited.may_reject", PolicyFault.MAY_NOT_REJECT),
        ({"expedited": {"reviewers": 4}}, "procedures.expedited.reviewers", PolicyFault.OUT_OF_RANGE),
        ({"expedited": {"offered": "yes"}}, "procedures.expedited.offered", PolicyFault.NOT_TRUE_OR_FALSE),
        (
            {"emergency": {"term": {"unit": "hours"}}},
            "procedures.emergency.term.count",
            PolicyFault.MISSING,
        ),
        (
            {"emergency": {"term": {"count": 0, "unit": "hours"}}},
            "procedures.emergency.term.count",
            PolicyFault.OUT_OF_RANGE,
        ),
        (
            {"emergency": {"term": {"count": 3, "unit": "weeks"}}},
            "procedures.emergency.term.unit",
            PolicyFault.NOT_A_CHOICE,
        ),
        (
            {"emergency": {"provisional_days": 0}},
            "procedures.emergency.provisional_days",
            PolicyFault.OUT_OF_RANGE,
        ),
        (
            {"expert": {"panel_threshold": {"numerator": 1, "denominator": 2, "of": "present_and_eligible"}}},
            "procedures.expert.panel_threshold",
            PolicyFault.HALF_WOULD_PASS,
        ),
        (
            {"expert": {"composition": [{"at_least": 1, "any_of": ["wise"]}]}},
            "procedures.expert.composition.0.any_of",
            PolicyFault.NOT_A_CHOICE,
        ),
        ({"exempt": {"seconder": True}}, "procedures.exempt.seconder", PolicyFault.UNKNOWN),
    ],
)
def test_a_fault_in_a_procedure_is_named_with_its_place(
    procedures: object, path: str, fault: PolicyFault
) -> None:
    with pytest.raises(PolicyError) as refused:
        parse({**LEAST, "procedures": procedures})
    assert [(problem.path, problem.fault) for problem in refused.value.problems] == [(path, fault)]

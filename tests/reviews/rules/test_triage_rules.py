"""Versions of the rules of triage: kept and read again alike, tuned, switched off, with an organisation's own."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from imprimatur.dossier.questionnaire import Given
from records.canonical import canonical
from reviews.rules.boards_together import BoardKind
from reviews.rules.triage import Facts, Procedure, propose
from reviews.rules.triage_rules import (
    MOST_RULES,
    SHIPPED,
    Fault,
    RulesError,
    TriageRules,
    as_json,
    parse_rules,
)

OWN: dict[str, Any] = {
    "code": "own_cloud_shared", "tier": 3, "boards": ["safety"], "second_review": True, "active": True,
    "question": "cloud", "answers": ["shared"], "sentence": {"en": "It runs beside others.", "zh": "与他人共用。"},
}  # fmt: skip


def changed(code: str, **given: Any) -> dict[str, Any]:
    kept = as_json(SHIPPED)
    kept["rules"] = [rule | given if rule["code"] == code else rule for rule in kept["rules"]]
    return kept


def with_own(**over: Any) -> dict[str, Any]:
    kept = as_json(SHIPPED)
    kept["rules"].append(OWN | over)
    return kept


def asked(rules: TriageRules, channel: str = "internal", flop: str | None = None, **answers: str) -> Any:
    facts = Facts(Given(answers=dict(answers)), channel, Decimal(flop) if flop else None)
    return propose(facts, rules)


def test_what_was_kept_is_read_again_alike() -> None:
    kept = as_json(SHIPPED)
    assert parse_rules(kept) == SHIPPED
    assert canonical(as_json(parse_rules(with_own()))) == canonical(with_own())


def test_a_tuned_limit_counts_and_is_named() -> None:
    rules = parse_rules(changed("above_systemic_risk", above_flop="1e24", tier=3))
    proposal = asked(rules, flop="2e24")
    assert (proposal.tier, dict(proposal.reasons[0].values)) == (3, {"flop": "2e24", "limit": "1e24"})
    assert asked(SHIPPED, flop="2e24").tier == 1


def test_a_rule_that_is_not_in_use_finds_nothing() -> None:
    rules = parse_rules(changed("public_opinion", active=False))
    assert asked(rules, public_opinion="yes").procedure == Procedure.EXEMPT
    assert asked(SHIPPED, public_opinion="yes").procedure == Procedure.EXPERT


def test_an_own_rule_names_its_reason_in_both_languages() -> None:
    proposal = asked(parse_rules(with_own()), cloud="shared")
    assert (proposal.tier, proposal.procedure, proposal.boards) == (3, Procedure.EXPERT, (BoardKind.SAFETY,))
    assert dict(proposal.reasons[0].values) == OWN["sentence"]


@pytest.mark.parametrize(
    ("highest", "procedure"), [(0, Procedure.FULL), (1, Procedure.FULL), (2, Procedure.EXPEDITED)]
)
def test_how_grave_a_minor_change_may_be(highest: int, procedure: Procedure) -> None:
    rules = replace(SHIPPED, expedited_up_to=highest)
    assert asked(rules, channel="api", change="minor").procedure == procedure


def test_where_nothing_is_exempt_the_internal_use_gets_a_full_review() -> None:
    assert asked(replace(SHIPPED, exempts=False)).procedure == Procedure.FULL


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (changed("minors_possible", tier=5), Fault("minors_possible", "tier")),
        (changed("minors_possible", tier=True), Fault("minors_possible", "tier")),
        (changed("minors_possible", boards=[]), Fault("minors_possible", "boards")),
        (changed("minors_possible", boards=["court"]), Fault("minors_possible", "boards")),
        (changed("minors_possible", answers=[]), Fault("minors_possible", "answers")),
        (changed("minors_possible", channels=["api"]), Fault("minors_possible", "when")),
        (changed("minors_possible", question=""), Fault("minors_possible", "when")),
        (changed("open_weights", channels=["post"]), Fault("open_weights", "channels")),
        (changed("above_systemic_risk", above_flop="much"), Fault("above_systemic_risk", "above_flop")),
        (changed("above_systemic_risk", above_flop="NaN"), Fault("above_systemic_risk", "above_flop")),
        (changed("above_systemic_risk", above_flop="-1"), Fault("above_systemic_risk", "above_flop")),
        (with_own(sentence={"en": "Only in English."}), Fault("own_cloud_shared", "sentence")),
        (with_own(code="Own Rule"), Fault("Own Rule", "code")),
        (with_own(code="minors_possible"), Fault("minors_possible", "code_twice")),
        (as_json(SHIPPED) | {"expedited_up_to": 3}, Fault("", "expedited_up_to")),
        (as_json(SHIPPED) | {"exempts": "yes"}, Fault("", "exempts")),
        (as_json(SHIPPED) | {"rules": []}, Fault("", "number_of_rules")),
        (as_json(SHIPPED) | {"rules": as_json(SHIPPED)["rules"] * MOST_RULES}, Fault("", "number_of_rules")),
        ({}, Fault("", "number_of_rules")),
        ({"rules": ["a", None]}, Fault("1", "code")),
    ],
)
def test_what_is_no_rule_is_named(content: dict[str, Any], fault: Fault) -> None:
    with pytest.raises(RulesError) as caught:
        parse_rules(content)
    assert fault in caught.value.faults

"""The way that is proposed for an amendment of something approved."""

from dataclasses import replace

import pytest

from imprimatur.dossier.questionnaire import Given
from reviews.rules.boards_together import BoardKind
from reviews.rules.triage import Approved, Facts, Procedure, TriageReason, propose
from reviews.rules.triage_rules import SHIPPED

BOARDS = frozenset({BoardKind.ETHICS, BoardKind.LEGAL})
APPROVED = Approved("IMP-2026-0007", 3, BOARDS, same_files=True)


def facts(approved: Approved | None, **answers: str) -> Facts:
    return Facts(Given(answers={"personal_data": "sensitive", **answers}), "internal", None, approved)


def test_a_minor_change_of_something_approved_is_expedited_whatever_its_tier() -> None:
    proposal = propose(facts(APPROVED, change="minor"))
    assert (proposal.tier, proposal.procedure) == (3, Procedure.EXPEDITED)
    assert proposal.reasons[-1].code == TriageReason.MINOR_AMENDMENT
    assert proposal.reasons[-1].values == {"reference": "IMP-2026-0007"}


@pytest.mark.parametrize(
    "approved",
    [
        replace(APPROVED, same_files=False),
        replace(APPROVED, tier=2),
        replace(APPROVED, boards=frozenset({BoardKind.ETHICS})),
    ],
)
def test_what_is_called_minor_and_is_not_gets_a_full_review_with_the_reason(approved: Approved) -> None:
    proposal = propose(facts(approved, change="minor"))
    assert proposal.procedure == Procedure.FULL
    assert proposal.reasons[-1].code == TriageReason.AMENDS_MORE


@pytest.mark.parametrize("change", ["weights", "use", "first"])
def test_an_amendment_that_nobody_calls_minor_goes_the_usual_way(change: str) -> None:
    assert propose(facts(APPROVED, change=change)) == propose(facts(None, change=change))


def test_rules_without_a_short_way_have_none_for_amendments_either() -> None:
    rules = replace(SHIPPED, expedited_up_to=0)
    proposal = propose(facts(APPROVED, change="minor"), rules)
    assert proposal.procedure == Procedure.FULL


def test_what_experts_have_to_see_again_is_not_shortened_by_calling_it_minor() -> None:
    lower = replace(APPROVED, tier=2)
    proposal = propose(facts(lower, change="minor", public_opinion="yes"))
    assert proposal.procedure == Procedure.EXPERT


def test_a_minor_change_that_amends_nothing_stays_below_the_highest_tier_of_the_short_way() -> None:
    assert propose(facts(None, change="minor")).procedure == Procedure.FULL

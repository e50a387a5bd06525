"""By which policy a panel decides."""

from dataclasses import replace

import pytest

from reviews.rules.clocks import Procedure
from reviews.rules.composition import CompositionRule
from reviews.rules.panel_policy import appeal_policy, experts_policy
from reviews.rules.policy import BoardPolicy, as_json, parse, rules_for
from reviews.rules.quorum import QuorumKind, QuorumRule
from reviews.rules.threshold import Threshold, ThresholdOf

from .rosters import roster

BOARD = BoardPolicy(
    quorum=QuorumRule(QuorumKind.COUNT, count=7),
    composition=(CompositionRule(1, ("lay",)),),
    threshold=Threshold(3, 4),
    gates=("release-readiness",),
    validity_months=6,
)


@pytest.mark.parametrize("procedure", list(Procedure))
def test_experts_decide_with_two_thirds_of_all_of_them_whatever_the_procedure(procedure: Procedure) -> None:
    found = rules_for(experts_policy(BOARD), procedure)
    assert found.threshold == Threshold(2, 3, of=ThresholdOf.ALL_SEATED)
    people = roster("c+ m+ m+ m- m-")
    assert found.threshold.needed(found.threshold.base(people)) == 4
    assert (found.quorum.needed(5), found.composition, found.gates) == (3, (), ())


def test_a_policy_may_ask_for_more_of_the_experts_than_two_thirds() -> None:
    expert = replace(BOARD.procedure("expert"), panel_threshold=Threshold(1, 1, of=ThresholdOf.ALL_SEATED))
    board = replace(BOARD, procedures={**BOARD.procedures, Procedure.EXPERT: expert})
    assert experts_policy(board).threshold == Threshold(1, 1, of=ThresholdOf.ALL_SEATED)


@pytest.mark.parametrize("procedure", list(Procedure))
def test_an_appeal_is_decided_by_no_lower_standard_than_the_full_review(procedure: Procedure) -> None:
    found = rules_for(appeal_policy(BOARD), procedure)
    assert (found.quorum, found.composition, found.threshold) == (
        BOARD.quorum,
        BOARD.composition,
        BOARD.threshold,
    )
    assert (found.gates, found.validity_months) == (BOARD.gates, 6)


@pytest.mark.parametrize("make", [experts_policy, appeal_policy])
def test_a_panel_s_policy_is_one_that_can_be_written(make: object) -> None:
    policy = make(BOARD)  # type: ignore[operator]
    assert parse(as_json(policy)) == policy

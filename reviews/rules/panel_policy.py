"""The policy of a panel, written when it is formed from the policy of the board beside which or for which it sits.

A panel's review is of one request, so what a procedure changes for a board isn't asked of it a second time.
"""

from collections.abc import Mapping
from dataclasses import replace

from reviews.rules.clocks import Procedure
from reviews.rules.panels import APPEAL_MINIMUM
from reviews.rules.policy import BoardPolicy, ProcedureRules
from reviews.rules.policy_reading import MAJORITY_OF_SEATS
from reviews.rules.policy_sources import Source

PANEL_THRESHOLD = "procedures.expert.panel_threshold"


def experts_policy(board: BoardPolicy) -> BoardPolicy:
    """Return how an expert panel decides: with the threshold that the board's policy names for experts.

    The default is two thirds of all of them (process.md, section 4; V in part). Lists that the board waits for and the
    mixture of people that it needs are the board's; the panel is of experts, and judges after it.
    """
    rules = board.procedure(Procedure.EXPERT)
    source = board.sources.get(PANEL_THRESHOLD)
    return replace(
        board,
        quorum=MAJORITY_OF_SEATS,
        composition=(),
        threshold=rules.panel_threshold,
        gates=(),
        seats_minimum=rules.panel_minimum,
        procedures=_plain(board.procedures),
        preset="",
        sources=_named("threshold", source),
    )


def appeal_policy(board: BoardPolicy) -> BoardPolicy:
    """Return how an appeal panel decides: as the board would in full review, because the standard isn't lowered."""
    full = board.procedure(Procedure.FULL)
    return replace(
        board,
        quorum=board.quorum if full.own_quorum is None else full.own_quorum,
        composition=board.composition if full.composition is None else full.composition,
        threshold=board.threshold if full.threshold is None else full.threshold,
        seats_minimum=APPEAL_MINIMUM,
        procedures=_plain(board.procedures),
        preset="",
        sources={
            path: source for path, source in board.sources.items() if path in ("threshold", "composition")
        },
    )


def _plain(procedures: Mapping[Procedure, ProcedureRules]) -> dict[Procedure, ProcedureRules]:
    """Return the procedures without anything that would change who decides, and how."""
    return {
        code: rules
        if code == Procedure.EXEMPT
        else replace(
            rules, quorum=None, threshold=None, composition=None, ballot_days=None, reviewers=0, seconder=True
        )
        for code, rules in procedures.items()
    }


def _named(path: str, source: Source | None) -> dict[str, Source]:
    return {} if source is None else {path: source}

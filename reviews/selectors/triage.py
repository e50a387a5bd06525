"""The route that the rules propose for a request, and whether a choice departs from it."""

from collections.abc import Iterable, Sequence
from typing import Any

from reviews.models import Board, Revision, TriageRuleSet
from reviews.rules.triage import Proposal, propose
from reviews.rules.triage_rules import SHIPPED, TriageRules, parse_rules
from reviews.selectors.revisions import triage_facts_of
from reviews.selectors.triage_words import reasons_in_words

__all__ = ["as_json", "departs", "proposal_for", "proposed_boards", "reasons_in_words", "rules_in_force"]


def rules_in_force() -> tuple[int, TriageRules]:
    """Return number and content of the newest version of the rules; 0 and the shipped ones when nobody tuned them."""
    newest = TriageRuleSet.objects.first()
    return (newest.version, parse_rules(newest.content)) if newest else (0, SHIPPED)


def proposal_for(revision: Revision) -> Proposal:
    """Return what the rules in force propose for the frozen revision."""
    return propose(triage_facts_of(revision), rules_in_force()[1])


def proposed_boards(proposal: Proposal, boards: Iterable[Board]) -> list[Board]:
    """Return, in the order of the proposal, the first open board of each kind that it names."""
    by_kind: dict[str, Board] = {}
    for board in boards:
        by_kind.setdefault(board.kind, board)
    return [by_kind[kind] for kind in proposal.boards if kind in by_kind]


def as_json(proposal: Proposal) -> dict[str, Any]:
    """Return the proposal as it is kept: codes, no words."""
    return {
        "tier": proposal.tier,
        "procedure": proposal.procedure.value,
        "boards": [kind.value for kind in proposal.boards],
        "reasons": [{"code": str(reason.code), "values": dict(reason.values)} for reason in proposal.reasons],
    }


def departs(proposal: Proposal, *, tier: int, procedure: str, boards: Sequence[Board]) -> bool:
    """Say whether the choice is another one than the proposal; which board of a kind is no departure."""
    kinds = {board.kind for board in boards}
    return (tier, procedure, kinds) != (
        proposal.tier,
        proposal.procedure.value,
        {k.value for k in proposal.boards},
    )

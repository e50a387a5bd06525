"""The policy of a board: how it decides, as data that is written once and copied into each ballot."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from reviews.rules.clocks import DEFAULT_TERMS, Procedure
from reviews.rules.composition import CompositionRule
from reviews.rules.policy_reading import (
    MAJORITY_OF_SEATS,
    MORE_THAN_HALF,
    TWO_THIRDS,
    PolicyError,
    PolicyFault,
    PolicyProblem,
    Reader,
    composition_json,
    quorum_json,
    read_composition,
    read_gates,
    read_quorum,
    read_threshold,
    threshold_json,
)
from reviews.rules.policy_sources import Source, read_sources, setting_paths, sources_json
from reviews.rules.procedures import (
    DEFAULT_PROCEDURES,
    ProcedureRules,
    procedure_json,
    read_procedures,
)
from reviews.rules.quorum import QuorumRule
from reviews.rules.recusal import ConflictRule
from reviews.rules.threshold import Threshold

__all__ = [
    "MAJORITY_OF_SEATS", "MORE_THAN_HALF", "TWO_THIRDS", "BoardPolicy", "ConflictRule", "OverdueConditions",
    "PolicyError", "PolicyFault", "PolicyProblem", "ProcedureRules", "Source", "as_json", "parse", "rules_for",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class OverdueConditions:
    """What happens when a condition is late, in days after its date; 0: never."""

    escalate_days: int = 7
    suspend_days: int = 0


@dataclass(frozen=True, slots=True)
class BoardPolicy:
    """How a board decides.

    `seats_minimum`: with fewer seats no ballot opens (0: not asked for); `override` is the threshold of an override
    ballot; `ballot_days` the working days for which a ballot is open; `gates` the codes of checklists that must be
    accepted for the version before a ballot to approve opens, each with a colon and the days for which an acceptance
    counts where it grows old (`code:30`), and with `:no-critical` where an open critical finding closes the gate;
    `open_findings_block` says whether such a ballot waits until the board's findings of what must be fixed are
    resolved (no: a finding would stop a motion as a blocking position does, without its rules; P);
    `positions_hidden` hides positions from each other until the ballot closes; `circulation` allows ballots outside
    meetings; `validity_months` and `appeal_days` are what a decision of the board says by default.

    `conflicts` are the facts that recuse a member; a declaration of interests counts for `declaration_months` (0: no
    yearly one is asked for), and who has none doesn't vote where it is `declaration_required` (P: no); an approval
    is looked at again every `continuing_months` (0: never; 45 CFR 46.109(e), S: at least yearly), for which the
    requester is asked `continuing_ahead_days` before (P); `ratification_days` are working days within which the board
    ratifies a suspension (P);
    `expiry_notices` days before an approval ends (P); a question is answered in `question_days`, a submission checked
    in `completeness_days`, both working days (P).

    `procedures` holds the rules of each; `rules_for` gives the policy under one of them. `preset` is the code of the
    preset that it began as, `sources` say where a setting comes from, under its path ("quorum",
    "procedures.full.term").
    """

    seats_minimum: int = 0
    quorum: QuorumRule = MAJORITY_OF_SEATS
    composition: tuple[CompositionRule, ...] = ()
    threshold: Threshold = MORE_THAN_HALF
    override: Threshold = TWO_THIRDS
    ballot_days: int = 3
    gates: tuple[str, ...] = ()
    open_findings_block: bool = False
    positions_hidden: bool = False
    circulation: bool = True
    validity_months: int = 12
    appeal_days: int = DEFAULT_TERMS.appeal.count
    conflicts: tuple[ConflictRule, ...] = (ConflictRule.LINE_MANAGER, ConflictRule.CARD_AUTHOR)
    declaration_months: int = 0
    declaration_required: bool = False
    continuing_months: int = 6
    continuing_ahead_days: int = 30
    overdue_conditions: OverdueConditions = OverdueConditions()
    ratification_days: int = DEFAULT_TERMS.ratification.count
    expiry_notices: tuple[int, ...] = DEFAULT_TERMS.expiry_notices
    question_days: int = DEFAULT_TERMS.question.count
    completeness_days: int = DEFAULT_TERMS.completeness.count
    procedures: Mapping[Procedure, ProcedureRules] = field(default_factory=lambda: dict(DEFAULT_PROCEDURES))
    preset: str = ""
    sources: Mapping[str, Source] = field(default_factory=dict)

    def procedure(self, code: str) -> ProcedureRules:
        """Return the rules of the procedure; an empty code (the request wasn't routed yet) means the full one."""
        return self.procedures[Procedure(code or Procedure.FULL)]


LIMITS = {
    "seats_minimum": (0, 100),
    "ballot_days": (1, 60),
    "validity_months": (1, 60),
    "appeal_days": (1, 365),
    "declaration_months": (0, 60),
    "continuing_months": (0, 60),
    "continuing_ahead_days": (1, 180),
    "ratification_days": (1, 60),
    "question_days": (1, 250),
    "completeness_days": (1, 60),
}
"""The least and the largest value of each number of a policy."""
OVERDUE_LIMITS = (0, 365)
NOTICE_LIMITS = (1, 730)
NOTICES_AT_MOST = 12

KEYS = {
    "quorum", "composition", "threshold", "override", "gates", "open_findings_block", "positions_hidden",
    "circulation", "conflicts", "declaration_required", "overdue_conditions", "expiry_notices", "procedures", "preset",
    "sources", *LIMITS,
}  # fmt: skip


def rules_for(policy: BoardPolicy, procedure: str) -> BoardPolicy:
    """Return the policy as it holds under the procedure: quorum, threshold, composition and days that it names."""
    rules = policy.procedure(procedure)
    return replace(
        policy,
        quorum=policy.quorum if rules.own_quorum is None else rules.own_quorum,
        threshold=policy.threshold if rules.threshold is None else rules.threshold,
        composition=policy.composition if rules.composition is None else rules.composition,
        ballot_days=policy.ballot_days if rules.ballot_days is None else rules.ballot_days,
    )


def parse(data: Mapping[str, Any]) -> BoardPolicy:
    """Return the policy that the JSON says; raises PolicyError with all faults.

    Quorum, threshold and ballot_days must be there; the rest has defaults.
    """
    read, default = Reader(), BoardPolicy()
    read.known(data, KEYS)
    filled = {key: getattr(default, key) for key in LIMITS if key != "ballot_days"} | dict(data)
    numbers = {key: read.number(filled, key, low, high) for key, (low, high) in LIMITS.items()}
    policy = BoardPolicy(
        quorum=read_quorum(read, read.part(data, "quorum")),
        composition=read_composition(read, data),
        threshold=read_threshold(read, read.part(data, "threshold"), "threshold."),
        override=read_threshold(read, read.part(data, "override"), "override.")
        if "override" in data
        else default.override,
        gates=read_gates(read, data),
        open_findings_block=read.yes(data, "open_findings_block", default.open_findings_block),
        positions_hidden=read.yes(data, "positions_hidden", default.positions_hidden),
        circulation=read.yes(data, "circulation", default.circulation),
        conflicts=_conflicts(read, data, default.conflicts),
        declaration_required=read.yes(data, "declaration_required", default.declaration_required),
        overdue_conditions=_overdue(read, data, default.overdue_conditions),
        expiry_notices=_notices(read, data, default.expiry_notices),
        procedures=read_procedures(read, data),
        preset=read.text(data, "preset") if data.get("preset") else "",
        sources=read_sources(read, data, setting_paths()),
        **numbers,
    )
    if read.problems:
        raise PolicyError(tuple(read.problems))
    return policy


def _conflicts(
    read: Reader, data: Mapping[str, Any], default: tuple[ConflictRule, ...]
) -> tuple[ConflictRule, ...]:
    given = read.items(data, "conflicts") if "conflicts" in data else list(default)
    if not all(code in list(ConflictRule) for code in given):
        read.fault("conflicts", PolicyFault.NOT_A_CHOICE)
        return default
    return tuple(code for code in ConflictRule if code in given)


def _overdue(read: Reader, data: Mapping[str, Any], default: OverdueConditions) -> OverdueConditions:
    if "overdue_conditions" not in data:
        return default
    given, path = read.part(data, "overdue_conditions"), "overdue_conditions."
    read.known(given, {"escalate_days", "suspend_days"}, path)
    filled = {"escalate_days": default.escalate_days, "suspend_days": default.suspend_days, **given}
    return OverdueConditions(
        escalate_days=read.number(filled, "escalate_days", *OVERDUE_LIMITS, path),
        suspend_days=read.number(filled, "suspend_days", *OVERDUE_LIMITS, path),
    )


def _notices(read: Reader, data: Mapping[str, Any], default: tuple[int, ...]) -> tuple[int, ...]:
    """Read the days before the end, the longest first; none at all is allowed."""
    if "expiry_notices" not in data:
        return default
    low, high = NOTICE_LIMITS
    days = read.items(data, "expiry_notices")
    if any(isinstance(day, bool) or not isinstance(day, int) for day in days):
        read.fault("expiry_notices", PolicyFault.NOT_A_NUMBER)
    elif len(days) > NOTICES_AT_MOST or not all(low <= day <= high for day in days):
        read.fault("expiry_notices", PolicyFault.OUT_OF_RANGE)
    else:
        return tuple(sorted(set(days), reverse=True))
    return default


def as_json(policy: BoardPolicy) -> dict[str, Any]:
    """Return the policy as `parse` reads it, each key present, without floats."""
    return {
        "quorum": quorum_json(policy.quorum),
        "composition": composition_json(policy.composition),
        "threshold": threshold_json(policy.threshold),
        "override": threshold_json(policy.override),
        "gates": list(policy.gates),
        "open_findings_block": policy.open_findings_block,
        "positions_hidden": policy.positions_hidden,
        "circulation": policy.circulation,
        "conflicts": [code.value for code in policy.conflicts],
        "declaration_required": policy.declaration_required,
        "overdue_conditions": {
            "escalate_days": policy.overdue_conditions.escalate_days,
            "suspend_days": policy.overdue_conditions.suspend_days,
        },
        "expiry_notices": list(policy.expiry_notices),
        **{key: getattr(policy, key) for key in LIMITS},
        "procedures": {code.value: procedure_json(code, policy.procedures[code]) for code in Procedure},
        "preset": policy.preset,
        "sources": sources_json(policy.sources),
    }

"""The proposed route of a request: risk tier, procedure and kinds of boards, each with its reasons.

Procedures are those of process.md, section 4. The tiers and what leads to them are our own default; the secretary
confirms the proposal or departs from it with a reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from reviews.rules.boards_together import BoardKind
from reviews.rules.questionnaire import Given, codes

SYSTEMIC_RISK_FLOP = Decimal(10) ** 25
"""In floating-point operations; beyond it a model is presumed to carry systemic risk (EU AI Act, Art. 51(2))."""


class Procedure(StrEnum):
    """How a request is reviewed."""

    EXEMPT = "exempt"
    EXPEDITED = "expedited"
    FULL = "full"
    EMERGENCY = "emergency"
    EXPERT = "expert"


class TriageReason(StrEnum):
    """Why the rules propose what they propose."""

    PERSONAL_DATA = "personal_data"
    SENSITIVE_DATA = "sensitive_data"
    OPEN_WEIGHTS = "open_weights"
    ABOVE_SYSTEMIC_RISK = "above_systemic_risk"
    MINORS_POSSIBLE = "minors_possible"
    MINORS_INTENDED = "minors_intended"
    BIOMETRIC_IDENTIFY = "biometric_identify"
    BIOMETRIC_CATEGORISE = "biometric_categorise"
    PUBLIC_OPINION = "public_opinion"
    MEDICAL_INFORMATION = "medical_information"
    MEDICAL_DECISIONS = "medical_decisions"
    AUTONOMY_CONFIRMED = "autonomy_confirmed"
    AUTONOMY_ALONE = "autonomy_alone"
    REFUSALS_WEAKER = "refusals_weaker"
    EXTERNAL_USERS = "external_users"
    MINOR_CHANGE = "minor_change"
    INTERNAL_ONLY = "internal_only"
    NOTHING_FOUND = "nothing_found"


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason with the values that its sentence names, for example the training compute in FLOP."""

    code: TriageReason
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Facts:
    """What triage looks at: the dossier, the channel of the version, and its training compute in FLOP."""

    given: Given
    channel: str
    training_compute_flop: Decimal | None = None

    def says(self, question: str, *wanted: str) -> bool:
        """Say whether the answer to the question is one of these codes."""
        return bool(codes(self.given.answers.get(question)) & set(wanted))


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the rules propose; `boards` in the order in which they are named, the first one leads."""

    tier: int
    procedure: Procedure
    boards: tuple[BoardKind, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class _Finding:
    tier: int
    boards: frozenset[BoardKind]
    second_review: bool = False


_ETHICS, _LEGAL, _SAFETY = BoardKind.ETHICS, BoardKind.LEGAL, BoardKind.SAFETY

TIERS = (1, 2, 3, 4)
"""Risk tiers: low, medium, high, highest."""

FINDINGS: dict[TriageReason, _Finding] = {
    TriageReason.PERSONAL_DATA: _Finding(2, frozenset({_ETHICS, _LEGAL})),
    TriageReason.SENSITIVE_DATA: _Finding(3, frozenset({_ETHICS, _LEGAL})),
    TriageReason.OPEN_WEIGHTS: _Finding(3, frozenset({_ETHICS, _SAFETY, _LEGAL})),
    TriageReason.ABOVE_SYSTEMIC_RISK: _Finding(4, frozenset({_ETHICS, _SAFETY, _LEGAL})),
    TriageReason.MINORS_POSSIBLE: _Finding(2, frozenset({_ETHICS})),
    TriageReason.MINORS_INTENDED: _Finding(3, frozenset({_ETHICS, _LEGAL})),
    TriageReason.BIOMETRIC_IDENTIFY: _Finding(4, frozenset({_ETHICS, _LEGAL})),
    TriageReason.BIOMETRIC_CATEGORISE: _Finding(3, frozenset({_ETHICS, _LEGAL})),
    TriageReason.PUBLIC_OPINION: _Finding(4, frozenset({_ETHICS, _SAFETY}), second_review=True),
    TriageReason.MEDICAL_INFORMATION: _Finding(2, frozenset({_ETHICS})),
    TriageReason.MEDICAL_DECISIONS: _Finding(4, frozenset({_ETHICS, _SAFETY, _LEGAL})),
    TriageReason.AUTONOMY_CONFIRMED: _Finding(2, frozenset({_SAFETY})),
    TriageReason.AUTONOMY_ALONE: _Finding(4, frozenset({_ETHICS, _SAFETY}), second_review=True),
    TriageReason.REFUSALS_WEAKER: _Finding(3, frozenset({_SAFETY})),
    TriageReason.EXTERNAL_USERS: _Finding(2, frozenset({_ETHICS})),
}
"""What each finding asks for: the least tier, the kinds of boards, and whether experts review it a second time."""

ORDER = (BoardKind.ETHICS, BoardKind.SAFETY, BoardKind.LEGAL)


def propose(facts: Facts) -> Proposal:
    """Return the route that the rules propose.

    The tier is the highest that a finding asks for. Nothing found and used internally only: exempt, unless weights or
    use have changed. A minor change of something approved, at tier 2 at most: expedited. Otherwise full, with a second
    review by experts where an activity is on the list.
    """
    found = findings(facts)
    asked = [FINDINGS[reason.code] for reason in found]
    tier = max((finding.tier for finding in asked), default=1)
    procedure, why = _procedure(facts, tier, any(finding.second_review for finding in asked), bool(found))
    wanted = frozenset[BoardKind]().union(*(finding.boards for finding in asked)) or frozenset({_ETHICS})
    return Proposal(tier, procedure, tuple(kind for kind in ORDER if kind in wanted), (*found, *why))


def findings(facts: Facts) -> tuple[Reason, ...]:
    """Return what was found in dossier and version, the gravest kinds of one matter only."""
    flop = facts.training_compute_flop
    checks: list[tuple[bool, Reason]] = [
        (facts.says("personal_data", "sensitive"), Reason(TriageReason.SENSITIVE_DATA)),
        (facts.says("personal_data", "pseudonymised", "personal"), Reason(TriageReason.PERSONAL_DATA)),
        (facts.channel == "open_weights", Reason(TriageReason.OPEN_WEIGHTS)),
        (
            flop is not None and flop > SYSTEMIC_RISK_FLOP,
            Reason(TriageReason.ABOVE_SYSTEMIC_RISK, {"flop": scientific(flop or Decimal(0))}),
        ),
        (facts.says("minors", "intended"), Reason(TriageReason.MINORS_INTENDED)),
        (facts.says("minors", "possible"), Reason(TriageReason.MINORS_POSSIBLE)),
        (facts.says("biometric", "identify"), Reason(TriageReason.BIOMETRIC_IDENTIFY)),
        (facts.says("biometric", "categorise"), Reason(TriageReason.BIOMETRIC_CATEGORISE)),
        (facts.says("public_opinion", "yes"), Reason(TriageReason.PUBLIC_OPINION)),
        (facts.says("medical_use", "decisions"), Reason(TriageReason.MEDICAL_DECISIONS)),
        (facts.says("medical_use", "information"), Reason(TriageReason.MEDICAL_INFORMATION)),
        (facts.says("autonomy", "alone"), Reason(TriageReason.AUTONOMY_ALONE)),
        (facts.says("autonomy", "confirmed"), Reason(TriageReason.AUTONOMY_CONFIRMED)),
        (facts.says("refusals", "weaker"), Reason(TriageReason.REFUSALS_WEAKER)),
        (facts.channel in {"api", "device"}, Reason(TriageReason.EXTERNAL_USERS)),
    ]
    return tuple(reason for holds, reason in checks if holds)


def _procedure(
    facts: Facts, tier: int, second_review: bool, found: bool
) -> tuple[Procedure, tuple[Reason, ...]]:
    if second_review:
        return Procedure.EXPERT, ()
    if not found and facts.channel == "internal" and not facts.says("change", "weights", "use"):
        return Procedure.EXEMPT, (Reason(TriageReason.INTERNAL_ONLY),)
    if tier <= 2 and facts.says("change", "minor"):
        return Procedure.EXPEDITED, (Reason(TriageReason.MINOR_CHANGE),)
    return Procedure.FULL, () if found else (Reason(TriageReason.NOTHING_FOUND),)


def scientific(number: Decimal) -> str:
    """Return a large number as people write it, "3.1e25", exact to two places."""
    if number == 0:
        return "0"
    mantissa, _, exponent = f"{number:.2e}".partition("e")
    return f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}"

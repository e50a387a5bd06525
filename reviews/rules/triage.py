"""The proposed route of a request: risk tier, procedure and kinds of boards, each with its reasons.

Procedures are those of process.md, section 4. What leads to which tier is said by the rules of `triage_rules.py`, in
the version that is in force; the secretary confirms the proposal or departs from it with a reason.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from imprimatur.dossier.questionnaire import Given, codes
from reviews.rules.boards_together import BoardKind
from reviews.rules.triage_rules import SHIPPED, TriageRule, TriageRules


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
    MINOR_AMENDMENT = "minor_amendment"
    AMENDS_MORE = "amends_more"
    INTERNAL_ONLY = "internal_only"
    NOTHING_FOUND = "nothing_found"


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason with the values that its sentence names, for example the training compute in FLOP.

    `code` is a TriageReason or that of an organisation's own rule, whose sentence is then in `values` (en, zh).
    """

    code: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Approved:
    """What an amendment changes: the approved request with its route; whether the files of the model are the same."""

    reference: str
    tier: int
    boards: frozenset[BoardKind]
    same_files: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """What triage looks at: the dossier, the channel of the version, and its training compute in FLOP.

    `amends`: what was approved, for an amendment of it.
    """

    given: Given
    channel: str
    training_compute_flop: Decimal | None = None
    amends: Approved | None = None

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


ORDER = (BoardKind.ETHICS, BoardKind.SAFETY, BoardKind.LEGAL)


def propose(facts: Facts, rules: TriageRules = SHIPPED) -> Proposal:
    """Return the route that the rules propose.

    The tier is the highest that a rule asks for. Nothing found and used internally only: exempt, unless weights or
    use have changed. A minor change of something approved, up to the tier that the rules name: expedited. Otherwise
    full, with a second review by experts where an activity is on the list. An amendment that changes little of what
    was approved is expedited whatever its tier, because the approval was reviewed at that tier (P).
    """
    asked = [rule for rule in rules.rules if rule.active and holds(rule, facts)]
    tier = max((rule.tier for rule in asked), default=1)
    wanted = frozenset[BoardKind]().union(*(rule.boards for rule in asked)) or frozenset({BoardKind.ETHICS})
    procedure, why = _route(facts, rules, tier, asked, wanted)
    found = tuple(_reason(rule, facts) for rule in asked)
    return Proposal(tier, procedure, tuple(kind for kind in ORDER if kind in wanted), (*found, *why))


def holds(rule: TriageRule, facts: Facts) -> bool:
    """Say whether what the rule looks at is so."""
    if rule.question:
        return facts.says(rule.question, *rule.answers)
    if rule.above_flop is not None:
        flop = facts.training_compute_flop
        return flop is not None and flop > rule.above_flop
    return facts.channel in rule.channels


def _reason(rule: TriageRule, facts: Facts) -> Reason:
    if rule.sentence:
        return Reason(rule.code, {"en": rule.sentence.en, "zh": rule.sentence.zh})
    if rule.above_flop is not None:
        flop = facts.training_compute_flop or Decimal(0)
        return Reason(rule.code, {"flop": scientific(flop), "limit": scientific(rule.above_flop)})
    return Reason(rule.code)


def _route(
    facts: Facts, rules: TriageRules, tier: int, found: Sequence[TriageRule], boards: frozenset[BoardKind]
) -> tuple[Procedure, tuple[Reason, ...]]:
    """Return the procedure; a minor change of something approved goes the short way (45 CFR 46.110(b)).

    It is one when the requester calls it minor, the model's files are those that were approved, and the rules ask for
    no higher tier and no further board. What is called minor and isn't never goes the short way, and that is a reason.
    """
    procedure, why = _procedure(facts, rules, tier, found)
    approved = facts.amends
    if approved is None or procedure == Procedure.EXEMPT or not facts.says("change", "minor"):
        return procedure, why
    values = {"reference": approved.reference}
    same = approved.same_files and tier <= approved.tier and boards <= approved.boards
    if same and rules.expedited_up_to:
        return Procedure.EXPEDITED, (Reason(TriageReason.MINOR_AMENDMENT, values),)
    kept = Procedure.FULL if procedure == Procedure.EXPEDITED else procedure
    return kept, why if same else (Reason(TriageReason.AMENDS_MORE, values),)


def _procedure(
    facts: Facts, rules: TriageRules, tier: int, found: Sequence[TriageRule]
) -> tuple[Procedure, tuple[Reason, ...]]:
    if any(rule.second_review for rule in found):
        return Procedure.EXPERT, ()
    internal = facts.channel == "internal" and not facts.says("change", "weights", "use")
    if rules.exempts and not found and internal:
        return Procedure.EXEMPT, (Reason(TriageReason.INTERNAL_ONLY),)
    if tier <= rules.expedited_up_to and facts.says("change", "minor"):
        return Procedure.EXPEDITED, (Reason(TriageReason.MINOR_CHANGE),)
    return Procedure.FULL, () if found else (Reason(TriageReason.NOTHING_FOUND),)


def scientific(number: Decimal) -> str:
    """Return a large number as people write it, "3.1e25", exact to two places."""
    if number == 0:
        return "0"
    mantissa, _, exponent = f"{number:.2e}".partition("e")
    return f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}"

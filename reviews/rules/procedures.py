"""Procedures as data: by which rules a request is decided that is exempt, expedited, full, urgent or for experts.

What a procedure doesn't say is said by the board's policy. All figures are settings with defaults (process.md,
section 4).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from reviews.rules.clocks import DEFAULT_TERMS, Procedure, Term, term_of
from reviews.rules.composition import CompositionRule
from reviews.rules.policy_reading import (
    PolicyFault,
    Reader,
    composition_json,
    quorum_json,
    read_composition,
    read_quorum,
    read_term,
    read_threshold,
    term_json,
    threshold_json,
)
from reviews.rules.quorum import QuorumKind, QuorumRule
from reviews.rules.threshold import Threshold, ThresholdOf

REVIEWERS_AT_MOST = 3
"""The two readers of a board's review, and its chair."""
TWO_THIRDS_OF_ALL = Threshold(2, 3, of=ThresholdOf.ALL_SEATED)


@dataclass(frozen=True, slots=True)
class ProcedureRules:
    """How a board decides under one procedure.

    `offered`: whether a request may be routed to the board under it; `term`: how long a decision may take;
    `quorum`, `threshold`, `composition`, `ballot_days` (working days): None means that the board's own hold;
    `may_reject`: whether a motion to reject is in order; `seconder`: whether a motion needs one;
    `reviewers`: so many members decide for the board, 0 means that the board does (45 CFR 46.110: one or more
    experienced members); `provisional_days`: the approval is provisional, and a full review is over within so many
    days, 0 means that it is final; `panel_minimum`: so many outside experts review once more, 0 means none, and
    `panel_threshold` is what their vote needs.
    """

    offered: bool = True
    term: Term = DEFAULT_TERMS.full
    quorum: QuorumRule | None = None
    threshold: Threshold | None = None
    composition: tuple[CompositionRule, ...] | None = None
    ballot_days: int | None = None
    may_reject: bool = True
    seconder: bool = True
    reviewers: int = 0
    provisional_days: int = 0
    panel_minimum: int = 0
    panel_threshold: Threshold = TWO_THIRDS_OF_ALL

    @property
    def own_quorum(self) -> QuorumRule | None:
        """Return the quorum that the procedure asks for: its own, or that all its reviewers are there."""
        if self.quorum is None and self.reviewers:
            return QuorumRule(QuorumKind.COUNT, count=self.reviewers)
        return self.quorum


def _default(procedure: Procedure) -> ProcedureRules:
    rules = ProcedureRules(term=term_of(procedure))
    if procedure == Procedure.EXEMPT:
        return replace(rules, may_reject=False, seconder=False)
    if procedure == Procedure.EXPEDITED:
        return replace(rules, composition=(), may_reject=False, seconder=False, reviewers=1)
    if procedure == Procedure.EMERGENCY:
        return replace(rules, provisional_days=DEFAULT_TERMS.provisional.count)
    if procedure == Procedure.EXPERT:
        return replace(rules, panel_minimum=5)
    return rules


DEFAULT_PROCEDURES: Mapping[Procedure, ProcedureRules] = {code: _default(code) for code in Procedure}
"""Process.md, section 4, as defaults."""

_OWN = ("quorum", "threshold", "composition", "ballot_days")
_COMMON = ("offered", "term", *_OWN, "may_reject", "seconder")
KEYS_OF: Mapping[Procedure, tuple[str, ...]] = {
    Procedure.EXEMPT: ("offered", "term"),
    Procedure.EXPEDITED: ("offered", "term", "reviewers", *_OWN, "may_reject", "seconder"),
    Procedure.FULL: ("term", "may_reject", "seconder"),
    Procedure.EMERGENCY: (*_COMMON, "provisional_days"),
    Procedure.EXPERT: (*_COMMON, "panel_minimum", "panel_threshold"),
}
"""What a policy says about each procedure. The full one has the quorum and the threshold of the board itself; an exempt
request is not voted on.
"""

NEVER_REJECT = frozenset({Procedure.EXEMPT, Procedure.EXPEDITED})
"""An expedited review may not reject (45 CFR 46.110); an exempt request isn't voted on at all."""


def read_procedures(read: Reader, data: Mapping[str, Any]) -> dict[Procedure, ProcedureRules]:
    """Read the rules of all procedures; one that is missing, or a key of it, has its default."""
    given = data.get("procedures", {})
    if not isinstance(given, Mapping):
        read.fault("procedures", PolicyFault.MISSING)
        given = {}
    read.known(given, {code.value for code in Procedure}, "procedures.")
    found = {code: _read(read, given, code) for code in Procedure}
    if not found[Procedure.FULL].offered:
        read.fault("procedures.full.offered", PolicyFault.ALWAYS_OFFERED)
    for code in NEVER_REJECT:
        if found[code].may_reject:
            read.fault(f"procedures.{code}.may_reject", PolicyFault.MAY_NOT_REJECT)
    return found


def _read(read: Reader, given: Mapping[str, Any], code: Procedure) -> ProcedureRules:
    default, path = DEFAULT_PROCEDURES[code], f"procedures.{code}."
    if code.value not in given:
        return default
    data = read.part(given, code.value, "procedures.")
    read.known(data, set(KEYS_OF[code]), path)
    values: dict[str, Any] = {key: _value(read, data, key, path) for key in KEYS_OF[code] if key in data}
    return replace(default, **values)


def _value(read: Reader, data: Mapping[str, Any], key: str, path: str) -> object:
    """Read one value; null where the board's own rule holds."""
    if key in _OWN and data[key] is None:
        return None
    here = f"{path}{key}."
    match key:
        case "term":
            return read_term(read, read.part(data, key, path), here)
        case "quorum":
            return read_quorum(read, read.part(data, key, path), here)
        case "threshold" | "panel_threshold":
            return read_threshold(read, read.part(data, key, path), here)
        case "composition":
            return read_composition(read, data, path)
        case "offered" | "may_reject" | "seconder":
            return read.yes(data, key, True, path)
    return read.number(data, key, *NUMBERS[key], path)


NUMBERS = {
    "ballot_days": (1, 60),
    "reviewers": (0, REVIEWERS_AT_MOST),
    "provisional_days": (1, 365),
    "panel_minimum": (1, 50),
}
"""The least and the largest value of each number of a procedure."""


def procedure_json(code: Procedure, rules: ProcedureRules) -> dict[str, Any]:
    """Return the rules of the procedure as they are read, each of its keys present."""
    return {key: _json(getattr(rules, key)) for key in KEYS_OF[code]}


def _json(value: object) -> object:
    match value:
        case Term():
            return term_json(value)
        case QuorumRule():
            return quorum_json(value)
        case Threshold():
            return threshold_json(value)
        case tuple():
            return composition_json(value)
    return value

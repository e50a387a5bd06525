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

TWO_THIRDS_OF_ALL = Threshold(2, 3, of=ThresholdOf.SEATED_MINUS_RECUSED)


@dataclass(frozen=True, slots=True)
class ProcedureRules:
    """How a board decides under one procedure.

    `offered`: whether a request may be routed to the board under it; `term`: how long a decision may take;
    `quorum`, `threshold`, `composition`, `ballot_days` (working days): None means that the board's own hold;
    `may_reject`: whether a motion to reject is in order; `seconder`: whether a motion needs one;
    `reviewers`: so many members decide for the board, 0 means that the board does (45 CFR 46.110(b): one or more
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

PROCEDURE_KEYS = (
    "offered", "term", "quorum", "threshold", "composition", "ballot_days", "may_reject", "seconder", "reviewers",
    "provisional_days", "panel_minimum", "panel_threshold",
)  # fmt: skip

NEVER_REJECT = frozenset({Procedure.EXEMPT, Procedure.EXPEDITED})
"""An expedited review may not reject (45 CFR 46.110(b)); an exempt request isn't voted on at all."""


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
    data = procedure_json(default) | dict(read.part(given, code.value, "procedures."))
    read.known(data, set(PROCEDURE_KEYS), path)
    days = data["ballot_days"]
    return ProcedureRules(
        offered=read.yes(data, "offered", default.offered, path),
        term=read_term(read, read.part(data, "term", path), f"{path}term."),
        quorum=None
        if data["quorum"] is None
        else read_quorum(read, read.part(data, "quorum", path), f"{path}quorum."),
        threshold=None
        if data["threshold"] is None
        else read_threshold(read, read.part(data, "threshold", path), f"{path}threshold."),
        composition=None if data["composition"] is None else read_composition(read, data, path),
        ballot_days=None if days is None else read.number(data, "ballot_days", 1, 60, path),
        may_reject=read.yes(data, "may_reject", default.may_reject, path),
        seconder=read.yes(data, "seconder", default.seconder, path),
        reviewers=read.number(data, "reviewers", 0, 50, path),
        provisional_days=read.number(data, "provisional_days", 0, 365, path),
        panel_minimum=read.number(data, "panel_minimum", 0, 50, path),
        panel_threshold=read_threshold(
            read, read.part(data, "panel_threshold", path), f"{path}panel_threshold."
        ),
    )


def procedure_json(rules: ProcedureRules) -> dict[str, Any]:
    """Return the rules of a procedure as they are read, each key present; null where the board's own hold."""
    return {
        "offered": rules.offered,
        "term": term_json(rules.term),
        "quorum": None if rules.quorum is None else quorum_json(rules.quorum),
        "threshold": None if rules.threshold is None else threshold_json(rules.threshold),
        "composition": None if rules.composition is None else composition_json(rules.composition),
        "ballot_days": rules.ballot_days,
        "may_reject": rules.may_reject,
        "seconder": rules.seconder,
        "reviewers": rules.reviewers,
        "provisional_days": rules.provisional_days,
        "panel_minimum": rules.panel_minimum,
        "panel_threshold": threshold_json(rules.panel_threshold),
    }

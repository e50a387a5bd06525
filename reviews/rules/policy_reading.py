"""Reading a policy from JSON: each value within its limits, and every fault with its place at once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from reviews.rules.clocks import Term, Unit
from reviews.rules.composition import CompositionRule
from reviews.rules.quorum import QuorumKind, QuorumRule
from reviews.rules.roster import SeatAttribute
from reviews.rules.threshold import Threshold, ThresholdOf


class PolicyFault(StrEnum):
    """What is wrong at a place of a policy."""

    MISSING = "missing"
    UNKNOWN = "unknown"
    NOT_A_NUMBER = "not_a_number"
    OUT_OF_RANGE = "out_of_range"
    NOT_A_CHOICE = "not_a_choice"
    NOT_A_LIST = "not_a_list"
    NOT_TRUE_OR_FALSE = "not_true_or_false"
    NOT_A_TEXT = "not_a_text"
    HALF_WOULD_PASS = "half_would_pass"  # noqa: S105 -- a fault, no password
    ALWAYS_OFFERED = "always_offered"
    MAY_NOT_REJECT = "may_not_reject"


@dataclass(frozen=True, slots=True)
class PolicyProblem:
    """A fault and where: "threshold.of", "composition.0.at_least", "procedures.expedited.term.count"."""

    path: str
    fault: PolicyFault


class PolicyError(ValueError):
    """The data are no policy; `problems` names every fault."""

    def __init__(self, problems: tuple[PolicyProblem, ...]) -> None:
        super().__init__("; ".join(f"{problem.path}: {problem.fault}" for problem in problems))
        self.problems = problems


MAJORITY_OF_SEATS = QuorumRule(QuorumKind.MAJORITY)
MORE_THAN_HALF = Threshold(1, 2, strict=True)
TWO_THIRDS = Threshold(2, 3)
LONGEST = {Unit.HOURS: 8760, Unit.DAYS: 730, Unit.WORKING_DAYS: 500}
"""The longest term in each unit."""


class Reader:
    """Reads a mapping and keeps every fault that it finds."""

    def __init__(self) -> None:
        self.problems: list[PolicyProblem] = []

    def fault(self, path: str, fault: PolicyFault) -> None:
        """Keep a fault at the path; a dot at its end is left out."""
        self.problems.append(PolicyProblem(path.rstrip("."), fault))

    def known(self, data: Mapping[str, Any], keys: set[str], path: str = "") -> None:
        """Keep a fault for each key that is none of these."""
        for key in sorted(set(data) - keys):
            self.fault(f"{path}{key}", PolicyFault.UNKNOWN)

    def part(self, data: Mapping[str, Any], key: str, path: str = "") -> Mapping[str, Any]:
        """Return the mapping under the key, or an empty one with a fault."""
        value = data.get(key)
        if isinstance(value, Mapping):
            return value
        self.fault(f"{path}{key}", PolicyFault.MISSING)
        return {}

    def number(self, data: Mapping[str, Any], key: str, low: int, high: int, path: str = "") -> int:
        """Return the whole number under the key, `low` with a fault where it is none or not within the limits."""
        value = data.get(key)
        if value is None:
            self.fault(f"{path}{key}", PolicyFault.MISSING)
        elif isinstance(value, bool) or not isinstance(value, int):
            self.fault(f"{path}{key}", PolicyFault.NOT_A_NUMBER)
        elif not low <= value <= high:
            self.fault(f"{path}{key}", PolicyFault.OUT_OF_RANGE)
        else:
            return value
        return low

    def yes(self, data: Mapping[str, Any], key: str, default: bool, path: str = "") -> bool:
        """Return whether the key says true; the default where it is missing."""
        value = data.get(key, default)
        if isinstance(value, bool):
            return value
        self.fault(f"{path}{key}", PolicyFault.NOT_TRUE_OR_FALSE)
        return default

    def choice(self, data: Mapping[str, Any], key: str, choices: type[StrEnum], path: str = "") -> str:
        """Return the code under the key, the first choice with a fault where it is none of them."""
        value = data.get(key)
        if value in list(choices):
            return str(value)
        fault = PolicyFault.MISSING if value is None else PolicyFault.NOT_A_CHOICE
        self.fault(f"{path}{key}", fault)
        return next(iter(choices)).value

    def items(self, data: Mapping[str, Any], key: str, path: str = "") -> list[Any]:
        """Return the list under the key, empty where it is missing."""
        value = data.get(key, [])
        if isinstance(value, list | tuple):
            return list(value)
        self.fault(f"{path}{key}", PolicyFault.NOT_A_LIST)
        return []

    def text(self, data: Mapping[str, Any], key: str, path: str = "") -> str:
        """Return the text under the key, which isn't empty."""
        value = data.get(key)
        if isinstance(value, str) and value.strip():
            return value.strip()
        self.fault(f"{path}{key}", PolicyFault.MISSING if value in (None, "") else PolicyFault.NOT_A_TEXT)
        return ""


def read_quorum(read: Reader, data: Mapping[str, Any], path: str = "quorum.") -> QuorumRule:
    """Read the rule of quorum; only the fields of its kind are looked at."""
    if not data:
        return MAJORITY_OF_SEATS
    kind = QuorumKind(read.choice(data, "kind", QuorumKind, path))
    read.known(data, {"kind", "count", "numerator", "denominator"}, path)
    if kind == QuorumKind.COUNT:
        return QuorumRule(kind, count=read.number(data, "count", 1, 1000, path))
    if kind == QuorumKind.FRACTION:
        denominator = read.number(data, "denominator", 1, 1000, path)
        numerator = read.number(data, "numerator", 1, denominator, path)
        return QuorumRule(kind, numerator=numerator, denominator=denominator)
    return QuorumRule(kind)


def read_composition(read: Reader, data: Mapping[str, Any], path: str = "") -> tuple[CompositionRule, ...]:
    """Read the list of rules on who must be present, under "composition"."""
    rules = []
    for index, item in enumerate(read.items(data, "composition", path)):
        here = f"{path}composition.{index}."
        if not isinstance(item, Mapping):
            read.fault(here, PolicyFault.MISSING)
            continue
        read.known(item, {"at_least", "any_of"}, here)
        any_of = read.items(item, "any_of", here)
        if not any_of:
            read.fault(f"{here}any_of", PolicyFault.MISSING)
        elif not all(attribute in list(SeatAttribute) for attribute in any_of):
            read.fault(f"{here}any_of", PolicyFault.NOT_A_CHOICE)
        rules.append(CompositionRule(read.number(item, "at_least", 1, 100, here), tuple(map(str, any_of))))
    return tuple(rules)


def read_threshold(read: Reader, data: Mapping[str, Any], path: str) -> Threshold:
    """Read a threshold; one by which half would pass is refused, because a tie fails."""
    if not data:
        return MORE_THAN_HALF
    read.known(data, {"numerator", "denominator", "strict", "of"}, path)
    denominator = read.number(data, "denominator", 1, 1000, path)
    rule = Threshold(
        numerator=read.number(data, "numerator", 1, denominator, path),
        denominator=denominator,
        strict=read.yes(data, "strict", False, path),
        of=ThresholdOf(read.choice(data, "of", ThresholdOf, path)),
    )
    if not rule.is_sound:
        read.fault(path, PolicyFault.HALF_WOULD_PASS)
    return rule


def read_term(read: Reader, data: Mapping[str, Any], path: str) -> Term:
    """Read how long something may take: at least one hour or day, at most `LONGEST`."""
    read.known(data, {"count", "unit"}, path)
    unit = Unit(read.choice(data, "unit", Unit, path))
    return Term(read.number(data, "count", 1, LONGEST[unit], path), unit)


_GATE = re.compile(r"[A-Za-z0-9_-]+(:[1-9][0-9]{0,3})?(:no-critical)?")


def read_gates(read: Reader, data: Mapping[str, Any]) -> tuple[str, ...]:
    """Read the codes of checklists, with the days for which an acceptance counts."""
    gates = read.items(data, "gates")
    if not all(isinstance(gate, str) and _GATE.fullmatch(gate) for gate in gates):
        read.fault("gates", PolicyFault.NOT_A_CHOICE)
        return ()
    return tuple(dict.fromkeys(gates))


def quorum_json(rule: QuorumRule) -> dict[str, Any]:
    """Return a rule of quorum as `read_quorum` reads it."""
    quorum: dict[str, Any] = {"kind": rule.kind.value}
    if rule.kind == QuorumKind.COUNT:
        quorum["count"] = rule.count
    elif rule.kind == QuorumKind.FRACTION:
        quorum |= {"numerator": rule.numerator, "denominator": rule.denominator}
    return quorum


def threshold_json(rule: Threshold) -> dict[str, Any]:
    """Return a threshold as `read_threshold` reads it."""
    return {
        "numerator": rule.numerator,
        "denominator": rule.denominator,
        "strict": rule.strict,
        "of": rule.of.value,
    }


def composition_json(rules: tuple[CompositionRule, ...]) -> list[dict[str, Any]]:
    """Return the rules on who must be present as `read_composition` reads them."""
    return [{"at_least": rule.at_least, "any_of": list(rule.any_of)} for rule in rules]


def term_json(term: Term) -> dict[str, Any]:
    """Return a term as `read_term` reads it."""
    return {"count": term.count, "unit": term.unit.value}

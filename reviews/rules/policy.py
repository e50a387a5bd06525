"""The policy of a board: how it decides, as data that is written once and copied into each ballot."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

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
    HALF_WOULD_PASS = "half_would_pass"  # noqa: S105 -- a fault, no password


@dataclass(frozen=True, slots=True)
class PolicyProblem:
    """A fault and where: "threshold.of", "composition.0.at_least"."""

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


@dataclass(frozen=True, slots=True)
class BoardPolicy:
    """How a board decides.

    `override` is the threshold of an override ballot; `ballot_days` the working days for which a ballot is
    open; `gates` the codes of checklists that must be accepted for the version before a ballot to approve
    opens, each with a colon and the days for which an acceptance counts where it grows old (`code:30`), and with
    `:no-critical` where an open critical finding closes the gate;
    `open_findings_block` says whether such a ballot waits until the board's findings of what must be fixed
    are resolved (no: a finding would stop a motion as a blocking position does, without its rules; P);
    `positions_hidden` hides positions from each other until the ballot closes; `validity_months` and
    `appeal_days` are what a decision of the board says by default.
    """

    quorum: QuorumRule = MAJORITY_OF_SEATS
    composition: tuple[CompositionRule, ...] = ()
    threshold: Threshold = MORE_THAN_HALF
    override: Threshold = TWO_THIRDS
    ballot_days: int = 3
    gates: tuple[str, ...] = ()
    open_findings_block: bool = False
    positions_hidden: bool = False
    validity_months: int = 12
    appeal_days: int = 28


class _Reader:
    """Reads a mapping and keeps every fault that it finds."""

    def __init__(self) -> None:
        self.problems: list[PolicyProblem] = []

    def fault(self, path: str, fault: PolicyFault) -> None:
        self.problems.append(PolicyProblem(path, fault))

    def known(self, data: Mapping[str, Any], keys: set[str], path: str = "") -> None:
        for key in sorted(set(data) - keys):
            self.fault(f"{path}{key}", PolicyFault.UNKNOWN)

    def part(self, data: Mapping[str, Any], key: str, path: str = "") -> Mapping[str, Any]:
        value = data.get(key)
        if isinstance(value, Mapping):
            return value
        self.fault(f"{path}{key}", PolicyFault.MISSING)
        return {}

    def number(self, data: Mapping[str, Any], key: str, low: int, high: int, path: str = "") -> int:
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
        value = data.get(key, default)
        if isinstance(value, bool):
            return value
        self.fault(f"{path}{key}", PolicyFault.NOT_TRUE_OR_FALSE)
        return default

    def choice(self, data: Mapping[str, Any], key: str, choices: type[StrEnum], path: str = "") -> str:
        value = data.get(key)
        if value in list(choices):
            return str(value)
        fault = PolicyFault.MISSING if value is None else PolicyFault.NOT_A_CHOICE
        self.fault(f"{path}{key}", fault)
        return next(iter(choices)).value

    def items(self, data: Mapping[str, Any], key: str, path: str = "") -> list[Any]:
        value = data.get(key, [])
        if isinstance(value, list | tuple):
            return list(value)
        self.fault(f"{path}{key}", PolicyFault.NOT_A_LIST)
        return []


_KEYS = {
    "quorum", "composition", "threshold", "override", "ballot_days", "gates", "open_findings_block",
    "positions_hidden", "validity_months", "appeal_days",
}  # fmt: skip


def parse(data: Mapping[str, Any]) -> BoardPolicy:
    """Return the policy that the JSON says; raises PolicyError with all faults.

    Quorum, threshold and ballot_days must be there; the rest has defaults.
    """
    read = _Reader()
    read.known(data, _KEYS)
    default = BoardPolicy()
    filled = {"validity_months": default.validity_months, "appeal_days": default.appeal_days, **data}
    policy = BoardPolicy(
        quorum=_quorum(read, read.part(data, "quorum")),
        composition=_composition(read, data),
        threshold=_threshold(read, read.part(data, "threshold"), "threshold."),
        override=_threshold(read, read.part(data, "override"), "override.")
        if "override" in data
        else default.override,
        ballot_days=read.number(data, "ballot_days", 1, 60),
        gates=_gates(read, data),
        open_findings_block=read.yes(data, "open_findings_block", default.open_findings_block),
        positions_hidden=read.yes(data, "positions_hidden", default.positions_hidden),
        validity_months=read.number(filled, "validity_months", 1, 60),
        appeal_days=read.number(filled, "appeal_days", 1, 365),
    )
    if read.problems:
        raise PolicyError(tuple(read.problems))
    return policy


def _quorum(read: _Reader, data: Mapping[str, Any]) -> QuorumRule:
    """Read the rule of quorum; only the fields of its kind are looked at."""
    if not data:
        return MAJORITY_OF_SEATS
    kind = QuorumKind(read.choice(data, "kind", QuorumKind, "quorum."))
    read.known(data, {"kind", "count", "numerator", "denominator"}, "quorum.")
    if kind == QuorumKind.COUNT:
        return QuorumRule(kind, count=read.number(data, "count", 1, 1000, "quorum."))
    if kind == QuorumKind.FRACTION:
        denominator = read.number(data, "denominator", 1, 1000, "quorum.")
        numerator = read.number(data, "numerator", 1, denominator, "quorum.")
        return QuorumRule(kind, numerator=numerator, denominator=denominator)
    return QuorumRule(kind)


def _composition(read: _Reader, data: Mapping[str, Any]) -> tuple[CompositionRule, ...]:
    """Read the list of rules on who must be present."""
    rules = []
    for index, item in enumerate(read.items(data, "composition")):
        path = f"composition.{index}."
        if not isinstance(item, Mapping):
            read.fault(path.rstrip("."), PolicyFault.MISSING)
            continue
        read.known(item, {"at_least", "any_of"}, path)
        any_of = read.items(item, "any_of", path)
        if not any_of:
            read.fault(f"{path}any_of", PolicyFault.MISSING)
        elif not all(attribute in list(SeatAttribute) for attribute in any_of):
            read.fault(f"{path}any_of", PolicyFault.NOT_A_CHOICE)
        rules.append(CompositionRule(read.number(item, "at_least", 1, 100, path), tuple(map(str, any_of))))
    return tuple(rules)


def _threshold(read: _Reader, data: Mapping[str, Any], path: str) -> Threshold:
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
        read.fault(path.rstrip("."), PolicyFault.HALF_WOULD_PASS)
    return rule


_GATE = re.compile(r"[A-Za-z0-9_-]+(:[1-9][0-9]{0,3})?(:no-critical)?")


def _gates(read: _Reader, data: Mapping[str, Any]) -> tuple[str, ...]:
    """Read the codes of checklists, with the days for which an acceptance counts."""
    gates = read.items(data, "gates")
    if not all(isinstance(gate, str) and _GATE.fullmatch(gate) for gate in gates):
        read.fault("gates", PolicyFault.NOT_A_CHOICE)
        return ()
    return tuple(dict.fromkeys(gates))


def as_json(policy: BoardPolicy) -> dict[str, Any]:
    """Return the policy as `parse` reads it, each key present, without floats."""
    quorum: dict[str, Any] = {"kind": policy.quorum.kind.value}
    if policy.quorum.kind == QuorumKind.COUNT:
        quorum["count"] = policy.quorum.count
    elif policy.quorum.kind == QuorumKind.FRACTION:
        quorum |= {"numerator": policy.quorum.numerator, "denominator": policy.quorum.denominator}
    return {
        "quorum": quorum,
        "composition": [
            {"at_least": rule.at_least, "any_of": list(rule.any_of)} for rule in policy.composition
        ],
        "threshold": _threshold_json(policy.threshold),
        "override": _threshold_json(policy.override),
        "ballot_days": policy.ballot_days,
        "gates": list(policy.gates),
        "open_findings_block": policy.open_findings_block,
        "positions_hidden": policy.positions_hidden,
        "validity_months": policy.validity_months,
        "appeal_days": policy.appeal_days,
    }


def _threshold_json(rule: Threshold) -> dict[str, Any]:
    """Return a threshold as JSON."""
    return {
        "numerator": rule.numerator,
        "denominator": rule.denominator,
        "strict": rule.strict,
        "of": rule.of.value,
    }

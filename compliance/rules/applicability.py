"""Whether a library applies to a subject: its conditions against what is known, each answer with its reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

Value = Sequence[str] | Decimal | str | None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one fact, and from where: `source` is in words, "" for the subject's own record.

    `unsaid`: codes about which nobody has said anything yet, so that their absence means nothing.
    """

    value: Value
    source: str = ""
    unsaid: tuple[str, ...] = ()


Facts = Mapping[str, Value | Known]
"""What is known of a subject: lists of codes, a number, one code; None or left out: nobody has said it yet."""


class Level(StrEnum):
    """What a library is about, from the whole house down to one version."""

    ORGANISATION = "organisation"
    PROJECT = "project"
    MODEL = "model"
    VERSION = "version"


class Fact(StrEnum):
    """What a condition may ask for."""

    MARKETS = "markets"
    CHANNEL = "channel"
    MODALITY = "modality"
    COMPUTE = "compute"
    DATA = "data"
    SOURCES = "sources"
    PEOPLE = "people"


DATA = ("none", "anonymised", "pseudonymised", "personal", "sensitive", "users")
"""Kinds of data about people that remain in the data of a version; users: what they enter reaches who offers it."""
SOURCES = ("crawled", "partner", "public", "own", "synthetic")
"""Where the data of a version come from."""
PEOPLE = ("minors", "patients", "opinion", "unattended")
"""Who is affected: children or teenagers may use it; health or medicine; it can steer what many people believe; it
decides or acts by itself where safety or health depends on it."""


class Test(StrEnum):
    """How a condition asks: any of these codes, none of them, or a number that is at least so large."""

    HAS_ANY = "has_any"
    HAS_NONE = "has_none"
    AT_LEAST = "at_least"


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that must be so: of `fact`, by `test`, the codes or the least number."""

    fact: Fact
    test: Test
    codes: tuple[str, ...] = ()
    least: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Applies:
    """When a library applies to subjects of a level: all conditions hold; none at all: always.

    `depends`: it is no fact that we know, so a person has to decide.
    """

    to: Level
    when: tuple[Condition, ...] = ()
    depends: bool = False


class Outcome(StrEnum):
    """Whether the library applies; UNKNOWN is never read as no. ELSEWHERE: it is told of subjects of another level."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of one condition; `found` is what was known, `source` where it was said ("": in the record itself)."""

    condition: Condition
    outcome: Outcome
    found: Sequence[str] | Decimal | None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of all conditions; `deciding` are those that made it so."""

    outcome: Outcome
    deciding: tuple[Finding, ...]


def judge(applies: Applies, facts: Facts) -> Judged:
    """Say whether the library applies, and by which conditions: one that fails decides, then one that is unknown."""
    findings = tuple(_find(condition, facts.get(condition.fact)) for condition in applies.when)
    if applies.depends and all(finding.outcome is not Outcome.NO for finding in findings):
        return Judged(Outcome.UNKNOWN, ())
    for outcome in (Outcome.NO, Outcome.UNKNOWN):
        deciding = tuple(finding for finding in findings if finding.outcome is outcome)
        if deciding:
            return Judged(outcome, deciding)
    return Judged(Outcome.YES, findings)


def _find(condition: Condition, said: Value | Known) -> Finding:
    known = said if isinstance(said, Known) else Known(said)
    outcome, found = _hold(condition, known)
    return Finding(condition, outcome, found, known.source)


def _hold(condition: Condition, known: Known) -> tuple[Outcome, Sequence[str] | Decimal | None]:
    if known.value is None:
        return Outcome.UNKNOWN, None
    if condition.test is Test.AT_LEAST:
        number = known.value if isinstance(known.value, Decimal) else None
        if number is None or condition.least is None:
            return Outcome.UNKNOWN, None
        return (Outcome.YES if number >= condition.least else Outcome.NO), number
    codes = _codes(known.value)
    common = [code for code in codes if code in condition.codes]
    if not common and set(known.unsaid) & set(condition.codes):
        return Outcome.UNKNOWN, None
    holds = bool(common) is (condition.test is Test.HAS_ANY)
    return (Outcome.YES if holds else Outcome.NO), common or codes


def _codes(value: Value) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [] if value is None or isinstance(value, Decimal) else list(value)


def applies_faults(data: object) -> list[str]:
    """Say what is wrong with the `applies` of a library file; nothing: `read_applies` reads it."""
    if not isinstance(data, dict):
        return ["applies is no mapping"]
    wrong = [
        f"applies: unknown key {key}"
        for key in sorted(map(str, data.keys() - {"to", "when", "depends", "reason"}))
    ]
    if data.get("to") not in list(Level):
        wrong.append(f"applies: to is not one of {', '.join(Level)}")
    conditions = data.get("when", [])
    if not isinstance(conditions, list):
        return [*wrong, "applies: when is no list"]
    for position, condition in enumerate(conditions, 1):
        if reason := _condition_fault(condition):
            wrong.append(f"applies: condition {position}: {reason}")
    if conditions and data.get("to") in {Level.ORGANISATION, Level.PROJECT}:
        wrong.append("applies: conditions ask what is known of models and versions only")
    return wrong


def _condition_fault(data: object) -> str:
    if not isinstance(data, dict) or len(data) != 2 or data.get("fact") not in list(Fact):
        return f"needs a fact of {', '.join(Fact)} and one test"
    (test,) = data.keys() - {"fact"}
    if test not in list(Test):
        return f"{test} is not one of {', '.join(Test)}"
    value = data[test]
    if test == Test.AT_LEAST:
        return (
            "" if data["fact"] == Fact.COMPUTE and _number(value) is not None else "at_least needs a number"
        )
    sound = isinstance(value, list) and value and all(isinstance(code, str) and code for code in value)
    return "" if sound and data["fact"] != Fact.COMPUTE else f"{test} needs a list of codes"


def _number(text: object) -> Decimal | None:
    try:
        number = Decimal(str(text))
    except InvalidOperation:
        return None
    return number if number.is_finite() and number >= 0 else None


def read_applies(data: Mapping[str, Any]) -> Applies:
    """Return the `applies` of a library file, in which `applies_faults` found nothing."""
    conditions = tuple(_condition(entry) for entry in data.get("when", []))
    return Applies(Level(data["to"]), conditions, depends="depends" in data)


def _condition(data: Mapping[str, Any]) -> Condition:
    (test,) = data.keys() - {"fact"}
    if test == Test.AT_LEAST:
        return Condition(Fact(data["fact"]), Test.AT_LEAST, least=_number(data[test]))
    return Condition(Fact(data["fact"]), Test(test), tuple(data[test]))

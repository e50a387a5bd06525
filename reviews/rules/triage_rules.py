"""The rules by which triage proposes a route: what each looks at, and what it asks for.

The shipped ones are our own defaults (process.md, section 4 says which procedures there are); an organisation tunes
them and adds its own, as a new version each time.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from imprimatur.dossier.questionnaire import Text
from reviews.rules.boards_together import BoardKind

SYSTEMIC_RISK_FLOP = Decimal(10) ** 25
"""In floating-point operations; beyond it a model is presumed to carry systemic risk (EU AI Act, Art. 51(2))."""

TIERS = (1, 2, 3, 4)
"""Risk tiers: low, medium, high, highest."""

CHANNELS = ("open_weights", "api", "internal", "device")
MOST_RULES = 100
LONGEST_SENTENCE = 300
_CODE = re.compile(r"[a-z][a-z0-9_]{1,59}")


@dataclass(frozen=True, slots=True)
class TriageRule:
    """One rule. It looks at one thing: the answer to a question, the channel, or the training compute in FLOP.

    `boards` are kinds of boards; `second_review`: experts review it a second time. `sentence` belongs to an
    organisation's own rule; those of the shipped ones are words of the product.
    """

    code: str
    tier: int
    boards: frozenset[BoardKind]
    second_review: bool = False
    active: bool = True
    question: str = ""
    answers: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    above_flop: Decimal | None = None
    sentence: Text | None = None


@dataclass(frozen=True, slots=True)
class TriageRules:
    """One version of the rules. `expedited_up_to`: highest tier of a minor change that goes the short way, 0: none.

    `exempts`: what is used internally only and of no concern needs no board.
    """

    rules: tuple[TriageRule, ...]
    expedited_up_to: int = 2
    exempts: bool = True

    def rule(self, code: str) -> TriageRule | None:
        """Return the rule with this code."""
        return next((rule for rule in self.rules if rule.code == code), None)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a version; `rule` is the code, or the number of a rule that has none."""

    rule: str
    what: str


class RulesError(ValueError):
    """These are no rules; `faults` name each thing."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(", ".join(f"{fault.rule}: {fault.what}" for fault in faults))
        self.faults = tuple(faults)


_E, _L, _S = BoardKind.ETHICS, BoardKind.LEGAL, BoardKind.SAFETY


def _answer(
    code: str, question: str, answers: str, tier: int, boards: set[BoardKind], *, second: bool = False
) -> TriageRule:
    given = frozenset(answers.split())
    return TriageRule(code, tier, frozenset(boards), second, question=question, answers=given)


SHIPPED = TriageRules(
    (
        _answer("sensitive_data", "personal_data", "sensitive", 3, {_E, _L}),
        _answer("personal_data", "personal_data", "pseudonymised personal", 2, {_E, _L}),
        TriageRule("open_weights", 3, frozenset({_E, _S, _L}), channels=frozenset({"open_weights"})),
        TriageRule("above_systemic_risk", 4, frozenset({_E, _S, _L}), above_flop=SYSTEMIC_RISK_FLOP),
        _answer("minors_intended", "minors", "intended", 3, {_E, _L}),
        _answer("minors_possible", "minors", "possible", 2, {_E}),
        _answer("biometric_identify", "biometric", "identify", 4, {_E, _L}),
        _answer("biometric_categorise", "biometric", "categorise", 3, {_E, _L}),
        _answer("public_opinion", "public_opinion", "yes", 4, {_E, _S}, second=True),
        _answer("medical_decisions", "medical_use", "decisions", 4, {_E, _S, _L}),
        _answer("medical_information", "medical_use", "information", 2, {_E}),
        _answer("autonomy_alone", "autonomy", "alone", 4, {_E, _S}, second=True),
        _answer("autonomy_confirmed", "autonomy", "confirmed", 2, {_S}),
        _answer("refusals_weaker", "refusals", "weaker", 3, {_S}),
        TriageRule("external_users", 2, frozenset({_E}), channels=frozenset({"api", "device"})),
    )
)
"""The rules before anybody tunes them."""

SHIPPED_CODES = frozenset(rule.code for rule in SHIPPED.rules)
"""Codes of the shipped rules, whose sentences are words of the product."""


def as_json(rules: TriageRules) -> dict[str, Any]:
    """Return the version as it is kept: canonical JSON has no floats and no sets."""
    return {
        "expedited_up_to": rules.expedited_up_to,
        "exempts": rules.exempts,
        "rules": [_rule_as_json(rule) for rule in rules.rules],
    }


def _rule_as_json(rule: TriageRule) -> dict[str, Any]:
    kept: dict[str, Any] = {
        "code": rule.code,
        "tier": rule.tier,
        "boards": sorted(kind.value for kind in rule.boards),
        "second_review": rule.second_review,
        "active": rule.active,
    }
    if rule.question:
        kept |= {"question": rule.question, "answers": sorted(rule.answers)}
    if rule.channels:
        kept["channels"] = sorted(rule.channels)
    if rule.above_flop is not None:
        kept["above_flop"] = str(rule.above_flop)
    if rule.sentence:
        kept["sentence"] = {"en": rule.sentence.en, "zh": rule.sentence.zh}
    return kept


def parse_rules(content: Mapping[str, Any]) -> TriageRules:
    """Return the rules that were kept or sent; raises RulesError, naming every fault."""
    faults: list[Fault] = []
    listed = content.get("rules")
    listed = listed if isinstance(listed, list) else []
    rules = tuple(_parse_rule(given, str(number), faults) for number, given in enumerate(listed, 1))
    codes = [rule.code for rule in rules]
    faults += [
        Fault(code, "code_twice") for code in sorted({code for code in codes if codes.count(code) > 1})
    ]
    if not 1 <= len(rules) <= MOST_RULES:
        faults.append(Fault("", "number_of_rules"))
    expedited = content.get("expedited_up_to")
    if not _is_one_of(expedited, (0, 1, 2)):
        faults.append(Fault("", "expedited_up_to"))  # a grave change never goes the short way (45 CFR 46.110)
    if not isinstance(content.get("exempts"), bool):
        faults.append(Fault("", "exempts"))
    if faults:
        raise RulesError(faults)
    return TriageRules(rules, int(str(expedited)), bool(content["exempts"]))


def _parse_rule(given: object, number: str, faults: list[Fault]) -> TriageRule:
    said: Mapping[str, Any] = given if isinstance(given, Mapping) else {}
    code = said.get("code") if isinstance(said.get("code"), str) else ""
    name = str(code) or number
    wrong: list[str] = []
    if not _CODE.fullmatch(str(code)):
        wrong.append("code")
    tier = said.get("tier")
    if not _is_one_of(tier, TIERS):
        wrong.append("tier")
    boards = _set(said.get("boards"))
    if not boards or not boards <= {kind.value for kind in BoardKind}:
        wrong.append("boards")
    rule = TriageRule(
        str(code), 1 if "tier" in wrong else int(str(tier)),
        frozenset() if "boards" in wrong else frozenset(map(BoardKind, boards)),
        said.get("second_review") is True, said.get("active") is not False,
    )  # fmt: skip
    rule = _parse_when(rule, said, wrong)
    rule = _parse_sentence(rule, said.get("sentence"), wrong)
    faults += [Fault(name, what) for what in wrong]
    return rule


def _parse_when(rule: TriageRule, said: Mapping[str, Any], wrong: list[str]) -> TriageRule:
    """Read the one thing that the rule looks at."""
    kinds = [kind for kind in ("question", "channels", "above_flop") if said.get(kind)]
    if len(kinds) != 1:
        wrong.append("when")
        return rule
    if kinds == ["question"]:
        answers = _set(said.get("answers"))
        if not answers or not isinstance(said["question"], str) or not _CODE.fullmatch(said["question"]):
            wrong.append("answers")
        return replace(rule, question=str(said["question"]), answers=answers)
    if kinds == ["channels"]:
        channels = _set(said["channels"])
        if not channels or not channels <= set(CHANNELS):
            wrong.append("channels")
        return replace(rule, channels=channels)
    flop = _flop(said["above_flop"])
    if flop is None:
        wrong.append("above_flop")
    return replace(rule, above_flop=flop)


def _parse_sentence(rule: TriageRule, given: object, wrong: list[str]) -> TriageRule:
    """Read the sentence that an organisation's own rule has to have, in both languages."""
    if rule.code in SHIPPED_CODES:
        return rule
    said: Mapping[str, Any] = given if isinstance(given, Mapping) else {}
    texts = [said.get(language) for language in ("en", "zh")]
    if not all(isinstance(text, str) and 0 < len(text.strip()) <= LONGEST_SENTENCE for text in texts):
        wrong.append("sentence")
        return rule
    return replace(rule, sentence=Text(en=str(texts[0]).strip(), zh=str(texts[1]).strip()))


def _is_one_of(given: object, numbers: tuple[int, ...]) -> bool:
    """Say whether it is one of the whole numbers; neither true nor 1.0 is."""
    return isinstance(given, int) and not isinstance(given, bool) and given in numbers


def _set(given: object) -> frozenset[str]:
    listed = given if isinstance(given, list) else []
    return frozenset(entry for entry in listed if isinstance(entry, str) and entry)


def _flop(given: object) -> Decimal | None:
    try:
        flop = Decimal(str(given))
    except InvalidOperation:
        return None
    return flop if flop.is_finite() and 0 < flop < Decimal(10) ** 40 else None

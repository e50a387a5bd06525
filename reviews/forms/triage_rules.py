"""A new version of the rules of triage: each rule tuned, one of the organisation's own added."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from imprimatur.dossier.questionnaire import Question, QuestionType
from reviews.rules.triage import ORDER, scientific
from reviews.rules.triage_rules import (
    LONGEST_SENTENCE,
    TIERS,
    RulesError,
    TriageRule,
    TriageRules,
    as_json,
    parse_rules,
)
from reviews.selectors import words
from reviews.selectors.questionnaires import in_use
from reviews.selectors.triage_rules import RuleInWords, rules_in_words

FAULTS = {
    "boards": _("Choose at least one kind of board."),
    "answers": _("Choose at least one answer."),
    "above_flop": _("Write a number of floating-point operations, for example 1e25."),
    "sentence": _("Write the reason in both languages, at most 300 characters each."),
    "code_twice": _("There is a rule with this answer already. Tune that one."),
}


@dataclass(frozen=True, slots=True)
class Tuned:
    """A rule in words, with the fields that tune it."""

    rule: RuleInWords
    fields: tuple[forms.BoundField, ...]

    @property
    def has_errors(self) -> bool:
        """Say whether something is wrong with one of them."""
        return any(field.errors for field in self.fields)


class RulesForm(forms.Form):
    """All rules at once. `base`, the version that the change began with, guards against overwriting a newer one."""

    base = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    expedited_up_to = forms.TypedChoiceField(
        label=_("A minor change of something approved goes the short way"), coerce=int,
        choices=[(0, _("never")), (1, _("at low risk")), (2, _("at low and medium risk"))],
        help_text=_("The expedited procedure is for minimal risk (45 CFR 46.110); it may not reject."),
    )  # fmt: skip
    exempts = forms.BooleanField(
        label=_("What is used internally only, and of no concern, needs no board"), required=False
    )
    reason = forms.CharField(
        label=_("Why the rules change"), widget=forms.Textarea(attrs={"rows": 3}), required=False, max_length=2000,
        help_text=_("Kept with the version. To try the rules it may stay empty."),
    )  # fmt: skip
    own_when = forms.MultipleChoiceField(
        label=_("When one of these answers is given"), required=False, widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text=_("Answers to one question. Leave it empty to add no rule."),
    )  # fmt: skip
    own_en = forms.CharField(label=_("Its reason in English"), required=False, max_length=LONGEST_SENTENCE)
    own_zh = forms.CharField(label=_("Its reason in Chinese"), required=False, max_length=LONGEST_SENTENCE)

    def __init__(self, data: QueryDict | None = None, *, version: int, rules: TriageRules) -> None:
        initial = {"base": version, "expedited_up_to": rules.expedited_up_to, "exempts": rules.exempts}
        super().__init__(data, initial=initial)
        self.rules = rules
        self.questions = {question.key: question for question in in_use().questions}
        for rule in rules.rules:
            self._add_fields(rule.code, rule)
            self._add_condition(rule)
        self._add_fields("own", None)
        field = self.fields["own_when"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = list(self._all_answers())

    def _add_fields(self, code: str, rule: TriageRule | None) -> None:
        if rule:
            self.fields[f"active__{code}"] = forms.BooleanField(
                label=_("In use"), required=False, initial=rule.active
            )
        self.fields[f"tier__{code}"] = forms.TypedChoiceField(
            label=_("At least this risk"), coerce=int, choices=[(tier, words.TIERS[tier]) for tier in TIERS],
            initial=rule.tier if rule else 2,
        )  # fmt: skip
        self.fields[f"boards__{code}"] = forms.MultipleChoiceField(
            label=_("Boards"), required=rule is not None, widget=forms.CheckboxSelectMultiple,
            error_messages={"required": FAULTS["boards"]},
            choices=[(kind.value, words.BOARD_KINDS[kind]) for kind in ORDER],
            initial=sorted(rule.boards) if rule else [],
        )  # fmt: skip
        self.fields[f"second__{code}"] = forms.BooleanField(
            label=_("Second review by experts"), required=False, initial=bool(rule and rule.second_review)
        )

    def _add_condition(self, rule: TriageRule) -> None:
        if rule.above_flop is not None:
            self.fields[f"flop__{rule.code}"] = forms.CharField(
                label=_("More than, in FLOP"), initial=scientific(rule.above_flop), max_length=40
            )
        elif rule.question and (question := self.questions.get(rule.question)):
            language = get_language() or "en"
            self.fields[f"answers__{rule.code}"] = forms.MultipleChoiceField(
                label=_("Answers"), widget=forms.CheckboxSelectMultiple, initial=sorted(rule.answers),
                error_messages={"required": FAULTS["answers"]},
                choices=[(option.code, option.label.in_language(language)) for option in question.options],
            )  # fmt: skip

    def _all_answers(self) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        language = get_language() or "en"
        for question in self.questions.values():
            if question.type in {QuestionType.CHOICE, QuestionType.CHOICES}:
                yield (
                    _headed(question, language),
                    [
                        (f"{question.key}:{option.code}", option.label.in_language(language))
                        for option in question.options
                    ],
                )

    def tuned(self) -> list[Tuned]:
        """Return each rule with its fields, for the page."""
        return [
            Tuned(rule, tuple(self[name] for name in self.fields if name.endswith(f"__{rule.rule.code}")))
            for rule in rules_in_words(self.rules)
        ]

    def own(self) -> list[forms.BoundField]:
        """Return the fields of a new rule."""
        return [self[name] for name in self.fields if name.startswith("own_") or name.endswith("__own")]

    def clean(self) -> dict[str, Any]:
        """Read the rules out of the fields, and put each fault where it belongs."""
        data: dict[str, Any] = self.cleaned_data
        if self.errors:
            return data
        content = as_json(self.rules) | {
            "expedited_up_to": data["expedited_up_to"], "exempts": data["exempts"],
        }  # fmt: skip
        content["rules"] = [self._rule(kept, data) for kept in content["rules"]]
        if data["own_when"] or data["own_en"] or data["own_zh"]:
            content["rules"].append(self._own_rule(data))
        try:
            data["rules"] = parse_rules(content)
        except RulesError as error:
            for fault in error.faults:
                self._tell(fault.rule, fault.what)
        data["content"] = content
        return data

    def _rule(self, kept: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
        code = kept["code"]
        tuned = kept | {
            "active": data[f"active__{code}"], "tier": data[f"tier__{code}"], "boards": data[f"boards__{code}"],
            "second_review": data[f"second__{code}"],
        }  # fmt: skip
        if f"flop__{code}" in data and data[f"flop__{code}"] != self[f"flop__{code}"].initial:
            tuned["above_flop"] = data[f"flop__{code}"].strip()
        if f"answers__{code}" in data:
            tuned["answers"] = data[f"answers__{code}"]
        return tuned

    def _own_rule(self, data: dict[str, Any]) -> dict[str, Any]:
        chosen = [pair.split(":", 1) for pair in data["own_when"]]
        questions = {question for question, _answer in chosen}
        question = chosen[0][0] if len(questions) == 1 else ""
        answers = sorted(answer for _question, answer in chosen)
        return {
            "code": "_".join(["own", question, *answers])[:60] if question else "own",
            "question": question, "answers": answers if question else [], "tier": data["tier__own"],
            "boards": data["boards__own"], "second_review": data["second__own"], "active": True,
            "sentence": {"en": data["own_en"], "zh": data["own_zh"]},
        }  # fmt: skip

    def _tell(self, code: str, what: str) -> None:
        own = code.startswith("own") and not self.rules.rule(code)
        names = {"boards": "boards", "answers": "answers", "above_flop": "flop"}
        field = f"{names[what]}__{'own' if own else code}" if what in names else None
        if own and what in {"when", "answers"}:
            self.add_error("own_when", gettext("Choose answers to one question."))
        elif own and what == "sentence":
            self.add_error("own_en", FAULTS["sentence"])
        elif field in self.fields:
            self.add_error(field, FAULTS[what])
        else:
            self.add_error(None, FAULTS.get(what) or f"{code}: {what}")


def _headed(question: Question, language: str) -> str:
    return f"{question.number} {question.text.in_language(language)}"

"""The form that says when an imported library applies."""

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compliance.rules.applicability import Fact, Level, Test
from compliance.selectors.applicability_words import CODES, FACTS, LEVELS

CODED = (Fact.MARKETS, Fact.CHANNEL, Fact.MODALITY, Fact.DATA, Fact.SOURCES, Fact.PEOPLE)
TEXTS = ("reason", "depends")


class AppliesForm(forms.Form):
    """To what it applies, with which facts, and why; a fact without a choice isn't asked."""

    to = forms.ChoiceField(
        label=gettext_lazy("It is about"), choices=[(str(key), word) for key, word in LEVELS.items()]
    )
    compute = forms.CharField(
        label=gettext_lazy("Training compute of at least"), required=False, max_length=20,
        help_text=gettext_lazy("In floating-point operations, for example 1e25; empty: not asked."),
    )  # fmt: skip
    reason_en = forms.CharField(
        label=gettext_lazy("Why it applies, in English"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    reason_zh = forms.CharField(
        label=gettext_lazy("Why it applies, in Chinese"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    depends_en = forms.CharField(
        label=gettext_lazy("It depends on whether, in English"), max_length=1000, required=False,
        help_text=gettext_lazy("What only a person can know; somebody then has to decide. Empty: the facts decide."),
    )  # fmt: skip
    depends_zh = forms.CharField(
        label=gettext_lazy("It depends on whether, in Chinese"), max_length=1000, required=False
    )

    def __init__(self, data: QueryDict | None = None, *, applies: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial=_initial(applies or {}))
        for fact in CODED:
            self.fields[fact] = forms.MultipleChoiceField(
                label=FACTS[fact], required=False,
                choices=list(CODES[fact].items()), widget=forms.CheckboxSelectMultiple,
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Check that facts are asked where they are known, and that each text stands in both languages."""
        cleaned = super().clean() or {}
        if cleaned.get("compute") and _number(cleaned["compute"]) is None:
            self.add_error("compute", _("Write a number, for example 1e25."))
        asked = [fact for fact in (*CODED, Fact.COMPUTE) if cleaned.get(fact)]
        if asked and cleaned.get("to") in {Level.ORGANISATION, Level.PROJECT}:
            self.add_error(
                "to", _("Facts are known of models and versions only. Choose one of these, or no facts.")
            )
        for text in TEXTS:
            given = [bool(cleaned.get(f"{text}_{language}")) for language in ("en", "zh")]
            if any(given) and not all(given):
                self.add_error(f"{text}_{'zh' if given[0] else 'en'}", _("Say it in this language too."))
        if not cleaned.get("depends_en") and not cleaned.get("reason_en"):
            self.add_error("reason_en", _("Say why it applies; the reason stands wherever it does."))
        return cleaned

    @property
    def facts(self) -> list[tuple[forms.BoundField, bool]]:
        """Return the fields of facts with choices, each with whether something is chosen."""
        return [(self[fact], bool(self[fact].value())) for fact in CODED]

    @property
    def texts(self) -> list[forms.BoundField]:
        """Return the fields below the facts."""
        names = ["compute", *(f"{text}_{language}" for text in TEXTS for language in ("en", "zh"))]
        return [self[name] for name in names]

    @property
    def applies(self) -> dict[str, Any]:
        """Return the rule in the shape of a library's file, of a form whose fields are valid."""
        given = self.cleaned_data
        when: list[dict[str, Any]] = [
            {"fact": str(fact), str(Test.HAS_ANY): given[fact]} for fact in CODED if given[fact]
        ]
        if given["compute"]:
            when.append({"fact": str(Fact.COMPUTE), str(Test.AT_LEAST): given["compute"].strip()})
        texts = {
            text: {language: given[f"{text}_{language}"] for language in ("en", "zh")}
            for text in TEXTS
            if given[f"{text}_en"]
        }
        return {"to": given["to"], **({"when": when} if when else {}), **texts}


def _initial(applies: Mapping[str, Any]) -> dict[str, Any]:
    conditions: Iterable[Mapping[str, Any]] = applies.get("when", [])
    found = {each["fact"]: each.get(Test.HAS_ANY) or each.get(Test.AT_LEAST) for each in conditions}
    texts = {f"{text}_{key}": value for text in TEXTS for key, value in applies.get(text, {}).items()}
    return {"to": applies.get("to", Level.VERSION), **found, **texts}


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() and number >= 0 else None

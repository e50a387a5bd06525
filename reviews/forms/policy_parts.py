"""The parts of a policy as groups of form fields: quorum, threshold, who is present, a term; each under a prefix."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from reviews.rules.clocks import Term, Unit
from reviews.rules.composition import CompositionRule
from reviews.rules.quorum import QuorumKind, QuorumRule
from reviews.rules.threshold import Threshold, ThresholdOf
from reviews.selectors.words import SEAT_ATTRIBUTES

Fields = dict[str, forms.Field]
LARGEST = 1000
MOST_PLACES = 100


def _whole(label: Any, *, required: bool = False, low: int = 1, high: int = LARGEST) -> forms.IntegerField:  # noqa: ANN401 (lazy)
    return forms.IntegerField(label=label, min_value=low, max_value=high, required=required)


def quorum_fields(prefix: str = "") -> Fields:
    """Return the fields of a rule of quorum."""
    return {
        f"{prefix}quorum_kind": forms.ChoiceField(
            label=_("Quorum"),
            choices=[
                (QuorumKind.MAJORITY.value, _("more than half of the seats")),
                (QuorumKind.COUNT.value, _("a number of people")),
                (QuorumKind.FRACTION.value, _("a fraction of the seats")),
            ],
            widget=forms.RadioSelect,
        ),
        f"{prefix}quorum_count": _whole(_("How many people")),
        f"{prefix}quorum_numerator": _whole(_("Fraction: of")),
        f"{prefix}quorum_denominator": _whole(_("Fraction: in")),
    }


def quorum_initial(rule: QuorumRule, prefix: str = "") -> dict[str, Any]:
    """Return the rule as the fields show it."""
    return {
        f"{prefix}quorum_kind": rule.kind.value,
        f"{prefix}quorum_count": rule.count or None,
        f"{prefix}quorum_numerator": rule.numerator or None,
        f"{prefix}quorum_denominator": rule.denominator if rule.numerator else None,
    }


def quorum_content(data: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return the rule as a policy's JSON says it."""
    kind = data[f"{prefix}quorum_kind"]
    if kind == QuorumKind.COUNT:
        return {"kind": kind, "count": data[f"{prefix}quorum_count"]}
    if kind == QuorumKind.FRACTION:
        return {
            "kind": kind,
            "numerator": data[f"{prefix}quorum_numerator"],
            "denominator": data[f"{prefix}quorum_denominator"],
        }
    return {"kind": kind}


def threshold_fields(name: str, label: Any, *, required: bool = True) -> Fields:  # noqa: ANN401 (lazy)
    """Return the fields of a threshold; `label` begins its sentence: "A motion needs"."""
    return {
        f"{name}_numerator": _whole(label, required=required),
        f"{name}_denominator": _whole(_("out of"), required=required),
        f"{name}_strict": forms.BooleanField(label=_("More than that, not just as many"), required=False),
        f"{name}_of": forms.ChoiceField(
            label=_("of whom"),
            choices=[
                (ThresholdOf.PRESENT_AND_ELIGIBLE.value, _("those who are present and may vote")),
                (ThresholdOf.SEATED_MINUS_RECUSED.value, _("all seats but the recused ones")),
                (ThresholdOf.ALL_SEATED.value, _("all seats, absent and recused ones too")),
            ],
            required=required,
        ),
    }


def threshold_initial(rule: Threshold, name: str) -> dict[str, Any]:
    """Return the threshold as the fields show it."""
    return {
        f"{name}_numerator": rule.numerator,
        f"{name}_denominator": rule.denominator,
        f"{name}_strict": rule.strict,
        f"{name}_of": rule.of.value,
    }


def threshold_content(data: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return the threshold as a policy's JSON says it."""
    return {
        "numerator": data[f"{name}_numerator"],
        "denominator": data[f"{name}_denominator"],
        "strict": data[f"{name}_strict"],
        "of": data[f"{name}_of"],
    }


def composition_fields(places: int, prefix: str = "") -> Fields:
    """Return the fields of so many rules on who must be present."""
    fields: Fields = {}
    for place in range(1, places + 1):
        fields[f"{prefix}present_{place}"] = _whole(
            gettext("Present rule {number}: at least").format(number=place), high=100
        )
        fields[f"{prefix}kinds_{place}"] = forms.MultipleChoiceField(
            label=gettext("Rule {number}: members who are one of").format(number=place),
            choices=list(SEAT_ATTRIBUTES.items()),
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )
    return fields


def composition_initial(rules: tuple[CompositionRule, ...], prefix: str = "") -> dict[str, Any]:
    """Return the rules as the fields show them."""
    found: dict[str, Any] = {}
    for place, rule in enumerate(rules, start=1):
        found[f"{prefix}present_{place}"] = rule.at_least
        found[f"{prefix}kinds_{place}"] = list(rule.any_of)
    return found


def _filled(data: Mapping[str, Any], places: int, prefix: str) -> list[int]:
    """Return the places that something was written into."""
    return [
        place
        for place in range(1, places + 1)
        if data.get(f"{prefix}present_{place}") or data.get(f"{prefix}kinds_{place}")
    ]


def composition_content(data: Mapping[str, Any], places: int, prefix: str = "") -> list[dict[str, Any]]:
    """Return the rules as a policy's JSON says them; a place that nothing was written into is left out."""
    return [
        {"at_least": data[f"{prefix}present_{place}"], "any_of": data[f"{prefix}kinds_{place}"]}
        for place in _filled(data, places, prefix)
    ]


def composition_place(data: Mapping[str, Any], index: int, prefix: str = "") -> str:
    """Return the field of the rule with this index in the policy's JSON."""
    return f"{prefix}present_{_filled(data, MOST_PLACES, prefix)[index]}"


def term_fields(prefix: str) -> Fields:
    """Return the fields of how long something may take."""
    return {
        f"{prefix}term_count": _whole(_("A decision is due within"), required=True, high=8760),
        f"{prefix}term_unit": forms.ChoiceField(
            label=pgettext_lazy("of a term", "counted in"),
            choices=[
                (Unit.HOURS.value, _("hours, nights and weekends too")),
                (Unit.DAYS.value, _("days; the last one is a working day")),
                (Unit.WORKING_DAYS.value, _("working days")),
            ],
        ),
    }


def term_initial(term: Term, prefix: str) -> dict[str, Any]:
    """Return the term as the fields show it."""
    return {f"{prefix}term_count": term.count, f"{prefix}term_unit": term.unit.value}


def term_content(data: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    """Return the term as a policy's JSON says it."""
    return {"count": data[f"{prefix}term_count"], "unit": data[f"{prefix}term_unit"]}

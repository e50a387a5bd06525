"""The fields of a policy's procedures: what each asks for, where the board's own rules don't hold."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reviews.forms.policy_parts import (
    Fields,
    composition_content,
    composition_fields,
    composition_initial,
    quorum_content,
    quorum_fields,
    quorum_initial,
    term_content,
    term_fields,
    term_initial,
    threshold_content,
    threshold_fields,
    threshold_initial,
)
from reviews.rules.clocks import Procedure
from reviews.rules.procedures import KEYS_OF, NEVER_REJECT, NUMBERS, ProcedureRules

PLACES = 2
"""So many rules on who is present can be written for a procedure."""

NUMBER_LABELS = {
    "ballot_days": _("Working days for which a ballot is open; empty: as for the board"),
    "reviewers": _("Members who decide for the board; 0: the whole board"),
    "provisional_days": _("Days within which the full review is over"),
    "panel_minimum": _("Outside experts, at least"),
}
OWN = {
    "quorum": _("Another quorum than the board's"),
    "threshold": _("Another threshold than the board's"),
    "composition": _("Other people have to be present than for the board"),
}
FLAGS = {
    "offered": _("Requests may take this way"),
    "may_reject": _("A motion to reject is in order"),
    "seconder": _("A motion needs a seconder"),
}


def prefix_of(code: Procedure) -> str:
    """Return what the names of the procedure's fields begin with."""
    return f"{code.value}_"


def keys_asked(code: Procedure) -> tuple[str, ...]:
    """Return the settings that the form asks for; whether an expedited review may reject isn't one of them."""
    return tuple(key for key in KEYS_OF[code] if not (key == "may_reject" and code in NEVER_REJECT))


def procedure_fields(code: Procedure) -> Fields:
    """Return the fields of one procedure."""
    fields: Fields = {}
    for key in keys_asked(code):
        fields |= _fields(prefix_of(code), key)
    return fields


def _fields(prefix: str, key: str) -> Fields:
    if key in FLAGS:
        return {f"{prefix}{key}": forms.BooleanField(label=FLAGS[key], required=False)}
    if key in NUMBER_LABELS:
        low, high = NUMBERS[key]
        number = forms.IntegerField(
            label=NUMBER_LABELS[key], min_value=low, max_value=high, required=key != "ballot_days"
        )
        return {f"{prefix}{key}": number}
    if key == "term":
        return term_fields(prefix)
    if key == "panel_threshold":
        return threshold_fields(f"{prefix}panel", _("The experts pass it with"))
    own: Fields = {f"{prefix}own_{key}": forms.BooleanField(label=OWN[key], required=False)}
    if key == "quorum":
        rule = quorum_fields(prefix)
    elif key == "threshold":
        rule = threshold_fields(f"{prefix}threshold", _("A motion needs"))
    else:
        rule = composition_fields(PLACES, prefix)
    for field in rule.values():
        field.required = False
    return own | rule


def procedure_initial(code: Procedure, rules: ProcedureRules) -> dict[str, Any]:
    """Return the procedure as its fields show it."""
    prefix = prefix_of(code)
    found: dict[str, Any] = {}
    for key in keys_asked(code):
        value = getattr(rules, key)
        if key in OWN:
            found[f"{prefix}own_{key}"] = value is not None
        if value is None:
            continue
        if key == "term":
            found |= term_initial(value, prefix)
        elif key == "quorum":
            found |= quorum_initial(value, prefix)
        elif key == "composition":
            found |= composition_initial(value[:PLACES], prefix)
        elif key == "threshold":
            found |= threshold_initial(value, f"{prefix}threshold")
        elif key == "panel_threshold":
            found |= threshold_initial(value, f"{prefix}panel")
        else:
            found[f"{prefix}{key}"] = value
    return found


def procedure_content(code: Procedure, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the procedure as a policy's JSON says it."""
    prefix = prefix_of(code)
    found: dict[str, Any] = {}
    for key in keys_asked(code):
        if key in OWN and not data[f"{prefix}own_{key}"]:
            found[key] = None
        elif key == "term":
            found[key] = term_content(data, prefix)
        elif key == "quorum":
            found[key] = quorum_content(data, prefix)
        elif key == "composition":
            found[key] = composition_content(data, PLACES, prefix)
        elif key == "threshold":
            found[key] = threshold_content(data, f"{prefix}threshold")
        elif key == "panel_threshold":
            found[key] = threshold_content(data, f"{prefix}panel")
        else:
            found[key] = data[f"{prefix}{key}"]
    return found

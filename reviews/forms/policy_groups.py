"""How the form of a policy is laid out: groups with headings, rows of fields, and beside each where it comes from."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.forms import BoundField

from reviews.forms.policies import PolicyForm
from reviews.forms.procedures import PLACES, keys_asked, prefix_of
from reviews.rules.clocks import Procedure
from reviews.rules.policy import LIMITS
from reviews.rules.procedures import NUMBERS
from reviews.selectors.policy_page import GROUPS, PROCEDURE_WHEN, ShownSource, shown_source
from reviews.selectors.procedure_words import PROCEDURE_NAMES


@dataclass(frozen=True, slots=True)
class FormRow:
    """Fields beside each other; `style` is a class of the style sheet, `source` of the setting that they are."""

    fields: tuple[BoundField, ...]
    style: str = "pair"
    source: ShownSource | None = None


@dataclass(frozen=True, slots=True)
class FormGroup:
    """A heading with its rows; a group with `about` is a procedure, and folds; `open` when something in it is wrong."""

    title: str
    rows: tuple[FormRow, ...]
    about: str = ""
    open: bool = False


def groups_of(form: PolicyForm) -> list[FormGroup]:
    """Return the whole form in groups: the board's settings, then each procedure."""
    board = [FormGroup(str(title), tuple(_rows(form, keys))) for title, keys in GROUPS]
    procedures = []
    for code in Procedure:
        rows = tuple(_rows(form, keys_asked(code), code))
        wrong = any(field.errors for row in rows for field in row.fields)
        procedures.append(FormGroup(str(PROCEDURE_NAMES[code]), rows, str(PROCEDURE_WHEN[code]), wrong))
    return [*board, *procedures]


def _rows(form: PolicyForm, keys: Iterable[str], code: Procedure | None = None) -> Iterable[FormRow]:
    prefix = prefix_of(code) if code else ""
    places = PLACES if code else form.places
    for key in keys:
        path = f"procedures.{code.value}.{key}" if code else key
        source = shown_source(form.policy.sources.get(path))
        rows = _names(key, prefix, places, own=code is not None)
        for place, (style, names) in enumerate(rows, start=1):
            fields = tuple(form[name] for name in names)
            yield FormRow(fields, style, source if place == len(rows) else None)


def _names(key: str, prefix: str, places: int, *, own: bool) -> list[tuple[str, list[str]]]:
    """Return the rows of a setting: the class of each, and the names of its fields."""
    first = [("", [f"{prefix}own_{key}"])] if own and key in ("quorum", "threshold", "composition") else []
    if key == "quorum":
        parts = [f"{prefix}quorum_{part}" for part in ("count", "numerator", "denominator")]
        return [*first, ("picked", [f"{prefix}quorum_kind"]), ("pair", parts)]
    if key == "composition":
        rules = [
            [("few", [f"{prefix}present_{place}"]), ("picked", [f"{prefix}kinds_{place}"])]
            for place in range(1, places + 1)
        ]
        return [*first, *(row for rule in rules for row in rule)]
    if key in ("threshold", "override", "panel_threshold"):
        name = f"{prefix}{'panel' if key == 'panel_threshold' else key}"
        return [
            *first,
            ("pair", [f"{name}_numerator", f"{name}_denominator"]),
            ("", [f"{name}_strict"]),
            ("", [f"{name}_of"]),
        ]
    if key == "overdue_conditions":
        return [("pair", ["escalate_days", "suspend_days"])]
    if key == "term":
        return [("pair", [f"{prefix}term_count", f"{prefix}term_unit"])]
    if key == "conflicts":
        return [("picked", [key])]
    return [("few" if key in {*LIMITS, *NUMBERS} else "", [f"{prefix}{key}"])]

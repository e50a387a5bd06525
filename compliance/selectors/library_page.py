"""What the page of a library shows: its controls by group, the cadence that we suggest, and what else they serve."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django_stubs_ext import StrOrPromise

from compliance.models import Control, Library
from compliance.models.library import in_language
from compliance.rules.happenings import Happening
from compliance.rules.library_file import Basis, Every
from compliance.selectors.mappings import mapped_with_names

EVERY: dict[str, StrOrPromise] = {
    Every.DAILY: gettext_lazy("every day"),
    Every.WEEKLY: gettext_lazy("every week"),
    Every.MONTHLY: gettext_lazy("every month"),
    Every.QUARTERLY: gettext_lazy("every quarter"),
    Every.HALF_YEARLY: gettext_lazy("every half-year"),
    Every.YEARLY: gettext_lazy("every year"),
    Every.TWO_YEARLY: gettext_lazy("every two years"),
}
HAPPENINGS: dict[str, StrOrPromise] = {
    Happening.VERSION_CREATED: gettext_lazy("for each new model version"),
    Happening.VERSION_RELEASED: gettext_lazy("at each release"),
    Happening.DATASET_ADDED: gettext_lazy("for each new data set"),
    Happening.BASE_MODEL_CHANGED: gettext_lazy("when the base model changes"),
    Happening.INCIDENT: gettext_lazy("after an incident"),
}
BASES: dict[str, StrOrPromise] = {
    Basis.LAW: gettext_lazy("stands in the rule"),
    Basis.OURS: gettext_lazy("our own default"),
    Basis.SECOND_HAND: gettext_lazy("second-hand"),
    Basis.MEMORY: gettext_lazy("from memory"),
}


@dataclass(frozen=True, slots=True)
class Served:
    """A control of another library that the same evidence serves."""

    code: str
    number: str
    library: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A control with its cadence in words ("" for none), and what else its evidence serves."""

    control: Control
    cadence: str
    note: str
    serves: list[Served]


@dataclass(frozen=True, slots=True)
class Group:
    """Controls that stand together; without groups there is one with an empty name."""

    number: str
    name: str
    controls: list[Shown]


def groups_of(library: Library, words: str = "") -> list[Group]:
    """Return the controls in their groups, those in which all the words stand; two queries."""
    wanted = words.casefold().split()
    controls = [row for row in library.controls.all() if all(word in _text(row) for word in wanted)]
    serves = served_with(library.code)
    return [
        Group(number, rows[0].group_name, [_shown(row, serves) for row in rows])
        for number, rows in (
            (number, list(found)) for number, found in groupby(controls, key=lambda row: row.group)
        )
    ]


def _text(row: Control) -> str:
    """Return all that can be looked for, in both languages."""
    parts = (
        row.number, row.title_en, row.title_zh, row.text_en, row.text_zh, row.help_en, row.help_zh, row.source,
        row.article, row.group_en, row.group_zh, row.evidence_en, row.evidence_zh, *row.obligations,
    )  # fmt: skip
    return "\n".join(parts).casefold()


def served_with(code: str) -> dict[str, list[Served]]:
    """Return for each number of the library's newest version what the same evidence serves besides; one query."""
    mapped, names = mapped_with_names()
    return {
        number: [Served(other, at, names[other]) for other, at in sorted(others)]
        for (of, number), others in mapped.items()
        if of == code
    }


def _shown(row: Control, serves: Mapping[str, list[Served]]) -> Shown:
    note = row.cadence.get("note", {})
    return Shown(
        control=row,
        cadence=cadence_in_words(row.cadence),
        note=in_language(note["en"], note["zh"]) if note else "",
        serves=serves.get(row.number, []),
    )


def cadence_in_words(cadence: Mapping[str, Any]) -> str:
    """Return a cadence as "every quarter, at each release (stands in the rule)"; "" for none."""
    times = [EVERY[cadence["every"]]] if cadence.get("every") else []
    times += [HAPPENINGS[event] for event in cadence.get("events", [])]
    if not times:
        return ""
    return _("{times} ({basis})").format(times=_join(times), basis=BASES[cadence["basis"]])


def _join(times: Iterable[StrOrPromise]) -> str:
    return pgettext("between members of a list", ", ").join(map(str, times))


def columns_of_lines() -> list[str]:
    """Return the names of the columns of `lines_of`, in the language of the page."""
    return [
        _("Number"), _("Group"), _("Title"), _("What is asked"), _("How to judge it"), _("Source"), _("Article"),
        _("How sure we are"), _("Evidence"), _("Obligations"), _("When"), _("The same evidence serves"),
    ]  # fmt: skip


def lines_of(library: Library) -> Iterator[list[object]]:
    """Yield the controls as rows of a table, in the language of the page."""
    for group in groups_of(library):
        for shown in group.controls:
            row = shown.control
            yield [
                row.number, group.name, row.title, row.text, row.help, row.source, row.article,
                row.get_confidence_display(), row.evidence, ", ".join(row.obligations), shown.cadence,
                ", ".join(f"{other.code}:{other.number}" for other in shown.serves),
            ]  # fmt: skip

"""What is wrong with a library that somebody brings, in words."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from compliance.rules.import_faults import Fault, Why

SENTENCES: dict[Why, StrOrPromise] = {
    Why.TOO_LARGE: _("The file is larger than {found} MB, packed or unpacked. Bring it in parts."),
    Why.NOT_READABLE: _(
        "This can't be read. Save it again as OSCAL JSON, CSV in UTF-8 or an Excel workbook."
    ),
    Why.NO_CONTROLS: _("There is no control in it."),
    Why.TOO_MANY: _("A library has at most {found} controls. Bring it in parts."),
    Why.TOO_DEEP: _("This is nested deeper than {found} levels."),
    Why.UNKNOWN_COLUMN: _("There is no column “{column}”. The template has all there are."),
    Why.COLUMN_TWICE: _("The column “{column}” stands there twice."),
    Why.NO_COLUMN: _("The column “{column}” is missing."),
    Why.MORE_CELLS: _("There is more in this row than there are columns. Is a comma without quotes in it?"),
    Why.MISSING: _("This is empty. Every control needs it."),
    Why.TOO_LONG: _("This is longer than {found} characters."),
    Why.NOT_TEXT: _("There are characters in it that are no text. CSV and JSON have to be in UTF-8."),
    Why.NOT_A_NUMBER: _("“{found}” is no number of a control: up to 20 letters, digits, points and hyphens."),
    Why.TWICE: _("This number stands at {found} already."),
    Why.NOT_ONE_OF: _("Only these can stand here: {found}."),
    Why.NOT_A_LIST: _("This is no list of ids like E04, or of mappings like iso-42001:A.5.2."),
    Why.NOT_AN_OBJECT: _("This is no OSCAL catalog: “{place}” is missing."),
    Why.DUPLICATE_KEY: _("The key “{found}” stands twice in one object."),
    Why.NO_FIGURE: _("A figure in it can't be read: {found}"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """A fault in words: where, in which column ("" for none), and a sentence."""

    place: str
    column: str
    sentence: str


def faults_in_words(faults: Iterable[Fault]) -> list[Said]:
    """Return each fault with its place and a sentence."""
    return [
        Said(
            fault.place, fault.column,
            str(SENTENCES[fault.why]).format(found=fault.found, column=fault.column, place=fault.place),
        )
        for fault in faults
    ]  # fmt: skip

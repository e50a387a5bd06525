"""What the template of a letter needs besides the frozen context: its foot and the boxes at its end."""

from collections.abc import Mapping
from typing import Any, cast

from records.kinds import Context
from records.letter_context import LetterContext, Section

TABLES = {"facts", "conditions"}
"""Pieces that use the margin column too, so that a title can't stand beside them."""


def values(context: Context) -> Mapping[str, object]:
    """Return them, in the language of the record."""
    letter = cast(LetterContext, context)
    return {
        "parts": [],
        "sections": [_shown(section) for section in letter["sections"]],
        "rows": _rows(letter),
    }


def _shown(section: Section) -> dict[str, Any]:
    return {**section, "over": section["pieces"][0]["kind"] in TABLES}


def _rows(letter: LetterContext) -> list[list[dict[str, Any]]]:
    """Return two boxes a row: the signatures in their order, and last how to check beside the seal."""
    cells: list[dict[str, Any]] = [
        {"place": place, "line": line} for place, line in enumerate(letter["signatures"], 1)
    ]
    if len(cells) % 2:
        cells.append({})
    cells += [{"check": True}, {"seal": True}]
    return [cells[at : at + 2] for at in range(0, len(cells), 2)]

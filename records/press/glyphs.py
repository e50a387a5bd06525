"""Which characters the record fonts can print: one without a glyph refuses a record and is named, never a
box.
"""

import unicodedata
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parents[1] / "fonts"


class Unprintable(Exception):  # noqa: N818
    """A record that can't be printed as it is; the message is for the people who wait for it."""


@cache
def covered() -> frozenset[int]:
    """Return every code point that one of the record fonts has."""
    found: set[int] = set()
    for path in sorted(FONTS.glob("*.ttf")):
        with TTFont(path, lazy=True) as font:
            found.update(font.getBestCmap())
    return frozenset(found)


def missing(text: str) -> list[str]:
    """Return the characters of the text, as it would be printed, that have no glyph; each once, in order of
    code point.
    """
    return sorted(
        {letter for letter in printed(text) if ord(letter) not in covered() and letter not in "\n\t\r"}
    )


def printed(text: str) -> str:
    """Return the text composed (NFC) and without invisible format characters; the embedded data keep the
    exact text.
    """
    composed = unicodedata.normalize("NFC", text)
    return "".join(letter for letter in composed if unicodedata.category(letter) != "Cf")


def named(letters: list[str]) -> str:
    """Return the characters as a person can look them up: 𠮷 (U+20BB7)."""
    return ", ".join(f"{letter} (U+{ord(letter):04X})" for letter in letters)

"""Words of a text for searching, the same on every database; where no blanks part words, pairs of characters.

A trigram index finds nothing for two characters, which most Chinese words have, and on a PostgreSQL cluster with the
locale "C" it finds no Chinese at all. So Chinese, Japanese and Korean are stored as overlapping pairs, and the last
character of each run alone: a pair is found as a word, a single character as the beginning of one.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_UNPARTED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
RUN = re.compile(f"[{_UNPARTED}]+|[^\\W_{_UNPARTED}]+")
_IS_UNPARTED = re.compile(f"[{_UNPARTED}]")
LONGEST = 60
"""Longer words are cut; so are those that are looked for."""
MOST_ASKED = 16
MOST_READ = 400


@dataclass(frozen=True, slots=True)
class Word:
    """A word that is looked for; `is_start` finds longer ones that begin with it too, `is_pair` is of unparted text."""

    text: str
    is_start: bool
    is_pair: bool = False


def plain(text: str) -> str:
    """Return the text as it is compared: compatible forms joined, without accents of Latin letters, in lower case."""
    parted = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    bare = "".join(character for character in parted if not "\u0300" <= character <= "\u036f")
    return unicodedata.normalize("NFC", bare)


def words_of(text: str, most: int = 1_000_000) -> list[str]:
    """Return the words under which the text is found, each once, in the order of the text, at most `most`."""
    found: dict[str, None] = {}
    for run in RUN.findall(plain(text)):
        for word in _stored(run):
            if len(found) >= most:
                return list(found)
            found[word] = None
    return list(found)


def asked_for(query: str) -> tuple[Word, ...]:
    """Return the words of a query, at most MOST_ASKED of its first MOST_READ characters; all of them must be found.

    Any text is a query: signs and operators mean nothing, so nothing can be wrong with it. Without letters and digits
    there are no words.
    """
    found: dict[Word, None] = {}
    for run in RUN.findall(plain(query[:MOST_READ])):
        for word in _asked(run):
            found[word] = None
    return tuple(found)[:MOST_ASKED]


def is_unparted(text: str) -> bool:
    """Say whether a character of the text belongs to a script without blanks between words."""
    return _IS_UNPARTED.search(text) is not None


def _stored(run: str) -> Iterator[str]:
    if not is_unparted(run):
        yield run[:LONGEST]
        return
    yield from _pairs(run)
    yield run[-1]


def _asked(run: str) -> Iterator[Word]:
    if not is_unparted(run):
        yield Word(run[:LONGEST], is_start=len(run) > 2)
    elif len(run) == 1:
        yield Word(run, is_start=True, is_pair=True)
    else:
        yield from (Word(pair, is_start=False, is_pair=True) for pair in _pairs(run))


def _pairs(run: str) -> Iterator[str]:
    return (run[at : at + 2] for at in range(len(run) - 1))

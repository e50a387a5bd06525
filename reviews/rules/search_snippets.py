"""The passage of a text that answers a search, with the words that were found marked."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reviews.rules.search_words import RUN, Word, is_unparted, plain

BEFORE = 60
LENGTH = 240
_ENDINGS = ("ings", "ing", "edly", "ed", "es", "ly", "s", "e")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a passage; `is_hit` is to be marked."""

    text: str
    is_hit: bool


@dataclass(frozen=True, slots=True)
class Snippet:
    """A passage in pieces, whether text was left out before and after it, and which words it has."""

    pieces: tuple[Piece, ...]
    cut_before: bool
    cut_after: bool
    found: frozenset[Word]


@dataclass(frozen=True, slots=True)
class _Hit:
    start: int
    end: int
    word: Word


def snippet(text: str, words: Sequence[Word], *, before: int = BEFORE, length: int = LENGTH) -> Snippet:
    """Return the passage around the first word found, or the beginning of the text; blanks are joined to one."""
    clean = " ".join(unicodedata.normalize("NFC", text).split())
    hits = list(_hits(clean, words))
    start = _beginning(clean, max(0, hits[0].start - before)) if hits else 0
    end = _ending(clean, start + length)
    return Snippet(
        pieces=tuple(_pieces(clean, start, end, hits)),
        cut_before=start > 0,
        cut_after=end < len(clean),
        found=frozenset(hit.word for hit in hits),
    )


def root(word: str) -> str:
    """Return an English word without its common ending, so that "releases" and "released" are marked alike."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def _hits(text: str, words: Sequence[Word]) -> Iterator[_Hit]:
    for run in RUN.finditer(text):
        if is_unparted(run.group()):
            yield from _hits_of_pairs(run.group(), run.start(), words)
            continue
        read = plain(run.group())
        for word in words:
            if not word.is_pair and _is_meant(word, read):
                yield _Hit(run.start(), run.end(), word)
                break


def _hits_of_pairs(run: str, offset: int, words: Sequence[Word]) -> Iterator[_Hit]:
    pairs = {word.text: word for word in words if word.is_pair}
    for at in range(len(run)):
        for size in (1, 2):
            word = pairs.get(plain(run[at : at + size]))
            if word is not None and at + size <= len(run):
                yield _Hit(offset + at, offset + at + size, word)


def _is_meant(word: Word, read: str) -> bool:
    if not word.is_start:
        return read == word.text
    return read.startswith(word.text) or (len(word.text) > 3 and root(read) == root(word.text))


def _beginning(text: str, at: int) -> int:
    """Return the place after the next blank, so that no word is cut, if one is near."""
    blank = text.find(" ", at, at + 20) if at else -1
    return blank + 1 if blank >= 0 else at


def _ending(text: str, at: int) -> int:
    if at >= len(text):
        return len(text)
    blank = text.rfind(" ", at - 20, at)
    return blank if blank > 0 else at


def _pieces(text: str, start: int, end: int, hits: Sequence[_Hit]) -> Iterator[Piece]:
    """Yield the passage, overlapping hits as one piece."""
    at = start
    for first, last in _joined(hits):
        if last <= start or first >= end:
            continue
        if first > at:
            yield Piece(text[at:first], is_hit=False)
        yield Piece(text[max(first, at) : min(last, end)], is_hit=True)
        at = min(last, end)
    if at < end:
        yield Piece(text[at:end], is_hit=False)


def _joined(hits: Sequence[_Hit]) -> Iterator[tuple[int, int]]:
    held: tuple[int, int] | None = None
    for hit in hits:
        if held and hit.start <= held[1] and hit.word.is_pair:
            held = held[0], max(held[1], hit.end)
            continue
        if held:
            yield held
        held = hit.start, hit.end
    if held:
        yield held

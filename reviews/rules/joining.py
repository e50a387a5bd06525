"""Two people changed one answer: what both wrote, joined, as a proposal that the second writer reads before saving.

Nothing that either of them wrote is left out. Where both changed the same sentence and the words don't fall apart into
separate changes, both sentences stand, theirs first.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from imprimatur.subsequence import matches, steps

LONGEST_BY_WORDS = 1500  # words and blanks of a passage that is compared word by word
_SENTENCES = re.compile(r"(?<=[。！？\n])|(?<=[.!?;] )")
_WORDS = re.compile(r"\s+|[^\W\u3040-\u30ff\u4e00-\u9fff]+|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Joined:
    """The joined text; `overlaps` says that both changed one sentence, which then stands twice."""

    text: str
    overlaps: bool


@dataclass(frozen=True, slots=True)
class _Chunk:
    """A stretch of the text before, with what each writer made of it."""

    base: Sequence[str]
    theirs: Sequence[str]
    mine: Sequence[str]

    @property
    def settled(self) -> Sequence[str] | None:
        """Return what stands when at most one of them changed it, else None."""
        theirs, mine, base = _keys(self.theirs), _keys(self.mine), _keys(self.base)
        if mine == theirs:
            return _longer(self.theirs, self.mine)
        if mine == base:
            return self.theirs
        return self.mine if theirs == base else None


def join_texts(base: str | None, theirs: str, mine: str) -> Joined:
    """Return both texts joined; `base` is what the second writer began with, None when nobody knows it."""
    if base is None:
        return _join_without_base(_sentences(theirs), _sentences(mine))
    pieces: list[str] = []
    overlaps = False
    for chunk in _chunks(_sentences(base), _sentences(theirs), _sentences(mine)):
        settled = chunk.settled
        if settled is None:
            settled = _by_words(chunk)
        if settled is None:
            overlaps = True
            settled = [*chunk.theirs, *_only_in(chunk.mine, chunk.theirs)]
        pieces.extend(settled)
    return Joined(_glued(pieces), overlaps)


def join_codes(base: Sequence[str] | None, theirs: Sequence[str], mine: Sequence[str]) -> list[str]:
    """Return the choices of both; one that stood before and that either of them took away is gone."""
    before = set(base or ())
    gone = (before - set(theirs)) | (before - set(mine))
    return [code for code in [*theirs, *_only_in(mine, theirs)] if code not in gone]


def _join_without_base(theirs: list[str], mine: list[str]) -> Joined:
    pieces: list[str] = []
    overlaps = False
    for kind, first, last, begin, end in steps(_keys(theirs), _keys(mine)):
        overlaps = overlaps or kind == "replace"
        pieces.extend(theirs[first:last])
        if kind != "equal":
            pieces.extend(mine[begin:end])
    return Joined(_glued(pieces), overlaps)


def _by_words(chunk: _Chunk) -> list[str] | None:
    """Join one passage word by word; None when both changed the same words, or the passage is long."""
    base, theirs, mine = (_WORDS.findall("".join(part)) for part in (chunk.base, chunk.theirs, chunk.mine))
    if not base or max(len(base), len(theirs), len(mine)) > LONGEST_BY_WORDS:
        return None
    words: list[str] = []
    for part in _chunks(base, theirs, mine):
        settled = part.settled
        if settled is None:
            return None
        words.extend(settled)
    return ["".join(words)]


def _chunks(base: Sequence[str], theirs: Sequence[str], mine: Sequence[str]) -> Iterator[_Chunk]:
    """Yield the stretches between what all three have in common, and the common parts themselves."""
    before, at_theirs, at_mine = 0, 0, 0
    for place, in_theirs, in_mine, length in _common(base, theirs, mine):
        if (place, in_theirs, in_mine) != (before, at_theirs, at_mine):
            yield _Chunk(base[before:place], theirs[at_theirs:in_theirs], mine[at_mine:in_mine])
        if length:
            theirs_too = theirs[in_theirs : in_theirs + length]
            same = _longer(theirs_too, mine[in_mine : in_mine + length])
            yield _Chunk(same, same, same)
        before, at_theirs, at_mine = place + length, in_theirs + length, in_mine + length


def _common(
    base: Sequence[str], theirs: Sequence[str], mine: Sequence[str]
) -> Iterator[tuple[int, int, int, int]]:
    """Yield where all three are the same: place in each, and length; at last their ends with length 0."""
    first = matches(_keys(base), _keys(theirs))
    second = matches(_keys(base), _keys(mine))
    one, other = 0, 0
    while one < len(first) and other < len(second):
        a, b = first[one], second[other]
        begin, end = max(a.a, b.a), min(a.a + a.size, b.a + b.size)
        if begin < end:
            yield begin, a.b + begin - a.a, b.b + begin - b.a, end - begin
        if a.a + a.size < b.a + b.size:
            one += 1
        else:
            other += 1
    yield len(base), len(theirs), len(mine), 0


def _sentences(text: str) -> list[str]:
    return [piece for piece in _SENTENCES.split(text) if piece]


def _keys(pieces: Sequence[str]) -> list[str]:
    """Return the pieces without the blanks around them; blanks alone stay, or nothing would part two words."""
    return [piece.strip() or piece for piece in pieces]


def _longer(theirs: Sequence[str], mine: Sequence[str]) -> Sequence[str]:
    """Return of each piece, the same but for the blanks around it, the one that has more of them."""
    return [max(pair, key=len) for pair in zip(theirs, mine, strict=True)]


def _only_in(mine: Sequence[str], theirs: Sequence[str]) -> list[str]:
    there = set(_keys(theirs))
    return [piece for piece, key in zip(mine, _keys(mine), strict=True) if key not in there]


def _glued(pieces: Sequence[str]) -> str:
    """Return the sentences as one text, with a blank where one ends that was the last of its text."""
    text = ""
    for piece in pieces:
        parted = not text or text[-1].isspace() or text[-1] in "。！？" or piece[0].isspace()
        text += piece if parted else f" {piece}"
    return text

"""What changed between two texts: block by block, then word by word."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from imprimatur.subsequence import steps
from imprimatur.wording import Change, Piece, compare_text, count_words, words_of

__all__ = [
    "Block",
    "Change",
    "Difference",
    "Folded",
    "Piece",
    "compare",
    "compare_text",
    "fold",
    "unchanged",
]

_BLOCKS = re.compile(r"\n[ \t]*\n+")
ALIKE = 0.35
"""Blocks with at least this share of common words are one block that was edited; others went and came."""
PAIRED = 200_000
"""Pairs of blocks among which those that were edited are looked for; beyond, what was replaced went and came."""
REACH = 12
"""An edited block is looked for so many places around where it would stand if nothing had come or gone."""
LONG = 60
"""Blocks that stayed fold when they have more words than this or don't stand beside a change."""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, list or table. One that stayed has a single piece and may be rendered as Markdown."""

    pieces: tuple[Piece, ...]

    @property
    def is_same(self) -> bool:
        """Whether nothing in it changed."""
        return all(piece.change == Change.SAME for piece in self.pieces)

    @property
    def text(self) -> str:
        """The text as it reads now; for a removed block as it read before."""
        return self.after or self.before

    @property
    def before(self) -> str:
        """The text as it read before; empty for a block that came."""
        return "".join(piece.text for piece in self.pieces if piece.change != Change.ADDED)

    @property
    def after(self) -> str:
        """The text as it reads now; empty for a block that went."""
        return "".join(piece.text for piece in self.pieces if piece.change != Change.REMOVED)


@dataclass(frozen=True, slots=True)
class Folded:
    """Blocks that stayed and are shown as one line, with how many they are."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """The blocks of the newer text with what was removed, and how many words (or Han characters) came and went."""

    blocks: tuple[Block, ...]
    added: int
    removed: int

    @property
    def is_same(self) -> bool:
        """Whether the texts are equal but for blank lines."""
        return all(block.is_same for block in self.blocks)


def compare(before: str, after: str) -> Difference:
    """Return what changed from the one text to the other."""
    old, new = _blocks(before), _blocks(after)
    blocks: list[Block] = []
    for kind, a, b, c, d in steps(old, new):
        if kind == "equal":
            blocks += [Block((Piece(Change.SAME, text),)) for text in new[c:d]]
        else:
            blocks += _changed(old[a:b], new[c:d])
    return Difference(tuple(blocks), _count(blocks, Change.ADDED), _count(blocks, Change.REMOVED))


def unchanged(text: str) -> Difference:
    """Return the text as blocks that all stayed."""
    return Difference(tuple(Block((Piece(Change.SAME, block),)) for block in _blocks(text)), 0, 0)


def fold(difference: Difference) -> list[Block | Folded]:
    """Return the blocks with those that stayed folded, unless they are short and stand beside a change."""
    blocks = difference.blocks
    found: list[Block | Folded] = []
    hidden: list[Block] = []
    for place, block in enumerate(blocks):
        beside = blocks[max(place - 1, 0) : place + 2]
        is_context = not all(other.is_same for other in beside) and count_words(block.text) <= LONG
        if block.is_same and not is_context:
            hidden.append(block)
            continue
        if hidden:
            found.append(Folded(tuple(hidden)))
            hidden = []
        found.append(block)
    return [*found, Folded(tuple(hidden))] if hidden else found


def _blocks(text: str) -> list[str]:
    """Return the parts between blank lines."""
    return [part for part in _BLOCKS.split(text.replace("\r\n", "\n").strip("\n")) if part.strip()]


def _changed(old: Sequence[str], new: Sequence[str]) -> list[Block]:
    """Compare blocks that were edited word by word; the others went and came whole, in their order."""
    found: list[Block] = []
    a = c = 0
    for b, d in [*_pairs(old, new), (len(old), len(new))]:
        found += [Block((Piece(Change.REMOVED, text),)) for text in old[a:b]]
        found += [Block((Piece(Change.ADDED, text),)) for text in new[c:d]]
        if b < len(old) and d < len(new):
            found.append(Block(tuple(compare_text(old[b], new[d]))))
        a, c = b + 1, d + 1
    return found


def _pairs(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Return the places of blocks that are alike, in order, so that they are as alike as possible altogether."""
    if len(old) == len(new) == 1:
        return [(0, 0)]
    if len(old) * len(new) > PAIRED:
        return []
    words = [words_of(text) for text in old], [words_of(text) for text in new]
    slope = len(new) / max(len(old), 1)
    best: list[list[float]] = [[0.0] * (len(new) + 1) for _row in range(len(old) + 1)]
    for a in range(len(old)):
        for b in range(len(new)):
            score = _alike(words[0][a], words[1][b]) if abs(b - a * slope) <= REACH else 0.0
            joined = best[a][b] + score if score >= ALIKE else 0.0
            best[a + 1][b + 1] = max(best[a][b + 1], best[a + 1][b], joined)
    pairs: list[tuple[int, int]] = []
    a, b = len(old), len(new)
    while a and b:
        if best[a][b] == best[a - 1][b]:
            a -= 1
        elif best[a][b] == best[a][b - 1]:
            b -= 1
        else:
            a, b = a - 1, b - 1
            pairs.append((a, b))
    return pairs[::-1]


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the share of words that two texts have in common, 0 to 1."""
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 0.0


def _count(blocks: Sequence[Block], change: Change) -> int:
    """Count the words and Han characters with this fate."""
    return sum(
        count_words(piece.text) for block in blocks for piece in block.pieces if piece.change == change
    )

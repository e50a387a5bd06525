"""What changed between two texts: block by block, then word by word; in Han scripts character by character."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum

_HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_TOKEN = re.compile(f"\\d[\\d.,]*\\d|[{_HAN}]|[^\\W{_HAN}]+(?:[’'-][^\\W{_HAN}]+)*|\\s+|.", re.DOTALL)
_COUNTS = re.compile(f"[{_HAN}]|[^\\W{_HAN}]+")
_BLOCKS = re.compile(r"\n[ \t]*\n+")
LARGEST = 1_000_000
"""Pairs of tokens that are compared in one block at most, about a quarter of a second; beyond, all of it changed."""
GLUE = 3
"""Fewer tokens than this that stayed between two changes are shown as part of them, so that it can be read."""


class Change(StrEnum):
    """What happened to a piece of text."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text with one fate; `mark` names the passage that it belongs to (a discussion), 0 for none."""

    change: Change
    text: str
    mark: int = 0
    ends_mark: bool = False


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
        now = [piece.text for piece in self.pieces if piece.change != Change.REMOVED]
        return "".join(now or [piece.text for piece in self.pieces])


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
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            blocks += [Block((Piece(Change.SAME, text),)) for text in new[c:d]]
        else:
            blocks += _changed(old[a:b], new[c:d])
    return Difference(tuple(blocks), _count(blocks, Change.ADDED), _count(blocks, Change.REMOVED))


def unchanged(text: str) -> Difference:
    """Return the text as blocks that all stayed."""
    return Difference(tuple(Block((Piece(Change.SAME, block),)) for block in _blocks(text)), 0, 0)


def _blocks(text: str) -> list[str]:
    """Return the parts between blank lines."""
    return [part for part in _BLOCKS.split(text.replace("\r\n", "\n").strip("\n")) if part.strip()]


def _changed(old: Sequence[str], new: Sequence[str]) -> list[Block]:
    """Compare blocks in pairs from the top; what is over came or went whole."""
    pairs = min(len(old), len(new))
    found = [
        Block(tuple(_words(before, after))) for before, after in zip(old[:pairs], new[:pairs], strict=True)
    ]
    found += [Block((Piece(Change.REMOVED, text),)) for text in old[pairs:]]
    found += [Block((Piece(Change.ADDED, text),)) for text in new[pairs:]]
    return found


def _words(before: str, after: str) -> list[Piece]:
    """Compare two blocks word by word."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    if len(old) * len(new) > LARGEST:
        return [Piece(Change.REMOVED, before), Piece(Change.ADDED, after)]
    pieces: list[Piece] = []
    for removed, added, same in _runs(old, new):
        if removed:
            pieces.append(Piece(Change.REMOVED, removed))
        if added:
            pieces.append(Piece(Change.ADDED, added))
        if same:
            pieces.append(Piece(Change.SAME, same))
    return pieces


def _runs(old: Sequence[str], new: Sequence[str]) -> list[tuple[str, str, str]]:
    """Return what went, what came and what stayed after it, with short stays glued to the changes around them."""
    runs: list[tuple[list[str], list[str], list[str]]] = [([], [], [])]
    matches = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for place, (kind, a, b, c, d) in enumerate(matches):
        if kind == "equal" and not (0 < place < len(matches) - 1 and _is_glue(old[a:b])):
            runs[-1][2].extend(old[a:b])
            continue
        if runs[-1][2]:
            runs.append(([], [], []))
        runs[-1][0].extend(old[a:b])
        runs[-1][1].extend(new[c:d])
    return [("".join(removed), "".join(added), "".join(same)) for removed, added, same in runs]


def _is_glue(tokens: Sequence[str]) -> bool:
    """Whether so little stayed that it hinders reading: blanks and signs, with at most one short word."""
    words = [token for token in tokens if _COUNTS.fullmatch(token)]
    return len(tokens) <= GLUE and len(words) <= 1 and sum(map(len, words)) <= GLUE


def _count(blocks: Sequence[Block], change: Change) -> int:
    """Count the words and Han characters with this fate."""
    return sum(
        len(_COUNTS.findall(piece.text))
        for block in blocks
        for piece in block.pieces
        if piece.change == change
    )


def mark(difference: Difference, quote: str, number: int) -> tuple[Difference, bool]:
    """Mark the passage that a discussion quotes; returns whether it was found.

    Looked for in the text as it is, then in what was removed; never across two blocks, nor over another mark.
    """
    if not quote.strip():
        return difference, False
    for unwanted in (Change.REMOVED, Change.ADDED):
        for place, block in enumerate(difference.blocks):
            marked = _mark_block(block, quote, number, unwanted)
            if marked:
                blocks = (*difference.blocks[:place], marked, *difference.blocks[place + 1 :])
                return replace(difference, blocks=blocks), True
    return difference, False


def _mark_block(block: Block, quote: str, number: int, unwanted: Change) -> Block | None:
    """Mark the quote in one block, reading over the pieces with the unwanted fate."""
    text = "".join(piece.text for piece in block.pieces if piece.change != unwanted)
    start = text.find(quote)
    if start < 0:
        return None
    end, at, pieces = start + len(quote), 0, []
    for piece in block.pieces:
        if piece.change == unwanted:
            within = start < at < end
            pieces.append(replace(piece, mark=number) if within and not piece.mark else piece)
            continue
        low, high = max(start - at, 0), min(end - at, len(piece.text))
        if low >= high or piece.mark:
            pieces.append(piece)
        else:
            last = at + high == end
            pieces += [
                replace(piece, text=piece.text[:low]),
                replace(piece, text=piece.text[low:high], mark=number, ends_mark=last),
                replace(piece, text=piece.text[high:]),
            ]
        at += len(piece.text)
    return Block(tuple(piece for piece in pieces if piece.text))

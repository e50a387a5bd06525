"""Which characters of two texts belong together: by paragraphs, then by sentences, then by words or Han characters."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from imprimatur.subsequence import steps

HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
LEVELS = (
    re.compile(r".+?(?:\n[ \t]*\n+|\Z)", re.DOTALL),
    re.compile(r".+?(?:[.!?;:\n]+\s+|[。！？；：]+\s*|\n|\Z)", re.DOTALL),
    re.compile(rf"(?:[{HAN}]|[^\W{HAN}]+|.)\s*", re.DOTALL),
)
LARGEST = 400_000
"""Pairs of parts that are compared at most, some tenths of a second; beyond, they have nothing in common."""


@dataclass(frozen=True, slots=True)
class Span:
    """A run of `size` characters that stands at `old` in the one text and at `new` in the other."""

    old: int
    new: int
    size: int


class Alignment:
    """Two texts and which characters of theirs belong together; computed when it is first asked for."""

    def __init__(self, old: str, new: str) -> None:
        self.old, self.new = old, new

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """The runs that stayed, in order; they never cross, and neighbours are joined."""
        found: list[Span] = []
        for span in sorted(_align(self.old, self.new, 0, 0, 0), key=lambda span: span.old):
            last = found[-1] if found else None
            if last and last.old + last.size == span.old and last.new + last.size == span.new:
                found[-1] = Span(last.old, last.new, last.size + span.size)
            elif span.size:
                found.append(span)
        return tuple(found)

    @cached_property
    def _starts(self) -> list[int]:
        return [span.old for span in self.spans]

    def within(self, start: int, end: int) -> Iterator[Span]:
        """Yield what stayed of the characters from `start` to `end` of the old text."""
        first = max(bisect_right(self._starts, start) - 1, 0)
        for span in self.spans[first:]:
            if span.old >= end:
                return
            low, high = max(span.old, start), min(span.old + span.size, end)
            if low < high:
                yield Span(low, span.new + low - span.old, high - low)

    def image(self, at: int) -> int | None:
        """Return where the character at `at` of the old text stands in the new one; None if it went."""
        return next((span.new for span in self.within(at, at + 1)), None)

    def whole_image(self, start: int, end: int) -> int | None:
        """Return where the passage stands in the new text if it stayed in one piece, else None."""
        pieces = list(self.within(start, end))
        return pieces[0].new if len(pieces) == 1 and pieces[0].size == end - start else None


def _align(old: str, new: str, at_old: int, at_new: int, level: int) -> Iterator[Span]:
    """Yield what the texts have in common, from what they begin and end with to smaller and smaller parts."""
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    yield Span(at_old, at_new, head)
    yield Span(at_old + len(old) - tail, at_new + len(new) - tail, tail)
    old, new = old[head : len(old) - tail], new[head : len(new) - tail]
    if old and new and level < len(LEVELS):
        yield from _parts(old, new, at_old + head, at_new + head, level)


def _common(a: str, b: str) -> int:
    """Return with how many equal characters both texts begin."""
    shorter = min(len(a), len(b))
    return shorter if a[:shorter] == b[:shorter] else next(at for at in range(shorter) if a[at] != b[at])


def _parts(old: str, new: str, at_old: int, at_new: int, level: int) -> Iterator[Span]:
    """Yield what stayed among the parts of this level; what was replaced is compared in smaller parts."""
    a, b = LEVELS[level].findall(old), LEVELS[level].findall(new)
    if len(a) * len(b) > LARGEST:
        return
    a_at, b_at = _offsets(a, at_old), _offsets(b, at_new)
    a_words, b_words = ([part.rstrip() or part for part in parts] for parts in (a, b))
    for kind, i, j, k, m in steps(a_words, b_words):
        if kind == "equal":  # but for the blanks after each part
            for x, y in zip(range(i, j), range(k, m), strict=True):
                yield Span(a_at[x], b_at[y], len(a[x] if a[x] == b[y] else a_words[x]))
        elif kind == "replace":
            yield from _align("".join(a[i:j]), "".join(b[k:m]), a_at[i], b_at[k], level + 1)


def _offsets(parts: list[str], start: int) -> list[int]:
    """Return where each part begins, and where the last one ends."""
    found = [start]
    for part in parts:
        found.append(found[-1] + len(part))
    return found

"""What changed between two texts word by word, cleaned so that people can read it; Han characters in runs.

A longest common subsequence of the words comes first (subsequence.py). Then what makes it hard to read is taken back:
little that stayed between larger changes, and a lone Han character that a change would tear out of its word. No
dictionary is needed for it (docs/decisions/0013).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate, pairwise

from imprimatur.subsequence import common, steps

_HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_TOKEN = re.compile(f"\\d[\\d.,]*\\d|[{_HAN}]|[^\\W{_HAN}]+(?:[’'-][^\\W{_HAN}]+)*|\\S", re.DOTALL)
_WORD = re.compile(f"[{_HAN}]|[^\\W{_HAN}]+")
_IS_HAN = re.compile(f"[{_HAN}]")
_ALONE = frozenset(
    "的了着过在是和与或及并而但对为以从到由被把将等不也都就则其该此这那我您他她它有无未已可需应能会于之所"
)
"""Characters that are words by themselves or bind words: a Han word is not looked for across them."""
_SENTENCE = re.compile(r"[^\n.?!。！？；]*[\n.?!。！？；]\s*|[^\n.?!。！？；]+", re.DOTALL)
_ENDS = ".?!。！？；;\n"
_PAUSES = ",:，：、)）"
LARGEST = 60_000_000
"""Pairs of words that are compared at once, about 50 ms and 8 MB; larger texts are compared by sentences first."""


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
class _Side:
    """A text with the places of its words and signs; blanks lie between them.

    `weighed` is what the words before each place weigh together: letters one, a Han character two.
    """

    text: str
    spans: tuple[tuple[int, int], ...]
    words: tuple[str, ...]
    weighed: tuple[int, ...]

    def weight(self, first: int, last: int) -> int:
        """Return what the words from `first` to before `last` weigh; none when there are none."""
        return self.weighed[last] - self.weighed[first] if first < last else 0

    def between(self, first: int, last: int) -> str:
        """Return the text from after word `first - 1` to before word `last`, with the blanks."""
        start = self.spans[first - 1][1] if first else 0
        end = self.spans[last][0] if last < len(self.spans) else len(self.text)
        return self.text[start:end]


@dataclass(slots=True)
class _Run:
    """Words that stayed, `size` of them from `old` and `new` on."""

    old: int
    new: int
    size: int

    @property
    def ends(self) -> tuple[int, int]:
        """Return the words after it in both texts."""
        return self.old + self.size, self.new + self.size


def compare_text(before: str, after: str) -> list[Piece]:
    """Return the pieces of both texts in order: same and removed ones are the old text, same and added the new one."""
    if before == after:
        return [Piece(Change.SAME, before)] if before else []
    old, new = _side(before), _side(after)
    if len(old.words) * len(new.words) > LARGEST:
        return _by_sentences(before, after)
    runs = _cleaned(_slid(_runs(old.words, new.words), old, new), old, new)
    return _joined(_pieces(runs, old, new))


def count_words(text: str) -> int:
    """Count words; a Han character counts as one, as everybody counts 字."""
    return len(_WORD.findall(text))


def words_of(text: str) -> frozenset[str]:
    """Return the words and Han characters of a text, for telling how alike two texts are."""
    return frozenset(_WORD.findall(text))


def _side(text: str) -> _Side:
    found = [match.span() for match in _TOKEN.finditer(text)]
    words = tuple(text[start:end] for start, end in found)
    weights = (2 if _IS_HAN.match(word) else len(word) for word in words)
    return _Side(text, tuple(found), words, tuple(accumulate(weights, initial=0)))


def _by_sentences(before: str, after: str) -> list[Piece]:
    """Compare sentences, and words only where sentences changed; a part that is still too large went and came."""
    old, new = _SENTENCE.findall(before), _SENTENCE.findall(after)
    pieces: list[Piece] = []
    for kind, a, b, c, d in steps(old, new):
        gone, come = "".join(old[a:b]), "".join(new[c:d])
        if kind == "equal":
            pieces.append(Piece(Change.SAME, gone))
        elif len(_TOKEN.findall(gone)) * len(_TOKEN.findall(come)) <= LARGEST:
            pieces += compare_text(gone, come)
        else:
            pieces += [Piece(Change.REMOVED, gone), Piece(Change.ADDED, come)]
    return _joined(pieces)


def _runs(old: Sequence[str], new: Sequence[str]) -> list[_Run]:
    """Return what stayed: the equal beginning and end, and the longest common subsequence between them."""
    head, most = 0, min(len(old), len(new))
    while head < most and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < most - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    pairs = [(place, place) for place in range(head)]
    pairs += [
        (head + a, head + b) for a, b in common(old[head : len(old) - tail], new[head : len(new) - tail])
    ]
    pairs += [(len(old) - place, len(new) - place) for place in range(tail, 0, -1)]
    runs: list[_Run] = []
    for a, b in pairs:
        if runs and runs[-1].ends == (a, b):
            runs[-1].size += 1
        else:
            runs.append(_Run(a, b, 1))
    return runs


def _slid(runs: list[_Run], old: _Side, new: _Side) -> list[_Run]:
    """Move what came or went alone to where a sentence, or at least a phrase, begins: "B. " rather than ". B"."""
    for left, right in pairwise(runs):
        (a, b), (c, d) = left.ends, (right.old, right.new)
        if a != c and b != d:
            continue
        side, start, end = (old, a, c) if b == d else (new, b, d)
        ways = range(
            -_shift_left(side, start, end, left.size), _shift_right(side, start, end, right.size) + 1
        )
        best = max(ways, key=lambda by: (_begins(side, start + by), -abs(by)))
        left.size += best
        right.old, right.new, right.size = right.old + best, right.new + best, right.size - best
    return [run for run in runs if run.size]


def _shift_left(side: _Side, start: int, end: int, most: int) -> int:
    by = 0
    while by < most and side.words[start - 1 - by] == side.words[end - 1 - by]:
        by += 1
    return by


def _shift_right(side: _Side, start: int, end: int, most: int) -> int:
    by = 0
    while by < most and side.words[start + by] == side.words[end + by]:
        by += 1
    return by


def _begins(side: _Side, place: int) -> int:
    """Say how well a change may begin before this word: 3 for a sentence, 2 for a phrase, 1 after a blank."""
    before = side.text[side.spans[place - 1][1] - 1] if place else "\n"
    blank = place and side.spans[place - 1][1] < side.spans[place][0]
    return 3 if before in _ENDS else 2 if before in _PAUSES else 1 if blank else 0


def _cleaned(runs: list[_Run], old: _Side, new: _Side) -> list[_Run]:
    """Take back what stayed where it is little between larger changes, then widen changes to whole Han words."""
    kept: list[_Run] = []
    for place, run in enumerate(runs):
        kept.append(run)
        following = runs[place + 1] if place + 1 < len(runs) else None
        while kept and _is_glue(kept, following, old, new):
            kept.pop()
    return [run for run in _whole_words(kept, old, new) if run.size]


def _is_glue(kept: Sequence[_Run], following: _Run | None, old: _Side, new: _Side) -> bool:
    """Whether the last run that was kept stands between changes that are more than twice as large as it is."""
    run = kept[-1]
    a, b = kept[-2].ends if len(kept) > 1 else (0, 0)
    c, d = (following.old, following.new) if following else (len(old.words), len(new.words))
    before = max(old.weight(a, run.old), new.weight(b, run.new))
    after = max(old.weight(run.ends[0], c), new.weight(run.ends[1], d))
    return 2 * _held(old, run) <= min(before, after)


def _held(old: _Side, run: _Run) -> int:
    """Weigh words that stayed; a lone Han character says little."""
    weight = old.weight(run.old, run.ends[0])
    return weight - 1 if any(map(_IS_HAN.match, old.words[run.old : run.ends[0]])) else weight


def _whole_words(runs: list[_Run], old: _Side, new: _Side) -> list[_Run]:
    """Give a lone Han character between a changed one and the edge of its word to the change: 第二段, not 第[二]段."""
    a = b = 0
    for place, run in enumerate(runs):
        following = runs[place + 1] if place + 1 < len(runs) else _Run(len(old.words), len(new.words), 0)
        words, (end_old, end_new) = old.words[run.old : run.ends[0]], run.ends
        if _is_lone(words) and _any_han(old.words[a : run.old][-1:], new.words[b : run.new][-1:]):
            run.old, run.new, run.size = run.old + 1, run.new + 1, run.size - 1
            words = words[1:]
        if _is_lone(words[::-1]) and _any_han(
            old.words[end_old : following.old][:1], new.words[end_new : following.new][:1]
        ):
            run.size -= 1
        a, b = end_old, end_new
    return runs


def _any_han(*words: Sequence[str]) -> bool:
    return any(_IS_HAN.match(word) for some in words for word in some)


def _is_lone(words: Sequence[str]) -> bool:
    """Whether the first is a Han character that the next sign, or a character that binds, parts from the others."""
    if not words or not _IS_HAN.match(words[0]) or words[0] in _ALONE:
        return False
    return len(words) == 1 or not _IS_HAN.match(words[1]) or words[1] in _ALONE


def _pieces(runs: Sequence[_Run], old: _Side, new: _Side) -> Iterator[Piece]:
    """Yield what lies between the runs and what they hold; equal blanks around a change stay outside it."""
    a = b = 0
    for run in runs:
        yield from _gap(old.between(a, run.old), new.between(b, run.new))
        for place in range(run.size):
            if place:
                yield from _gap(
                    old.between(run.old + place, run.old + place),
                    new.between(run.new + place, run.new + place),
                )
            yield Piece(Change.SAME, old.words[run.old + place])
        a, b = run.ends
    yield from _gap(old.between(a, len(old.words)), new.between(b, len(new.words)))


def _gap(gone: str, come: str) -> Iterator[Piece]:
    """Yield what went and came between two words that stayed."""
    if gone == come and not gone.strip():
        yield Piece(Change.SAME, gone)
        return
    head = _same_blanks(gone, come)
    tail = _same_blanks(gone[head:][::-1], come[head:][::-1])
    yield Piece(Change.SAME, gone[:head])
    yield Piece(Change.REMOVED, gone[head : len(gone) - tail])
    yield Piece(Change.ADDED, come[head : len(come) - tail])
    yield Piece(Change.SAME, gone[len(gone) - tail :])


def _same_blanks(one: str, other: str) -> int:
    """Count the blanks with which both begin."""
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b or not a.isspace():
            break
        count += 1
    return count


def _joined(pieces: Iterator[Piece] | Sequence[Piece]) -> list[Piece]:
    """Return the pieces without empty ones; neighbours of one fate are one, and what went stands before what came."""
    texts: list[tuple[Change, list[str]]] = []
    for piece in pieces:
        if not piece.text:
            continue
        if texts and texts[-1][0] == piece.change:
            texts[-1][1].append(piece.text)
        elif (
            len(texts) > 1
            and piece.change == Change.REMOVED
            and texts[-1][0] == Change.ADDED
            and texts[-2][0] == Change.REMOVED
        ):
            texts[-2][1].append(piece.text)
        else:
            texts.append((piece.change, [piece.text]))
    return [Piece(change, "".join(parts)) for change, parts in texts]

"""What two sequences of words have in common, in a time that no text can make long.

`difflib` finds the runs that people see, but takes cubic time over words that stand in both texts again and again; so
it gets small tables only. The larger ones go to the longest common subsequence by the bits of whole numbers, after
Hyyrö 2004, "Bit-parallel LCS-length computation revisited": one step of the processor fills 64 columns of a row.
"""

from collections.abc import Sequence
from difflib import Match, SequenceMatcher

SMALL = 40_000
"""Pairs of words up to which difflib is asked: at its worst some hundredths of a second."""
Step = tuple[str, int, int, int, int]
"""A kind (equal, replace, delete, insert) and what it is about: from and to in the old, from and to in the new one."""


def common(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Return the pairs of places of a longest common subsequence; one machine word holds 64 columns of the table."""
    masks: dict[str, int] = {}
    for place, word in enumerate(new):
        masks[word] = masks.get(word, 0) | 1 << place
    every = (1 << len(new)) - 1
    row, rows = every, []
    for word in old:
        hits = row & masks.get(word, 0)
        row = (row + hits | row - hits) & every
        rows.append(row)
    pairs: list[tuple[int, int]] = []
    down, right = len(old), len(new)
    while down and right:
        if rows[down - 1] >> right - 1 & 1:
            right -= 1
            continue
        down -= 1
        if not down or rows[down - 1] >> right - 1 & 1:
            right -= 1
            pairs.append((down, right))
    return pairs[::-1]


def matches(old: Sequence[str], new: Sequence[str]) -> list[Match]:
    """Return the runs that stand in both, in their order; the last one is empty and stands at the ends."""
    if len(old) * len(new) <= SMALL:
        return SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    runs: list[Match] = []
    for a, b in common(old, new):
        if runs and (runs[-1].a + runs[-1].size, runs[-1].b + runs[-1].size) == (a, b):
            runs[-1] = Match(runs[-1].a, runs[-1].b, runs[-1].size + 1)
        else:
            runs.append(Match(a, b, 1))
    return [*runs, Match(len(old), len(new), 0)]


def steps(old: Sequence[str], new: Sequence[str]) -> list[Step]:
    """Return how the old sequence becomes the new one, step by step."""
    found: list[Step] = []
    a = b = 0
    for run in matches(old, new):
        if a < run.a and b < run.b:
            found.append(("replace", a, run.a, b, run.b))
        elif a < run.a:
            found.append(("delete", a, run.a, b, b))
        elif b < run.b:
            found.append(("insert", a, a, b, run.b))
        a, b = run.a + run.size, run.b + run.size
        if run.size:
            found.append(("equal", run.a, a, run.b, b))
    return found

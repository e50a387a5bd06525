"""The longest common subsequence of two sequences of words, by the bits of whole numbers.

After Hyyrö 2004, "Bit-parallel LCS-length computation revisited": one step of the processor fills 64 columns of a row.
"""

from collections.abc import Sequence


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

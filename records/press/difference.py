"""What changed between two answers, word by word in Latin scripts and character by character in Han."""

import re
from difflib import SequenceMatcher
from html import escape

from records.press.spacing import HAN

_TOKEN = re.compile(f"\\d[\\d.,]*\\d|[{HAN}]|[^\\W{HAN}]+|\\s+|.", re.DOTALL)
LARGEST = 4_000_000  # pairs of tokens that are compared at most, about a second


def difference(before: str, after: str) -> str:
    """Return HTML of `after` with added text in ins and removed text in del; empty when the two are too
    long to compare.
    """
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    if len(old) * len(new) > LARGEST:
        return ""
    parts: list[str] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            parts.append(escape("".join(old[a:b])))
            continue
        if a < b:
            parts.append(f"<del>{escape(''.join(old[a:b]))}</del>")
        if c < d:
            parts.append(f"<ins>{escape(''.join(new[c:d]))}</ins>")
    return "".join(parts).replace("\n", "<br>")

"""Drawing a random sample so that anybody can repeat it: values in, values out, and nothing but SHA-256.

Method "sha256-1": the requests in scope are written down by their references, sorted. Each gets the SHA-256 of
"seed:reference" in UTF-8, as hexadecimal digits; sorted by these digits, the first n are the sample. Whoever fixes
the seed before the list is known, or the list before the seed, can't choose what is drawn.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence

SEED = re.compile(r"[A-Za-z0-9._-]{1,64}")
"""A seed can be typed into a shell without quotes."""


def population_text(references: Iterable[str]) -> str:
    """Return the list that is drawn from, as a text: sorted, one reference a line."""
    return "".join(f"{reference}\n" for reference in sorted(references))


def digest_of(references: Iterable[str]) -> str:
    """Return the SHA-256 of that text, as hexadecimal digits."""
    return hashlib.sha256(population_text(references).encode()).hexdigest()


def draw(seed: str, references: Sequence[str], size: int) -> list[str]:
    """Return the first `size` references in the order of the draw; all of them when there are fewer."""
    return sorted(references, key=lambda reference: (_rank(seed, reference), reference))[:size]


def _rank(seed: str, reference: str) -> str:
    return hashlib.sha256(f"{seed}:{reference}".encode()).hexdigest()

"""Reference numbers as people write and say them: "147", "2026-147", "IMP 2026 0147", all of them IMP-2026-0147.

A reference has a year and a number counted in it, so that somebody can read it out on the phone; the year may be left
out when it is the present one. There is no check digit: a wrong number names no request, or one whose model the other
side reads back.
"""

import re
import unicodedata

PREFIX = "IMP"
_CENTURY = 2000
_SPOKEN = re.compile(r"(?:IMP)?[-/.#:_]*(?:(?P<year>\d{4}|\d{2}(?=[-/]))[-/.:_]+)?(?P<number>\d{1,7})")
_TOGETHER = re.compile(r"(?:IMP)?[-/.#:_]*(?P<year>20\d{2})(?P<number>\d{3,7})")


def reference_of(year: int, number: int) -> str:
    """Return the reference: the number has four digits, or more from 10,000 on."""
    return f"{PREFIX}-{year}-{number:04d}"


def parse_reference(text: str, year_now: int) -> str | None:
    """Return the reference that somebody means by this text, or None when it is no reference.

    Capitals, blanks and signs between the parts don't matter, nor do full-width digits. A number alone is one of the
    present year; seven digits or more together begin with the year. A request of this reference need not exist.
    """
    plain = unicodedata.normalize("NFKC", text).upper().translate(_DASHES).strip(" -.,;:")
    parts = re.sub(r"\s*([-/.#:_])\s*", r"\1", plain)
    spaced = re.sub(r"\s+", "-", parts)
    together = _TOGETHER.fullmatch(spaced)
    found = together or _SPOKEN.fullmatch(spaced)
    if found is None:
        return None
    year = int(found["year"]) if found["year"] else year_now
    number = int(found["number"])
    if not number:
        return None
    return reference_of(year if year >= _CENTURY else _CENTURY + year, number)


_DASHES = {ord(sign): "-" for sign in "‐‑‒–—―−－"}

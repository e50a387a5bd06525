"""Whom a text names: "@" and a display name, or an e-mail address, of somebody who may read the text."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)
_SIGN = re.compile(r"(?<![A-Za-z0-9_@./+-])@(?=\w)")
_WORDS = re.compile(r"[\w.+-]+(?:@[\w.-]+\w)?")


@dataclass(frozen=True, slots=True)
class Mentions:
    """The people whom a text names, in its order, and the words after an "@" that name nobody, or more than one."""

    people: tuple[int, ...]
    unknown: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()


def mentions_in(text: str, names: Mapping[int, Iterable[str]]) -> Mentions:
    """Return whom the text names of the people whose `names` are given; what stands in code names nobody.

    The longest name that fits counts: with "Wang" and "Wang Shulan", "@Wang Shulan" is the second.
    """
    known: dict[str, set[int]] = {}
    for person, called in names.items():
        for name in called:
            known.setdefault(name.casefold(), set()).add(person)
    people: list[int] = []
    unknown: list[str] = []
    ambiguous: list[str] = []
    plain = _CODE.sub(" ", text)
    for match in _SIGN.finditer(plain):
        rest = plain[match.end() :]
        found = _longest(rest, known)
        if found is None:
            words = _WORDS.match(rest)
            unknown.append(words.group().rstrip(".-+") if words else rest[:20])
        elif len(known[found]) > 1:
            ambiguous.append(rest[: len(found)])
        else:
            people += known[found]
    return Mentions(
        tuple(dict.fromkeys(people)), tuple(dict.fromkeys(unknown)), tuple(dict.fromkeys(ambiguous))
    )


def _longest(text: str, known: Mapping[str, set[int]]) -> str | None:
    """Return the longest known name with which the text begins, as it is kept; a name doesn't end within a word."""
    begun = text.casefold()
    fitting = [name for name in known if begun.startswith(name) and _ends(begun, len(name))]
    return max(fitting, key=len, default=None)


def _ends(text: str, at: int) -> bool:
    """Say whether a name may end here: before no letter, or, in Chinese, anywhere."""
    after = text[at : at + 1]
    return not after or not after.isalnum() or not text[at - 1].isascii() or not after.isascii()

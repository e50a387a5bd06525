"""Where a disclosed interest meets a request: a hint for whoever judges, never a judgement (P)."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class InterestKind(StrEnum):
    """What an interest is tied to."""

    ORGANISATION = "organisation"
    PROJECT = "project"
    PERSON = "person"


class FactKind(StrEnum):
    """What of a request was met."""

    PROJECT = "project"
    MODEL = "model"
    BASE_MODEL = "base_model"
    DATA_SUPPLIER = "data_supplier"
    PARTNER = "partner"
    REQUESTER = "requester"
    CONTRIBUTOR = "contributor"
    CARD_AUTHOR = "card_author"


@dataclass(frozen=True, slots=True)
class Interest:
    """One line of a disclosure; `key` tells it from others."""

    key: int
    kind: InterestKind
    name: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A name that stands in a request: of its project, of a supplier of data, of somebody who asks."""

    kind: FactKind
    name: str


@dataclass(frozen=True, slots=True)
class Meeting:
    """An interest and what of the request it seems to meet."""

    interest: Interest
    fact: Fact


_PEOPLE = frozenset({FactKind.REQUESTER, FactKind.CONTRIBUTOR, FactKind.CARD_AUTHOR})
_LEGAL_FORMS = frozenset(
    {
        "ltd", "limited", "inc", "incorporated", "gmbh", "ag", "llc", "corp", "corporation", "co", "company", "plc",
        "sa", "bv", "the", "of", "and", "for",
    }
)  # fmt: skip
_CHINESE_FORMS = ("股份有限公司", "有限责任公司", "有限公司", "公司", "集团")
SHORTEST = 3
SHORTEST_CHINESE = 2


def meetings(interests: Iterable[Interest], facts: Iterable[Fact]) -> tuple[Meeting, ...]:
    """Return where interests seem to meet the request.

    A person is compared with people. Organisations and projects are compared with everything else; organisations
    also with the passages on partners.
    """
    facts = tuple(facts)
    return tuple(
        Meeting(interest, fact)
        for interest in interests
        for fact in facts
        if _comparable(interest.kind, fact.kind) and _meet(interest.name, fact.name)
    )


def _comparable(interest: InterestKind, fact: FactKind) -> bool:
    if fact == FactKind.PARTNER:
        return True
    return (interest == InterestKind.PERSON) == (fact in _PEOPLE)


def _meet(one: str, other: str) -> bool:
    """Say whether one of the names stands in the other, as whole words; Chinese has no blanks between words."""
    first, second = words_of(one), words_of(other)
    return _within(first, second) or _within(second, first)


def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a name without capitals, marks and legal forms; a run of Chinese characters is one word."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    for form in _CHINESE_FORMS:
        plain = plain.replace(form, " ")
    spaced, before = [], ""
    for sign in plain:
        kind = "" if not sign.isalnum() else "chinese" if _is_chinese(sign) else "other"
        spaced.append(" " if not kind or (before and kind != before) else "")
        spaced.append(sign if kind else "")
        before = kind
    return tuple(word for word in "".join(spaced).split() if word not in _LEGAL_FORMS)


def _within(few: tuple[str, ...], many: tuple[str, ...]) -> bool:
    if not few or not _tells_enough(few):
        return False
    ends = range(len(many) - len(few) + 1)
    return any(all(map(_same_word, few, many[start : start + len(few)])) for start in ends)


def _same_word(word: str, place: str) -> bool:
    return word == place or (_is_chinese(word[0]) and len(word) >= SHORTEST_CHINESE and word in place)


def _tells_enough(words: tuple[str, ...]) -> bool:
    """Say whether the words tell one thing from another: a single letter or a number tells nothing."""
    long = [word for word in words if not word.isdigit()]
    return any(len(word) >= (SHORTEST_CHINESE if _is_chinese(word[0]) else SHORTEST) for word in long)


def _is_chinese(sign: str) -> bool:
    return "\u4e00" <= sign <= "\u9fff" or "\u3400" <= sign <= "\u4dbf"

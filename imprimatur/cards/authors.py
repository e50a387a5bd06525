"""Whom a model card names as its authors: names and addresses, taken out of lists, links and sentences of names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from imprimatur.cards.stated import Card, Kind, Place

LONGEST_NAME = 200
MOST_WORDS = 6
MOST_AUTHORS = 200

_EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_LINK = re.compile(r"\[([^\]\[]*)\]\(([^()\s]*)\)")
_BULLET = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+")
_BETWEEN = re.compile(
    r"[,;、，；\n]|\s(?:and|und|et)\s|\s&\s|(?<=[\u4e00-\u9fff])[和与及](?=[\u4e00-\u9fff])"
)
_AROUND = " \t*_`'\"<>()[]（）.:：|#"
_LABEL = re.compile(r"^[^:：\n]{1,40}[:：]\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class Author:
    """Somebody named in a card; `name` or `email` may be empty, not both."""

    name: str
    email: str
    place: Place


def authors_of(card: Card) -> tuple[Author, ...]:
    """Return whom a model card names as authors, each once; a passage that is no list of names gives nobody."""
    found: dict[tuple[str, str], Author] = {}
    for stated in card.of("authors") if card.kind == Kind.MODEL_CARD else ():
        for value in stated.values:
            for name, email in _people(value):
                found.setdefault((name.casefold(), email), Author(name, email, stated.place))
    return tuple(found.values())[:MOST_AUTHORS]


def people_in(text: str) -> tuple[tuple[str, str], ...]:
    """Return the names and addresses in a text that lists people, as somebody types it: one each line or comma."""
    return tuple(dict.fromkeys(_people(text)))[:MOST_AUTHORS]


def _people(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        plain = _LABEL.sub("", _LINK.sub(_of_link, _BULLET.sub("", line)))
        for part in _BETWEEN.split(plain):
            name, email = _person(part)
            if name or email:
                yield name, email


def _of_link(link: "re.Match[str]") -> str:
    """Return the words of a link, with the address when it's one of mail."""
    words, target = link.groups()
    return f"{words} <{target.removeprefix('mailto:')}>" if target.startswith("mailto:") else words


def _person(part: str) -> tuple[str, str]:
    address = _EMAIL.search(part)
    email = address.group().lower() if address else ""
    name = " ".join(_EMAIL.sub(" ", part).strip(_AROUND).split()).strip(_AROUND)
    if len(name) > LONGEST_NAME or len(name.split()) > MOST_WORDS or not any(map(str.isalpha, name)):
        name = ""
    return name, email

"""Which accounts are meant by the authors that a model card names: by address, or by name (P)."""

from collections.abc import Iterable
from dataclasses import dataclass

from reviews.rules.interest_match import words_of
from reviews.rules.roster import Person


@dataclass(frozen=True, slots=True)
class Named:
    """An author as the card names them; one of both may be empty."""

    name: str
    email: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who could be meant; a name may be in two scripts, "陈嘉霖 Chen Jialin"."""

    person: Person
    name: str
    email: str


def accounts_meant(authors: Iterable[Named], accounts: Iterable[Account]) -> dict[Person, Named]:
    """Return the people who are meant by an author, with the author.

    An address decides alone: the same one is the same person, and another one is somebody else of the same name.
    Without one the whole name decides, in one script at least, whatever the order of its words.
    """
    authors = tuple(authors)
    found: dict[Person, Named] = {}
    for account in accounts:
        for author in authors:
            if _means(author, account):
                found.setdefault(account.person, author)
    return found


def _means(author: Named, account: Account) -> bool:
    if author.email:
        return author.email.casefold() == account.email.casefold()
    return bool(_names(author.name) & _names(account.name))


def _names(name: str) -> frozenset[tuple[str, ...]]:
    """Return the name in each script in which it is whole: two words in Latin letters, or two characters."""
    words = words_of(name)
    chinese = [word for word in words if "\u3400" <= word[0] <= "\u9fff"]
    other = sorted(word for word in words if not "\u3400" <= word[0] <= "\u9fff")
    whole = [(word,) for word in chinese if len(word) > 1] + ([tuple(other)] if len(other) > 1 else [])
    return frozenset(whole)

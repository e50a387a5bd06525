"""Authors whom a version's card names: kept with file and place, so that who wrote it doesn't judge it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import User
from audit import trail
from imprimatur.cards.authors import authors_of
from imprimatur.cards.stated import Card
from registry.card_words import place_in_words
from registry.events import authors_read
from registry.models import CardAuthor, ModelVersion

LONGEST = {"name": 200, "source_name": 255, "place": 200}


@dataclass(frozen=True, slots=True)
class StatedAuthor:
    """An author as a card names them; `name` or `email` may be empty, not both."""

    name: str
    email: str
    source_name: str
    place: str = ""


def stated_authors(cards: Iterable[tuple[str, Card]]) -> list[StatedAuthor]:
    """Return whom the cards (name of the file and card) name as authors."""
    return [
        StatedAuthor(author.name, author.email, name, place_in_words(author.place))
        for name, card in cards
        for author in authors_of(card)
    ]


@transaction.atomic
def keep_authors(
    *, actor: User, version: ModelVersion, authors: Sequence[StatedAuthor], now: datetime
) -> list[CardAuthor]:
    """Keep the authors that aren't known of the version yet, and return them; the caller has asked whether one may.

    One that was named once stays, also when a later card leaves them out: they wrote what was reviewed.
    """
    known = set(CardAuthor.objects.filter(version=version).values_list("name", "email"))
    fresh: dict[tuple[str, str], StatedAuthor] = {}
    for author in authors:
        key = author.name[: LONGEST["name"]], author.email
        if key not in known and any(key):
            fresh.setdefault(key, author)
    rows = [
        CardAuthor(
            version=version, name=name, email=email, source_name=author.source_name[: LONGEST["source_name"]],
            place=author.place[: LONGEST["place"]], read_at=now, read_by=actor,
        )
        for (name, email), author in fresh.items()
    ]  # fmt: skip
    if rows:
        CardAuthor.objects.bulk_create(rows)
        trail.record(
            "version.authors_read", obj=version, actor=actor, now=now, also=rows, data={"authors": len(rows)}
        )
        authors_read(version, now)
    return rows

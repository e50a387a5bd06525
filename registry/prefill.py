"""Where the facts that files state differ from those with which a version was registered."""

from collections.abc import Iterable
from decimal import Decimal

from imprimatur.dossier.facts import StatedFact
from registry.models import ModelVersion

ROUNDED = Decimal("0.1")


def unlike(version: ModelVersion, facts: Iterable[StatedFact]) -> list[StatedFact]:
    """Return the facts that differ from those that the version was registered with; a count may be rounded."""
    return [fact for fact in facts if not _agrees(getattr(version, fact.field), fact.value)]


def _agrees(registered: object, stated: str | list[str]) -> bool:
    if isinstance(stated, list):
        return isinstance(registered, list) and set(stated) <= set(registered)
    if isinstance(registered, int):
        return abs(registered - int(stated)) <= int(stated) * ROUNDED
    return _bare(str(registered or "")) == _bare(stated)


def _bare(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())

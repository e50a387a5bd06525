"""What parts people have besides their roles: the boards register their seats here."""

from collections.abc import Callable, Mapping, Sequence

Ask = Callable[[Sequence[int]], Mapping[int, Sequence[str]]]
_sources: list[Ask] = []


def register(ask: Ask) -> None:
    """Name a source; called from AppConfig.ready().

    `ask(ids)` returns for people (ids) short descriptions in the active language, for example "chair, Ethics".
    """
    _sources.append(ask)


def parts_of(people: Sequence[int]) -> dict[int, list[str]]:
    """Return what all sources say about these people; who has no part has an empty list."""
    found: dict[int, list[str]] = {person: [] for person in people}
    for ask in _sources:
        for person, parts in ask(people).items():
            if person in found:
                found[person].extend(parts)
    return found

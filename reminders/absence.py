"""Who gets a person's reminders while they are away: other apps say who stands in for whom, and for what."""

from collections.abc import Callable

from reminders.waiting import Round, Waiting

StandsIn = Callable[[str, Waiting], int | None]
Ask = Callable[[Round], StandsIn]
_sources: list[Ask] = []


def register(ask: Ask) -> None:
    """Name a source; called from AppConfig.ready().

    `ask(round)` reads what it needs for all and returns a function that says, for a kind and a thing that waits, the
    id of who stands in for the person now, or None.
    """
    if ask not in _sources:
        _sources.append(ask)


def stands_in(asked: Round) -> StandsIn:
    """Return a function that says who stands in for the person for whom a thing of a kind waits, or None."""
    found = [asked.once(ask) for ask in _sources]

    def first(kind: str, item: Waiting) -> int | None:
        others = (each(kind, item) for each in found)
        return next((other for other in others if other is not None and other != item.person_id), None)

    return first

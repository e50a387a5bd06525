"""What the log tells of a row, and whether the row is so: state by state, without regard to how they are found."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import Model

from audit import tracking
from audit.leaf import commitment, decode
from audit.models import Disclosure, Event

Key = tuple[str, str]
NEVER = ""  # no event tells of the object


def states_in(leaf: Mapping[str, Any]) -> Iterator[tuple[str, str, str | None, str]]:
    """Yield what a leaf tells: type and id of an object, its state (None: removed), the path of its disclosure.

    An event about an object whose fields aren't tracked tells of no state.
    """
    about = leaf["obj"]
    states = leaf["states"]
    if leaf["state"] is not None:
        yield about["type"], about["id"], leaf["state"], "state"
    for label, rows in states.items():
        for key, state in rows.items():
            yield label, key, state, f"states.{label}.{key}"


def newest_states(rows: Iterable[Key]) -> dict[Key, tuple[str | None, int, str]]:
    """Return of these objects the newest state, the id of its event and the path; reads the whole log."""
    wanted = set(rows)
    found: dict[Key, tuple[str | None, int, str]] = {}
    for event_id, content in Event.objects.order_by("id").values_list("id", "leaf").iterator():
        for label, key, state, path in states_in(decode(bytes(content))):
            if (label, key) in wanted:
                found[(label, key)] = (state, event_id, path)
    return found


def compared(
    told: Mapping[Key, tuple[str | None, int, str]], rows: Iterable[Key]
) -> Iterator[tuple[Key, bool]]:
    """Yield for each of these objects whether its row is as told, also that it isn't there any more."""
    models = tracking.tracked()
    for label, key in rows:
        row = models[label].model._base_manager.filter(pk=key).first()
        state, event_id, path = told.get((label, key), (NEVER, 0, ""))
        if row is None or state is None:
            yield (label, key), row is None and state is None
        else:
            yield (label, key), is_as_told(row, state, event_id, path) is not False


def is_as_told(row: Model, state: str, event_id: int, path: str) -> bool | None:
    """Say whether the row has this state; None when the state is personal and was erased."""
    now = tracking.state_of(row)
    if now is None:
        return True
    if not tracking.is_personal(row._meta.label_lower):
        return tracking.digest(now) == state
    kept = Disclosure.objects.filter(event=event_id, path=path).first()
    if kept is None:
        return None if event_id else False
    return commitment(bytes(kept.salt), now.decode()) == state

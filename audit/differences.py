"""What an event changed: old and new value of each field, from its own data or from earlier events of its object."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from audit import words
from audit.telling import Told, is_digest, value_text

_PEOPLE = {"actor", "on_behalf_of", "reason", "state"}
_UNSAID = object()


@dataclass(frozen=True, slots=True)
class Change:
    """A field that an event changed. `said_by`: the earlier event that the old value was taken from."""

    path: str
    label: str
    old: str
    new: str
    said_by: int | None = None
    is_digest: bool = False


def changes(event: Told, earlier: Sequence[Told]) -> tuple[Change, ...]:
    """Return what the event changed; `earlier` are events of the same object before it, the newest first.

    Of most changes an event itself says what was before. What it gives a new value of only is compared with the newest
    earlier event that gave one too, unless it left the tracked fields of the object as they were; and where these are
    personal, they are compared as they were disclosed.
    """
    known = {} if _left_alone(event, earlier) else _known(earlier)
    found = []
    for path, new, old in _values(event):
        before, said_by = (old, None) if old is not _UNSAID else known.get(path, (new, None))
        if before != new:
            found.append(_change(path, before, new, said_by))
    return (*found, *_of_fields(event, earlier, {change.path for change in found}))


def changes_of(story: Sequence[Told], older: Sequence[Told] = ()) -> dict[int, tuple[Change, ...]]:
    """Return what each event of the story changed, by its number; both the newest first, of any objects."""
    told, earlier = {}, dict[tuple[str, str], list[Told]]()
    for event in reversed([*story, *older]):
        before = earlier.setdefault((event.object_type, event.object_id), [])
        told[event.id] = changes(event, before)
        before.insert(0, event)
    return {event.id: told[event.id] for event in story}


def _change(path: str, old: object, new: object, said_by: int | None) -> Change:
    before, after = value_text(old, path), value_text(new, path)
    return Change(
        path, words.word(path), before, after, said_by, is_digest=is_digest(before) or is_digest(after)
    )


def _values(event: Told) -> Iterator[tuple[str, object, object]]:
    """Yield path, value and the value before of what the event says; a name instead of its pseudonym."""
    named = {
        path: value
        for path, value in event.disclosed.items()
        if path not in _PEOPLE and "states." not in path
    }
    for path, new, old in _flat(event.leaf["data"]):
        if path not in named:
            yield path, new, old
    for path, value in named.items():
        yield path, value, _UNSAID


def _flat(data: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, object, object]]:
    for key, item in data.items():
        path = f"{above}.{key}" if above else key
        if isinstance(item, dict) and item.keys() == {"old", "new"}:
            yield path, item["new"], item["old"]
        elif isinstance(item, dict):
            yield from _flat(item, path)
        else:
            yield path, item, _UNSAID


def _known(earlier: Sequence[Told]) -> dict[str, tuple[object, int | None]]:
    """Return the newest value of each path, and which event gave it."""
    known: dict[str, tuple[object, int | None]] = {}
    for event in earlier:
        for path, value, _old in _values(event):
            known.setdefault(path, (value, event.id))
    return known


def _left_alone(event: Told, earlier: Sequence[Told]) -> bool:
    """Say whether the object's tracked fields are those of its last event that told them."""
    last = next((before for before in earlier if before.leaf["state"]), None)
    if last is None or not event.leaf["state"]:
        return False
    if "state" in event.disclosed:
        return event.disclosed["state"] == last.disclosed.get("state")
    return bool(event.leaf["state"] == last.leaf["state"])


def _of_fields(event: Told, earlier: Sequence[Told], but: set[str]) -> Iterator[Change]:
    """Yield the personal fields that differ from those that the newest earlier event disclosed."""
    last = next((before for before in earlier if "state" in before.disclosed), None)
    if last is None or "state" not in event.disclosed:
        return
    old, new = json.loads(last.disclosed["state"]), json.loads(event.disclosed["state"])
    for name, value in new.items():
        if name not in but and name in old and old[name] != value:
            yield _change(
                name, old[name], event.disclosed.get(name, value), last.id
            )  # a name instead of an id

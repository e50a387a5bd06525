"""What events told of the states of objects, beside the rows that a bundle shows."""

import hmac
import json
from collections.abc import Iterator, Mapping

from django.db.models import Q

from audit import tracking
from audit.leaf import commitment
from audit.models import Disclosure, Event
from imprimatur.bundle.content import State

Thing = tuple[str, str]


def told_by(leaf: Mapping[str, object]) -> Iterator[tuple[Thing, str | None]]:
    """Yield every object whose state the leaf tells, with the digest; None for one that was removed by it."""
    obj, state, states = leaf["obj"], leaf["state"], leaf.get("states") or {}
    assert isinstance(obj, dict)
    assert isinstance(states, dict)
    if state is not None:
        yield (obj["type"], obj["id"]), str(state)
    for label, each in states.items():
        for key, digest in each.items():
            yield (label, key), digest


def salts_of(label: str, keys: list[str], newest: Mapping[Thing, int]) -> dict[str, bytes]:
    """Return the salt of each state that hasn't been erased, by the key of the row."""
    told = Disclosure.objects.filter(event__entry__leaf_index__in={newest[label, key] for key in keys})
    told = told.filter(Q(path="state") | Q(path__startswith=f"states.{label}."))
    salts = {}
    for path, salt, about, index in told.values_list(
        "path", "salt", "event__object_id", "event__entry__leaf_index"
    ):
        key = about if path == "state" else path.removeprefix(f"states.{label}.")
        if newest.get((label, key)) == index:
            salts[key] = bytes(salt)
    return salts


def outdated(
    rows: Mapping[Thing, State], newest: Mapping[Thing, int], before: Mapping[Thing, int]
) -> set[Thing]:
    """Return the rows of one model of which the newest event told something that was older than the event before it.

    An act that leaves its object as it was doesn't lock it, so another may change the object meanwhile. Such a row is
    as the event in `before` told; one that is neither was changed behind the application's back, and isn't returned.
    """
    doubtful = [thing for thing in rows if thing in before]
    if not doubtful:
        return set()
    indexes = {index for thing in doubtful for index in (newest[thing], before[thing])}
    leaves = Event.objects.filter(entry__leaf_index__in=indexes).values_list("entry__leaf_index", "leaf")
    told = {index: dict(told_by(json.loads(bytes(leaf)))) for index, leaf in leaves}
    label = doubtful[0][0]
    earlier = (
        salts_of(label, [key for _label, key in doubtful], before) if tracking.is_personal(label) else {}
    )
    return {
        thing
        for thing in doubtful
        if not _is(rows[thing], rows[thing].salt, told[newest[thing]][thing])
        and _is(rows[thing], earlier.get(thing[1], rows[thing].salt), told[before[thing]][thing])
    }


def _is(row: State, salt: bytes | None, told: str | None) -> bool:
    """Say whether the row is what was told of it."""
    state = tracking.digest(row.text) if salt is None else commitment(salt, row.text.decode())
    return hmac.compare_digest(state, told or "")

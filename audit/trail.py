"""Recording an act in the transaction of its change."""

import secrets
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Protocol

from django.conf import settings
from django.db.models import Model

from audit import following, requests, scope, statements, tracking, verbs
from audit.leaf import STATES, Leaf, commitment, decode, leaf_hash
from audit.models import Event

STATE = "state"
OWN_PATHS = {"actor", "on_behalf_of", "reason", STATE}
ROWS = 600  # states in a leaf of `record_rows`; each takes up to ninety bytes


class Actor(Protocol):
    """A person who acts; the leaf names them by pseudonym only."""

    pseudonym: uuid.UUID
    display_name: str


def record(
    verb: str,
    *,
    obj: Model,
    actor: Actor | None,
    now: datetime,
    data: Mapping[str, Any] | None = None,
    personal: Mapping[str, str] | None = None,
    on_behalf_of: Actor | None = None,
    reason: str = "",
    also: Iterable[Model] = (),
    gone: Iterable[Model] = (),
) -> Event:
    """Add the event to the trail, in the caller's transaction; two queries on PostgreSQL, three on SQLite.

    `actor` None is the system. `data` holds JSON values without floats and without names of people: give what
    identifies a person in `personal`, where a later erasure can reach it. `reason` is a person's own words and is
    kept as personal. A change is said as {"field": {"old": …, "new": …}}, so that the log shows it so.

    An act is one event, whatever it changes: `also` are the other objects with tracked fields that it made or
    changed, `gone` those that it removes, `obj` itself among them or not. Record when everything is saved and before
    anything is removed: what is saved later isn't in the log, and reconciling names it. Raises UnknownVerb for a name
    that no app has registered, NotCanonical and LeafTooLarge (both ValueError).
    """
    verbs.get(verb)
    label, key = obj._meta.label_lower, _key(obj)
    values = _personal(personal, actor, on_behalf_of, reason)
    states = _States(also, gone, but=(label, key))
    values |= states.personal
    state = None if states.removes(label, key) else tracking.state_of(obj)
    if state is not None and tracking.is_personal(label):
        values[STATE] = state.decode()
    salts = {path: secrets.token_bytes(32) for path in values}
    commitments = {path: commitment(salts[path], value) for path, value in values.items()}
    rev, prev = _previous(label, key)
    leaf = Leaf(
        log=settings.AUDIT_ORIGIN,
        id=str(uuid.uuid4()),
        t=_moment(now),
        verb=verb,
        actor=str(actor.pseudonym) if actor else None,
        on_behalf_of=str(on_behalf_of.pseudonym) if on_behalf_of else None,
        obj=(label, key),
        place=_place(obj, label, key),
        rev=rev + 1,
        prev=prev,
        data=data or {},
        state=commitments.pop(STATE, None) or (tracking.digest(state) if state is not None else None),
        personal=commitments,
        req=requests.origin(),
        states=states.in_leaf(commitments),
    )
    event = _event(leaf, now)
    statements.add(event, [statements.Told(path, salts[path], value) for path, value in values.items()])
    following.tell(verb, [following.Recorded(leaf.id, obj, leaf.data)], now)
    return event


def record_first(
    verb: str,
    about: Sequence[tuple[Model, Mapping[str, Any]]],
    *,
    now: datetime,
    also: Callable[[Any], Iterable[Model]] = lambda _obj: (),
) -> None:
    """Add the first event of each of many objects that were made just now by the system, each with its data.

    One query for each thousand. For objects without an earlier event only, which nobody can know of yet, and whose
    tracked fields aren't personal (ValueError otherwise). `also` gives, for one of them, what else was made with it.
    """
    verbs.get(verb)
    leaves = [_first_leaf(verb, obj, data, now, _States(also(obj))) for obj, data in about]
    Event.objects.bulk_create([_event(leaf, now) for leaf in leaves], batch_size=1000)
    told = [
        following.Recorded(leaf.id, obj, leaf.data) for leaf, (obj, _data) in zip(leaves, about, strict=True)
    ]
    following.tell(verb, told, now)


def record_rows(
    verb: str, *, obj: Model, rows: Iterable[Model], now: datetime, data: Mapping[str, Any]
) -> None:
    """Add the first event of an object that the system made just now together with any number of rows.

    The states of the rows are spread over as many events as they need, with the same data.
    """
    verbs.get(verb)
    each = iter(rows)
    states = _States(islice(each, ROWS))
    leaves = [_first_leaf(verb, obj, data, now, states)]
    while some := list(islice(each, ROWS)):
        last = leaves[-1]
        leaves.append(
            replace(
                last, id=str(uuid.uuid4()), rev=last.rev + 1, prev=leaf_hash(last.encode()),
                states=_States(some).in_leaf({}),
            )
        )  # fmt: skip
    Event.objects.bulk_create([_event(leaf, now) for leaf in leaves])
    following.tell(verb, [following.Recorded(leaves[0].id, obj, data)], now)


class _States:
    """What a leaf says of further objects that an act made, changed or removed."""

    def __init__(
        self, also: Iterable[Model], gone: Iterable[Model] = (), but: tuple[str, str] = ("", "")
    ) -> None:
        self._states: dict[str, dict[str, str | None]] = {}
        self.personal: dict[str, str] = {}
        for one in also:
            label, key = one._meta.label_lower, _key(one)
            state = tracking.state_of(one)
            if state is None or (label, key) == but:
                continue
            if tracking.is_personal(label):
                self.personal[_path(label, key)] = state.decode()
            self._states.setdefault(label, {})[key] = tracking.digest(state)
        for one in gone:
            if tracking.fields_of(one._meta.label_lower):
                self._states.setdefault(one._meta.label_lower, {})[_key(one)] = None

    def removes(self, label: str, key: str) -> bool:
        """Say whether the object is among those that are removed."""
        return self._states.get(label, {}).get(key, "") is None

    def in_leaf(self, commitments: Mapping[str, str]) -> Mapping[str, Mapping[str, str | None]]:
        """Return what stands in the leaf: digests, and commitments where the fields are personal."""
        return {
            label: {key: commitments.get(_path(label, key), state) for key, state in states.items()}
            for label, states in self._states.items()
        }


def _path(label: str, key: str) -> str:
    """Return where in `personal` the commitment to another object's state stands."""
    return f"{STATES}.{label}.{key}"


def _first_leaf(verb: str, obj: Model, data: Mapping[str, Any], now: datetime, states: _States) -> Leaf:
    label, key = obj._meta.label_lower, _key(obj)
    if tracking.is_personal(label) or states.personal:
        raise ValueError(f"{label}: what is personal is recorded one by one.")
    state, place = tracking.state_of(obj), _place(obj, label, key)
    digest = tracking.digest(state) if state is not None else None
    return Leaf(
        log=settings.AUDIT_ORIGIN, id=str(uuid.uuid4()), t=_moment(now), verb=verb, actor=None, on_behalf_of=None,
        obj=(label, key), place=place, rev=1, prev=None, data=data, personal={}, state=digest, req=requests.origin(),
        states=states.in_leaf({}),
    )  # fmt: skip


def _event(leaf: Leaf, now: datetime) -> Event:
    project, board, root = leaf.place
    return Event(
        leaf=leaf.encode(), object_type=leaf.obj[0], object_id=leaf.obj[1], verb=leaf.verb, actor=leaf.actor or "",
        project=project, board=board, root_type=root[0], root_id=root[1], occurred_at=now,
    )  # fmt: skip


def _moment(now: datetime) -> str:
    return now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _key(obj: Model) -> str:
    if obj.pk is None:
        raise ValueError(f"{obj._meta.label}: an event is about something that was saved.")
    return str(obj.pk)


def _personal(
    personal: Mapping[str, str] | None, actor: Actor | None, on_behalf_of: Actor | None, reason: str
) -> dict[str, str]:
    """Return every personal value by its path."""
    values = dict(personal or {})
    taken = {path for path in values if path in OWN_PATHS or path.startswith(f"{STATES}.")}
    if taken:
        raise ValueError(f"These paths have a meaning of their own: {', '.join(sorted(taken))}")
    if actor is not None:
        values["actor"] = actor.display_name
    if on_behalf_of is not None:
        values["on_behalf_of"] = on_behalf_of.display_name
    if reason:
        values["reason"] = reason
    return {path: value.replace("\0", "�") for path, value in values.items()}


def _previous(label: str, key: str) -> tuple[int, str | None]:
    """Return number and hash of the object's previous event."""
    leaf = statements.previous_leaf(label, key)
    if leaf is None:
        return 0, None
    return decode(leaf)["rev"], leaf_hash(leaf)


def _place(obj: Model, label: str, key: str) -> tuple[str, str, tuple[str, str]]:
    """Return project, board and root as text; the object is its own root unless its app says otherwise."""
    place = scope.place_of(obj)
    root = (place.root[0], str(place.root[1])) if place.root else (label, key)
    project = "" if place.project is None else str(place.project)
    board = "" if place.board is None else str(place.board)
    return project, board, root

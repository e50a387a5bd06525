"""Whether a row is as the log tells."""

import hmac
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Model, Q

from audit import tracking
from audit.leaf import commitment
from audit.models import Disclosure
from audit.reconciling.told import AT_ONCE, State, Told
from audit.tracking import Tracked


class Kind(StrEnum):
    """What was done behind the application's back."""

    CHANGED = "changed"
    INSERTED = "inserted"
    DELETED = "deleted"
    UNDISCLOSED = "undisclosed"  # the state that would show it is gone, and no event erased it


@dataclass(frozen=True, slots=True)
class Finding:
    """A row that isn't as the log tells; `event` is the id of the event that told of it last, 0 where none did."""

    kind: Kind
    table: str
    type: str
    id: str
    fields: tuple[str, ...] = ()
    event: int = 0

    def as_data(self) -> dict[str, Any]:
        """Return it as JSON."""
        return asdict(self) | {"fields": list(self.fields)}


@dataclass(slots=True)
class Compared:
    """How many rows were compared, and of how many the state was erased."""

    rows: int = 0
    erased: int = 0


def differences(of: Tracked, told: Told, count: Compared, tick: Callable[[], None]) -> Iterator[Finding]:
    """Yield what is different in the rows of a model, read some hundred at a time; `tick` is called for each lot."""
    label = of.model._meta.label_lower
    rows = of.model._base_manager.order_by("pk").only(*of.fields)
    some = list(rows[:AT_ONCE])
    while some:
        tick()
        yield from compare(of, some, told, count)
        some = list(rows.filter(pk__gt=some[-1].pk)[:AT_ONCE])
    for key, state in told.unseen(label):
        yield finding_of(Kind.DELETED, of, key, event=state.event)


def compare(of: Tracked, rows: Sequence[Model], told: Told, count: Compared) -> Iterator[Finding]:
    """Yield what is different in these rows, at most AT_ONCE of one model."""
    states = told.of(of.model._meta.label_lower, [str(row.pk) for row in rows])
    disclosed = _disclosed(states.values()) if of.personal else {}
    for row in rows:
        count.rows += 1
        key = str(row.pk)
        state, now = states.get(key), tracking.state_of(row) or b""
        if state is None or state.digest is None:
            yield finding_of(Kind.INSERTED, of, key, event=state.event if state else 0)
        elif not of.personal:
            if tracking.digest(now) != state.digest:
                yield finding_of(Kind.CHANGED, of, key, event=state.event)
        elif kept := disclosed.get((state.event, state.path)):
            salt, value = kept
            if not hmac.compare_digest(commitment(salt, now.decode()), state.digest):
                yield finding_of(Kind.CHANGED, of, key, fields_that_differ(value, now), state.event)
        elif told.was_erased(state):
            count.erased += 1
        else:
            yield finding_of(Kind.UNDISCLOSED, of, key, event=state.event)


def fields_that_differ(before: str, now: bytes) -> tuple[str, ...]:
    """Return the names of the fields that two states say differently."""
    try:
        old = json.loads(before)
    except ValueError:
        return ()
    new = json.loads(now)
    return tuple(sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name)))


def finding_of(kind: Kind, of: Tracked, key: str, fields: tuple[str, ...] = (), event: int = 0) -> Finding:
    """Return a finding about a row of the model."""
    return Finding(kind, of.model._meta.db_table, of.model._meta.label_lower, key, fields, event)


def _disclosed(states: Iterable[State]) -> dict[tuple[int, str], tuple[bytes, str]]:
    """Return salt and value of each disclosure of a state, by event and path."""
    asked = {(state.event, state.path) for state in states if state.digest is not None}
    found = Disclosure.objects.filter(
        Q(path="state") | Q(path__startswith="states."), event__in={event for event, _path in asked}
    )
    return {
        (event, path): (bytes(salt), value)
        for event, path, salt, value in found.values_list("event_id", "path", "salt", "value")
        if (event, path) in asked
    }

"""Erasing personal values from the trail: salt and value go, the event with its commitment stays and still verifies.

Who may erase is decided above, by whoever calls. The database lets a disclosure go only together with `pii.erased`.
"""

from collections.abc import Collection, Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Model, QuerySet

from audit import trail
from audit.leaf import readable
from audit.models import Disclosure, Event

ERASED = "pii.erased"
BATCH = 1000  # disclosures named in one event, so that its leaf has room

Value = tuple[int, int, str]
"""A personal value: the id of its disclosure, the number of its event, its path."""


def erased_when(missing: Collection[tuple[int, str]]) -> dict[tuple[int, str], datetime]:
    """Return when each of these values (event, path) was erased; what no erasure names isn't in the answer.

    The events of erasures are read, newest first, until each is found: one query, none when nothing is missing.
    """
    left, found = set(missing), dict[tuple[int, str], datetime]()
    if not left:
        return found
    erasures = Event.objects.filter(verb=ERASED, pk__gt=min(event_id for event_id, _path in left)).order_by(
        "-id"
    )
    for moment, leaf in erasures.values_list("occurred_at", "leaf").iterator(100):
        here = _named_in(bytes(leaf)) & left
        found |= dict.fromkeys(here, moment)
        left -= here
        if not left:
            break
    return found


def _named_in(content: bytes) -> set[tuple[int, str]]:
    """Return the values that an erasure names; none where its leaf was made unreadable."""
    leaf = readable(content)
    paths = leaf["data"].get("paths") if leaf else None
    if not isinstance(paths, dict):
        return set()
    return {
        (event_id, path)
        for path, ids in paths.items()
        if isinstance(ids, list)
        for event_id in ids
        if isinstance(event_id, int)
    }


@transaction.atomic
def erase_values(
    *,
    event_id: int,
    paths: Collection[str],
    actor: trail.Actor | None,
    reason: str,
    now: datetime,
    also: Collection[Model] = (),
) -> int:
    """Erase these personal values of one event, and leave the event of it; return how many there were."""
    event = Event.objects.get(pk=event_id)
    values = event.disclosures.filter(path__in=paths)
    return erase(obj=event, values=values, actor=actor, reason=reason, now=now, also=also)


@transaction.atomic
def erase_person(
    *, person: Model, pseudonym: str, actor: trail.Actor | None, reason: str, now: datetime
) -> int:
    """Erase the name of a person from all their acts; return how many values there were.

    `person` is the row of the person, which the events of the erasure are about. Other people's words about them,
    and what was done on behalf of them by others, are erased one by one with `erase_values`.
    """
    own = Disclosure.objects.filter(event__actor=pseudonym, path="actor")
    return erase(obj=person, values=own, actor=actor, reason=reason, now=now)


@transaction.atomic
def erase(
    *,
    obj: Model,
    values: QuerySet[Disclosure] | Collection[Value],
    actor: trail.Actor | None,
    reason: str,
    now: datetime,
    also: Collection[Model] = (),
) -> int:
    """Erase any personal values, with events about `obj`; return how many there were.

    They are chosen by whoever calls. The first event vouches for `also`, too: what was made with the erasure.
    """
    found = sorted(
        set(values.values_list("pk", "event_id", "path") if isinstance(values, QuerySet) else values),
        key=lambda value: value[1:],
    )
    for number, part in enumerate(_parts(found)):
        paths: dict[str, list[int]] = {}
        for _pk, event_id, path in part:
            paths.setdefault(path, []).append(event_id)
        trail.record(
            ERASED, obj=obj, actor=actor, now=now, data={"count": len(part), "paths": paths}, reason=reason,
            also=() if number else also,
        )  # fmt: skip
        Disclosure.objects.filter(pk__in=[pk for pk, _event_id, _path in part]).delete()
    return len(found)


def _parts(found: list[Value]) -> Iterator[list[Value]]:
    for at in range(0, len(found), BATCH):
        yield found[at : at + BATCH]

"""What goes into a bundle, read from the log and from the rows in parts, so that nothing holds a transaction open.

The leaves below the signed head never change, so they can be read in any number of queries. States of objects do
change: those that an event beyond the head tells are left out, and the bundle says how things stood at its head.
"""

import json
import re
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby

from django.apps import apps
from django.conf import settings
from django.db.models import Q

from audit import files, tracking
from audit.log import reading, witnesses
from audit.models import Checkpoint, Disclosure, Event, LogKey
from audit.verbs import leaves_as_is
from imprimatur.bundle.content import Content, Disclosed, Key, Paper, Policy, State
from oversight.models import Bundle
from oversight.permissions import Sight, sight_of_request, sight_under
from oversight.told_states import Thing, outdated, salts_of, told_by
from records import store
from records.models import Record, RecordState

AT_ONCE = 2000
NAMED = 20
"""So many events that name a file are listed beside it, the first ones."""
_DIGEST = re.compile("[0-9a-f]{64}")
_NAMING = {"sha256", "replaced", "files"}
"""Fields of an event that hold digests of files, or lists of them; what people write never stands there."""
_PLAIN = re.compile(r"[^A-Za-z0-9._-]+")

Tick = Callable[[str, int], None]


@dataclass(slots=True)
class Found:
    """What the leaves say: the newest event of each object whose newest event is in sight, and files by digest.

    `before`: where that event left the object as it was, the last one before it that need not have.
    `seen`: the leaves in sight, ascending, None for all; asked once, because it may change while the bundle is made.
    """

    seen: "array[int] | None"
    newest: dict[Thing, int] = field(default_factory=dict)
    before: dict[Thing, int] = field(default_factory=dict)
    named: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    asked: list[int] = field(default_factory=list)

    def between(self, start: int, stop: int) -> Collection[int]:
        """Return the leaves in sight from start to stop, that one left out."""
        if self.seen is None:
            return range(start, stop)
        return set(self.seen[bisect_left(self.seen, start) : bisect_left(self.seen, stop)])


def content_of(bundle: Bundle, head: Checkpoint, tick: Tick, still: Callable[[], None]) -> Content:
    """Return all of the bundle as streams, up to the signed head.

    `tick` hears of the leaves that were read, `still` is called now and then while a large file goes by.
    """
    sight, note = sight_of(bundle), head.cosigned
    found = _read(sight, bundle, head.size, tick)
    return Content(
        policy=policy(),
        scope=bundle.scope,
        checkpoint=note,
        checkpoints=_checkpoints(head, note),
        leaves=reading.leaves(0, head.size),
        shown=found.seen,
        disclosures=_disclosures(found, head.size) if bundle.with_disclosures else (),
        states=_states(found, head.size, with_personal=bundle.with_disclosures),
        records=_records(sight, bundle, head.size),
        attachments=_attachments(found.named, still),
        scope_events=found.asked,
    )


def sight_of(bundle: Bundle) -> Sight:
    """Return what the bundle discloses: the story of its request, or what its engagement covers."""
    if bundle.request is not None:
        return sight_of_request(bundle.request, under=bundle.engagement)
    assert bundle.engagement is not None
    return sight_under(bundle.engagement)


def policy() -> Policy:
    """Return whose signatures count: the log's own, and that of one witness where there are any."""
    keys = [Key(key.origin, key.vkey, key.until_size) for key in LogKey.objects.order_by("id")]
    vkeys = [str(witness.verifier) for witness in witnesses.configured()]
    return Policy(log=settings.AUDIT_ORIGIN, keys=keys, witnesses=vkeys, required=1 if vkeys else 0)


def _read(sight: Sight, bundle: Bundle, size: int, tick: Tick) -> Found:
    found, scope_event = Found(None if sight.everything else array("q")), _asked_event(bundle)
    for start in range(0, size, AT_ONCE):
        stop = min(start + AT_ONCE, size)
        if found.seen is not None:
            found.seen.extend(_indexes(sight, start, stop))
        seen = found.between(start, stop)
        for index, leaf in enumerate(reading.leaves(start, stop), start):
            _take(found, index, json.loads(leaf), in_sight=index in seen)
        tick("reading", stop)
    if scope_event is not None and scope_event < size:
        found.asked = [scope_event]
    return found


def _asked_event(bundle: Bundle) -> int | None:
    own = Event.objects.filter(
        object_type=Bundle._meta.label_lower, object_id=str(bundle.pk), verb="bundle.asked"
    )
    return own.values_list("entry__leaf_index", flat=True).first()


def _take(found: Found, index: int, leaf: Mapping[str, object], *, in_sight: bool) -> None:
    is_as_it_was = leaves_as_is(str(leaf["verb"]))
    for thing, state in told_by(leaf):
        if not is_as_it_was or state is None or not in_sight:
            found.before.pop(thing, None)
        elif thing in found.newest:
            found.before.setdefault(thing, found.newest[thing])
        if in_sight and state is not None:
            found.newest[thing] = index
        else:
            found.newest.pop(thing, None)
    if in_sight:
        for digest in set(_files_in(leaf["data"])):
            if (digest in found.named or _is_kept(digest)) and len(found.named[digest]) < NAMED:
                found.named[digest].append(index)


def _files_in(data: object, name: str = "") -> Iterator[str]:
    """Yield the digests that stand where the product writes those of files.

    Not any digest: who calls a model by that of a file of somebody else's must not have it put into a bundle.
    """
    match data:
        case dict():
            for key, value in data.items():
                yield from _files_in(value, key)
        case list():
            for value in data:
                yield from _files_in(value, name)
        case str() if name in _NAMING and _DIGEST.fullmatch(data):
            yield data


def _is_kept(digest: str) -> bool:
    return files.place_of(digest).exists()


def _indexes(sight: Sight, start: int, stop: int) -> Iterable[int]:
    part = sight.events().filter(entry__leaf_index__gte=start, entry__leaf_index__lt=stop)
    return part.order_by("entry__leaf_index").values_list("entry__leaf_index", flat=True)


def _checkpoints(head: Checkpoint, note: str) -> Iterator[str]:
    """Yield every head that was signed; `note` is the last one, whatever witnesses add to it meanwhile."""
    last = 0
    while True:
        part = Checkpoint.objects.filter(pk__gt=last, pk__lt=head.pk).prefetch_related("cosignatures")
        some = list(part.order_by("pk")[:AT_ONCE])
        yield from (checkpoint.cosigned for checkpoint in some)
        if len(some) < AT_ONCE:
            break
        last = some[-1].pk
    yield note


def _disclosures(found: Found, size: int) -> Iterator[Disclosed]:
    """Yield the personal values in sight by leaf and path, as Python orders paths and not as the database does."""
    for start in range(0, size, AT_ONCE):
        stop = min(start + AT_ONCE, size)
        rows = Disclosure.objects.filter(
            event__entry__leaf_index__gte=start, event__entry__leaf_index__lt=stop
        )
        listed = list(rows.values_list("event__entry__leaf_index", "path", "salt", "value"))
        seen = found.between(start, stop)
        for index, path, salt, value in sorted(listed, key=lambda row: row[:2]):
            if index in seen:
                yield Disclosed(index, path, bytes(salt), value)


def _states(of: Found, size: int, *, with_personal: bool) -> Iterator[State]:
    things = sorted(thing for thing in of.newest if tracking.fields_of(thing[0]))
    found: dict[Thing, State] = {}
    for label, group in groupby(things, key=lambda thing: thing[0]):
        keys = [key for _label, key in group]
        personal = tracking.is_personal(label)
        if personal and not with_personal:
            continue
        for at in range(0, len(keys), AT_ONCE):
            rows = _rows(label, keys[at : at + AT_ONCE], of.newest if personal else None)
            old = outdated(rows, of.newest, of.before)
            found |= {thing: state for thing, state in rows.items() if thing not in old}
    later = _told_later(size)
    yield from (state for thing, state in sorted(found.items()) if thing not in later)


def _rows(label: str, keys: list[str], newest: Mapping[Thing, int] | None) -> dict[Thing, State]:
    """Return the states of rows as they are; `newest` is given for personal ones, which need their salts."""
    salts = salts_of(label, keys, newest) if newest is not None else {}
    rows = {}
    for row in apps.get_model(label)._default_manager.filter(pk__in=keys):
        key, text = str(row.pk), tracking.state_of(row)
        if text is not None and (newest is None or key in salts):
            rows[label, key] = State(label, key, text, salts.get(key))
    return rows


def _told_later(size: int) -> set[Thing]:
    """Return the objects whose states events beyond the head tell; asked after the rows were read."""
    beyond = Event.objects.filter(Q(entry=None) | Q(entry__leaf_index__gte=size))
    leaves = beyond.values_list("leaf", flat=True)
    return {thing for leaf in leaves for thing, _state in told_by(json.loads(bytes(leaf)))}


def _records(sight: Sight, bundle: Bundle, size: int) -> Iterator[Paper]:
    records = sight.records().filter(state=RecordState.SEALED)
    if bundle.request is not None:
        records = Record.objects.filter(
            object_type=bundle.request._meta.label_lower,
            object_id=str(bundle.request.pk),
            state=RecordState.SEALED,
        ).filter(pk__in=records.values("pk"))
    listed = records.values_list("pk", "reference", "file_sha256")
    for name, key, sha256 in sorted(
        (f"{_plain(reference)}-{key}", key, sha) for key, reference, sha in listed
    ):
        if events := _naming(Record._meta.label_lower, key, sha256, size):
            yield Paper(sha256, events, partial(_printed, sha256), name)


def _naming(label: str, key: int, sha256: str, size: int) -> list[int]:
    """Return the events of the object that name the digest."""
    own = Event.objects.filter(object_type=label, object_id=str(key), entry__leaf_index__lt=size)
    rows = own.order_by("entry__leaf_index").values_list("entry__leaf_index", "leaf")
    return [index for index, leaf in rows if sha256 in json.dumps(json.loads(bytes(leaf))["data"])][:NAMED]


def _printed(sha256: str) -> Iterable[bytes]:
    return [store.read(sha256)]


def _attachments(named: Mapping[str, list[int]], still: Callable[[], None]) -> Iterator[Paper]:
    for sha256 in sorted(named):
        yield Paper(sha256, named[sha256], partial(_kept, sha256, still))


def _kept(sha256: str, still: Callable[[], None]) -> Iterator[bytes]:
    with files.open_file(sha256) as file:
        while chunk := file.read(files.CHUNK):
            yield chunk
            still()


def _plain(reference: str) -> str:
    return _PLAIN.sub("-", reference).strip("-.") or "record"

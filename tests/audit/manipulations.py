"""What somebody with all rights on the database and without its triggers may do to the log, each kind by chance.

A kind changes one thing and returns what the finding has to say of it.
"""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.contrib.auth.models import Group
from django.db import connection
from django.db.models import F, Model

from audit import guards, leaf
from audit.canonical import canonical
from audit.log import tiling
from audit.models import Checkpoint, Disclosure, Entry, Event, LogKey, Tile, Tree
from imprimatur.tlog.note import Signer
from imprimatur.tlog.tree import root_of

Kind = Callable[[random.Random], str]
TABLES = (Event, Disclosure, Entry, Tile, Tree, Checkpoint, LogKey)


@contextmanager
def unguarded() -> Iterator[None]:
    """Take the triggers away until the block ends."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for model in TABLES:
                cursor.execute(f"ALTER TABLE {model._meta.db_table} DISABLE TRIGGER ALL")
        else:
            cursor.execute("PRAGMA foreign_keys = OFF")
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
    yield
    guards.install(connection)


def one(chance: random.Random, model: type[Model], **but: Any) -> Any:
    """Return some row."""
    rows = model._default_manager.filter(**but).order_by("pk")
    return rows[chance.randrange(rows.count())]


def put(row: Model, **values: Any) -> None:
    """Overwrite columns of one row."""
    assert type(row)._default_manager.filter(pk=row.pk).update(**values) == 1


def flipped(chance: random.Random, content: bytes) -> bytes:
    """Return the bytes with one bit turned over."""
    at = chance.randrange(len(content) * 8)
    return content[: at // 8] + bytes([content[at // 8] ^ 1 << at % 8]) + content[at // 8 + 1 :]


def another(chance: random.Random, text: str) -> str:
    """Return the text with one character replaced by another of its kind."""
    at = chance.randrange(len(text))
    return (
        text[:at] + chance.choice([c for c in "0123456789abcdef" if c != text[at].lower()]) + text[at + 1 :]
    )


def a_bit_of_a_leaf(chance: random.Random) -> str:
    event = one(chance, Event)
    put(event, leaf=flipped(chance, bytes(event.leaf)))
    return f"(number {event.pk})"


def a_leaf_written_anew(chance: random.Random) -> str:
    event = one(chance, Event)
    put(event, leaf=canonical({**leaf.decode(bytes(event.leaf)), "data": {"at": 999}}))
    return "doesn't hold the hashes of the leaves"


def a_leaf_of_another_form(chance: random.Random) -> str:
    event = one(chance, Event)
    fields = leaf.decode(bytes(event.leaf))
    name = chance.choice(sorted(fields))
    put(event, leaf=canonical({**fields, name: chance.choice([5, [], "x", {"x": 5}, True])}))
    return "doesn't hold the hashes of the leaves"


def everything_written_anew(chance: random.Random) -> str:
    """As an attacker who knows the format: leaf, tiles and root agree, and only the signed heads don't."""
    a_leaf_written_anew(chance)
    rewrite_the_tree()
    return "the log was rewritten after it was signed"


def rewrite_the_tree() -> None:
    """Make tiles and root of the leaves as they are now."""
    leaves = Entry.objects.order_by("leaf_index").values_list("event__leaf", flat=True)
    hashes = [bytes.fromhex(leaf.leaf_hash(bytes(content))) for content in leaves]
    Tile.objects.all().delete()
    assert tiling.append(0, hashes) == root_of(hashes)
    Tree.objects.update(root=root_of(hashes).hex(), size=len(hashes))


def a_column(chance: random.Random) -> str:
    event, name = (
        one(chance, Event),
        chance.choice(
            ["object_type", "object_id", "verb", "actor", "project", "board", "root_type", "root_id"]
        ),
    )
    put(event, **{name: getattr(event, name) + "x"})
    return f"(number {event.pk}): its columns say something else than its leaf: {name}."


def the_time(chance: random.Random) -> str:
    event = one(chance, Event)
    put(event, occurred_at=event.occurred_at - timedelta(microseconds=chance.randrange(1, 10**9)))
    return f"(number {event.pk}): its columns say something else than its leaf: occurred_at."


def an_event_deleted(chance: random.Random) -> str:
    entry = one(chance, Entry)
    Event.objects.filter(pk=entry.event_id)._raw_delete("default")
    return f"Event {entry.leaf_index} of the log is missing"


def an_event_and_its_place_deleted(chance: random.Random) -> str:
    entry = one(chance, Entry)
    Entry.objects.filter(pk=entry.pk)._raw_delete("default")
    Event.objects.filter(pk=entry.event_id)._raw_delete("default")
    return "of the log is missing"


def the_last_events_cut_off(chance: random.Random) -> str:
    keep = Tree.objects.get().size - chance.randrange(1, 10)
    Entry.objects.filter(leaf_index__gte=keep)._raw_delete("default")
    return f"The log ends after {keep} events"


def the_last_events_cut_off_with_their_tree(chance: random.Random) -> str:
    the_last_events_cut_off(chance)
    rewrite_the_tree()
    return "A checkpoint covers"


def an_event_slipped_in(chance: random.Random) -> str:
    """With a leaf as it should be, at some place, and the others moved up."""
    event = one(chance, Event)
    fields = leaf.decode(bytes(event.leaf)) | {"id": "6ba7b810-9dad-41d1-80b4-00c04fd430c8"}
    event.pk, event.leaf = None, canonical(fields)
    event.save(force_insert=True)
    at, size = chance.randrange(Entry.objects.count()), Entry.objects.count()
    Entry.objects.filter(leaf_index__gte=at).update(leaf_index=F("leaf_index") + size + 1)
    Entry.objects.filter(leaf_index__gt=size).update(leaf_index=F("leaf_index") - size)
    Entry.objects.create(leaf_index=at, event=event)
    return "doesn't hold the hashes of the leaves"


def an_event_beyond_the_tree(chance: random.Random) -> str:
    event = one(chance, Event)
    event.pk = None
    event.save(force_insert=True)
    Entry.objects.create(leaf_index=Entry.objects.count(), event=event)
    return "There are events beyond those that the tree holds."


def two_events_swapped(chance: random.Random) -> str:
    first, second = sorted(chance.sample(range(Entry.objects.count()), 2))
    for old, new in ((first, 10**6), (second, first), (10**6, second)):
        assert Entry.objects.filter(leaf_index=old).update(leaf_index=new) == 1
    return "doesn't hold the hashes of the leaves"


def a_place_of_another_event(chance: random.Random) -> str:
    event = one(chance, Event)
    event.pk = None
    event.leaf = canonical(leaf.decode(bytes(event.leaf)) | {"id": "6ba7b810-9dad-41d1-80b4-00c04fd430c8"})
    event.save(force_insert=True)
    put(one(chance, Entry), event=event)
    return "doesn't hold the hashes of the leaves"


def a_bit_of_a_tile(chance: random.Random) -> str:
    tile = one(chance, Tile)
    put(tile, data=flipped(chance, bytes(tile.data)))
    return f"The tile tile/{tile.level}/"


def a_tile_cut(chance: random.Random) -> str:
    tile = one(chance, Tile)
    put(tile, data=bytes(tile.data)[:-32])
    return f"The tile tile/{tile.level}/"


def a_tile_deleted(chance: random.Random) -> str:
    tile = one(chance, Tile)
    tile.delete()
    return f"The tile tile/{tile.level}/"


def a_tile_elsewhere(chance: random.Random) -> str:
    tile = one(chance, Tile)
    put(tile, n=tile.n + 7)
    return f"The tile tile/{tile.level}/"


def the_root(chance: random.Random) -> str:
    tree = Tree.objects.get()
    put(tree, root=another(chance, tree.root))
    return "The root of the tree is not the one"


def the_size(chance: random.Random) -> str:
    put(Tree.objects.get(), size=F("size") - chance.randrange(1, 20))
    return "There are events beyond those that the tree holds."


def another_beginning(_chance: random.Random) -> str:
    put(Tree.objects.get(), generation=2)
    return "The signer last signed a checkpoint of"


def a_character_of_a_checkpoint(chance: random.Random) -> str:
    row = one(chance, Checkpoint)
    put(row, note=another(chance, row.note))
    return f"The checkpoint of {row.size} events"


def a_column_of_a_checkpoint(chance: random.Random) -> str:
    row = one(chance, Checkpoint)
    put(row, **chance.choice([{"root": another(chance, row.root)}, {"size": row.size - 1}, {"origin": "x"}]))
    return "says something else than its row."


def a_broken_key(chance: random.Random) -> str:
    key = LogKey.objects.get()
    put(key, vkey=another(chance, key.vkey))
    return "key of the log can't be read"


def a_key_of_a_stranger(_chance: random.Random) -> str:
    key = LogKey.objects.get()
    put(key, vkey=Signer(key.origin, Ed25519PrivateKey.generate()).vkey)
    return "is signed by none of the log's keys."


def the_key_deleted(_chance: random.Random) -> str:
    LogKey.objects.all().delete()
    return "is signed by none of the log's keys."


def a_disclosed_value(chance: random.Random) -> str:
    row = one(chance, Disclosure)
    put(row, value=another(chance, row.value))
    return f"Number {row.event_id}: “{row.path}” is not what its event committed to."


def a_bit_of_a_salt(chance: random.Random) -> str:
    row = one(chance, Disclosure)
    put(row, salt=flipped(chance, bytes(row.salt)))
    return f"Number {row.event_id}: “{row.path}” is not what its event committed to."


def a_disclosure_of_another_event(chance: random.Random) -> str:
    row = one(chance, Disclosure)
    free = Event.objects.exclude(pk__in=Disclosure.objects.values("event")).order_by("pk")
    other = free[chance.randrange(free.count())]
    put(row, event=other)
    return f"Number {other.pk}: “{row.path}” is not what its event committed to."


def a_disclosure_deleted(chance: random.Random) -> str:
    row = one(chance, Disclosure)
    Disclosure.objects.filter(pk=row.pk)._raw_delete("default")
    return f"Number {row.event_id}: “{row.path}” is gone, and no event erased it."


def a_row_changed(chance: random.Random) -> str:
    row = one(chance, Group)
    put(row, name=row.name + "x")
    return f"changed auth_group {row.pk}"


def a_row_inserted(_chance: random.Random) -> str:
    return f"inserted auth_group {Group.objects.create(name='nobody made it').pk}"


def a_row_deleted(chance: random.Random) -> str:
    row = one(chance, Group)
    Group.objects.filter(pk=row.pk)._raw_delete("default")
    return f"deleted auth_group {row.pk}"


KINDS: tuple[Kind, ...] = (
    a_bit_of_a_leaf, a_leaf_written_anew, a_leaf_of_another_form, everything_written_anew,
    a_column, the_time, an_event_deleted,
    an_event_and_its_place_deleted, the_last_events_cut_off, the_last_events_cut_off_with_their_tree,
    an_event_slipped_in, an_event_beyond_the_tree, two_events_swapped, a_place_of_another_event, a_bit_of_a_tile,
    a_tile_cut, a_tile_deleted, a_tile_elsewhere, the_root, the_size, another_beginning, a_character_of_a_checkpoint,
    a_column_of_a_checkpoint, a_broken_key, a_key_of_a_stranger, the_key_deleted, a_disclosed_value, a_bit_of_a_salt,
    a_disclosure_of_another_event, a_disclosure_deleted, a_row_changed, a_row_inserted, a_row_deleted,
)  # fmt: skip

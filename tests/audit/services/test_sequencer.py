"""Events get their places after the commit, each one once, and the tree is the one that others compute."""

import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from audit.log.reading import consistency, inclusion, leaves, root_at
from audit.log.sequencer import sequence, tree
from audit.models import Entry, Event, Tile, Tree
from imprimatur.tlog.tree import check_consistency, leaf_hash, root_of
from tests.audit.logs import NOW, events, signed, signer_in


@pytest.mark.both_engines
def test_each_event_gets_its_place_once_in_the_order_of_its_number(db: None) -> None:
    made = events(5)
    assert sequence(NOW) == 5
    assert sequence(NOW) == 0
    events(2)
    assert sequence(NOW) == 2
    listed = list(Entry.objects.order_by("leaf_index").values_list("leaf_index", "event_id"))
    assert [index for index, _event in listed] == list(range(7))
    assert [event for _index, event in listed][:5] == [event.pk for event in made]
    assert (
        tree().root == root_of(leaf_hash(bytes(event.leaf)) for event in Event.objects.order_by("id")).hex()
    )


@pytest.mark.both_engines
def test_the_tree_over_several_tiles_is_the_one_of_the_leaves_whatever_the_steps(db: None) -> None:
    events(3)
    leaf = bytes(Event.objects.latest("id").leaf)
    fields = {
        "object_type": "t",
        "object_id": "1",
        "verb": "v",
        "root_type": "t",
        "root_id": "1",
        "occurred_at": NOW,
    }
    hashes = []
    for amount in (1, 250, 6, 300):
        Event.objects.bulk_create(Event(leaf=leaf + str(at).encode(), **fields) for at in range(amount))
        sequence(NOW)
        hashes = [leaf_hash(found) for found in leaves(0, tree().size)]
        assert tree().root == root_of(hashes).hex() == root_at(len(hashes)).hex()
    assert Tile.objects.filter(level=0).count() == 3
    assert root_at(258) == root_of(hashes[:258])
    check_consistency(258, root_at(258), len(hashes), root_at(len(hashes)), consistency(258, len(hashes)))


@pytest.mark.engine("postgresql")
def test_a_transaction_that_commits_late_loses_no_event(committed: None) -> None:
    """Its number is lower than one that has its place already: `id > last` would pass it over for ever."""
    begun, may_end = threading.Event(), threading.Event()

    def late() -> None:
        with transaction.atomic():
            events(1, name="late")
            begun.set()
            may_end.wait(20)
        connection.close()

    thread = threading.Thread(target=late)
    thread.start()
    assert begun.wait(20)
    events(2)
    assert sequence(NOW) == 2
    may_end.set()
    thread.join()
    assert sequence(NOW) == 1
    order = list(Entry.objects.order_by("leaf_index").values_list("event_id", flat=True))
    first, *others = sorted(order)
    assert order == [*others, first]


def test_once_a_day_every_event_is_looked_at_whatever_the_mark_says(db: None) -> None:
    events(2)
    sequence(NOW)
    Tree.objects.update(mark=0 if connection.vendor == "sqlite" else 1)
    events(1)
    Tree.objects.update(mark=10**6)  # of another server: what was made here lies before it
    assert sequence(NOW + timedelta(days=2)) == 1


@pytest.mark.both_engines
def test_an_event_has_a_proof_as_soon_as_a_signed_head_covers_it(
    db: None, settings: Any, tmp_path: Path
) -> None:
    signer_in(settings, tmp_path)
    made = events(4)
    assert inclusion(made[0].pk) is None
    head = signed()
    later = events(1)
    sequence(NOW)
    assert inclusion(later[0].pk) is None
    proof = inclusion(made[2].pk)
    assert proof is not None
    assert (proof.index, proof.note) == (2, head.note)

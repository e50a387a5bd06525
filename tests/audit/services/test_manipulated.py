"""A hundred manipulations of the database behind the triggers' back: each is found, and named."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.db import connection, transaction
from pytest_django.fixtures import Settings

from audit import tracking, trail
from audit.log import keys
from audit.log.checking import verify_log
from audit.log.keys import SignerRefuses
from audit.log.reading import consistency, root_at
from audit.log.sequencer import sequence
from audit.log.signer import sign_head
from audit.models import Checkpoint
from audit.reconciling.running import reconcile
from imprimatur.tlog import checkpoint as formats
from imprimatur.tlog.note import Note
from imprimatur.tlog.tree import ProofFailed, check_consistency
from tests.audit import manipulations
from tests.audit.conftest import person
from tests.audit.logs import NOW, signed, signer_in
from tests.audit.manipulations import KINDS, unguarded

THINGS, CHANGED = 255, 12  # together more than a tile holds


@pytest.fixture
def log(
    committed: None, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Hold a log of somewhat more than one tile, signed three times, of tracked things and of people's words."""
    signer_in(settings, tmp_path)
    monkeypatch.setattr(tracking, "_tracked", {})
    tracking.track(Group, ["name"])
    ada = person("Ada Lovelace")
    Group.objects.bulk_create(Group(name=f"thing {number}") for number in range(THINGS))
    things = list(Group.objects.order_by("-pk"))
    trail.record_first("thing.changed", [(thing, {"at": 0}) for thing in things], now=NOW)
    signed()
    for at, thing in enumerate(things[:CHANGED]):
        thing.name += " changed"
        thing.save()
        trail.record(
            "thing.changed", obj=thing, actor=ada, now=NOW, data={"at": at}, reason=f"because of {at}"
        )
        if at == 3:
            signed()
    signed()
    with unguarded():
        yield


def found() -> list[str]:
    """Return every finding about the database as it is."""
    listed = list(verify_log().faults)
    return listed or [f"{row.kind} {row.table} {row.id}" for row in reconcile().first]


@pytest.mark.both_engines
def test_a_hundred_manipulations_of_the_database_are_found_and_named(log: None) -> None:
    assert found() == []
    missed, amount = [], 3 * len(KINDS) + 4 if connection.vendor == "postgresql" else len(KINDS)
    for number in range(amount):
        manipulate = KINDS[number % len(KINDS)]
        with transaction.atomic():
            expected = manipulate(random.Random(number))
            faults = found()
            transaction.set_rollback(True)
        if not any(expected in fault for fault in faults):
            missed.append((number, manipulate.__name__, expected, faults[:3]))
    assert missed == []
    assert found() == []


def why_not_signed() -> str:
    """Return the kind of the refusal to sign the log as it is."""
    sequence(NOW)
    with pytest.raises(SignerRefuses) as refusal:
        sign_head(NOW)
    return refusal.value.kind


@pytest.mark.both_engines
def test_what_a_superuser_rewrites_consistently_differs_from_every_checkpoint_held_elsewhere(
    log: None,
) -> None:
    """Also when nothing in the database shows it, and the memory and the key of the signer fell to the same hands."""
    held = Note.parse(Checkpoint.objects.latest("id").cosigned)
    before, key = formats.Checkpoint.parse(held.text), keys.verifiers()
    manipulations.everything_written_anew(random.Random(1))
    assert "the log was rewritten after it was signed" in found()[0]
    assert why_not_signed() == "log.fork"
    Checkpoint.objects.all().delete()
    assert any("The signer signed another tree of" in fault for fault in found())
    (keys.folder() / "last").unlink()
    assert signed().size == before.size
    assert found() == []
    assert held.verified_by(key)
    with pytest.raises(ProofFailed):
        check_consistency(
            before.size, before.root, before.size, root_at(before.size), consistency(before.size, before.size)
        )


@pytest.mark.both_engines
def test_an_older_database_is_named_and_not_signed(log: None) -> None:
    with transaction.atomic():
        trail.record("thing.changed", obj=Group.objects.earliest("pk"), actor=None, now=NOW)
        newest = signed()
        transaction.set_rollback(True)
    assert [fault for fault in found() if f"The signer signed {newest.size} events, and only" in fault]
    assert why_not_signed() == "log.rollback"

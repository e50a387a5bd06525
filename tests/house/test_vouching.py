"""The plugin that finds services which forget their event: on deliberately forgetful ones."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import transaction

from audit import tracking, verbs
from tests import vouching

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines, pytest.mark.engine("sqlite")]

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
SERVICES = """
from django.contrib.auth.models import Group
from django.db import transaction
from audit import trail

def make(name, now):
    made = Group.objects.create(name=name)
    trail.record("thing.made", obj=made, actor=None, now=now)
    return made

def rename_quietly(group):
    group.name = "quiet"
    group.save()

def rename_all_quietly():
    Group.objects.update(name="quiet")

def tell_too_early(group, now):
    trail.record("thing.made", obj=group, actor=None, now=now)
    rename_quietly(group)

def make_two(now):
    one = make("one", now)
    return one, Group.objects.create(name="two")

def make_many_quietly():
    Group.objects.bulk_create([Group(name="many")])

def remove_quietly(group):
    group.delete()

def remove_all_quietly():
    Group.objects.all().delete()

def tell_of_removal(group, now):
    trail.record("thing.made", obj=group, gone=[group], actor=None, now=now)
    group.delete()

def save_as_it_is(group):
    group.save()
"""


@pytest.fixture
def services(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Services that stand, as far as anybody can see, in a file of the product."""
    monkeypatch.setattr(verbs, "_verbs", dict(verbs._verbs))
    monkeypatch.setattr(tracking, "_tracked", {})
    verbs.register("thing.made", "Made", "A thing was made.")
    tracking.track(Group, ["name"])
    Group.objects.all().delete()
    vouching.watch.journal.clear()
    vouching._listen()
    made: dict[str, Any] = {}
    exec(compile(SERVICES, vouching.HOUSE + "reviews/services/forgetful.py", "exec"), made)
    return made


def named() -> list[str]:
    """Return what the plugin would say, and let it forget."""
    found = vouching.forgotten()
    vouching.watch.journal.clear()
    return found


@pytest.mark.parametrize(
    "name", ["rename_quietly", "tell_too_early", "remove_quietly", "rename_all_quietly", "remove_all_quietly"]
)
def test_a_service_that_changes_a_row_without_telling_its_state_is_named(services: Any, name: str) -> None:
    group = services["make"]("thing", NOW)
    assert named() == []
    given = {"rename_quietly": [group], "tell_too_early": [group, NOW], "remove_quietly": [group]}.get(
        name, []
    )
    services[name](*given)
    [said] = named()
    assert "left it otherwise than the log tells" in said
    assert "reviews/services/forgetful.py:" in said


@pytest.mark.parametrize("name", ["make_two", "make_many_quietly"])
def test_a_row_without_any_event_is_named_also_beside_one_that_has_its_event(
    services: Any, name: str
) -> None:
    services[name](*([NOW] if name == "make_two" else []))
    assert len(named()) == 1


def test_what_is_told_or_rolled_back_or_changes_nothing_is_not_named(services: Any) -> None:
    group = services["make"]("thing", NOW)
    services["save_as_it_is"](group)
    with transaction.atomic():
        services["rename_quietly"](group)
        transaction.set_rollback(True)
    group.refresh_from_db()
    services["tell_of_removal"](group, NOW)
    assert named() == []


def test_a_test_may_write_what_it_likes(services: Any) -> None:
    services["rename_quietly"](Group.objects.create(name="world"))
    Group.objects.update(name="of the test")
    Group.objects.create(name="another")
    assert named() == []

"""Reconciling: what was changed behind the application's back is named, and nothing else."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection

from accounts.models import User
from audit import tracking, trail
from audit.erasure import erase_values
from audit.models import Event
from audit.reconciling.running import reconcile
from tests.audit.conftest import NOW, person

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


@pytest.fixture(autouse=True)
def _tracked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracking, "_tracked", {})
    tracking.track(Group, ["name"])
    tracking.track(User, ["email", "is_active"], personal=True)


@pytest.fixture
def groups(db: None) -> list[Group]:
    """Three groups of which the log tells in one event, besides those that migrations made."""
    Group.objects.all().delete()
    made = [Group.objects.create(name=f"group {number}") for number in range(3)]
    trail.record("thing.changed", obj=made[0], also=made[1:], actor=None, now=NOW)
    return made


def sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def found() -> list[tuple[str, str, str, tuple[str, ...]]]:
    return [(str(each.kind), each.table, each.id, each.fields) for each in reconcile().first]


def test_rows_that_are_as_the_log_tells_are_not_named(groups: list[Group]) -> None:
    result = reconcile()
    assert (result.findings, result.compared.rows) == (0, 3)
    assert (result.events, result.last_event) == (Event.objects.count(), Event.objects.latest("id").pk)


def test_a_row_that_was_changed_past_the_services_is_named(groups: list[Group]) -> None:
    sql("UPDATE auth_group SET name = 'other' WHERE id = %s", groups[1].pk)
    assert found() == [("changed", "auth_group", str(groups[1].pk), ())]


def test_a_row_that_was_changed_without_its_event_is_named(groups: list[Group]) -> None:
    Group.objects.filter(pk=groups[0].pk).update(name="other")
    assert found() == [("changed", "auth_group", str(groups[0].pk), ())]


def test_a_row_that_was_saved_again_after_its_event_is_named(groups: list[Group]) -> None:
    groups[0].name = "once"
    groups[0].save()
    trail.record("thing.changed", obj=groups[0], actor=None, now=NOW)
    groups[0].name = "twice"
    groups[0].save()
    assert [kind for kind, *_rest in found()] == ["changed"]


def test_a_row_that_was_slipped_in_is_named(groups: list[Group]) -> None:
    sql("INSERT INTO auth_group (name) VALUES ('slipped in')")
    assert found() == [("inserted", "auth_group", str(Group.objects.get(name="slipped in").pk), ())]


def test_a_row_that_was_taken_away_is_named_and_one_that_an_act_removed_is_not(groups: list[Group]) -> None:
    sql("DELETE FROM auth_group WHERE id = %s", groups[2].pk)
    trail.record("thing.changed", obj=groups[1], gone=[groups[1]], actor=None, now=NOW)
    removed = groups[1].pk
    groups[1].delete()
    assert found() == [("deleted", "auth_group", str(groups[2].pk), ())]
    sql("INSERT INTO auth_group (id, name) VALUES (%s, 'back')", removed)
    assert ("inserted", "auth_group", str(removed), ()) in found()


def test_of_a_personal_row_the_field_is_named_and_an_erased_state_is_counted(groups: list[Group]) -> None:
    ada, wang = person("Ada"), person("Wang")
    trail.record("thing.changed", obj=groups[0], also=[ada], actor=None, now=NOW)
    event = trail.record("thing.changed", obj=wang, actor=None, now=NOW)
    leaf = json.loads(bytes(Event.objects.get(pk=event.pk).leaf))
    assert "wang@" not in json.dumps(leaf)
    assert found() == []
    sql("UPDATE accounts_user SET is_active = %s WHERE id IN (%s, %s)", False, ada.pk, wang.pk)
    assert {(key, fields) for _kind, _table, key, fields in found()} == {
        (str(ada.pk), ("is_active",)),
        (str(wang.pk), ("is_active",)),
    }
    erase_values(event_id=event.pk, paths=["state"], actor=None, reason="asked for", now=NOW)
    result = reconcile()
    assert ([each.id for each in result.first], result.compared.erased) == ([str(ada.pk)], 1)


def test_a_field_is_named_when_what_it_was_is_known(
    groups: list[Group], monkeypatch: pytest.MonkeyPatch
) -> None:
    tracking.track(User, ["is_active", "language", "display_name"])
    ada = person("Ada")
    trail.record("thing.changed", obj=ada, actor=None, now=NOW, data={"display_name": "Ada"})
    sql("UPDATE accounts_user SET language = 'xx' WHERE id = %s", ada.pk)
    assert [fields for *_rest, fields in found()] == [("language",)]
    sql("UPDATE accounts_user SET language = 'en', display_name = 'Eve' WHERE id = %s", ada.pk)
    assert [fields for *_rest, fields in found()] == [("display_name",)]


def test_rows_made_in_bulk_are_in_the_log_in_as_many_events_as_they_need(
    groups: list[Group], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trail, "ROWS", 2)
    made = Group.objects.bulk_create(Group(name=f"bulk {number}") for number in range(5))
    first = Group.objects.create(name="first")
    trail.record_rows("thing.changed", obj=first, rows=made, now=NOW, data={"count": 5})
    leaves = [json.loads(bytes(event.leaf)) for event in Event.objects.filter(object_id=first.pk)]
    assert [(leaf["rev"], len(leaf["states"]["auth.group"])) for leaf in leaves] == [(1, 2), (2, 2), (3, 1)]
    assert len({leaf["prev"] for leaf in leaves}) == 3
    assert found() == []


def test_progress_is_told_by_tables(groups: list[Group]) -> None:
    told: list[tuple[int, int]] = []
    reconcile(lambda done, of: told.append((done, of)))
    assert told == sorted(told)
    assert (told[0], told[-1]) == ((0, 2), (2, 2))
    assert len(told) >= 3

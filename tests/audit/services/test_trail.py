"""Recording an act."""

import hashlib
import hmac
import json
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.http import HttpRequest, HttpResponse

from accounts.models import User
from audit import requests, scope, tracking, verbs
from audit.canonical import NotCanonical
from audit.leaf import LeafTooLarge, leaf_hash
from audit.models import Disclosure, Event
from jobs.current import Attempt, attempt
from tests.audit.conftest import Record

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


def fields(event: Event) -> dict[str, Any]:
    return dict(json.loads(bytes(event.leaf)))


def test_a_leaf_says_who_did_what_to_which_thing_and_when(
    record: Record, ada: User, wang: User, thing: Group
) -> None:
    leaf = fields(record(data={"state": {"old": "draft", "new": "submitted"}}, on_behalf_of=wang))
    assert uuid.UUID(leaf.pop("id")).version == 4
    commitments = leaf.pop("personal")
    assert leaf == {
        "v": 1,
        "log": "imprimatur.local/log",
        "t": "2026-11-02T09:30:00.123456Z",
        "verb": "thing.changed",
        "actor": str(ada.pseudonym),
        "on_behalf_of": str(wang.pseudonym),
        "obj": {"type": "auth.group", "id": str(thing.pk)},
        "place": {"project": None, "board": None, "root": {"type": "auth.group", "id": str(thing.pk)}},
        "rev": 1,
        "prev": None,
        "data": {"state": {"old": "draft", "new": "submitted"}},
        "state": None,
        "states": {},
        "req": None,
    }
    assert commitments.keys() == {"actor", "on_behalf_of"}


def test_names_and_reasons_are_only_in_the_disclosure(record: Record) -> None:
    event = record(reason="He asked me to.", personal={"invited": "grace@example.org"})
    content = bytes(event.leaf).decode()
    for secret in ("Ada", "asked", "grace"):
        assert secret not in content
    found = {row.path: row for row in event.disclosures.all()}
    assert {path: row.value for path, row in found.items()} == {
        "actor": "Ada Lovelace", "reason": "He asked me to.", "invited": "grace@example.org",
    }  # fmt: skip
    for path, row in found.items():
        expected = hmac.new(bytes(row.salt), row.value.encode(), hashlib.sha256).hexdigest()
        assert fields(event)["personal"][path] == expected
    assert len({bytes(row.salt) for row in found.values()}) == 3


def test_events_of_one_thing_are_counted_and_each_names_the_one_before(record: Record, thing: Group) -> None:
    other = Group.objects.create(name="other")
    first, between, second = record(), record(obj=other), record("thing.read")
    assert (fields(second)["rev"], fields(second)["prev"]) == (2, leaf_hash(bytes(first.leaf)))
    assert (fields(between)["rev"], fields(between)["prev"]) == (1, None)


def test_the_columns_say_what_the_leaf_says(record: Record, ada: User, thing: Group, now: datetime) -> None:
    event = Event.objects.get(pk=record().pk)
    leaf = fields(event)
    assert (event.verb, event.actor) == (leaf["verb"], leaf["actor"])
    assert (event.object_type, event.object_id) == (leaf["obj"]["type"], leaf["obj"]["id"])
    assert (event.root_type, event.root_id) == (leaf["obj"]["type"], leaf["obj"]["id"])
    assert event.occurred_at == now


def test_the_system_has_no_name(record: Record) -> None:
    event = record(actor=None)
    assert (fields(event)["actor"], event.actor, event.disclosures.count()) == (None, "", 0)


def test_a_time_of_another_zone_stands_in_the_leaf_in_utc(record: Record, now: datetime) -> None:
    shanghai = now.astimezone(timezone(timedelta(hours=8)))
    assert fields(record(now=shanghai))["t"] == "2026-11-02T09:30:00.123456Z"


def test_an_unknown_verb_is_a_fault_of_the_program(record: Record) -> None:
    with pytest.raises(verbs.UnknownVerb):
        record("thing.exploded")
    assert not Event.objects.exists()


def test_a_verb_is_registered_with_one_meaning() -> None:
    with pytest.raises(ValueError, match=r"thing\.read"):
        verbs.register("thing.read", "Other", "Another sentence.")


@pytest.mark.parametrize("data", [{"ratio": 0.5}, {"名": 1}, {"when": object()}])
def test_data_outside_of_the_profile_is_refused(record: Record, data: dict[str, Any]) -> None:
    with pytest.raises(NotCanonical):
        record(data=data)
    assert not Event.objects.exists()


def test_a_leaf_that_is_too_large_is_refused(record: Record) -> None:
    record(data={"text": "x" * 64_000})
    with pytest.raises(LeafTooLarge):
        record(data={"text": "x" * 65_300})
    assert Event.objects.count() == 1


def test_a_path_with_a_meaning_of_its_own_is_refused(record: Record) -> None:
    with pytest.raises(ValueError, match="actor"):
        record(personal={"actor": "somebody else"})


def test_a_thing_that_was_not_saved_has_no_events(record: Record) -> None:
    with pytest.raises(ValueError, match="saved"):
        record(obj=Group(name="new"))


def test_an_event_costs_two_queries_and_on_sqlite_three(
    record: Record, django_assert_num_queries: Callable[[int], AbstractContextManager[None]]
) -> None:
    record()
    with django_assert_num_queries(2 if connection.vendor == "postgresql" else 3):
        record(reason="because")


def test_the_place_of_a_thing_stands_in_leaf_and_columns(
    record: Record, thing: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(
        scope._resolvers,
        "auth.group",
        lambda obj: scope.Place(project=7, board=3, root=("tests.request", 12)),
    )
    event = record()
    assert fields(event)["place"] == {
        "project": "7",
        "board": "3",
        "root": {"type": "tests.request", "id": "12"},
    }
    assert (event.project, event.board, event.root_type, event.root_id) == ("7", "3", "tests.request", "12")


def test_the_digest_of_the_tracked_fields_is_the_same_before_and_after_a_reload(
    record: Record, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracking, "_tracked", {})
    tracking.track(User, ["is_active", "line_manager", "date_joined", "pseudonym"])
    state = fields(record(obj=ada))["state"]
    assert state == tracking.digest(tracking.state_of(User.objects.get(pk=ada.pk)) or b"")
    ada.is_active = False
    assert state != tracking.digest(tracking.state_of(ada) or b"")


def test_tracked_fields_that_tell_who_somebody_is_are_a_commitment(
    record: Record, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracking, "_tracked", {})
    tracking.track(User, ["email"], personal=True)
    event = record(obj=ada)
    row = Disclosure.objects.get(event=event, path="state")
    assert json.loads(row.value) == {"email": "ada.lovelace@example.org"}
    assert fields(event)["state"] == hmac.new(bytes(row.salt), row.value.encode(), hashlib.sha256).hexdigest()
    assert "state" not in fields(event)["personal"]


def test_a_field_that_does_not_exist_is_not_tracked() -> None:
    with pytest.raises(Exception, match="no_such_field"):
        tracking.track(User, ["no_such_field"])


def test_an_event_names_its_request_and_the_answer_names_it_too(record: Record) -> None:
    seen: list[Event] = []

    def view(_request: HttpRequest) -> HttpResponse:
        seen.append(record())
        return HttpResponse()

    request = HttpRequest()
    request.META["HTTP_X_REQUEST_ID"] = "forged"
    answer = requests.identified(view)(request)
    assert fields(seen[0])["req"] == answer["X-Request-ID"] != "forged"
    assert fields(record())["req"] is None


def test_an_event_of_a_job_names_the_job(record: Record) -> None:
    token = attempt.set(Attempt(41, 1, timedelta(minutes=1)))
    try:
        assert fields(record())["req"] == "job:41"
    finally:
        attempt.reset(token)


@pytest.mark.engine("postgresql")
def test_the_database_hashes_each_leaf_itself(record: Record) -> None:
    event = record()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT encode(leaf_hash, 'hex'), txid::text = pg_current_xact_id()::text FROM audit_event"
        )
        assert cursor.fetchall() == [(leaf_hash(bytes(event.leaf)), True)]

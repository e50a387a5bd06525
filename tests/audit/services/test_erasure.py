"""Erasing personal values."""

import json
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError

from accounts.models import User
from audit.erasure import erase_person, erase_values
from audit.models import Disclosure, Event
from audit.telling import tell
from tests.audit.conftest import Record

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


def test_the_name_of_a_person_is_gone_from_all_their_acts_and_from_nobody_elses(
    record: Record, ada: User, wang: User, now: datetime
) -> None:
    leaves = [bytes(record().leaf), bytes(record(actor=wang).leaf), bytes(record().leaf)]
    assert erase_person(person=ada, pseudonym=str(ada.pseudonym), actor=wang, reason="Art. 17", now=now) == 2
    told = tell(Event.objects.order_by("id"))
    erased = "name erased on 2 Nov 2026"
    assert [event.who for event in told] == [erased, "王淑兰", erased, "王淑兰"]
    assert [bytes(event.leaf) for event in Event.objects.order_by("id")[:3]] == leaves
    assert told[-1].verb == "pii.erased"
    assert told[-1].reason == "Art. 17"
    assert json.loads(bytes(Event.objects.latest("id").leaf))["data"]["count"] == 2


def test_words_of_one_event_are_erased_and_the_rest_of_it_stays(
    record: Record, wang: User, now: datetime
) -> None:
    event = record(reason="She is ill.", personal={"invited": "grace@example.org"})
    assert erase_values(event_id=event.pk, paths=["reason"], actor=wang, reason="on request", now=now) == 1
    told = tell([event])[0]
    assert (told.reason, told.who, told.rows[0].value) == (
        "erased on 2 Nov 2026",
        "Ada Lovelace",
        "grace@example.org",
    )


def test_each_value_says_the_day_of_its_own_erasure(record: Record, wang: User, now: datetime) -> None:
    event = record(reason="She is ill.", personal={"invited": "grace@example.org"})
    for days, path in ((1, "reason"), (40, "invited")):
        moment = now + timedelta(days=days)
        erase_values(event_id=event.pk, paths=[path], actor=wang, reason="on request", now=moment)
    told = tell([event])[0]
    assert (told.reason, told.rows[0].value) == ("erased on 3 Nov 2026", "erased on 12 Dec 2026")
    assert told.rows[0].is_erased
    assert "12 Dec" not in told.summary


def test_a_value_that_is_missing_without_an_erasure_is_told_as_that(
    record: Record, wang: User, now: datetime
) -> None:
    event, other = record(reason="She is ill."), record(reason="So is he.")
    erase_values(event_id=other.pk, paths=["reason"], actor=wang, reason="on request", now=now)
    Disclosure.objects.filter(event=event).delete()  # in the transaction of another's erasure
    told = tell([event])[0]
    assert (told.who, told.reason) == (
        "name missing, and no erasure names it",
        "missing, and no erasure names it",
    )


def test_an_erasure_of_nothing_leaves_no_event(thing: Group, ada: User, now: datetime) -> None:
    assert erase_person(person=ada, pseudonym=str(ada.pseudonym), actor=None, reason="", now=now) == 0
    assert not Event.objects.exists()


def test_many_values_are_named_in_events_that_fit_a_leaf(
    record: Record, ada: User, wang: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("audit.erasure.BATCH", 2)
    events = [record().pk for _ in range(5)]
    assert erase_person(person=ada, pseudonym=str(ada.pseudonym), actor=wang, reason="", now=now) == 5
    erased = [
        json.loads(bytes(leaf))
        for leaf in Event.objects.filter(verb="pii.erased").values_list("leaf", flat=True)
    ]
    assert [leaf["data"]["paths"]["actor"] for leaf in erased] == [events[:2], events[2:4], events[4:]]


def test_a_disclosure_is_not_deleted_without_its_event(record: Record) -> None:
    record()
    with pytest.raises(IntegrityError, match="append-only"):
        Disclosure.objects.all().delete()

"""What auditors look at and take away is an event: once for each sitting, once for each file."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from accounts.models import User
from audit.leaf import decode
from audit.log.sequencer import sequence
from audit.models import Event
from oversight import visiting
from oversight.models import Engagement, Visit
from oversight.news import News, since_visit
from oversight.permissions import sight_under
from oversight.visiting import note_reading, note_visit
from tests.boardrooms import a_motion
from tests.dossiers import NOW
from tests.oversight.conftest import Audited, Make
from tests.oversight.pages.test_engagements import a_record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_reviews")]
MINUTE = timedelta(minutes=1)


def looks() -> list[tuple[str, str]]:
    told = Event.objects.filter(verb="engagement.viewed").order_by("id")
    return [(data["what"], data["key"]) for data in (decode(bytes(event.leaf))["data"] for event in told)]


@pytest.mark.both_engines
def test_a_sitting_is_one_event_however_often_the_page_is_opened(audited: Audited, aude: User) -> None:
    at = NOW
    for _look in range(5):
        note_visit(actor=aude, kind="request", key=audited.request.reference, now=at)
        at += 20 * MINUTE
    assert looks() == [("request", audited.request.reference)]
    visit = Visit.objects.get()
    assert (visit.began_at, visit.last_at) == (NOW, NOW + 80 * MINUTE)
    note_visit(actor=aude, kind="request", key=audited.request.reference, now=at + 11 * MINUTE)
    assert len(looks()) == 2


def test_each_thing_is_a_sitting_of_its_own(audited: Audited, aude: User, wanda: User) -> None:
    for kind, key in (("request", "IMP-2026-0001"), ("record", "1"), ("record", "2"), ("log", "")):
        note_visit(actor=aude, kind=kind, key=key, now=NOW)
    note_visit(actor=wanda, kind="log", key="", now=NOW)
    assert looks() == [
        ("request", "IMP-2026-0001"),
        ("record", "1"),
        ("record", "2"),
        ("log", ""),
        ("log", ""),
    ]


def test_what_others_than_auditors_under_an_engagement_look_at_is_nobodys_business(
    audited: Audited, otto: User, lars: User
) -> None:
    for somebody in (otto, lars, audited.house.ada, audited.house.chloe, audited.house.ravi):
        note_visit(actor=somebody, kind="request", key=audited.request.reference, now=NOW)
        visiting.note_download(actor=somebody, what="reviews:figures_csv", key="", now=NOW)
    assert not Visit.objects.exists()
    assert not Event.objects.filter(verb__in=["engagement.viewed", "engagement.downloaded"]).exists()


def test_the_event_belongs_to_the_engagement_that_covers_the_request(audited: Audited, engage: Make) -> None:
    auditor = engage("Pia Auditor", projects=[audited.other]).grants.get().user
    covering = engage("Pia Auditor")
    note_visit(actor=auditor, kind="request", key=audited.request.reference, now=NOW)
    assert Event.objects.get(verb="engagement.viewed").object_id == str(covering.pk)


def test_pages_and_downloads_of_an_auditor_leave_their_events_and_those_of_others_do_not(
    client: Client, audited: Audited, aude: User
) -> None:
    record, engagement = a_record(audited), Engagement.objects.get()
    paths = [f"/requests/{audited.request.reference}/", f"/records/{record.pk}/", "/log/", "/engagements/"]
    client.force_login(audited.house.ada)
    for path in [*paths[2:], f"/engagements/{engagement.pk}/"]:
        assert client.get(path).status_code == 200
    assert looks() == []
    client.force_login(aude)
    for _time in range(2):
        for path in [*paths, f"/engagements/{engagement.pk}/", "/requests/IMP-2026-9999/"]:
            client.get(path)
    assert looks() == [
        ("request", audited.request.reference), ("record", str(record.pk)), ("log", ""),
        ("engagement", str(engagement.pk)),
    ]  # fmt: skip
    event = Event.objects.get(verb="request.submitted")
    before = Event.objects.count()
    for _time in range(2):
        assert client.get(f"/log/{event.pk}/bytes").status_code == 200
    taken = Event.objects.filter(verb="engagement.downloaded")
    assert [decode(bytes(one.leaf))["data"]["what"] for one in taken] == ["oversight:exact_bytes"] * 2
    assert client.get("/log/999999/bytes").status_code == 404
    client.get(f"/records/{record.pk}/record.json")  # tells itself, for everybody
    assert Event.objects.count() == before + 3


def news(aude: User, now: datetime, position: int = 0) -> News | None:
    engagement = Engagement.objects.earliest("id")
    visit = note_reading(actor=aude, engagement=engagement, position=position, now=now)
    return since_visit(sight_under(engagement), visit) if visit else None


@pytest.mark.both_engines
def test_what_changed_since_the_last_visit_is_told_by_place_in_the_log(audited: Audited, aude: User) -> None:
    later = NOW + 60 * MINUTE
    size = sequence(NOW)
    assert news(aude, NOW, size) is None  # the first visit
    assert news(aude, NOW + 10 * MINUTE, size) is None  # still the first one
    found = news(aude, later, size)
    assert found is not None
    assert found.things == []
    a_motion(audited.house, audited.house.ethics_review(audited.request), now=later)
    found = news(aude, later + MINUTE, size)
    assert found is not None
    assert [thing.name for thing in found.things] == [audited.request.reference]
    assert (
        found.things[0].amount == found.amount == 2
    )  # moved and seconded, neither with a place in the log yet
    sequence(later)
    again = news(aude, later + 2 * MINUTE, size)
    assert again is not None
    assert again.amount == 2
    assert again.things[0].address == f"/requests/{audited.request.reference}/"


@pytest.mark.both_engines
def test_an_event_that_was_committed_late_is_new_although_its_moment_lies_before_the_visit(
    audited: Audited, aude: User
) -> None:
    size = sequence(NOW)
    news(aude, NOW, size)
    a_motion(audited.house, audited.house.ethics_review(audited.request), now=NOW - 5 * MINUTE)
    sequence(NOW)
    found = news(aude, NOW + 60 * MINUTE, size)
    assert found is not None
    assert [thing.name for thing in found.things] == [audited.request.reference]


def test_what_other_auditors_do_under_the_engagement_is_new_and_what_one_does_oneself_is_not(
    audited: Audited, engage: Make
) -> None:
    both = engage(
        "Aude Auditor",
        auditors=[engage("Aude Auditor").grants.get().user, engage("Pia Auditor").grants.get().user],
    )
    aude, pia = (grant.user for grant in both.grants.order_by("user__display_name"))
    size = sequence(NOW)
    note_reading(actor=aude, engagement=both, position=size, now=NOW)
    note_reading(actor=pia, engagement=both, position=size, now=NOW + MINUTE)
    visit = note_reading(actor=aude, engagement=both, position=size, now=NOW + 60 * MINUTE)
    assert visit is not None
    found = since_visit(sight_under(both), visit)
    assert [(thing.name, thing.amount) for thing in found.things] == [(f"engagement {both.pk}", 1)]

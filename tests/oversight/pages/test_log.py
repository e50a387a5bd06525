"""The log explorer."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from audit import trail
from audit.models import Event
from oversight import log
from tests.dossiers import NOW
from tests.oversight.conftest import Audited, Make

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines, pytest.mark.usefixtures("standing_reviews")]

Budget = Callable[[int], AbstractContextManager[None]]


@pytest.fixture
def page(client: Client) -> Callable[..., str]:
    def get(user: User, **asked: Any) -> str:
        client.force_login(user)
        response = client.get("/log/", asked)
        assert response.status_code == 200
        return response.content.decode()

    return get


def test_an_auditor_reads_the_events_of_the_engagement_and_is_told_so(
    page: Callable[..., str], audited: Audited, aude: User
) -> None:
    text = page(aude)
    assert "Audit by Aude Auditor" in text
    assert "<code>request.submitted</code>" in text
    assert audited.request.reference in text
    assert "Ravi Requester" in text
    assert "Stella Stranger" not in text
    assert "Shade" not in text


@pytest.mark.parametrize("name", ["ravi", "chloe", "mara", "rex", "sena", "lex", "ugo"])
def test_for_everybody_else_there_is_no_such_page(
    client: Client, audited: Audited, engage: Make, name: str
) -> None:
    made, event = engage("Aude Auditor"), Event.objects.latest("id")
    client.force_login(getattr(audited.house, name))
    urls = [
        "/log/",
        f"/log/{event.pk}/bytes",
        "/engagements/",
        f"/engagements/{made.pk}/",
        "/engagements/new",
    ]
    assert [client.get(url).status_code for url in urls] == [404] * 5
    posts = ["/log/export", "/engagements/new", f"/engagements/{made.pk}/end"]
    assert [client.post(url).status_code for url in posts] == [404] * 3
    assert not Event.objects.filter(pk__gt=event.pk).exists()


def test_an_auditor_outside_of_an_engagement_finds_no_log(client: Client, otto: User, lars: User) -> None:
    event = Event.objects.latest("id")
    for user in (otto, lars):
        client.force_login(user)
        assert client.get("/log/").status_code == 404
        assert client.get(f"/log/{event.pk}/bytes").status_code == 404
        assert client.post("/log/export").status_code == 404
    assert not Event.objects.filter(verb="log.exported").exists()


def test_who_is_not_signed_in_is_sent_to_sign_in(client: Client) -> None:
    for url in ("/log/", "/log/1/bytes", "/engagements/", "/engagements/new", "/engagements/1/"):
        assert client.get(url).status_code == 302
    assert client.post("/log/export").status_code == 302


def test_a_filter_of_the_address_shows_the_story_of_a_request(
    page: Callable[..., str], audited: Audited, wanda: User
) -> None:
    text = page(wanda, object=audited.request.reference.lower())
    assert "<code>request.submitted</code>" in text
    assert "<code>project.opened</code>" not in text
    assert f"/log/?object={audited.request.reference.lower()}" in text


def test_things_are_found_by_kind_and_number(page: Callable[..., str], audited: Audited, wanda: User) -> None:
    board = audited.house.boards["ethics"]
    for typed in (f"board {board.pk}", f"reviews.board:{board.pk}"):
        text = page(wanda, object=typed)
        assert "<code>board.made</code>" in text
        assert "<code>request.submitted</code>" not in text


def test_people_are_found_by_a_part_of_their_name_and_the_system_by_its_word(
    page: Callable[..., str], audited: Audited, wanda: User
) -> None:
    project = audited.project
    trail.record("project.shared", obj=project, actor=None, now=NOW)
    assert "<td>Stella Stranger</td>" in page(wanda, person="stella")
    assert "<td>Ravi Requester</td>" not in page(wanda, person="stella")
    assert "<td>the system</td>" in page(wanda, person="system")


def test_a_whole_family_of_kinds_is_asked_for_by_its_first_word(
    page: Callable[..., str], audited: Audited, wanda: User
) -> None:
    text = page(wanda, event="request.")
    assert "<code>request.submitted</code>" in text
    assert "<code>request.drafted</code>" in text
    assert "<code>project.created</code>" not in text
    assert '<option value="request." selected>' in text


def test_what_fits_nothing_shows_nothing_rather_than_everything(
    page: Callable[..., str], wanda: User
) -> None:
    for asked in (
        {"person": "nobody of this name"}, {"object": "IMP-1999-0001"}, {"object": "%%%"}, {"from": "yesterday"},
        {"until": "2026-13-01"}, {"event": "no.such"},
    ):  # fmt: skip
        text = page(wanda, **asked)
        assert "event-" not in text
        assert "Show everything" in text


def test_days_are_days_of_utc_and_the_last_one_is_included(
    page: Callable[..., str], audited: Audited, wanda: User
) -> None:
    project = audited.project
    for at in (0, 1):
        trail.record(
            "project.shared",
            obj=project,
            actor=None,
            now=NOW.replace(hour=23, minute=59) + timedelta(days=at),
        )
    both = page(wanda, **{"event": "project.shared", "from": "2026-11-24", "until": "2026-11-25"})
    one = page(wanda, **{"event": "project.shared", "from": "2026-11-24", "until": "2026-11-24"})
    assert ("2 events" in both, "1 event," in one) == (True, True)
    assert "24 Nov 2026 23:59:00.000000" in one


def test_an_open_event_shows_leaf_and_hash_and_hands_out_the_exact_bytes(
    page: Callable[..., str], client: Client, audited: Audited, aude: User
) -> None:
    event = Event.objects.get(verb="request.submitted", object_id=str(audited.request.pk))
    text = page(aude, open=event.pk)
    assert "Hash of the leaf" in text
    assert "&quot;verb&quot;: &quot;request.submitted&quot;" in text
    response = client.get(f"/log/{event.pk}/bytes")
    assert response.content == bytes(event.leaf)
    hidden = Event.objects.filter(project=str(audited.other.pk)).latest("id")
    assert client.get(f"/log/{hidden.pk}/bytes").status_code == 404


def test_a_filter_does_not_reach_beyond_the_engagement(
    page: Callable[..., str], audited: Audited, aude: User
) -> None:
    for asked in ({"object": f"project {audited.other.pk}"}, {"person": "Stella"}, {"person": "Ada Admin"}):
        text = page(aude, **asked)
        assert "registry.project" not in text
        assert "Stella Stranger" not in text


def test_pages_lead_through_the_log_with_the_filters_kept(
    page: Callable[..., str], wanda: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "SIZE", 3)
    text = page(wanda, event="seat.given")
    assert "event=seat.given&amp;before=" in text
    assert text.count('<tr id="event-') == 3


def test_the_page_needs_few_queries(
    client: Client, aude: User, wanda: User, django_assert_max_num_queries: Budget
) -> None:
    for user in (aude, wanda):
        client.force_login(user)
        client.get("/log/")  # the visit is noted
        with django_assert_max_num_queries(15):
            assert (
                client.get("/log/", {"object": "IMP-2026-0001", "person": "Ravi", "open": "1"}).status_code
                == 200
            )


@pytest.mark.parametrize(("form", "kind"), [("csv", "text/csv; charset=utf-8"), ("json", "application/json")])
def test_a_download_is_streamed_under_the_filters_and_leaves_one_event(
    client: Client, audited: Audited, aude: User, form: str, kind: str
) -> None:
    client.force_login(aude)
    response = client.post("/log/export", {"format": form, "event": "request.submitted"})
    assert response["Content-Type"] == kind
    text = b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]  # it streams
    assert text.count("request.submitted") == 1
    assert "Stella" not in text
    assert Event.objects.filter(verb="log.exported", actor=str(aude.pseudonym)).count() == 1


def test_downloads_are_not_links(client: Client, wanda: User) -> None:
    client.force_login(wanda)
    assert client.get("/log/export").status_code == 405
    assert not Event.objects.filter(verb="log.exported").exists()

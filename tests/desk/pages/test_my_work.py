"""The page on which people land."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from tests.desk.conftest import Things, browser

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    monkeypatch.setattr("desk.views.my_work.timezone.now", lambda: now)


def test_a_visitor_is_sent_to_sign_in(client: Client) -> None:
    answer = client.get("/")
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=/")


def test_it_shows_what_waits_for_me_in_parts_with_one_primary_act(
    outsider: User, things: Things, now: datetime
) -> None:
    things.add(outsider, "Skiff-ASR 1.4", now - timedelta(days=3))
    things.add(outsider, "Cartographer 0.9", now + timedelta(hours=2))
    things.add(outsider, "Lantern-VL 3B", now + timedelta(days=3))
    things.add(outsider, "Plover 3.0", None)
    page = browser(outsider).get("/").content.decode()
    assert "Four things wait for you" in page
    assert "1 is late. 1 is due by tomorrow." in page
    for words in ("3 days late", "Late", "Today", "Due today", "This week", "Without a date"):
        assert words in page
    assert page.index("Skiff-ASR") < page.index("Cartographer") < page.index("Lantern") < page.index("Plover")
    assert page.count("btn primary") == 1


def test_what_waits_for_others_is_not_there(
    outsider: User, administrator: User, things: Things, now: datetime
) -> None:
    things.add(administrator, "Harbor-7B", now)
    page = browser(outsider).get("/").content.decode()
    assert "Harbor-7B" not in page
    assert "Nothing waits for you" in page


def test_a_person_who_has_nothing_to_do_reads_what_would_be_here(outsider: User, things: Things) -> None:
    page = browser(outsider).get("/").content.decode()
    assert "Nothing waits for you." in page
    assert "as soon as they need you" in page
    assert "btn primary" not in page


def test_texts_of_sources_are_escaped(outsider: User, things: Things, now: datetime) -> None:
    things.add(outsider, "<script>alert(1)</script>", now, needs="<b>bold</b>")
    page = browser(outsider).get("/").content.decode()
    assert "<script>alert" not in page
    assert "<b>bold</b>" not in page


def test_many_things_cost_no_more_queries_and_what_is_due_last_is_counted_only(
    outsider: User, things: Things, now: datetime, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(60):
        things.add(outsider, f"Model {number}", now + timedelta(days=30, hours=number))
    client = browser(outsider)
    with django_assert_max_num_queries(15):
        page = client.get("/").content.decode()
    assert "60 things wait for you" in page
    assert "10 more things follow when these are done." in page
    assert page.count(">Model ") == 50


def test_days_are_those_of_my_time_zone(things: Things, now: datetime, db: None) -> None:
    from tests.desk.conftest import person  # noqa: PLC0415

    far = person("far", time_zone="Pacific/Auckland")
    things.add(far, "Harbor-7B", now + timedelta(hours=8))  # 14:10 UTC, next day 03:10 there
    page = browser(far).get("/").content.decode()
    assert "until 03:10" in page
    assert "Due today" not in page


def test_only_reading_is_possible(outsider: User, things: Things) -> None:
    assert browser(outsider).post("/").status_code == 405

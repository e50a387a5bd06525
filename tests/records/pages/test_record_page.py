"""The page of a record and its file: for those who may read what it is about, each download with an event."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from records import permissions, store
from records.canonical import digest
from records.issue import sign
from records.models import Record
from records.press.glyphs import Unprintable
from records.sealing import advance
from tests.records.lines import lines_on
from tests.records.made import Event, Make, Queued

pytestmark = pytest.mark.usefixtures("standing_records")


@pytest.fixture
def urls() -> Callable[[Record], list[str]]:
    return lambda record: [
        reverse(f"records:{name}", args=[record.pk])
        for name in ("record_page", "sealing", "record_file", "record_data")
    ]


def test_a_reader_downloads_exactly_what_was_issued(
    client: Client, reader: User, sealed: Make, events: list[Event]
) -> None:
    record = sealed()
    client.force_login(reader)
    response = client.get(reverse("records:record_file", args=[record.pk]))
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment")
    assert digest(response.content) == record.file_sha256
    assert [(event.verb, event.actor) for event in events][-1] == ("record.downloaded", reader)


def test_a_reader_downloads_the_data_that_the_digest_is_of(
    client: Client, reader: User, frozen: Make, events: list[Event]
) -> None:
    record = frozen()
    client.force_login(reader)
    response = client.get(reverse("records:record_data", args=[record.pk]))
    assert digest(response.content) == record.context_sha256
    assert [(event.verb, event.actor) for event in events][-1] == ("record.downloaded", reader)


def test_an_outsider_finds_nothing_and_leaves_no_event(
    client: Client, outsider: User, sealed: Make, events: list[Event], urls: Callable[[Record], list[str]]
) -> None:
    record = sealed()
    client.force_login(outsider)
    assert [client.get(url).status_code for url in urls(record)] == [404] * 4
    assert "record.downloaded" not in [event.verb for event in events]


def test_nobody_finds_a_record_about_something_without_a_door(
    client: Client, reader: User, sealed: Make, urls: Callable[[Record], list[str]]
) -> None:
    record = sealed()
    permissions._doors.pop("accounts.user")
    client.force_login(reader)
    assert [client.get(url).status_code for url in urls(record)] == [404] * 4
    permissions.register("accounts.user", lambda *_: False)


def test_who_is_not_signed_in_is_sent_to_sign_in(
    client: Client, sealed: Make, urls: Callable[[Record], list[str]]
) -> None:
    assert [client.get(url).status_code for url in urls(sealed())] == [302] * 4


def test_a_record_that_does_not_go_on_shows_its_reason_and_no_file(
    client: Client, reader: User, pending: Make, now: datetime
) -> None:
    record = pending(subtitle="Release 🦜")
    with pytest.raises(Unprintable):
        advance(record_id=record.pk, now=now)
    client.force_login(reader)
    text = client.get(reverse("records:record_page", args=[record.pk])).content.decode()
    assert "🦜 (U+1F99C)" in text
    assert "An administrator can start it again" in text
    assert reverse("records:record_file", args=[record.pk]) not in text
    response = client.get(reverse("records:record_file", args=[record.pk]), follow=True)
    assert "not printed yet" in response.content.decode()


def test_while_people_sign_the_page_shows_who_is_missing_and_hands_out_the_file_that_they_sign(
    client: Client, reader: User, frozen: Make, signers: list[User], queued: Queued, now: datetime
) -> None:
    record = frozen()
    client.force_login(reader)
    page = reverse("records:record_page", args=[record.pk])
    assert "There is no file yet" in client.get(page).content.decode()
    advance(record_id=record.pk, now=now)
    line = lines_on(record.context_sha256, people=signers)[0]
    sign(record=record, role="legal", line=line, person=signers[0], now=now)
    text = client.get(page).content.decode()
    assert "being added" in text
    assert 'hx-trigger="every 3s"' in text
    advance(record_id=record.pk, now=now)
    text = client.get(reverse("records:sealing", args=[record.pk])).content.decode()
    assert "Dr. Ingrid Falk" in text
    assert "not signed yet" in text
    assert "<html" not in text
    response = client.get(reverse("records:record_file", args=[record.pk]))
    assert digest(response.content) == record.steps.get(field="sig-legal").file_sha256
    assert response["Content-Disposition"].endswith('-unsealed.pdf"')


def test_the_way_to_the_seal_is_told_in_the_language_of_the_page_and_a_reason_keeps_its_own(
    client: Client, reader: User, frozen: Make
) -> None:
    record = frozen("zh-hans")
    Record.objects.filter(pk=record.pk).update(failure="缺少字体。")
    client.force_login(reader)
    text = client.get(reverse("records:sealing", args=[record.pk])).content.decode()
    assert "<b>Legal staff</b>" in text
    assert "法务人员" not in text
    assert '<span lang="zh-hans">缺少字体。</span>' in text


def test_a_file_that_was_changed_on_the_disk_is_not_handed_out(
    client: Client, reader: User, sealed: Make, events: list[Event]
) -> None:
    record = sealed()
    path = store._place(record.file_sha256)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    client.force_login(reader)
    response = client.get(reverse("records:record_file", args=[record.pk]), follow=True)
    assert "can&#x27;t be read" in response.content.decode()
    assert "record.downloaded" not in [event.verb for event in events]
    with pytest.raises(store.Lost):
        store.read(record.file_sha256)


def test_the_page_of_a_record_needs_few_queries(
    client: Client,
    reader: User,
    sealed: Make,
    django_assert_max_num_queries: Callable[[int], AbstractContextManager[None]],
) -> None:
    record = sealed()
    client.force_login(reader)
    with django_assert_max_num_queries(15):
        client.get(reverse("records:record_page", args=[record.pk]))

"""The inbox: everybody's own, newest first, and the way to what it is about."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from audit.models import Event
from reminders.models import Message
from reminders.notices import notify

pytestmark = pytest.mark.both_engines
INBOX = "/inbox/"
Queries = Callable[[int], AbstractContextManager[None]]


def tell(person: User, now: datetime, subject: str = "Harbor-7B 2.1 was approved") -> Message:
    message = notify(
        person=person, kind="request.decided", obj=person, subject=subject, body="Every board passed its motion.",
        url="/requests/7/", now=now, once=subject,
    )  # fmt: skip
    assert message is not None
    return message


def text(client: Client, url: str = INBOX) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def test_an_empty_inbox_says_what_will_come(client: Client, member: User) -> None:
    client.force_login(member)
    assert "Nothing has come yet." in text(client)
    assert "Nothing is new." in text(client, f"{INBOX}?show=new")


def test_new_messages_are_counted_in_the_header_and_marked_in_words(
    client: Client, member: User, now: datetime
) -> None:
    tell(member, now)
    client.force_login(member)
    page = text(client)
    assert "Inbox: 1 new" in page
    assert "Mark as read" in page
    assert "Every board passed its motion." in page


def test_nobody_sees_or_marks_the_message_of_another(
    client: Client, member: User, outsider: User, now: datetime
) -> None:
    message = tell(member, now)
    client.force_login(outsider)
    assert "Harbor-7B" not in text(client)
    for name in ("open_message", "read_message"):
        assert client.post(reverse(f"reminders:{name}", args=[message.pk])).status_code == 404
    client.post(reverse("reminders:read_all"))
    message.refresh_from_db()
    assert message.read_at is None
    assert not Event.objects.filter(verb__in=["message.read", "inbox.read"]).exists()


def test_opening_marks_as_read_and_leads_to_the_page_with_one_event(
    client: Client, member: User, now: datetime
) -> None:
    message = tell(member, now)
    client.force_login(member)
    for _ in range(2):
        response = client.post(reverse("reminders:open_message", args=[message.pk]))
        assert response["Location"] == "/requests/7/"
    message.refresh_from_db()
    assert message.read_at is not None
    assert Event.objects.filter(verb="message.read", object_id=str(message.pk)).count() == 1
    assert "Inbox: nothing new" in text(client)


def test_marking_returns_to_the_part_one_was_in(client: Client, member: User, now: datetime) -> None:
    message = tell(member, now)
    client.force_login(member)
    address = reverse("reminders:read_message", args=[message.pk])
    assert client.post(address, {"query": "show=new"})["Location"] == f"{INBOX}?show=new"
    assert client.post(address, {"query": "https://elsewhere.example.org"})["Location"].startswith(
        f"{INBOX}?"
    )


def test_marking_all_leaves_one_event_with_the_count(client: Client, member: User, now: datetime) -> None:
    for number in range(3):
        tell(member, now, f"Decision {number}")
    client.force_login(member)
    client.post(reverse("reminders:read_all"))
    assert not Message.objects.filter(read_at__isnull=True).exists()
    client.post(reverse("reminders:read_all"))
    assert Event.objects.filter(verb="inbox.read").count() == 1


def test_a_long_inbox_is_read_in_parts_without_gaps_also_within_one_moment(
    client: Client, member: User, now: datetime
) -> None:
    for number in range(60):
        tell(member, now + timedelta(minutes=number // 40), f"Decision {number:02}")
    client.force_login(member)
    seen: list[str] = []
    url = INBOX
    for _ in range(3):
        context = client.get(url).context
        seen += [message.subject for message in context["part"].messages]
        url = context["older_url"]
    assert url == ""
    assert seen == [f"Decision {number:02}" for number in range(59, -1, -1)]


@pytest.mark.parametrize("key", ["x", "2026-01-01~1", "~", "2026-11-23T06:10:00+00:00~x"])
def test_an_unreadable_key_begins_at_the_top(client: Client, member: User, now: datetime, key: str) -> None:
    tell(member, now)
    client.force_login(member)
    assert "Harbor-7B" in text(client, f"{INBOX}?before={key}")


def test_more_than_ninety_nine_are_not_counted(client: Client, member: User, now: datetime) -> None:
    for number in range(105):
        tell(member, now, f"Decision {number}")
    client.force_login(member)
    assert "99+" in text(client)


def test_the_inbox_needs_few_queries(
    client: Client, member: User, now: datetime, django_assert_max_num_queries: Queries
) -> None:
    for number in range(30):
        tell(member, now, f"Decision {number}")
    client.force_login(member)
    with django_assert_max_num_queries(10):
        text(client)


def test_who_is_not_signed_in_is_sent_to_sign_in(client: Client) -> None:
    assert client.get(INBOX).status_code == 302
    assert client.post(reverse("reminders:read_all")).status_code == 302


def test_addresses_that_change_something_refuse_to_be_read(client: Client, member: User) -> None:
    client.force_login(member)
    for address in ("read", "1/open", "1/read"):
        assert client.get(f"{INBOX}{address}").status_code == 405

"""Notices of what happened: in the person's words, once for each occasion."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.functional import lazystr
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django_stubs_ext import StrOrPromise

from accounts.models import User
from jobs.models import Job
from reminders.models import Mail, Message
from reminders.notices import notify
from reminders.postbox import MAIL

pytestmark = pytest.mark.both_engines


def tell(person: User, now: datetime, **more: StrOrPromise) -> Message | None:
    return notify(
        person=person, kind="request.decided", obj=person, subject=more.get("subject", "Decided"), body="Approved.",
        url=str(more.get("url", "/requests/1/")), now=now, once=str(more.get("once", "")),
    )  # fmt: skip


def test_a_notice_is_in_the_inbox_and_its_mail_is_queued_at_once(member: User, now: datetime) -> None:
    message = tell(member, now)
    assert message is not None
    assert (message.person, message.subject, message.read_at) == (member, "Decided", None)
    assert Job.objects.get(kind=MAIL).run_at == now
    assert Mail.objects.get().state == "waiting"


def test_lazy_texts_are_put_into_the_language_of_the_person(chinese: User, now: datetime) -> None:
    class Spoken:
        def __str__(self) -> str:
            return f"{get_language()} {timezone.get_current_timezone_name()}"

    message = tell(chinese, now, subject=format_lazy("{who}", who=lazystr(Spoken())))
    assert message is not None
    assert message.subject == "zh-hans Asia/Shanghai"
    assert get_language() == "en"


def test_the_same_moment_is_told_once_and_another_moment_again(member: User, now: datetime) -> None:
    tell(member, now)
    tell(member, now)
    assert (Message.objects.count(), Mail.objects.count()) == (1, 1)
    tell(member, now + timedelta(seconds=1))
    assert Message.objects.count() == 2


def test_with_a_name_of_its_own_an_occasion_is_told_once_for_ever(
    member: User, outsider: User, now: datetime
) -> None:
    tell(member, now, once="decision 7")
    tell(member, now + timedelta(days=1), once="decision 7")
    tell(outsider, now, once="decision 7")
    assert Message.objects.filter(person=member).count() == 1
    assert Message.objects.filter(person=outsider).count() == 1


def test_somebody_who_left_is_told_nothing(member: User, now: datetime) -> None:
    member.is_active = False
    assert tell(member, now) is None
    assert not Message.objects.exists()


@pytest.mark.parametrize("url", ["https://elsewhere.example.org/", "//elsewhere.example.org/", "requests/1/"])
def test_a_message_never_leads_elsewhere(member: User, now: datetime, url: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        tell(member, now, url=url)
    assert not Message.objects.exists()

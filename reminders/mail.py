"""Sends a mail at least once, always with the same Message-ID and the same text.

Killed between the server's 250 and our commit it goes again: the two can't be one step. What we can do is to make the
second copy recognisable, so the Message-ID is fixed when the mail is planned and the text before the first attempt.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.utils import timezone

from reminders import wording
from reminders.models import Mail, MailKind, MailState, Message, Reminder
from reminders.rules.clocks import WEEKDAYS
from reminders.timing import words_of
from reminders.waiting import get
from reminders.week import week_of
from reminders.week_letter import week_letter


def mail_job(payload: Mapping[str, Any]) -> None:
    """Do the job `reminders.mail`: `mail` is the id."""
    send_mail(payload["mail"], timezone.now())


def send_mail(mail_id: int, now: datetime) -> None:
    """Send the mail unless it is sent; raises what the mail server answers, and the job tries again later."""
    mail = _begin(mail_id, now)
    if mail is None:
        return
    letter = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.body,
        to=[mail.person.email],
        headers={
            "Message-ID": mail.message_id,
            "Auto-Submitted": "auto-generated",
            "Content-Language": mail.person.language,
        },
    )
    if mail.html:
        letter.attach_alternative(mail.html, "text/html")
    for message in mail.messages.exclude(calendar="").order_by("id"):
        letter.attach_alternative(message.calendar, calendar_type(message.calendar))
    letter.send()
    Mail.objects.filter(pk=mail.pk).update(state=MailState.SENT, sent_at=timezone.now())


def calendar_type(calendar: str) -> str:
    """Return the content type of an iCalendar object, which names its method (RFC 6047, 2.4)."""
    method = next((line[7:] for line in calendar.splitlines() if line.startswith("METHOD:")), "PUBLISH")
    return f'text/calendar; method="{method}"; component="VEVENT"'


def _begin(mail_id: int, now: datetime) -> Mail | None:
    """Write the text at the first attempt and mark the attempt, before anything leaves; None: nothing to send."""
    with transaction.atomic():
        mail = Mail.objects.select_for_update(of=("self",)).select_related("person").get(pk=mail_id)
        if mail.state in (MailState.SENT, MailState.DROPPED):
            return None
        if mail.composed_at is None:
            _compose(mail, now)
        if mail.state != MailState.DROPPED:
            mail.state = MailState.SENDING
            mail.attempts += 1
        mail.save()
        return mail if mail.state == MailState.SENDING else None


def _compose(mail: Mail, now: datetime) -> None:
    """Put the messages that are still true into a letter; without any, or for somebody who left, drop the mail."""
    person = mail.person
    if mail.kind == MailKind.WEEKLY:
        _compose_week(mail, now)
        return
    with words_of(person.language, person.time_zone):
        messages = _still_true(list(mail.messages.order_by("created_at", "id")), now)
        mail.composed_at = now
        if not messages or not person.is_active:
            mail.state = MailState.DROPPED
            return
        mail.subject, mail.body = wording.letter(
            person.display_name, [(message.subject, message.body, message.url) for message in messages]
        )


def _compose_week(mail: Mail, now: datetime) -> None:
    """Write what the week brings as it stands now; where nothing does, for who left or wants none, drop the mail."""
    person = mail.person
    mail.composed_at = now
    with words_of(person.language, person.time_zone):
        wanted = person.is_active and person.weekly_mail in WEEKDAYS
        sections = week_of(person, now) if wanted else []
        if not sections:
            mail.state = MailState.DROPPED
            return
        mail.subject, mail.body, mail.html = week_letter(person, sections)


def _still_true(messages: list[Message], now: datetime) -> list[Message]:
    """Leave out reminders of what has been done since: a digest is read hours after its messages were written."""
    reminders = {r.message_id: r for r in Reminder.objects.filter(message__in=messages)}
    about: dict[str, set[int]] = defaultdict(set)
    for reminder in reminders.values():
        about[reminder.kind].add(reminder.about_id)
    waiting = {
        (kind, item.person_id, item.object_type, item.object_id)
        for kind, people in about.items()
        for item in get(kind).ask(now, frozenset(people))
    }
    return [
        message
        for message in messages
        if message.pk not in reminders or _key(reminders[message.pk]) in waiting
    ]


def _key(reminder: Reminder) -> tuple[str, int, str, str]:
    return reminder.kind, reminder.about_id, reminder.object_type, reminder.object_id

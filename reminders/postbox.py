"""Puts messages into inboxes, exactly once, and plans the mails that carry them; in the caller's transaction."""

from collections.abc import Iterable
from datetime import datetime
from email.utils import make_msgid
from urllib.parse import urlsplit

from django.conf import settings

from accounts.models import User
from jobs.queue import enqueue
from reminders.models import Mail, MailKind, Message
from reminders.rules.clocks import next_digest
from reminders.timing import clock, wants_digest, zone_of

MAIL = "reminders.mail"


def put(person: User, messages: Iterable[Message], now: datetime, *, at_once: bool = False) -> list[Message]:
    """Store the person's messages that aren't there yet, with the mail that will carry them; return all as stored.

    A message is the same when kind, object and occasion are. Only a message that is new plans a mail; `at_once`: one
    of its own, also for somebody who wants a digest.
    """
    stored: list[Message] = []
    for message in messages:
        found, created = Message.objects.get_or_create(
            person=person, kind=message.kind, object_type=message.object_type, object_id=message.object_id,
            occasion=message.occasion,
            defaults={
                "subject": message.subject, "body": message.body, "url": message.url, "calendar": message.calendar,
                "created_at": now,
            },
        )  # fmt: skip
        if created:
            found.mail = _mail_for(person, now, at_once=at_once)
            found.save(update_fields=["mail"])
        stored.append(found)
    return stored


def _mail_for(person: User, now: datetime, *, at_once: bool) -> Mail:
    """Return the mail that carries a message of this moment: a new one, or the digest of the day."""
    if at_once or not wants_digest(person):
        mail = Mail.objects.create(person=person, message_id=new_message_id(), planned_at=now)
        enqueue(MAIL, {"mail": mail.pk}, now=now, key=f"{MAIL}:{mail.pk}")
        return mail
    return _digest(person, next_digest(now, zone_of(person.time_zone), clock()), now)


def _digest(person: User, at: datetime, now: datetime) -> Mail:
    """Return the digest of that moment, or of the next when a worker has written that one already."""
    mail, created = Mail.objects.get_or_create(
        person=person,
        kind=MailKind.DAILY,
        digest_at=at,
        defaults={"message_id": new_message_id(), "planned_at": now},
    )
    # A worker that writes the digest locks the row, too: whoever comes second sees what the first one did.
    mail = Mail.objects.select_for_update().get(pk=mail.pk)
    if mail.composed_at is not None:
        return _digest(person, next_digest(at, zone_of(person.time_zone), clock()), now)
    if created:
        enqueue(MAIL, {"mail": mail.pk}, now=now, key=f"{MAIL}:{mail.pk}", run_at=at)
    return mail


def new_message_id() -> str:
    """Return a Message-ID of this installation (RFC 5322, section 3.6.4)."""
    return make_msgid(domain=urlsplit(settings.BASE_URL).hostname or "localhost")

"""Checkpoints of the log, mailed to auditors: a copy that nobody here can change any more.

Who audits under an engagement in force gets one a day (IMPRIMATUR_CHECKPOINT_MAIL), every other auditor one a week,
and everybody the first one under another key or another origin.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.roles import Role
from audit import trail
from audit.log.keys import verifiers
from audit.log.reading import newest_checkpoint
from audit.models import Checkpoint
from imprimatur.tlog.note import Note
from oversight.access import auditors_of
from oversight.models import Engagement
from reminders.models import Message
from reminders.postbox import put
from reminders.timing import words_of

KIND = "log.checkpoint"
DAY, WEEK = timedelta(days=1), timedelta(days=7)
RULER = "-" * 40


def mail_checkpoints(now: datetime) -> int:
    """Mail the newest checkpoint to those whose time it is; return how many they were. One event for all of them."""
    newest = newest_checkpoint()
    if newest is None:
        return 0
    engaged = _engaged(now)
    mailed = Message.objects.filter(person=OuterRef("pk"), kind=KIND).order_by("-created_at", "-id")
    auditors = User.objects.filter(is_active=True, groups__name=Role.AUDITOR.value).annotate(
        last_at=Subquery(mailed.values("created_at")[:1]), last_id=Subquery(mailed.values("object_id")[:1])
    )
    people = [person for person in auditors.order_by("pk") if _is_time(person, newest, engaged, now)]
    with transaction.atomic():
        sent = sum(_mail(person, newest, now) for person in people)
        if sent:
            trail.record(
                "checkpoint.mailed",
                obj=newest,
                actor=None,
                now=now,
                data={
                    "origin": newest.origin,
                    "tree_size": newest.size,
                    "tree_root": newest.root,
                    "amount": sent,
                },
            )
    return sent


def is_due(last_at: datetime | None, every: timedelta, now: datetime) -> bool:
    """Say whether it is time for the next one."""
    return last_at is None or now - last_at >= every


def keys_below(note: str) -> set[tuple[str, bytes]]:
    """Return the keys that signed a note, as its lines name them."""
    return {(line.name, line.key_id) for line in Note.parse(note).lines}


def _engaged(now: datetime) -> set[int]:
    """Return the auditors who have an engagement in force."""
    running = Engagement.objects.filter(starts_at__lte=now, ends_at__gt=now, ended_at=None)
    return {auditor.pk for engagement in running for auditor in auditors_of(engagement, now)}


def _is_time(person: User, newest: Checkpoint, engaged: Collection[int], now: datetime) -> bool:
    last_at, last_id = person.last_at, person.last_id  # type: ignore[attr-defined]  # annotated
    if last_id == str(newest.pk):
        return False
    every = DAY if person.pk in engaged and settings.CHECKPOINT_MAIL == "daily" else WEEK
    return is_due(last_at, every, now) or _is_signed_otherwise(last_id, newest)


def _is_signed_otherwise(last_id: str, newest: Checkpoint) -> bool:
    """Say whether the person never got a checkpoint of this origin and these keys."""
    last = Checkpoint.objects.filter(pk=last_id).first()
    return last is None or last.origin != newest.origin or keys_below(last.note) != keys_below(newest.note)


def _mail(person: User, checkpoint: Checkpoint, now: datetime) -> bool:
    """Put it into the inbox and plan a mail of its own; False: another worker did."""
    with words_of(person.language, person.time_zone):
        subject, body = _words(checkpoint)
    message = Message(
        kind=KIND, object_type=checkpoint._meta.label_lower, object_id=str(checkpoint.pk),
        occasion=f"{checkpoint.size}", subject=subject, body=body, url=reverse("oversight:log_state"),
    )  # fmt: skip
    [stored] = put(person, [message], now, at_once=True)
    return stored.created_at == now


def _words(checkpoint: Checkpoint) -> tuple[str, str]:
    """Return subject and text, in the language that is active; the note stands in it as it was signed."""
    size = checkpoint.size
    subject = ngettext(
        "Checkpoint of the audit log: {size} event", "Checkpoint of the audit log: {size} events", size
    )
    signed_by = keys_below(checkpoint.note)
    keys = [str(key) for key in verifiers(checkpoint.origin) if (key.name, key.key_id) in signed_by]
    keep = _(
        "Keep this mail: nobody can rewrite the first {size} events of the log {origin} any more without contradicting "
        "it. What stands between the two lines is a signed note."
    ).format(size=size, origin=checkpoint.origin)
    check = _(
        "Save the note as a file, and a bundle of the log can be compared with it: {command}. Witnesses hold the same, "
        "and each record has the checkpoint of its day."
    ).format(command="python3 verify.py --checkpoint FILE")
    note = "\n".join([RULER, checkpoint.cosigned.removesuffix("\n"), RULER])
    signed = "\n".join([_("Signed with this key of the log:"), *keys])
    return subject.format(size=size), f"{keep}\n\n{note}\n\n{check}\n\n{signed}"

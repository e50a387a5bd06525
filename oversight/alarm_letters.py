"""Alarms of the log, told to administrators and auditors: each alarm once to each of them, by inbox and a mail."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from audit.models import Alarm
from audit.reconciling import keeping
from oversight.permissions import engagements_of, is_administrator
from reminders.models import Message
from reminders.postbox import put
from reminders.timing import words_of

KIND = "log.alarm"
STILL_NEWS = timedelta(days=1)  # told although it has ended meanwhile: that it was there matters


def tell_alarms(now: datetime) -> int:
    """Tell whoever wasn't told of an alarm that is open, or was raised lately; return how many messages that were."""
    alarms = list(Alarm.objects.filter(Q(ended_at=None) | Q(raised_at__gt=now - STILL_NEWS)).order_by("pk"))
    if not alarms:
        return 0
    label = Alarm._meta.label_lower
    told = set(
        Message.objects.filter(
            kind=KIND, object_type=label, object_id__in=[str(alarm.pk) for alarm in alarms]
        ).values_list("person_id", "object_id")
    )
    offices = [Role.ADMINISTRATOR.value, Role.AUDITOR.value]
    people = User.objects.filter(is_active=True, groups__name__in=offices).distinct().order_by("pk")
    missing = [
        (person, alarm) for person in people for alarm in alarms if (person.pk, str(alarm.pk)) not in told
    ]
    with transaction.atomic():
        for person, alarm in missing:
            put(person, [_message(person, alarm, now)], now, at_once=True)
    return len(missing)


def _message(person: User, alarm: Alarm, now: datetime) -> Message:
    with words_of(person.language, person.time_zone):
        return Message(
            kind=KIND, object_type=alarm._meta.label_lower, object_id=str(alarm.pk), occasion="raised",
            subject=_("Alarm of the audit log"), body=f"{_said(alarm)}\n\n{_to_do()}", url=_page(person, now),
        )  # fmt: skip


def _page(person: User, now: datetime) -> str:
    """Return where the person reads on: the state of the log, the inbox for an auditor without an engagement."""
    sees = is_administrator(person) or engagements_of(person, now).exists()
    return reverse("oversight:log_state" if sees else "reminders:inbox")


def _said(alarm: Alarm) -> str:
    """Return what is wrong; in the language that is active where its words are known."""
    made = keeping.latest() if alarm.kind == keeping.ALARM else None
    return keeping.in_words(made) if made and made.findings else f"{alarm.title}\n\n{alarm.text}"


def _to_do() -> str:
    return _(
        "Administrators and auditors get this mail. Find out together what happened before anything is mended: keep "
        "the database as it is, and compare it with the checkpoints that you and the witnesses hold."
    )

"""Plans the weekly mails: one for each person and week, on the day that they chose, however often beat asks."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max, Q

from accounts.models import User, WeeklyMail
from jobs.queue import enqueue
from reminders.models import Mail, MailKind
from reminders.postbox import MAIL, new_message_id
from reminders.rules.clocks import weekly_due
from reminders.timing import clock, zone_of

AT_ONCE = 500  # mails planned in one run; the others come with the next, a minute later


def plan_weekly(now: datetime) -> int:
    """Plan the weekly mails whose moment has come; return how many were new.

    What the mail says is asked when it is written, so nothing that is done meanwhile stands in it.
    """
    hours = clock()
    people = User.objects.filter(is_active=True).exclude(weekly_mail=WeeklyMail.NEVER).only(
        "time_zone", "weekly_mail", "date_joined"
    )  # fmt: skip
    weekly = Q(mails__kind=MailKind.WEEKLY)
    planned = 0
    for person in people.annotate(last_weekly=Max("mails__digest_at", filter=weekly)).order_by("pk"):
        at = weekly_due(
            now, weekday=person.weekly_mail, zone=zone_of(person.time_zone), clock=hours,
            last=person.last_weekly, begins=person.date_joined,
        )  # fmt: skip
        if at is not None:
            planned += _plan(person.pk, at, now)
        if planned >= AT_ONCE:
            break
    return planned


def _plan(person_id: int, at: datetime, now: datetime) -> int:
    """Plan the mail with its job in one transaction; of two beats one does it."""
    with transaction.atomic():
        mail, created = Mail.objects.get_or_create(
            person_id=person_id, kind=MailKind.WEEKLY, digest_at=at,
            defaults={"message_id": new_message_id(), "planned_at": now},
        )  # fmt: skip
        if created:
            enqueue(MAIL, {"mail": mail.pk}, now=now, key=f"{MAIL}:{mail.pk}")
    return int(created)

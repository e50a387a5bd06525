"""Reminding somebody at once because a person asks for it: inbox and mail now, at most once a day for a thing."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from accounts.models import User
from reminders.models import Message
from reminders.postbox import put
from reminders.timing import words_of, zone_of
from reminders.waiting import Waiting
from reminders.wording import moment, reminder_subject

_DAY_AND_ZONES = timedelta(hours=26)


def occasion_of(person: User, now: datetime) -> str:
    """Return what makes the reminder of this day the only one: a day is one of the person's own."""
    return f"by hand {now.astimezone(zone_of(person.time_zone)).date().isoformat()}"


def reminded_today(people: Iterable[User], now: datetime) -> dict[tuple[int, str, str], datetime]:
    """Return when each of these people was reminded by hand today, by person, kind and object; one query."""
    today = {person.pk: occasion_of(person, now) for person in people}
    rows = Message.objects.filter(
        person__in=today, occasion__startswith="by hand", created_at__gt=now - _DAY_AND_ZONES
    )
    return {
        (row.person_id, row.kind, row.object_id): row.created_at
        for row in rows
        if row.occasion == today[row.person_id]
    }


def remind_by_hand(*, person: User, by: User, kind: str, item: Waiting, now: datetime) -> Message:
    """Tell the person now what waits for them, and who asks; in the caller's transaction.

    `item` is in the person's language. The caller has made sure that it is the first time today.
    """
    with words_of(person.language, person.time_zone):
        lines = [item.needs]
        if item.due is not None:
            words = _("It is due {moment}.") if now < item.due else _("It was due {moment}.")
            lines.append(words.format(moment=moment(item.due)))
        if item.holds_up:
            lines.append(item.holds_up)
        lines.append(_("{person} reminds you of it.").format(person=by.display_name))
        message = Message(
            kind=kind, object_type=item.object_type, object_id=item.object_id, occasion=occasion_of(person, now),
            subject=reminder_subject(item, now), body="\n".join(lines), url=item.url,
        )  # fmt: skip
    return put(person, [message], now, at_once=True)[0]

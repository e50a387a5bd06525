"""Tells a person at once what has happened ("your request was decided"): inbox exactly once, and a mail."""

from datetime import datetime

from django.db.models import Model
from django_stubs_ext import StrOrPromise

from accounts.models import User
from reminders.models import Message
from reminders.postbox import put
from reminders.timing import words_of


def notify(
    *,
    person: User,
    kind: str,
    obj: Model,
    subject: StrOrPromise,
    body: StrOrPromise,
    url: str,
    now: datetime,
    once: str = "",
    calendar: str = "",
) -> Message | None:
    """Put a notice into the person's inbox and plan its mail, in the transaction of what it tells; None if they left.

    Give `subject` and `body` as lazy texts (`format_lazy(_("…{title}"), title=…)` with `gettext_lazy`): they are put
    into words here, in the person's language and time zone. `url` is a path of ours. The same `once` is told once for
    a person, kind and object; without it a notice is told once for each `now`. With a `calendar` (an iCalendar object)
    its mail goes by itself at once, also to who wants a digest, because calendars read one object a mail.
    """
    if not person.is_active:
        return None
    with words_of(person.language, person.time_zone):
        message = Message(
            kind=kind, object_type=obj._meta.label_lower, object_id=str(obj.pk),
            occasion=once or f"{now:%Y-%m-%dT%H:%M:%S.%f}", subject=str(subject), body=str(body), url=url,
            calendar=calendar,
        )  # fmt: skip
    return put(person, [message], now, at_once=bool(calendar))[0]

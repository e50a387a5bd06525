"""How the audit log does: its open alarms, and the last comparison of the database with it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from audit.log.alarms import open_alarms
from audit.reconciling import keeping
from desk.selectors.part import Check, Level

LATE = timedelta(days=2)


def alarms(_now: datetime) -> Iterator[Check]:
    """Yield one bad check with every open alarm, or a good one."""
    title = _("Alarms of the log")
    texts = [alarm.text for alarm in open_alarms()]
    if texts:
        yield Check(title, Level.BAD, " ".join(texts))
    else:
        yield Check(title, Level.GOOD, _("None is open."))


def reconciliation(now: datetime) -> Iterator[Check]:
    """Yield what the last comparison found: bad with its first findings, a warning when it is older than two days."""
    title, last = _("Database and log"), keeping.latest()
    if last is None or last.finished_at is None:
        text = _(
            "They were never compared. A worker does it once a day; `manage.py audit reconcile` does it now."
        )
        yield Check(title, Level.WARN, text)
        return
    when = _("Compared {moment}.").format(moment=date_format(localtime(last.finished_at), "DATETIME_FORMAT"))
    if last.findings:
        yield Check(title, Level.BAD, f"{when} {keeping.in_words(last)}")
    elif now - last.finished_at > LATE:
        old = _(
            "That is more than two days ago; a worker does it once a day. Look whether worker and beat run."
        )
        yield Check(title, Level.WARN, f"{when} {old}")
    else:
        yield Check(title, Level.GOOD, f"{when} {keeping.in_words(last)}")

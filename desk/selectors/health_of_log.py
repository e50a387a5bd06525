"""How the audit log does: its sequencer, its open alarms, and the last comparison of the database with it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.log.alarms import open_alarms
from audit.log.reading import newest_checkpoint
from audit.log.waiting import MOST, waiting
from audit.models import Alarm
from audit.reconciling import keeping
from desk.selectors.part import Check, Level
from jobs import heartbeat
from reminders.wording import moment

LATE = timedelta(days=2)
SLOW, STUCK = timedelta(minutes=1), timedelta(minutes=10)  # an event has its place after a second or two


def sequencer(now: datetime) -> Iterator[Check]:
    """Yield whether the sequencer lives, when it last signed, and how many events wait for it.

    A warning when the oldest waits longer than a minute or no sign of life came in that time, bad after ten.
    """
    wait, last, head = waiting(), heartbeat.last().sequencer, newest_checkpoint()
    silent = None if last is None else now - last
    waits = now - wait.since if wait.since else timedelta()
    told = [
        _("It gives no sign of life.")
        if last is None
        else _("Last sign of life {moment}.").format(moment=moment(last)),
        _("Last head signed {moment}.").format(moment=moment(head.made_at))
        if head
        else _("No head is signed yet."),
    ]
    if wait.count > MOST:
        told.append(_("More than {count} events wait for their place.").format(count=MOST))
    elif wait.count:
        text = ngettext(
            "{count} event waits for its place.", "{count} events wait for their place.", wait.count
        )
        told.append(text.format(count=wait.count))
    level = Level.GOOD
    if waits > STUCK or silent is None or silent > STUCK:
        level = Level.BAD
    elif waits > SLOW or silent > SLOW:
        level = Level.WARN
    if level != Level.GOOD:
        told.append(_("Start it: `manage.py sequencer`. Until then nothing new is signed."))
    yield Check(_("Sequencer of the log"), level, " ".join(told))


def alarms(_now: datetime) -> Iterator[Check]:
    """Yield one bad check with every open alarm, or a good one."""
    title = _("Alarms of the log")
    texts = [_counted(alarm) for alarm in open_alarms()]
    if texts:
        yield Check(title, Level.BAD, " ".join(texts))
    else:
        yield Check(title, Level.GOOD, _("None is open."))


def _counted(alarm: Alarm) -> str:
    """Return the text; of a comparison only how many rows, because the next line names them."""
    made = keeping.latest() if alarm.kind == keeping.ALARM else None
    return keeping.in_words(made, most=0) if made and made.findings else f"{alarm.title} {alarm.text}"


def reconciliation(now: datetime) -> Iterator[Check]:
    """Yield what the last comparison found: bad with its first findings, a warning when it is older than two days."""
    title, last = _("Database and log"), keeping.latest()
    if last is None or last.finished_at is None:
        text = _(
            "They were never compared. A worker does it once a day; `manage.py audit reconcile` does it now."
        )
        yield Check(title, Level.WARN, text)
        return
    when = _("Compared {moment}.").format(moment=moment(last.finished_at))
    if last.findings:
        yield Check(title, Level.BAD, f"{when} {keeping.in_words(last)}")
    elif now - last.finished_at > LATE:
        old = _(
            "That is more than two days ago; a worker does it once a day. Look whether worker and beat run."
        )
        yield Check(title, Level.WARN, f"{when} {old}")
    else:
        yield Check(title, Level.GOOD, f"{when} {keeping.in_words(last)}")

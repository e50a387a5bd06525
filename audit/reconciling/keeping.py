"""Reconciliations as they are asked for, carried out by a worker, kept, and told."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit import trail
from audit.log import alarms
from audit.models import Reconciliation
from audit.reconciling.comparing import Kind
from audit.reconciling.running import Progress, reconcile
from jobs.progress import report
from jobs.queue import enqueue

JOB = "audit.reconcile"
ASKED, DONE = "log.reconciliation_asked", "log.reconciled"
ALARM = "reconciliation"
EVERY = 5.0  # seconds between two reports of progress
TAKES = timedelta(hours=6)  # one that runs longer than this was given up


def plan_daily(now: datetime) -> None:
    """Have the day's reconciliation made; asked again on the same day (UTC) this does nothing."""
    enqueue(JOB, {}, now=now, key=f"{JOB}:{timezone.localdate(now, timezone.get_default_timezone())}")


@transaction.atomic
def ask(*, actor: trail.Actor, now: datetime) -> Reconciliation:
    """Have one made for a person, and leave the event of it; return the one that waits or runs, if there is one.

    Who may ask is decided above.
    """
    under_way = running(now)
    if under_way is not None:
        return under_way
    asked = Reconciliation.objects.create(made_at=now, asked_by=str(actor.pseudonym))
    enqueue(JOB, {"reconciliation": asked.pk}, now=now, key=f"{JOB}:{asked.pk}")
    trail.record(ASKED, obj=asked, actor=actor, now=now)
    return asked


def job(payload: Mapping[str, Any]) -> None:
    """Do the job `audit.reconcile`; `reconciliation` is the id of one that somebody asked for."""
    made = Reconciliation.objects.filter(pk=payload.get("reconciliation", 0)).first()
    if made is None or made.finished_at is None:
        carry_out(made, _reporter())


def _reporter() -> Progress:
    """Return what tells the job's progress, and so extends its lease, every few seconds."""
    last = -EVERY

    def tell(done: int, of: int) -> None:
        nonlocal last
        if monotonic() - last >= EVERY:
            last = monotonic()
            report(100 * done // max(of, 1))

    return tell


def carry_out(
    made: Reconciliation | None = None, progress: Progress = lambda _done, _of: None
) -> Reconciliation:
    """Reconcile, keep the result with its event, and raise the alarm when there are findings, or end it."""
    made = made or Reconciliation.objects.create(made_at=timezone.now())
    result = reconcile(progress)
    now = timezone.now()
    made.events, made.last_event = result.events, result.last_event
    made.rows, made.erased = result.compared.rows, result.compared.erased
    made.findings, made.first = result.findings, [found.as_data() for found in result.first]
    made.finished_at = now
    with transaction.atomic():
        made.save()
        trail.record(
            DONE, obj=made, actor=None, now=now,
            data={
                "findings": made.findings, "rows": made.rows, "events": made.events, "erased_states": made.erased,
                "last": made.last_event,
            },
        )  # fmt: skip
        if made.findings:
            alarms.raise_(ALARM, in_words(made), now)
        else:
            alarms.end(ALARM, now)
    return made


def latest() -> Reconciliation | None:
    """Return the last one that was finished."""
    return Reconciliation.objects.filter(finished_at__isnull=False).first()


def running(now: datetime) -> Reconciliation | None:
    """Return one that waits or runs, unless it was given up long ago."""
    return Reconciliation.objects.filter(finished_at=None, made_at__gt=now - TAKES).first()


def in_words(made: Reconciliation, most: int = 3) -> str:
    """Return what was found as sentences, in the language that is active."""
    if not made.findings:
        return ngettext(
            "{count} row is as the log tells.", "All {count} rows are as the log tells.", made.rows
        ).format(count=made.rows)
    count = ngettext(
        "{count} row of the database isn't as the log tells.",
        "{count} rows of the database aren't as the log tells.",
        made.findings,
    ).format(count=made.findings)
    return " ".join([count, *(sentence(found) for found in made.first[:most])])


def sentence(found: Mapping[str, Any]) -> str:
    """Return a finding as a sentence, in the language that is active."""
    texts = {
        Kind.CHANGED: _("{table}, row {id}: it was changed past the application."),
        Kind.INSERTED: _("{table}, row {id}: it was added past the application."),
        Kind.DELETED: _("{table}, row {id}: it was deleted past the application."),
        Kind.UNDISCLOSED: _("{table}, row {id}: what the log knew of it was deleted without an event."),
    }
    text = texts[Kind(found["kind"])]
    if found["fields"]:
        text = _("{table}, row {id}: {fields} was changed past the application.")
    return text.format(table=found["table"], id=found["id"], fields=", ".join(found["fields"]))

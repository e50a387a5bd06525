"""Verifications of the log as they are asked for, carried out by a worker, and told."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit import trail
from audit.log import alarms
from audit.log.checking import Progress, verify_log
from audit.models import Tree, Verification
from audit.refusal import Refused
from jobs.models import Job, JobState
from jobs.progress import report
from jobs.queue import enqueue

JOB = "audit.verify"
ASKED, DONE = "log.verification_asked", "log.verified"
ALARM = "verification"


def plan_daily(now: datetime) -> None:
    """Have the log verified; asked again on the same day (UTC) this does nothing."""
    enqueue(JOB, {}, now=now, key=f"{JOB}:{timezone.localdate(now, timezone.get_default_timezone())}")


@transaction.atomic
def ask(*, actor: trail.Actor, now: datetime) -> Job:
    """Have the log verified for a person, and leave the event of it; return the job that waits or runs already.

    Who may ask is decided above. Raises Refused while the log holds nothing.
    """
    tree = Tree.objects.filter(pk=1).first()
    if tree is None:
        raise Refused(_("No event has its place in the log yet: see that the sequencer runs."))
    under_way = running()
    if under_way is not None:
        return under_way
    trail.record(ASKED, obj=tree, actor=actor, now=now)
    return enqueue(JOB, {"asked_by": str(actor.pseudonym)}, now=now)


def running() -> Job | None:
    """Return the verification that waits or runs."""
    return Job.objects.filter(kind=JOB, state__in=[JobState.DUE, JobState.RUNNING]).order_by("id").first()


def job(payload: Mapping[str, Any]) -> None:
    """Do the job `audit.verify`; it begins anew where an attempt was cut off."""
    carry_out(asked_by=str(payload.get("asked_by", "")), progress=_report)


def carry_out(*, asked_by: str = "", progress: Progress = lambda _done, _of: None) -> Verification:
    """Verify, leave the event of what was found, and raise the alarm when something is wrong, or end it."""
    found = verify_log(progress, asked_by=asked_by)
    now = timezone.now()
    first = found.faults[0][:500] if found.faults else ""
    data = {"faults": len(found.faults), "events": found.size, "root": found.root, "first": first}
    trail.record(DONE, obj=found, actor=None, now=now, data=data)
    if found.is_whole:
        alarms.end(ALARM, now)
    else:
        alarms.raise_(ALARM, found.faults[0], now)
    return found


def _report(done: int, of: int) -> None:
    report(99 * done // max(of, 1))

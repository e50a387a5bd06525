"""What beat asks for: ballots at their deadline, deferred reviews on their day, approvals and suspensions at their end.

Each turn takes everything that is due by now, so that a missed run catches up; each thing has a transaction of its own,
and what fails is logged and tried again at the next turn.
"""

import logging
from collections.abc import Callable
from datetime import datetime

from celery import shared_task
from django.db.models import Exists, OuterRef
from django.utils import timezone

from reviews.models import BoardReview, Condition, Decision, Suspension
from reviews.rules.lifecycle import RequestState
from reviews.rules.review_lifecycle import ReviewState
from reviews.selectors.ballots import running_ballots
from reviews.services.attesting import attest_what_is_missing
from reviews.services.closing import close_at_deadline
from reviews.services.continuing import due_to_open, open_continuing_review
from reviews.services.incident_notices import clocks_running, remind_of_hours
from reviews.services.meetings.planning import plan_meetings as make_ahead
from reviews.services.reading import resume_on_day
from reviews.services.superseding import expire
from reviews.services.suspending import suspend_by_policy
from reviews.services.suspension_voted import lapse

log = logging.getLogger(__name__)


@shared_task(name="reviews.deadlines")
def deadlines() -> None:
    """Do what is due; Celery's beat calls this every minute."""
    meet_deadlines(timezone.now())


@shared_task(name="reviews.plan_meetings")
def plan_meetings() -> None:
    """Make the meetings of series ahead; each date is one meeting, however often this runs."""
    make_ahead(now=timezone.now())


def meet_deadlines(now: datetime) -> int:
    """Do everything that is due at this moment; return how many things changed."""
    return (
        _each(running_ballots(now), lambda key: close_at_deadline(ballot_id=key, now=now))
        + _each(_deferred(now), lambda key: resume_on_day(review_id=key, now=now))
        + _each(_lapsing(now), lambda key: lapse(suspension_id=key, now=now))
        + _each(_expiring(now), lambda key: expire(decision_id=key, now=now))
        + _each(_suspending(now), lambda key: suspend_by_policy(condition_id=key, now=now))
        + _each(clocks_running(now), lambda key: remind_of_hours(report_id=key, now=now))
        + _each(due_to_open(now), lambda key: open_continuing_review(decision_id=key, now=now))
        + attest_what_is_missing(now)
    )


def _each(keys: list[int], act: Callable[[int], bool]) -> int:
    """Do the act for each key; one that fails doesn't keep the others from being done."""
    done = 0
    for key in keys:
        try:
            done += act(key)
        except Exception:
            log.exception("A deadline could not be met: %s", key)
    return done


def _deferred(now: datetime) -> list[int]:
    due = BoardReview.objects.filter(state=ReviewState.DEFERRED, return_on__lte=now)
    return list(due.values_list("pk", flat=True))


def _lapsing(now: datetime) -> list[int]:
    due = Suspension.objects.filter(ended_at__isnull=True, ratified_at__isnull=True, ratify_by__lte=now)
    return list(due.values_list("pk", flat=True))


def _expiring(now: datetime) -> list[int]:
    due = Decision.objects.filter(status="in_force", expires_at__lte=now)
    return list(due.values_list("pk", flat=True))


def _suspending(now: datetime) -> list[int]:
    """Return overdue conditions that may suspend their approval: those whose missed date hasn't done so yet."""
    due = Condition.objects.filter(state="open", suspend_at__lte=now, decision__status="in_force")
    told = Suspension.objects.filter(condition=OuterRef("pk"), missed_at=OuterRef("due_at"))
    in_force = due.filter(decision__request__state__in=[RequestState.APPROVED, RequestState.RELEASED])
    return list(in_force.exclude(Exists(told)).values_list("pk", flat=True))

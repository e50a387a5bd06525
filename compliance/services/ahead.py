"""Dates worked out ahead: only here a rule is expanded, so that the clock makes occurrences in the database alone."""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import OuterRef, Subquery

from compliance.models import ComingDate, Occurrence, Schedule
from compliance.rules.lifecycle import ScheduleState
from compliance.rules.recurrence import due_at, further_dates, next_after
from compliance.rules.working_days import Shift, source

AHEAD = timedelta(days=31)
MOST_AT_ONCE = 1000
BATCH = 1000


def begin_ahead(schedule: Schedule, after: datetime, *, inclusive: bool = False) -> None:
    """Forget what was worked out, and set `next_at` and `ahead_to` to the first date after a moment; saves the row."""
    ComingDate.objects.filter(schedule=schedule).delete()
    active = schedule.state == ScheduleState.ACTIVE
    first = next_after(schedule.series, after, inclusive=inclusive) if active else None
    schedule.next_at = schedule.ahead_to = first
    schedule.ahead_by = source()
    schedule.save()
    if first is not None:
        ComingDate.objects.create(
            schedule=schedule, on=first, due=due_at(first, schedule.days, schedule.zone)
        )


@transaction.atomic
def work_out_anew() -> int:
    """Work out what comes after the last date made, for a batch whose dates another edition of the holidays told.

    Returns how many schedules; called until it returns 0. Dates that are made stay where they are.
    """
    skip, edition = connection.features.has_select_for_update_skip_locked, source()
    rows = Schedule.objects.select_for_update(of=("self",), skip_locked=skip)
    made = Occurrence.objects.filter(schedule=OuterRef("pk"), occasion="").order_by("-scheduled_for")
    found = list(
        rows.filter(state=ScheduleState.ACTIVE, next_at__isnull=False, shift__gt=Shift.NONE)
        .exclude(ahead_by=edition)
        .annotate(last=Subquery(made.values("scheduled_for")[:1]))
        .order_by("id")[:BATCH]
    )
    for schedule in found:
        last = schedule.last
        known = last is not None and last >= schedule.changed_at
        begin_ahead(schedule, last if known else schedule.changed_at, inclusive=not known)
    return len(found)


@transaction.atomic
def look_ahead(until: datetime) -> int:
    """Work out further dates for a batch of schedules that may have some up to `until`; returns how many schedules.

    Those that another process works at are left to it. Called until it returns 0; a schedule that needs more than
    MOST_AT_ONCE dates has several turns.
    """
    skip = connection.features.has_select_for_update_skip_locked
    rows = Schedule.objects.select_for_update(skip_locked=skip)
    found = list(
        rows.filter(state=ScheduleState.ACTIVE, ahead_to__lte=until).order_by("ahead_to", "id")[:BATCH]
    )
    coming: list[ComingDate] = []
    for schedule in found:
        if schedule.ahead_to is None:
            continue
        moments, schedule.ahead_to = further_dates(
            schedule.series, schedule.ahead_to, until + AHEAD, MOST_AT_ONCE
        )
        coming += [
            ComingDate(schedule=schedule, on=moment, due=due_at(moment, schedule.days, schedule.zone))
            for moment in moments
        ]
    ComingDate.objects.bulk_create(coming, batch_size=BATCH, ignore_conflicts=True)
    Schedule.objects.bulk_update(found, ["ahead_to"], batch_size=BATCH)
    return len(found)

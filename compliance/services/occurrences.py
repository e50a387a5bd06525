"""Dates are made up to a horizon and opened when they come, by the clock alone, whether or not anybody looks.

Both steps may run twice, at the same time, or after days of silence: `next_at` says where a schedule stands, a date
exists once, and an occurrence has one assessment.
"""

from datetime import datetime, timedelta
from itertools import takewhile

from django.db import connection, transaction

from accounts.models import User
from audit import trail
from compliance.models import Assessment, Occurrence, Schedule
from compliance.rules.lifecycle import ScheduleState
from compliance.rules.recurrence import dates, due_at, next_after
from compliance.selectors.libraries import newest_libraries

MOST_AT_ONCE = 1000


def plan_occurrences(*, now: datetime, horizon: timedelta) -> int:
    """Make every date up to `now` + `horizon` that doesn't exist yet; returns how many were made.

    What an outage left out is made up for: each date once, however late.
    """
    until = now + horizon
    waiting = Schedule.objects.filter(state=ScheduleState.ACTIVE, next_at__lte=until)
    ids = list(waiting.order_by("next_at", "id").values_list("pk", flat=True))
    return sum(_plan(schedule_id, until, now) for schedule_id in ids)


@transaction.atomic
def _plan(schedule_id: int, until: datetime, now: datetime) -> int:
    """Make the dates of one schedule; one that another process holds is left to it."""
    schedule = _claimed(schedule_id, until)
    if schedule is None or schedule.next_at is None:
        return 0
    series = schedule.series
    due = [*takewhile(lambda moment: moment <= until, dates(series, schedule.next_at, inclusive=True))]
    due = due[:MOST_AT_ONCE]
    made = Occurrence.objects.bulk_create(
        [
            Occurrence(
                schedule=schedule, scheduled_for=moment, due=due_at(moment, schedule.days, schedule.zone),
                created_at=now,
            )
            for moment in due
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    schedule.next_at = next_after(series, due[-1] if due else until)
    schedule.save(update_fields=["next_at"])
    if due:
        trail.record(
            "schedule.planned", obj=schedule, actor=None, now=now,
            data={"count": len(made), "since": due[0].isoformat(), "until": due[-1].isoformat()},
        )  # fmt: skip
    return len(made)


def _claimed(schedule_id: int, until: datetime) -> Schedule | None:
    skip = connection.features.has_select_for_update_skip_locked
    rows = Schedule.objects.select_for_update(skip_locked=skip)
    return rows.filter(pk=schedule_id, state=ScheduleState.ACTIVE, next_at__lte=until).first()


def open_due(*, now: datetime) -> int:
    """Open an assessment for every date that has come and has none; returns how many were opened."""
    came = Occurrence.objects.filter(scheduled_for__lte=now, assessment__isnull=True)
    ids = list(came.order_by("scheduled_for", "id").values_list("pk", flat=True))
    return sum(_open(occurrence_id, now) for occurrence_id in ids)


@transaction.atomic
def _open(occurrence_id: int, now: datetime) -> int:
    """Open the assessment of one date, unless somebody else does."""
    skip = connection.features.has_select_for_update_skip_locked
    rows = Occurrence.objects.select_for_update(of=("self",), skip_locked=skip)
    found = rows.select_related("schedule__owner", "schedule__reviewer").filter(pk=occurrence_id).first()
    if found is None or Assessment.objects.filter(occurrence=found).exists():
        return 0
    schedule = found.schedule
    library = newest_libraries([schedule.library_code])[schedule.library_code]
    known = set(library.controls.values_list("number", flat=True))
    assessment = Assessment.objects.create(
        library=library, occurrence=found, created_at=now, due=found.due,
        title_en=schedule.title_en, title_zh=schedule.title_zh,
        control_numbers=[number for number in schedule.control_numbers if number in known],
        scope=schedule.scope, board=schedule.board, project_id=schedule.project_id, version_id=schedule.version_id,
        owner=_if_active(schedule.owner), reviewer=_if_active(schedule.reviewer),
    )  # fmt: skip
    trail.record(
        "assessment.opened", obj=assessment, actor=None, now=now,
        data={
            "library": library.code, "version": library.version, "due": found.due.isoformat(),
            "scheduled_for": found.scheduled_for.isoformat(), "schedule": schedule.pk,
        },
    )  # fmt: skip
    return 1


def _if_active(person: User | None) -> User | None:
    """Return the person, or nobody: a check never waits for somebody who can't sign in."""
    return person if person is not None and person.is_active else None

"""Dates are made up to a horizon and opened when they come, by the clock alone, whether or not anybody looks.

Both steps may run twice, at the same time, be killed, or come after days of silence: each batch is one transaction,
`next_at` says where a schedule stands, a date exists once, and an occurrence has one assessment.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import DateTimeField, OuterRef, Q, Subquery, Value

from accounts.models import User
from audit import trail
from compliance.models import Assessment, ComingDate, Library, Occurrence, Planning, Schedule
from compliance.rules.lifecycle import ScheduleState
from compliance.selectors.libraries import newest_libraries
from compliance.services.ahead import look_ahead, work_out_anew
from jobs.inserting import insert_select

BATCH = 5000
OPENED_AT_ONCE = 500


def plan_occurrences(*, now: datetime, horizon: timedelta) -> int:
    """Make every date up to `now` + `horizon` that doesn't exist yet; returns how many were made.

    What an outage left out is made up for: each date once, however late.
    """
    until, made = now + horizon, 0
    while work_out_anew() or look_ahead(until):
        pass
    while (step := plan_step(until, now)) is not None:
        made += step
    return made


@transaction.atomic
def plan_step(until: datetime, now: datetime) -> int | None:
    """Make the dates of a batch of schedules by INSERT … SELECT, with events that vouch for each of them.

    Returns how many dates, None when there is nothing to do; schedules that another process holds are left to it.
    """
    ids = _claimed(until)
    if not ids:
        return None
    planning = Planning.objects.create(until=until, made_at=now)
    coming = ComingDate.objects.filter(schedule__in=ids, on__lte=until)
    planning.count = insert_select(
        Occurrence, coming.order_by("on", "schedule"),
        {
            "schedule": "schedule_id", "scheduled_for": "on", "due": "due",
            "created_at": Value(now, DateTimeField()), "happening": Value(""), "occasion": Value(""),
            "opened": Value(False), "planning": Value(planning.pk),
        },
    )  # fmt: skip
    coming.delete()
    first = ComingDate.objects.filter(schedule=OuterRef("pk")).order_by("on").values("on")[:1]
    Schedule.objects.filter(pk__in=ids).update(next_at=Subquery(first))
    planning.sha256 = digest_of(planning)
    planning.save(update_fields=["count", "sha256"])
    dates = planning.occurrences.order_by("pk").only("schedule", "scheduled_for", "due")
    trail.record_rows(
        "schedule.planned", obj=planning, rows=dates.iterator(1000), now=now,
        data={
            "count": planning.count, "schedules": len(ids), "until": until.isoformat(), "sha256": planning.sha256,
        },
    )  # fmt: skip
    return planning.count


def _claimed(until: datetime) -> list[int]:
    """Lock schedules with a date up to `until`, all of whose dates up to then were worked out."""
    skip = connection.features.has_select_for_update_skip_locked
    rows = Schedule.objects.select_for_update(skip_locked=skip).filter(
        Q(ahead_to__isnull=True) | Q(ahead_to__gt=until), state=ScheduleState.ACTIVE, next_at__lte=until
    )
    return list(rows.order_by("next_at", "id").values_list("pk", flat=True)[:BATCH])


_DIGEST = """
SELECT encode(sha256(convert_to(coalesce(string_agg(
    schedule_id || ' ' || extract(epoch FROM scheduled_for)::bigint || ' ' || extract(epoch FROM due)::bigint,
    E'\\n' ORDER BY schedule_id, scheduled_for), ''), 'UTF8')), 'hex')
FROM compliance_occurrence WHERE planning_id = %s"""


def digest_of(planning: Planning) -> str:
    """Return the digest of the dates that the step made, as `Planning.sha256` says.

    Another one than that: a due date was moved or a date withdrawn since, of which the trail tells by itself.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(_DIGEST, [planning.pk])
            return str(cursor.fetchone()[0])
    rows = planning.occurrences.order_by("schedule_id", "scheduled_for")
    lines = (
        f"{schedule} {int(on.timestamp())} {int(due.timestamp())}"
        for schedule, on, due in rows.values_list("schedule_id", "scheduled_for", "due")
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def open_due(*, now: datetime) -> int:
    """Open an assessment for every date that has come and has none; returns how many were opened."""
    opened = 0
    while (step := open_step(now)) is not None:
        opened += step
    return opened


@transaction.atomic
def open_step(now: datetime) -> int | None:
    """Open the assessments of a batch of dates, None when there are none; those that somebody else opens are left."""
    skip = connection.features.has_select_for_update_skip_locked
    rows = Occurrence.objects.select_for_update(of=("self",), skip_locked=skip)
    came = rows.filter(scheduled_for__lte=now, opened=False)
    claimed = list(
        came.select_related("schedule__owner", "schedule__reviewer").order_by("scheduled_for", "id")[
            :OPENED_AT_ONCE
        ]
    )
    if not claimed:
        return None
    ids = [row.pk for row in claimed]
    has_one = set(Assessment.objects.filter(occurrence__in=ids).values_list("occurrence_id", flat=True))
    libraries = Newest({row.schedule.library_code for row in claimed})
    opened = Assessment.objects.bulk_create(
        [assessment_of(row, libraries, now) for row in claimed if row.pk not in has_one]
    )
    Occurrence.objects.filter(pk__in=ids).update(opened=True)
    trail.record_first("assessment.opened", [(row, said(row)) for row in opened], now=now)
    return len(opened)


class Newest:
    """The newest versions of some libraries with the numbers of their controls."""

    def __init__(self, codes: Iterable[str]) -> None:
        self._libraries = newest_libraries(codes)
        self._numbers: dict[str, frozenset[str]] = {}

    def library(self, code: str) -> Library:
        """Return the library with this code."""
        return self._libraries[code]

    def known(self, code: str, numbers: Iterable[str]) -> list[str]:
        """Return those of the numbers that the library still has."""
        if code not in self._numbers:
            controls = self._libraries[code].controls
            self._numbers[code] = frozenset(controls.values_list("number", flat=True))
        return [number for number in numbers if number in self._numbers[code]]


def assessment_of(occurrence: Occurrence, libraries: Newest, now: datetime) -> Assessment:
    """Return the assessment, not saved, that the occurrence opens: about what its schedule is about."""
    schedule = occurrence.schedule
    return Assessment(
        library=libraries.library(schedule.library_code), occurrence=occurrence, created_at=now, due=occurrence.due,
        title_en=schedule.title_en, title_zh=schedule.title_zh,
        control_numbers=libraries.known(schedule.library_code, schedule.control_numbers),
        scope=schedule.scope, board=schedule.board, project_id=schedule.project_id, version_id=schedule.version_id,
        owner=_if_active(schedule.owner), reviewer=_if_active(schedule.reviewer),
    )  # fmt: skip


def said(assessment: Assessment) -> dict[str, object]:
    """Return what the event of an assessment says that an occurrence opened."""
    occurrence = assessment.occurrence
    if occurrence is None:
        raise ValueError("This assessment belongs to no schedule.")
    what = {"happening": occurrence.happening, "occasion": occurrence.occasion} if occurrence.occasion else {}
    return {
        "library": assessment.library.code, "version": assessment.library.version,
        "due": occurrence.due.isoformat(), "scheduled_for": occurrence.scheduled_for.isoformat(),
        "schedule": occurrence.schedule_id, **what,
    }  # fmt: skip


def _if_active(person: User | None) -> User | None:
    """Return the person, or nobody: a check never waits for somebody who can't sign in."""
    return person if person is not None and person.is_active else None

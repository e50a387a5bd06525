"""Tells others of what stays late, step by step: each step once, and only to those who may know of the thing."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime

from django.db.models import CharField, Exists, OuterRef, Q
from django.db.models.functions import Cast

from accounts.models import User
from reminders.models import Reminder, ReminderState
from reminders.rules.escalation import Begins, Office, Step, begun, steps_of
from reminders.timing import clock, zone_of
from reminders.waiting import Rows, Source, Waiting

People = dict[int, User]
_Key = tuple[str, str, datetime, str, int]  # object type and id, due, step, who is late (0: whoever it is)
_CHUNK = 500


def plan_steps(source: Source, waiting: Sequence[Waiting], people: People, now: datetime) -> None:
    """Plan the steps that have begun for what is late; those of which somebody was told are over.

    `people`: who is waited for and to whom it may escalate, without those who have left; heads of boards are added.
    """
    late = [item for item in waiting if item.due is not None and item.due < now] if source.steps else []
    steps = {
        id(item): steps_at(source, item, people[item.person_id]) for item in late if item.person_id in people
    }
    late = [item for item in late if any(each.at <= now for each in steps.get(id(item), ()))]
    for start in range(0, len(late), _CHUNK):
        part = late[start : start + _CHUNK]
        over, dropped = _planned(source.kind, part)
        rows = [
            row
            for item in part
            for step in begun(steps[id(item)], _told(item, over), now)
            for row in _rows(source.kind, item, step, people, now)
        ]
        Reminder.objects.bulk_create(rows, ignore_conflicts=True)
        again = [dropped[_row_key(row)] for row in rows if _row_key(row) in dropped]
        # Only what is still dropped: the other beat may have planned it again, and a worker delivered it meanwhile.
        Reminder.objects.filter(pk__in=again, state=ReminderState.DROPPED).update(
            state=ReminderState.PLANNED, planned_at=now, queued_at=None
        )


def all_told(source: Source, things: Rows) -> Q:
    """Return the condition that every step was told, so that nobody has to read the thing again.

    What has been late for months stays so at each run of beat; only what may still be told costs anything.
    """
    planned = Reminder.objects.exclude(state=ReminderState.DROPPED).filter(
        kind=source.kind, object_type=things.object_type, object_id=Cast(OuterRef("pk"), CharField()),
        due=OuterRef(things.due),
    )  # fmt: skip
    told = Q()
    for step in source.steps:
        whose = {"about": OuterRef(things.person)} if step is Step.MANAGER else {}
        told &= Q(Exists(planned.filter(stage=step, **whose)))
    return told


def steps_at(source: Source, item: Waiting, person: User) -> list[Begins]:
    """Return the steps of what waits for the person, in order; none without a due moment."""
    if item.due is None:
        return []
    zone = zone_of(person.time_zone)
    return steps_of(source.steps, due=item.due, since=item.since, zone=zone, clock=clock())


def told_at(step: Step, person: User, item: Waiting, people: People) -> dict[int, Office]:
    """Return who is told at the step, and as what: active, somebody else, and allowed to know of it.

    The manager is the line manager, else the deputy, else whom the source names as the last. The board is the first
    circle of the source's heads in which anybody may know. Whom `people` lacks is read and added.
    """
    if step is Step.MANAGER:
        chain = (
            (Office.MANAGER, person.line_manager_id), (Office.DEPUTY, person.deputy_id), (Office.MAKER, item.else_to),
        )  # fmt: skip
        circles: Iterable[tuple[Office, Collection[int]]] = ((office, [pk]) for office, pk in chain if pk)
    else:
        circles = item.heads() if item.heads else ()
    for office, ids in circles:
        _meet(ids, people)
        others = [people[pk] for pk in sorted(ids) if pk in people and pk != person.pk]
        if found := {other.pk: office for other in others if may_know(other, item)}:
            return found
    return {}


def may_know(other: User, item: Waiting) -> bool:
    """Say whether somebody else may know that it waits."""
    if item.insiders is not None and other.pk not in item.insiders:
        return False
    return item.may_know is None or item.may_know(other)


def _meet(ids: Collection[int], people: People) -> None:
    lacking = set(ids) - people.keys()
    if lacking:
        people |= {person.pk: person for person in User.objects.filter(pk__in=lacking, is_active=True)}


def _planned(kind: str, items: Sequence[Waiting]) -> tuple[set[_Key], dict[tuple[object, ...], int]]:
    """Return the steps of which somebody was or is being told, and the reminders that were dropped, by their key."""
    rows = Reminder.objects.filter(
        kind=kind, stage__in=list(Step), object_type__in={item.object_type for item in items},
        object_id__in={item.object_id for item in items},
    )  # fmt: skip
    over: set[_Key] = set()
    dropped: dict[tuple[object, ...], int] = {}
    for row in rows:
        if row.state == ReminderState.DROPPED:
            dropped[_row_key(row)] = row.pk
        else:
            over.add((row.object_type, row.object_id, row.due, row.stage, _whose(row.stage, row.about_id)))
    return over, dropped


def _told(item: Waiting, over: set[_Key]) -> set[str]:
    due = item.due.astimezone(UTC) if item.due else datetime.min.replace(tzinfo=UTC)
    return {
        step
        for step in Step
        if (item.object_type, item.object_id, due, step, _whose(step, item.person_id)) in over
    }


def _whose(step: str, person_id: int) -> int:
    """Return whose step it is: another owner has another manager, but the board is told of a thing only once."""
    return person_id if step == Step.MANAGER else 0


def _rows(kind: str, item: Waiting, step: Begins, people: People, now: datetime) -> Iterator[Reminder]:
    assert item.due is not None
    for pk, office in told_at(step.step, people[item.person_id], item, people).items():
        yield Reminder(
            person_id=pk, about_id=item.person_id, kind=kind, object_type=item.object_type, object_id=item.object_id,
            due=item.due, stage=step.step, office=office, begins=step.at, planned_at=now,
        )  # fmt: skip


def _row_key(row: Reminder) -> tuple[object, ...]:
    return row.person_id, row.about_id, row.object_type, row.object_id, row.due, row.stage

"""Turns what waits into planned reminders, in bulk, and hands them to the workers; run by beat, safe to run twice."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import CharField, DateTimeField, Exists, OuterRef, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast

from accounts.models import User
from jobs.inserting import insert_select
from jobs.queue import enqueue
from reminders.absence import stands_in
from reminders.escalation import all_told, may_know, plan_steps
from reminders.models import Reminder, ReminderState
from reminders.rules.clocks import Stage, stage_now
from reminders.rules.escalation import Office
from reminders.timing import clock, zone_of
from reminders.waiting import Round, Rows, Source, Waiting, sources

log = logging.getLogger(__name__)

DELIVER = "reminders.deliver"
BATCH = 200
EVER = datetime.min.replace(tzinfo=UTC)


def plan(now: datetime) -> int:
    """Plan the stage that began last for everything that waits, and queue what is planned; return how many were queued.

    A source that fails is logged and doesn't keep the others from reminding.
    """
    asked = Round(now, None)
    for source in sources():
        if not source.reminds:
            continue
        try:
            plan_source(source, asked)
        except Exception:  # whatever a source of another app raises
            log.exception(
                "The source %s could not be asked; its reminders wait for the next run.", source.kind
            )
    merge_overtaken()
    return queue_planned(now)


def plan_source(source: Source, asked: Round) -> None:
    """Plan the reminders of one kind."""
    if source.rows is not None:
        plan_rows(source, source.rows(), asked.now)
        return
    waiting = [item for item in source.read(asked) if item.due is not None]
    instead = _instead(source, waiting, asked)
    people = _people(waiting, instead.values())
    rows = _reminders(source, waiting, people, asked.now, instead)
    Reminder.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)
    plan_steps(source, waiting, people, asked.now)


def plan_rows(source: Source, things: Rows, now: datetime) -> None:
    """Plan by INSERT … SELECT: one statement for each due moment and time zone, however many things are due then.

    Only what is late is read, for the steps that tell others.
    """
    hours, zone = clock(), f"{things.person}__time_zone"
    rows = (
        things.rows.filter(**{f"{things.person}__is_active": True}).alias(_since=things.since).order_by("pk")
    )
    until = now + timedelta(days=max(source.days_before) + 2)
    soon = rows.filter(**{f"{things.due}__lte": until}).order_by()
    for due, name in list(soon.values_list(things.due, zone).distinct()):
        stage = stage_now(
            due=due, since=EVER, now=now, days_before=source.days_before, zone=zone_of(name), clock=hours,
            escalates=False,
        )  # fmt: skip
        if stage is not None:
            these = rows.filter(**{things.due: due, zone: name, "_since__lte": stage.begins})
            insert_select(Reminder, these, _values(source.kind, things, stage, now))
    late = soon.filter(**{f"{things.due}__lt": now}).exclude(all_told(source, things))
    late = late.values_list(things.person, flat=True).distinct()
    if source.steps and (people := frozenset(late)):
        waiting = [item for item in source.read(Round(now, people)) if item.due is not None]
        plan_steps(source, waiting, _people(waiting), now)


def _values(kind: str, things: Rows, stage: Stage, now: datetime) -> dict[str, str | Combinable]:
    return {
        "person": things.person, "about": things.person, "kind": Value(kind), "object_type": Value(things.object_type),
        "object_id": Cast("pk", CharField()), "due": things.due, "stage": Value(stage.code), "office": Value(""),
        "begins": Value(stage.begins, DateTimeField()), "planned_at": Value(now, DateTimeField()),
        "state": Value(str(ReminderState.PLANNED)),
    }  # fmt: skip


def merge_overtaken() -> int:
    """Let the later stage speak for the earlier ones of the same thing that nobody has delivered yet."""
    later = Reminder.objects.filter(
        person=OuterRef("person"), about=OuterRef("about"), kind=OuterRef("kind"),
        object_type=OuterRef("object_type"), object_id=OuterRef("object_id"), due=OuterRef("due"),
        begins__gt=OuterRef("begins"),
    )  # fmt: skip
    overtaken = Reminder.objects.filter(Exists(later), state=ReminderState.PLANNED)
    return overtaken.update(state=ReminderState.MERGED)


def queue_planned(now: datetime) -> int:
    """Give what is planned and not yet queued to the workers, in batches of ids."""
    with transaction.atomic():
        ids = list(
            Reminder.objects.select_for_update(skip_locked=True)
            .filter(state=ReminderState.PLANNED, queued_at__isnull=True)
            .order_by("kind", "id")
            .values_list("id", flat=True)
        )
        for start in range(0, len(ids), BATCH):
            batch = ids[start : start + BATCH]
            Reminder.objects.filter(id__in=batch).update(queued_at=now)
            enqueue(DELIVER, {"ids": batch}, now=now)
    return len(ids)


def _instead(source: Source, waiting: Sequence[Waiting], asked: Round) -> dict[int, int]:
    """Return who gets the reminder of a thing (by its place in the list) because the person is away."""
    if not waiting:
        return {}
    of = stands_in(asked)
    found = ((place, of(source.kind, item)) for place, item in enumerate(waiting))
    return {place: other for place, other in found if other is not None}


def _people(waiting: Iterable[Waiting], others: Iterable[int] = ()) -> dict[int, User]:
    """Return the people who are waited for or stand in, those to whom it may escalate, and nobody who has left."""
    ids = {item.person_id for item in waiting} | set(others)
    ids |= {pk for item in waiting for pk in (item.escalates_to, item.else_to) if pk}
    found = {person.pk: person for person in User.objects.filter(pk__in=ids, is_active=True)}
    others = {pk for person in found.values() for pk in (person.deputy_id, person.line_manager_id) if pk}
    found |= {person.pk: person for person in User.objects.filter(pk__in=others - ids, is_active=True)}
    return found


def _reminders(
    source: Source,
    waiting: Sequence[Waiting],
    people: dict[int, User],
    now: datetime,
    instead: Mapping[int, int] | None = None,
) -> Iterator[Reminder]:
    """Yield a reminder for each thing with a stage that has begun, and a second one where it escalates.

    `instead`: who gets it in the person's place; nobody does twice, once for themself and once for who is away.
    """
    hours = clock()
    asked = {(item.person_id, item.object_type, item.object_id) for item in waiting}
    for place, item in enumerate(waiting):
        person = people.get(item.person_id)
        if person is None or item.due is None:
            continue
        stage = stage_now(
            due=item.due, since=item.since, now=now,
            days_before=source.days_before if item.days_before is None else item.days_before,
            zone=zone_of(person.time_zone), clock=hours, escalates=not source.steps,
        )  # fmt: skip
        if stage is None:
            continue
        other = people.get((instead or {}).get(place, 0))
        if other is None or not may_know(other, item):
            yield _reminder(source.kind, item, item.due, person.pk, stage, now)
        elif (other.pk, item.object_type, item.object_id) not in asked:
            yield _reminder(source.kind, item, item.due, other.pk, stage, now, office=Office.STANDS_IN)
        head = escalation_of(person, item, people) if stage.escalates else None
        if head is not None and (other is None or head != other.pk):
            yield _reminder(source.kind, item, item.due, head, stage, now)


def escalation_of(person: User, item: Waiting, people: dict[int, User]) -> int | None:
    """Return who is told when the thing stays late: the deputy, else whom the source names, else the line manager.

    After them comes whom the source names as the last. Who may not know of the thing is passed over: a member's line
    manager doesn't hear who has not voted.
    """
    for other in (person.deputy_id, item.escalates_to, person.line_manager_id, item.else_to):
        if other is not None and other != person.pk and other in people and may_know(people[other], item):
            return other
    return None


def _reminder(
    kind: str, item: Waiting, due: datetime, person_id: int, stage: Stage, now: datetime, office: str = ""
) -> Reminder:
    return Reminder(
        person_id=person_id, about_id=item.person_id, kind=kind, object_type=item.object_type,
        object_id=item.object_id, due=due, stage=stage.code, office=office, begins=stage.begins, planned_at=now,
    )  # fmt: skip

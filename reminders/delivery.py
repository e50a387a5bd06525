"""Delivers planned reminders: asks once more whether it still waits, then one message in the inbox, exactly once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from reminders import wording
from reminders.absence import stands_in
from reminders.escalation import steps_at, told_at
from reminders.models import Message, Reminder, ReminderState
from reminders.planner import escalation_of
from reminders.postbox import put
from reminders.rules.clocks import ESCALATE
from reminders.rules.escalation import Office, Step
from reminders.timing import clock, words_of
from reminders.waiting import Round, Waiting, get

Key = tuple[int, str, str, datetime]
Group = tuple[str, str, str]  # kind, language, time zone


def deliver_job(payload: Mapping[str, Any]) -> None:
    """Do the job `reminders.deliver`: `ids` of reminders."""
    deliver(payload["ids"], timezone.now())


def deliver(ids: Iterable[int], now: datetime) -> int:
    """Deliver what is still planned among these reminders; return how many messages went into inboxes."""
    rows = Reminder.objects.filter(id__in=list(ids), state=ReminderState.PLANNED).select_related("person")
    groups: dict[Group, list[int]] = defaultdict(list)
    for row in rows.order_by("id"):
        groups[row.kind, row.person.language, row.person.time_zone].append(row.pk)
    return sum(_deliver_group(group, pks, now) for group, pks in groups.items())


def _deliver_group(group: Group, ids: list[int], now: datetime) -> int:
    """Deliver the reminders of one kind to people who share language and time zone, in one transaction."""
    kind, language, time_zone = group
    with transaction.atomic(), words_of(language, time_zone):
        # Two workers with the same batch (a lease that ran out): the second waits here, then finds nothing planned.
        rows = list(
            Reminder.objects.select_for_update(of=("self",))
            .filter(id__in=ids, state=ReminderState.PLANNED)
            .select_related("person", "about")
            .order_by("id")
        )
        waiting = _still_waiting(kind, rows, now)
        people = _others(rows, waiting.values())
        instead = stands_in(Round(now, None)) if any(_in_place(row) for row in rows) else None
        delivered = 0
        for row in rows:
            item = waiting.get((row.about_id, row.object_type, row.object_id, row.due))
            if item is not None and row.stage in set(Step) and not _is_told(row, item, people):
                item = None
            if item is not None and instead is not None and _in_place(row):
                item = item if instead(kind, item) == row.person_id else None
            delivered += _settle(row, item, people, now)
        return delivered


def _in_place(row: Reminder) -> bool:
    """Say whether the reminder goes to who stands in for the person."""
    return row.office == Office.STANDS_IN


def _is_told(row: Reminder, item: Waiting, people: dict[int, User]) -> bool:
    """Say whether the step is still this person's to hear of: rights and line managers change between the two."""
    return row.person_id in told_at(Step(row.stage), row.about, item, people)


def _still_waiting(kind: str, rows: Iterable[Reminder], now: datetime) -> dict[Key, Waiting]:
    """Ask the source again, in the language that is active."""
    people = frozenset(row.about_id for row in rows)
    return {
        (item.person_id, item.object_type, item.object_id, item.due.astimezone(UTC)): item
        for item in get(kind).ask(now, people)
        if item.due is not None
    }


def _others(rows: Iterable[Reminder], items: Iterable[Waiting]) -> dict[int, User]:
    """Return those to whom these things may escalate."""
    ids = {pk for row in rows for pk in (row.about.deputy_id, row.about.line_manager_id) if pk}
    ids |= {pk for item in items for pk in (item.escalates_to, item.else_to) if pk}
    return {person.pk: person for person in User.objects.filter(pk__in=ids, is_active=True)}


def _settle(row: Reminder, item: Waiting | None, people: dict[int, User], now: datetime) -> int:
    """Deliver the reminder, or drop it when it waits no longer; return how many messages were delivered."""
    if item is None or not row.person.is_active:
        row.state = ReminderState.DROPPED
        row.save(update_fields=["state"])
        return 0
    row.message = put(row.person, [_message(row, item, people, now)], now)[0]
    row.state = ReminderState.DELIVERED
    row.save(update_fields=["state", "message"])
    return 1


def _message(row: Reminder, item: Waiting, people: dict[int, User], now: datetime) -> Message:
    """Put the reminder into words."""
    late_person = row.about.display_name if row.about_id != row.person_id else ""
    if _in_place(row):
        body, late_person = wording.body_in_place(item, late_person, now), ""
    elif row.office:
        body = wording.step_body(item, late_person, Office(row.office))
    elif get(row.kind).steps:
        body = wording.own_body(item, _ahead(row, item, people, now), now)
    else:
        other = escalation_of(row.about, item, people)
        name = people[other].display_name if other is not None else ""
        body = wording.reminder_body(
            item, row.stage, clock().late_days, late_person=late_person,
            told=name if row.stage == ESCALATE else "", next_told=name,
        )  # fmt: skip
    if item.explain is not None and not late_person and (told := item.explain()):
        body = f"{body}\n{told}"
    return Message(
        kind=row.kind, object_type=row.object_type, object_id=row.object_id, occasion=row.occasion,
        url=item.url, subject=wording.reminder_subject(item, now, late_person), body=body,
    )  # fmt: skip


def _ahead(
    row: Reminder, item: Waiting, people: dict[int, User], now: datetime
) -> tuple[datetime, str] | None:
    """Return when the next step comes if it stays late, and whom it tells; None while it isn't late."""
    if item.due is None or now < item.due:
        return None
    for step in steps_at(get(row.kind), item, row.about):
        told = told_at(step.step, row.about, item, people) if step.at > now else {}
        if told:
            return step.at, wording.names([people[pk].display_name for pk in told])
    return None

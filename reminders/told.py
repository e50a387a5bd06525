"""Who was told of what stays late, as pages and mails say it, and which step comes next."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from accounts.models import User
from reminders.models import Reminder, ReminderState
from reminders.rules.escalation import Begins, Office, Step, steps_of, upcoming
from reminders.timing import clock, zone_of
from reminders.waiting import Source

OFFICES: Mapping[str, StrOrPromise] = {
    Office.MANAGER: gettext_lazy("line manager"),
    Office.DEPUTY: gettext_lazy("deputy"),
    Office.MAKER: gettext_lazy("who made the schedule"),
    Office.BOARD: gettext_lazy("board"),
    Office.COMPLIANCE: gettext_lazy("compliance"),
}
STEPS: Mapping[str, StrOrPromise] = {
    Step.MANAGER: gettext_lazy("line manager"),
    Step.BOARD: gettext_lazy("board or compliance"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody was told of a thing at a step, as what and when; `due`: the due moment that had passed."""

    name: str
    step: str
    office: str
    at: datetime
    kind: str
    about_id: int
    due: datetime

    @property
    def as_what(self) -> str:
        """Return the office in the active language."""
        return str(OFFICES.get(self.office, ""))


@dataclass(frozen=True, slots=True)
class Next:
    """The step that comes next: whom it tells, in words, and when."""

    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Telling:
    """A step as it was told: as what, when first, and whom."""

    as_what: str
    at: datetime
    names: list[str]


def tellings(told: Iterable[Told]) -> list[Telling]:
    """Return the steps that were told, first first: those who heard of it in the same office for the same delay."""
    found: dict[tuple[object, ...], Telling] = {}
    for each in told:
        key = (each.kind, each.about_id, each.due, each.step, each.office)
        found.setdefault(key, Telling(each.as_what, each.at, [])).names.append(each.name)
    return list(found.values())


def told_of(object_type: str, ids: Collection[str]) -> dict[str, list[Told]]:
    """Return who was told of these things, first first; one query. Only what reached an inbox counts as told."""
    found: dict[str, list[Told]] = defaultdict(list)
    rows = (
        Reminder.objects.filter(
            object_type=object_type, object_id__in=ids, stage__in=list(Step),
            state=ReminderState.DELIVERED,
        )
        .select_related("person", "message")
        .order_by("message__created_at", "id")
    )  # fmt: skip
    for row in rows:
        if row.message is not None:
            told = Told(
                row.person.display_name, row.stage, row.office, row.message.created_at, row.kind, row.about_id, row.due
            )  # fmt: skip
            found[row.object_id].append(told)
    return found


def next_step(
    source: Source, *, person: User, due: datetime, since: datetime, told: Collection[Told], now: datetime
) -> Next | None:
    """Return which step comes next for what the person lets pass; None when none is left.

    `told`: of this thing. A step is over when somebody was told at it, the manager's while the same person is late.
    """
    mine = [each for each in told if (each.kind, each.due) == (source.kind, due)]
    over = {each.step for each in mine if each.step == Step.BOARD or each.about_id == person.pk}
    begins = steps_of(source.steps, due=due, since=since, zone=zone_of(person.time_zone), clock=clock())
    coming: Begins | None = upcoming(begins, over, now)
    return Next(str(STEPS[coming.step]), coming.at) if coming else None

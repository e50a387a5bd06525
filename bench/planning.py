"""Planning 100,000 due schedules by INSERT … SELECT, beside loops that handle one after the other."""

import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice

from django.db import connection, connections, transaction
from django.db.models import DateTimeField, F, Model, QuerySet, Value
from django.db.models.expressions import Combinable

from accounts.models import User
from audit import trail
from bench.ground import clone
from bench.measure import rows as as_rows
from compliance.models import Assessment, Control, Library, Occurrence, Schedule
from compliance.rules.recurrence import dates, due_at, next_after
from compliance.selectors.libraries import newest_libraries
from compliance.services import occurrences
from compliance.services.ahead import look_ahead
from compliance.services.occurrences import open_step, plan_occurrences
from jobs.inserting import insert_select
from reminders.models import Reminder
from reminders.planner import plan_source
from reminders.rules.clocks import stage_now
from reminders.timing import clock, zone_of
from reminders.waiting import Round, get

NOW = datetime(2026, 2, 25, 8, tzinfo=UTC)
CAME, REMINDED = NOW + timedelta(days=6), NOW + timedelta(days=13)
HORIZON = timedelta(days=6)
ZONES = ("UTC", "Europe/Berlin", "Asia/Shanghai", "America/New_York")
PEOPLE, STEP = 200, 5_000
LOOPED, OPENED = 1_000, 10_000
"""So many the loops handle, and so many checklists are opened in bulk; what is said is rows in a second."""


@dataclass
class Speed:
    """Rows in a second of each way, round by round."""

    found: dict[str, list[float]] = field(default_factory=dict)

    def time(self, name: str, action: Callable[[], int]) -> None:
        """Run it, and keep how many rows it made in a second."""
        begun = time.perf_counter()
        count = action()
        self.found.setdefault(name, []).append(count / (time.perf_counter() - begun))


@dataclass
class Alone:
    """Stands in for `insert_select`, and keeps how long it took."""

    count: int = 0
    spent: float = 0

    def __call__(
        self, into: type[Model], rows: QuerySet[Model], values: Mapping[str, str | Combinable]
    ) -> int:
        """Insert."""
        begun = time.perf_counter()
        made = insert_select(into, rows, values)
        self.spent += time.perf_counter() - begun
        self.count += made
        return made


def run(*, rounds: int, sizes: Sequence[int]) -> None:
    """Measure and print, for each size; every round has a copy of the same database."""
    empty = connections["default"]
    for size in sizes:
        connections["default"] = ground = clone(f"planning_{size}")
        speed = Speed()
        _fill(size, speed)
        for turn in range(rounds):
            connections["default"] = clone(f"planning_{size}_{turn}")
            _round(speed)
            connections["default"].close()
            connections["default"] = ground
        ground.close()
        print(f"\n### {size:,} schedules\n\n{_table(speed)}\n", flush=True)
    connections["default"] = empty


def _fill(size: int, speed: Speed) -> None:
    """Make schedules with one date each in the horizon; the clock has worked out nothing yet."""
    with transaction.atomic():
        library = Library.objects.create(
            code="bench",
            framework="bench",
            version=1,
            name_en="Bench",
            name_zh="测",
            sha256="0" * 64,
            loaded_at=NOW,
        )
        Control.objects.create(
            library=library, position=1, number="1", title_en="One", title_zh="一", text_en="One.", text_zh="一。",
            source="Ours", confidence="P",
        )  # fmt: skip
        people = User.objects.bulk_create(
            User(email=f"p{n}@example.org", display_name=f"Person {n}", password="!") for n in range(PEOPLE)
        )
        for first in range(0, size, STEP):
            Schedule.objects.bulk_create(_schedules(people, first, min(size, first + STEP)))
        trail.record("library.loaded", obj=library, actor=None, now=NOW)
    speed.time("a schedule looked ahead, in Python", lambda: sum(_ahead()))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _ahead() -> Iterator[int]:
    while found := look_ahead(NOW + HORIZON):
        yield found


def _schedules(people: Sequence[User], first: int, last: int) -> Iterator[Schedule]:
    for number in range(first, last):
        starts, zone = datetime(2026, 1, 1 + number % 2, 9), ZONES[number % len(ZONES)]  # noqa: DTZ001  (wall times)
        schedule = Schedule(
            library_code="bench", title_en="One", title_zh="一", rule=f"FREQ=MONTHLY;BYMONTHDAY={starts.day}",
            starts=starts.isoformat(timespec="minutes"), zone=zone, days=14, owner=people[number % PEOPLE],
            reviewer=people[(number + 1) % PEOPLE], created_at=NOW, changed_at=NOW, created_by=people[0],
        )  # fmt: skip
        schedule.next_at = next_after(schedule.series, NOW)
        schedule.ahead_to = NOW
        yield schedule


def _round(speed: Speed) -> None:
    looped = list(Schedule.objects.order_by("id").values_list("pk", flat=True)[:LOOPED])
    speed.time("an occurrence, one schedule after the other", lambda: sum(map(_plan_one, looped)))
    alone = Alone()
    setattr(occurrences, "insert_select", alone)  # noqa: B010  (a name that it only imports)
    speed.time("an occurrence, by INSERT … SELECT", lambda: plan_occurrences(now=NOW, horizon=HORIZON))
    setattr(occurrences, "insert_select", insert_select)  # noqa: B010
    speed.found.setdefault("of it the INSERT … SELECT, without its commit", []).append(
        alone.count / alone.spent
    )
    first = list(Occurrence.objects.order_by("id").values_list("pk", flat=True)[:LOOPED])
    speed.time("a checklist with its event, one after the other", lambda: sum(map(_open_one, first)))
    turns = min(OPENED, Occurrence.objects.count() - LOOPED) // 500
    speed.time(
        "a checklist with its event, in bulk", lambda: sum(open_step(CAME) or 0 for _turn in range(turns))
    )
    _open_the_rest()
    speed.time("a reminder, one after the other", _remind_loop)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    speed.time("a reminder, by INSERT … SELECT", _remind)


@transaction.atomic
def _plan_one(schedule_id: int) -> int:
    """Do for one schedule what a planner does that handles one after the other, with an event for each."""
    schedule = Schedule.objects.select_for_update().get(pk=schedule_id)
    due = [moment for moment in islice(dates(schedule.series, NOW), 3) if moment <= NOW + HORIZON]
    for moment in due:
        Occurrence.objects.get_or_create(
            schedule=schedule, scheduled_for=moment, occasion="",
            defaults={"due": due_at(moment, schedule.days, schedule.zone), "created_at": NOW},
        )  # fmt: skip
    schedule.next_at = next_after(schedule.series, NOW + HORIZON)
    schedule.save(update_fields=["next_at"])
    trail.record("schedule.planned", obj=schedule, actor=None, now=NOW, data={"count": len(due)})
    return len(due)


@transaction.atomic
def _open_one(occurrence_id: int) -> int:
    row = Occurrence.objects.select_for_update(of=("self",)).select_related("schedule").get(pk=occurrence_id)
    schedule = row.schedule
    assessment = Assessment.objects.create(
        library=newest_libraries(["bench"])["bench"], occurrence=row, created_at=CAME, due=row.due,
        title_en=schedule.title_en, title_zh=schedule.title_zh, scope=schedule.scope, owner_id=schedule.owner_id,
        reviewer_id=schedule.reviewer_id,
    )  # fmt: skip
    row.opened = True
    row.save(update_fields=["opened"])
    trail.record("assessment.opened", obj=assessment, actor=None, now=CAME, data={"schedule": schedule.pk})
    return 1


@transaction.atomic
def _open_the_rest() -> None:
    """Open what is left without an event for each, which isn't measured."""
    rest = Occurrence.objects.filter(assessment__isnull=True, pk__gt=0)
    library = newest_libraries(["bench"])["bench"]
    insert_select(
        Assessment, rest,
        {
            "library": Value(library.pk), "occurrence": F("pk"), "created_at": Value(CAME, DateTimeField()),
            "due": F("due"), "title_en": Value("One"), "title_zh": Value("一"), "control_numbers": Value("[]"),
            "scope": Value("organisation"), "owner": F("schedule__owner"), "reviewer": F("schedule__reviewer"),
            "state": Value("open"), "return_reason": Value(""), "sha256": Value(""),
        },
    )  # fmt: skip
    trail.record("library.loaded", obj=library, actor=None, now=CAME)


def _remind_loop() -> int:
    """Plan the first reminders with get_or_create, each by itself."""
    source, hours, made = get("checklist"), clock(), 0
    rows = Assessment.objects.filter(owner__isnull=False).select_related("owner").order_by("pk")[:LOOPED]
    for row in rows:
        owner = row.owner
        if owner is None:
            continue
        stage = stage_now(
            due=row.due, since=row.created_at, now=REMINDED, days_before=source.days_before,
            zone=zone_of(owner.time_zone), clock=hours, escalates=False,
        )  # fmt: skip
        if stage is not None:
            _row, new = Reminder.objects.get_or_create(
                person=owner, about=owner, kind="checklist", object_type="compliance.assessment",
                object_id=str(row.pk), due=row.due, stage=stage.code,
                defaults={"begins": stage.begins, "planned_at": REMINDED},
            )  # fmt: skip
            made += new
    return made


def _remind() -> int:
    before = Reminder.objects.count()
    plan_source(get("checklist"), Round(REMINDED, None))
    return Reminder.objects.count() - before


def _table(speed: Speed) -> str:
    lines, loop = [], ""
    for name, found in speed.found.items():
        median = statistics.median(found)
        ratio = ""
        if name.endswith("after the other"):
            loop = name
        elif loop:
            pairs = [own / other for own, other in zip(found, speed.found[loop], strict=True)]
            ratio = f"**{statistics.median(pairs):.0f}** ({min(pairs):.0f} to {max(pairs):.0f})"
        lines.append([name, f"{median:,.0f}", ratio])
    return as_rows(["what", "in a second", "times the loop (least, most)"], lines)

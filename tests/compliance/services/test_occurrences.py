"""Dates come by the clock, once each, also after an outage and with two beats at once."""

import hashlib
import threading
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.db import IntegrityError, close_old_connections, connections, transaction

from accounts.models import User
from audit import trail
from audit.leaf import decode, leaf_hash
from audit.models import Event
from compliance import tasks
from compliance.models import Assessment, ComingDate, Library, Occurrence, Planning
from compliance.rules import working_days
from compliance.rules.working_days import Shift
from compliance.services import ahead, occurrences
from compliance.services.libraries import load_library
from compliance.services.occurrences import digest_of, open_due, plan_occurrences
from jobs.models import Job
from reminders.models import Reminder
from reminders.planner import DELIVER, plan
from tests.compliance.conftest import HORIZON, NOW, MakeSchedule, verbs_of


def moments() -> list[datetime]:
    return list(Occurrence.objects.order_by("scheduled_for").values_list("scheduled_for", flat=True))


@pytest.mark.both_engines
def test_dates_are_made_up_to_the_horizon_whether_or_not_anybody_looks(make_schedule: MakeSchedule) -> None:
    schedule = make_schedule()
    assert plan_occurrences(now=NOW, horizon=HORIZON) == 2
    assert moments() == [datetime(2026, 4, 1, 7, 0, tzinfo=UTC), datetime(2026, 5, 1, 7, 0, tzinfo=UTC)]
    assert verbs_of(schedule) == ["schedule.created"]
    planning = Planning.objects.get()
    assert verbs_of(planning) == ["schedule.planned"]
    lines = "\n".join(
        f"{schedule.pk} {int(row.scheduled_for.timestamp())} {int(row.due.timestamp())}"
        for row in Occurrence.objects.order_by("id")
    )
    assert planning.sha256 == digest_of(planning) == hashlib.sha256(lines.encode()).hexdigest()
    data = decode(bytes(Event.objects.get(verb="schedule.planned").leaf))["data"]
    assert (data["count"], data["schedules"], data["sha256"]) == (2, 1, planning.sha256)
    assert not Assessment.objects.exists()


@pytest.mark.both_engines
def test_planning_twice_makes_nothing_twice(make_schedule: MakeSchedule) -> None:
    make_schedule()
    plan_occurrences(now=NOW, horizon=HORIZON)
    before = moments()
    assert plan_occurrences(now=NOW, horizon=HORIZON) == 0
    assert plan_occurrences(now=NOW + timedelta(minutes=1), horizon=HORIZON) == 0
    assert moments() == before


@pytest.mark.both_engines
def test_after_an_outage_every_missed_date_comes_once(make_schedule: MakeSchedule) -> None:
    make_schedule("FREQ=WEEKLY;BYDAY=MO")
    plan_occurrences(now=NOW, horizon=timedelta(days=7))
    open_due(now=NOW)
    later = NOW + timedelta(days=70)
    plan_occurrences(now=later, horizon=timedelta(days=7))
    assert open_due(now=later) == 10
    assert Assessment.objects.count() == 11
    found = moments()
    assert len(found) == len(set(found)) == 12
    assert all((b - a) <= timedelta(days=7, hours=1) for a, b in pairwise(found))
    assert open_due(now=later) == 0


@pytest.mark.both_engines
def test_a_very_long_outage_is_made_up_for_in_steps(
    make_schedule: MakeSchedule, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ahead, "MOST_AT_ONCE", 5)
    monkeypatch.setattr(occurrences, "BATCH", 2)
    for _number in range(3):
        make_schedule("FREQ=DAILY")
    later = NOW + timedelta(days=11)
    assert [plan_occurrences(now=later, horizon=timedelta(0)) for _turn in range(2)] == [36, 0]
    assert [*Planning.objects.order_by("id").values_list("count", flat=True)] == [24, 12]
    assert not ComingDate.objects.filter(on__lte=later).exists()


def test_the_clock_expands_no_rule_again_whose_dates_were_worked_out(
    make_schedule: MakeSchedule, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_schedule("FREQ=DAILY")
    plan_occurrences(now=NOW, horizon=timedelta(days=1))

    def forbidden(*_given: object) -> None:
        raise AssertionError("no rule is expanded here")

    monkeypatch.setattr(ahead, "further_dates", forbidden)
    assert plan_occurrences(now=NOW + timedelta(days=20), horizon=timedelta(days=1)) == 20
    with pytest.raises(AssertionError, match="no rule"):
        plan_occurrences(now=NOW + timedelta(days=90), horizon=timedelta(days=1))


@pytest.mark.both_engines
def test_another_edition_of_the_holidays_moves_what_was_worked_out_and_not_what_was_made(
    make_schedule: MakeSchedule, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The third Saturday, worked out as the Monday after, becomes a working day by the next edition."""
    weekly = make_schedule("FREQ=WEEKLY;BYDAY=SA", shift=Shift.LATER, country="CN")
    plan_occurrences(now=NOW, horizon=timedelta(days=8))
    assert [f"{moment:%d}" for moment in moments()] == ["09"]
    monkeypatch.setattr(working_days, "is_working_day", lambda _day, _country: True)
    plan_occurrences(now=NOW, horizon=timedelta(days=15))
    assert [f"{moment:%d}" for moment in moments()] == ["09", "16"], "worked out by the old edition"
    monkeypatch.setattr(ahead, "source", lambda: "the next edition")
    plan_occurrences(now=NOW, horizon=timedelta(days=34))
    assert [f"{moment:%d}" for moment in moments()] == ["09", "16", "21", "28", "04"]
    weekly.refresh_from_db()
    assert weekly.ahead_by == "the next edition"


def test_dates_that_were_worked_out_end_with_the_schedule(make_schedule: MakeSchedule) -> None:
    schedule = make_schedule("FREQ=DAILY", ends_at=NOW + timedelta(days=3))
    assert plan_occurrences(now=NOW, horizon=HORIZON) == 4
    schedule.refresh_from_db()
    assert (schedule.next_at, schedule.ahead_to) == (None, None)
    assert not ComingDate.objects.exists()


def test_a_checklist_opens_when_its_date_has_come_and_not_before(make_schedule: MakeSchedule) -> None:
    make_schedule()
    plan_occurrences(now=NOW, horizon=HORIZON)
    first = moments()[0]
    assert open_due(now=first - timedelta(seconds=1)) == 0
    assert open_due(now=first) == 1
    assessment = Assessment.objects.get()
    assert assessment.due == datetime(2026, 4, 11, 21, 59, tzinfo=UTC)
    assert verbs_of(assessment) == ["assessment.opened"]


@pytest.mark.both_engines
def test_events_of_checklists_that_were_opened_in_bulk_are_as_those_recorded_one_by_one(
    make_schedule: MakeSchedule,
) -> None:
    for _number in range(3):
        make_schedule("FREQ=WEEKLY;BYDAY=MO")
    plan_occurrences(now=NOW, horizon=timedelta(0))
    assert open_due(now=NOW + timedelta(hours=1)) == 3
    for assessment in Assessment.objects.all():
        (event,) = Event.objects.filter(object_type="compliance.assessment", object_id=str(assessment.pk))
        first = decode(bytes(event.leaf))
        again = trail.record("assessment.opened", obj=assessment, actor=None, now=NOW, data=first["data"])
        second = decode(bytes(again.leaf))
        assert (first["rev"], first["prev"]) == (1, None)
        assert (second["rev"], second["prev"]) == (2, leaf_hash(bytes(event.leaf)))
        own = ("id", "t", "rev", "prev")
        assert {key: first[key] for key in first if key not in own} == {
            key: second[key] for key in second if key not in own
        }
        assert (event.root_type, event.root_id, event.verb) == (again.root_type, again.root_id, again.verb)


def test_a_checklist_never_waits_for_somebody_who_cannot_sign_in(
    make_schedule: MakeSchedule, owner: User
) -> None:
    make_schedule()
    owner.is_active = False
    owner.save()
    april = datetime(2026, 4, 1, 8, 0, tzinfo=UTC)
    plan_occurrences(now=april, horizon=HORIZON)
    open_due(now=april)
    assert Assessment.objects.get().owner is None


def test_each_date_uses_the_newest_library_and_past_checklists_keep_theirs(
    make_schedule: MakeSchedule,
) -> None:
    make_schedule()
    april, may = datetime(2026, 4, 1, 8, 0, tzinfo=UTC), datetime(2026, 5, 1, 8, 0, tzinfo=UTC)
    plan_occurrences(now=may, horizon=HORIZON)
    open_due(now=april)
    newer = b"""
code: board-duties
name: {en: Duties, zh: \xe8\x81\x8c\xe8\xb4\xa3}
controls:
  - {number: D09, title: {en: Access, zh: a}, text: {en: Look., zh: b}, source: Ours, confidence: P}
"""
    load_library(content=newer, now=april)
    open_due(now=may)
    assert list(Assessment.objects.order_by("due").values_list("library__version", flat=True)) == [1, 2]
    assert Library.objects.filter(code="board-duties").count() == 2


def test_a_date_never_moves(make_schedule: MakeSchedule) -> None:
    make_schedule()
    plan_occurrences(now=NOW, horizon=HORIZON)
    with pytest.raises(IntegrityError, match="a date never moves"), transaction.atomic():
        Occurrence.objects.update(scheduled_for=NOW)
    Occurrence.objects.update(due=NOW + timedelta(days=300))


def test_beat_makes_dates_and_opens_checklists(
    make_schedule: MakeSchedule, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + timedelta(days=3))
    make_schedule("FREQ=DAILY", starts=datetime.fromisoformat("2026-01-01T00:00"), now=NOW)
    tasks.plan()
    assert (Occurrence.objects.count(), Assessment.objects.count()) == (63, 3)
    tasks.plan()
    assert (Occurrence.objects.count(), Assessment.objects.count()) == (63, 3)


@pytest.mark.engine("postgresql")
def test_beats_at_once_make_each_date_each_checklist_and_each_reminder_once(
    committed: None, request: pytest.FixtureRequest
) -> None:
    make_schedule: MakeSchedule = request.getfixturevalue("make_schedule")
    for rule in ("FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO", "FREQ=MONTHLY;BYMONTHDAY=1"):
        make_schedule(rule)
    at = NOW + timedelta(days=40)
    together = threading.Barrier(3)
    faults: list[BaseException] = []

    def beat() -> None:
        close_old_connections()
        try:
            together.wait(10)
            for _turn in range(3):
                plan_occurrences(now=at, horizon=timedelta(days=5))
                open_due(now=at)
                plan(at)
        except BaseException as fault:  # noqa: BLE001  (shown by the test)
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=beat) for _number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not faults
    plan_occurrences(now=at, horizon=timedelta(days=5))
    open_due(now=at)
    assert Occurrence.objects.count() == 46 + 7 + 2 - 1
    assert sum(Planning.objects.values_list("count", flat=True)) == Occurrence.objects.count()
    planned = Reminder.objects.count()
    plan(at)
    assert Reminder.objects.count() == planned > 0
    queued = [pk for job in Job.objects.filter(kind=DELIVER) for pk in job.payload["ids"]]
    assert sorted(queued) == sorted(set(queued)) == sorted(Reminder.objects.values_list("pk", flat=True))
    assert Event.objects.filter(verb="assessment.opened").count() == Assessment.objects.count()
    assert (
        Assessment.objects.filter(occurrence__isnull=False).count()
        == Occurrence.objects.filter(scheduled_for__lte=at).count()
    )

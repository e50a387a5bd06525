"""Making, changing, pausing and ending schedules."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from accounts.models import User
from audit.refusal import IllegalTransition, Refused
from compliance.models import Assessment, Occurrence, Schedule
from compliance.services.about import Checked
from compliance.services.occurrences import open_due, plan_occurrences
from compliance.services.schedules import (
    Timing,
    change_schedule,
    end_schedule,
    pause_schedule,
    resume_schedule,
)
from registry.models import ModelVersion, Project
from tests.compliance.conftest import HORIZON, NOW, MakePerson, MakeSchedule, verbs_of


def days(schedule: Schedule) -> list[str]:
    found = Occurrence.objects.filter(schedule=schedule).order_by("scheduled_for")
    return [f"{moment:%m-%d %H:%M}" for moment in found.values_list("scheduled_for", flat=True)]


def test_a_schedule_is_made_with_one_event_and_begins_at_its_next_date(make_schedule: MakeSchedule) -> None:
    schedule = make_schedule()
    assert schedule.next_at == datetime(2026, 4, 1, 7, 0, tzinfo=UTC)
    assert verbs_of(schedule) == ["schedule.created"]
    assert schedule.title_en == "Accounts and access reviewed"
    assert schedule.title_zh == "账号与权限复核"
    assert not Occurrence.objects.exists()


def test_only_those_who_manage_compliance_make_schedules(make_schedule: MakeSchedule, owner: User) -> None:
    with pytest.raises(PermissionDenied, match="Schedules are made by"):
        make_schedule(actor=owner)
    assert not Schedule.objects.exists()


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("FREQ=HOURLY", "Once a day"),
        ("nonsense", "can't be read"),
        ("FREQ=MONTHLY;BYMONTHDAY=31", "leaves out the months"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "leap years"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "never happens"),
    ],
)
def test_a_rule_that_cannot_be_kept_is_refused_with_what_to_do(
    make_schedule: MakeSchedule, rule: str, said: str
) -> None:
    with pytest.raises(Refused, match=said):
        make_schedule(rule)
    assert not Schedule.objects.exists()


def test_owner_and_reviewer_are_different_people(make_schedule: MakeSchedule, owner: User) -> None:
    with pytest.raises(Refused, match="different people"):
        make_schedule(reviewer=owner)


def test_somebody_who_cannot_sign_in_is_not_named(
    make_schedule: MakeSchedule, make_person: MakePerson
) -> None:
    with pytest.raises(Refused, match="can't sign in"):
        make_schedule(owner=make_person("Gone Away", is_active=False))


def test_a_control_that_the_library_lacks_is_named(make_schedule: MakeSchedule) -> None:
    with pytest.raises(Refused, match="no control X99"):
        make_schedule(numbers=("D09", "X99"))


def test_a_schedule_that_ends_before_its_first_date_is_refused(make_schedule: MakeSchedule) -> None:
    with pytest.raises(Refused, match="never happen"):
        make_schedule(ends_at=NOW + timedelta(days=3))


def test_a_schedule_about_a_version_belongs_to_its_project(
    make_schedule: MakeSchedule, version: ModelVersion
) -> None:
    schedule = make_schedule(version_id=version.pk)
    assert (schedule.scope, schedule.project_id) == ("version", version.model.project_id)


def test_a_check_is_about_one_thing(
    make_schedule: MakeSchedule, version: ModelVersion, project: Project
) -> None:
    with pytest.raises(Refused, match="one thing"):
        make_schedule(version_id=version.pk, project_id=project.pk)
    with pytest.raises(Refused, match="no such board"):
        make_schedule(board_id=77)


def test_pausing_withdraws_what_nobody_has_begun_and_keeps_what_was_opened(
    make_schedule: MakeSchedule, secretary: User
) -> None:
    schedule = make_schedule("FREQ=WEEKLY;BYDAY=MO")
    at = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
    plan_occurrences(now=at, horizon=HORIZON)
    open_due(now=at)
    assert len(days(schedule)) == 10
    pause_schedule(actor=secretary, schedule_id=schedule.pk, reason="The office moves.", now=at)
    assert days(schedule) == ["03-02 08:00", "03-09 08:00"]
    assert Assessment.objects.count() == 2
    assert plan_occurrences(now=at + timedelta(days=30), horizon=HORIZON) == 0
    assert verbs_of(schedule) == ["schedule.created", "schedule.paused"]


def test_a_pause_needs_a_reason(make_schedule: MakeSchedule, secretary: User) -> None:
    schedule = make_schedule()
    with pytest.raises(Refused, match="reason"):
        pause_schedule(actor=secretary, schedule_id=schedule.pk, reason=" ", now=NOW)
    schedule.refresh_from_db()
    assert schedule.state == "active"


def test_what_fell_into_a_pause_is_not_caught_up(make_schedule: MakeSchedule, secretary: User) -> None:
    schedule = make_schedule("FREQ=WEEKLY;BYDAY=MO")
    pause_schedule(actor=secretary, schedule_id=schedule.pk, reason="Holidays.", now=NOW)
    later = datetime(2026, 4, 1, 8, 0, tzinfo=UTC)
    resume_schedule(actor=secretary, schedule_id=schedule.pk, now=later)
    plan_occurrences(now=later, horizon=timedelta(days=14))
    assert days(schedule) == ["04-06 07:00", "04-13 07:00"]


def test_an_ended_schedule_stays_ended(make_schedule: MakeSchedule, secretary: User) -> None:
    schedule = make_schedule()
    end_schedule(actor=secretary, schedule_id=schedule.pk, reason="Not owed any more.", now=NOW)
    with pytest.raises(IllegalTransition, match="has ended"):
        resume_schedule(actor=secretary, schedule_id=schedule.pk, now=NOW)
    with pytest.raises(IllegalTransition, match="has ended"):
        change_schedule(
            actor=secretary, schedule_id=schedule.pk, now=NOW, checked=Checked(library_code="board-duties"),
            timing=Timing(rule="FREQ=DAILY", starts=datetime.fromisoformat("2026-01-01T09:00")),
        )  # fmt: skip
    assert plan_occurrences(now=NOW, horizon=HORIZON) == 0


def test_a_change_moves_only_dates_that_nobody_has_begun(
    make_schedule: MakeSchedule, secretary: User, owner: User
) -> None:
    schedule = make_schedule("FREQ=WEEKLY;BYDAY=MO")
    at = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
    plan_occurrences(now=at, horizon=timedelta(days=14))
    open_due(now=at)
    first = Assessment.objects.order_by("due").first()
    assert first is not None
    due = first.due
    changed = change_schedule(
        actor=secretary, schedule_id=schedule.pk, now=at,
        checked=Checked(library_code="board-duties", control_numbers=("D09", "D10"), title_en="Access and trail"),
        timing=Timing(
            rule="FREQ=WEEKLY;BYDAY=TH", starts=datetime.fromisoformat("2026-01-01T15:00"), zone="Asia/Shanghai",
            days=3, owner=owner,
        ),
    )  # fmt: skip
    plan_occurrences(now=at, horizon=timedelta(days=14))
    assert days(schedule) == ["03-02 08:00", "03-09 08:00", "03-12 07:00", "03-19 07:00"]
    first.refresh_from_db()
    assert (first.due, first.title_en, first.control_numbers) == (
        due,
        "Accounts and access reviewed",
        ["D09"],
    )
    assert changed.reviewer is None
    assert verbs_of(schedule) == ["schedule.created", "schedule.changed"]


def test_an_outsider_cannot_tell_a_schedule_from_nothing(make_schedule: MakeSchedule, outsider: User) -> None:
    schedule = make_schedule()
    with pytest.raises(Http404):
        end_schedule(actor=outsider, schedule_id=schedule.pk, reason="Mine now.", now=NOW)


def test_the_owner_reads_a_schedule_but_does_not_end_it(make_schedule: MakeSchedule, owner: User) -> None:
    schedule = make_schedule()
    with pytest.raises(PermissionDenied):
        end_schedule(actor=owner, schedule_id=schedule.pk, reason="Enough.", now=NOW)

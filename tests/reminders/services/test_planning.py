"""Planning: one reminder for each stage of each thing, in bulk, whatever was missed or ran twice."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import User
from jobs.models import Job
from reminders import waiting
from reminders.models import Reminder
from reminders.planner import DELIVER, plan
from reminders.waiting import Waiting
from tests.reminders.things import Things

pytestmark = pytest.mark.both_engines

DUE = datetime(2026, 11, 25, 17, 0, tzinfo=UTC)
MORNING = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def planned() -> list[tuple[str, str, str]]:
    rows = Reminder.objects.select_related("person").order_by("id")
    return [(row.person.email.partition("@")[0], row.stage, row.state) for row in rows]


def test_a_stage_is_planned_once_however_often_the_planner_runs(member: User, things: Things) -> None:
    things.wait(member, DUE)
    for minutes in range(5):
        plan(MORNING + timedelta(minutes=minutes))
    assert planned() == [("member", "2d", "planned")]
    assert Job.objects.filter(kind=DELIVER).count() == 1


def test_nothing_is_planned_for_what_has_no_due_moment_or_whose_time_has_not_come(
    member: User, things: Things
) -> None:
    things.wait(member, None, since=MORNING)
    things.wait(member, MORNING + timedelta(days=40), key="2")
    plan(MORNING)
    assert planned() == []


def test_somebody_who_left_is_not_reminded(member: User, things: Things) -> None:
    things.wait(member, DUE)
    User.objects.filter(pk=member.pk).update(is_active=False)
    plan(MORNING)
    assert planned() == []


def test_stages_count_in_the_time_zone_of_the_person(chinese: User, member: User, things: Things) -> None:
    things.wait(member, DUE)
    things.wait(chinese, DUE, key="2")
    # The last 08:00 in Shanghai before the due moment is that of the 25th, and this is two days before it.
    plan(datetime(2026, 11, 23, 0, 0, tzinfo=UTC))
    assert planned() == [("member", "7d", "planned"), ("chen", "2d", "planned")]


def test_a_later_stage_takes_the_place_of_one_that_nobody_delivered(member: User, things: Things) -> None:
    things.wait(member, DUE)
    plan(MORNING)
    plan(MORNING + timedelta(days=2))
    assert planned() == [("member", "2d", "merged"), ("member", "0d", "planned")]


def test_a_new_due_moment_begins_new_reminders(member: User, things: Things) -> None:
    things.wait(member, DUE)
    plan(MORNING)
    things.done()
    things.wait(member, DUE + timedelta(days=5))
    plan(MORNING + timedelta(minutes=1))
    assert [stage for _, stage, _ in planned()] == ["2d", "7d"]


@pytest.mark.parametrize(
    ("deputy", "chair", "manager", "told"),
    [
        (True, True, True, "deputy"),
        (False, True, True, "chair"),
        (False, False, True, "manager"),
        (False, False, False, None),
    ],
)
def test_what_stays_late_escalates_to_the_deputy_else_the_chair_else_the_line_manager(
    member: User, things: Things, deputy: bool, chair: bool, manager: bool, told: str | None
) -> None:
    others = {
        name: User.objects.create_user(f"{name}@example.org", display_name=name)
        for name in ("deputy", "chair", "manager")
    }
    member.deputy = others["deputy"] if deputy else None
    member.line_manager = others["manager"] if manager else None
    member.save()
    things.wait(member, DUE, chair=others["chair"] if chair else None)
    plan(DUE + timedelta(days=11))
    expected = [("member", "escalate", "planned")] + ([(told, "escalate", "planned")] if told else [])
    assert planned() == expected


def test_who_may_not_know_of_the_thing_is_passed_over_when_it_escalates(
    member: User, outsider: User, things: Things
) -> None:
    chair = User.objects.create_user("chair@example.org", display_name="Chair")
    member.deputy = member.line_manager = outsider
    member.save()
    things.wait(member, DUE, chair=chair, insiders=frozenset({member.pk, chair.pk}))
    things.wait(member, DUE, key="2", insiders=frozenset({member.pk}))
    plan(DUE + timedelta(days=11))
    assert [name for name, _, _ in planned()] == ["member", "chair", "member"]


def test_what_is_no_duty_is_not_reminded_of(member: User, things: Things) -> None:
    waiting.register(waiting.Source("a.wish", "a wish", things.read, reminds=False))
    things.wait(member, DUE)
    plan(MORNING)
    assert len(planned()) == 1


def test_a_deputy_who_left_is_passed_over(member: User, outsider: User, things: Things) -> None:
    member.deputy = User.objects.create_user("gone@example.org", display_name="Gone", is_active=False)
    member.line_manager = outsider
    member.save()
    things.wait(member, DUE)
    plan(DUE + timedelta(days=11))
    assert [name for name, _, _ in planned()] == ["member", "outsider"]


def test_a_source_that_fails_does_not_keep_the_others_from_reminding(
    member: User, things: Things, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_asked: waiting.Round) -> Iterable[Waiting]:
        raise RuntimeError("out of order")

    waiting.register(waiting.Source("a.broken", "broken", broken))
    things.wait(member, DUE)
    plan(MORNING)
    assert planned() == [("member", "2d", "planned")]
    assert "a.broken" in caplog.text


def test_many_are_planned_with_few_queries(
    things: Things, member: User, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    for number in range(500):
        things.wait(member, DUE, key=str(number))
    with django_assert_max_num_queries(40):  # type: ignore[operator]
        plan(MORNING)
    assert Reminder.objects.count() == 500
    assert [len(job.payload["ids"]) for job in Job.objects.filter(kind=DELIVER)] == [200, 200, 100]

"""Who is away isn't reminded: who stands in for them is, and knows for whom."""

from datetime import UTC, datetime

import pytest

from accounts.models import User
from reminders import absence
from reminders.absence import StandsIn
from reminders.delivery import deliver
from reminders.models import Message, Reminder
from reminders.planner import plan
from reminders.waiting import Round, Waiting
from tests.reminders.things import KIND, Things

DUE = datetime(2026, 11, 25, 17, 0, tzinfo=UTC)
MORNING = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> dict[int, int]:
    """Who is away, and who stands in."""
    found: dict[int, int] = {}

    def ask(_asked: Round) -> StandsIn:
        def of(kind: str, item: Waiting) -> int | None:
            return found.get(item.person_id) if kind == KIND else None

        return of

    monkeypatch.setattr(absence, "_sources", [ask])
    return found


def delivered(now: datetime) -> list[tuple[str, str]]:
    deliver(list(Reminder.objects.values_list("pk", flat=True)), now)
    rows = Message.objects.select_related("person").order_by("id")
    return [(row.person.display_name, row.body) for row in rows]


@pytest.mark.both_engines
def test_the_reminder_of_who_is_away_goes_to_who_stands_in(
    member: User, outsider: User, things: Things, away: dict[int, int]
) -> None:
    things.wait(member, DUE)
    away[member.pk] = outsider.pk
    plan(MORNING)
    ((name, body),) = delivered(MORNING)
    assert name == "Oto Outsider"
    assert body.startswith("Mara Member is away, and you stand in.\nVote for the Ethics board.")
    assert not Message.objects.filter(person=member).exists()


def test_who_comes_back_before_it_is_delivered_is_reminded_themself(
    member: User, outsider: User, things: Things, away: dict[int, int]
) -> None:
    things.wait(member, DUE)
    away[member.pk] = outsider.pk
    plan(MORNING)
    away.clear()
    assert delivered(MORNING) == []
    plan(MORNING)
    assert [name for name, _body in delivered(MORNING)] == ["Mara Member"]


def test_who_may_not_know_of_it_is_not_told_in_the_place_of_another(
    member: User, outsider: User, things: Things, away: dict[int, int]
) -> None:
    things.wait(member, DUE, insiders=frozenset())
    away[member.pk] = outsider.pk
    plan(MORNING)
    assert [name for name, _body in delivered(MORNING)] == ["Mara Member"]


def test_who_waits_for_it_themself_is_reminded_once(
    member: User, outsider: User, things: Things, away: dict[int, int]
) -> None:
    things.wait(member, DUE)
    things.wait(outsider, DUE)
    away[member.pk] = outsider.pk
    plan(MORNING)
    assert [name for name, _body in delivered(MORNING)] == ["Oto Outsider"]

"""Steps of what was found in checklists: findings with their actions, and exceptions that legal staff decided."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from compliance.models import Assessment
from compliance.services.actions import report_action, verify_action
from compliance.services.exceptions import approve_exception, ask_for_exception
from compliance.services.findings import Planned, comment_on_control, raise_finding
from desk.sample.calendar import StoryCalendar
from desk.sample.content_files import Data
from desk.sample.world import Act, Made, Step, World, speaking

Which = Callable[[World], Assessment]


def found(data: Data, name: str, which: Which, calendar: StoryCalendar, at: datetime) -> Iterator[Step]:
    """Yield the steps of one finding: raised, its action done and verified as far as they lie in the past."""
    until = calendar.moment("-1 22:00")
    yield Step(at, f"{name}/raise", _raise(data, name, which))
    for key, act in (("done", _report), ("verified", _verify)):
        if key in data and (moment := at + timedelta(days=data[key])) < until:
            yield Step(moment, f"{name}/{key}", act(data, name))


def excused(data: Data, name: str, which: Which, calendar: StoryCalendar, at: datetime) -> Iterator[Step]:
    """Yield the steps of one exception: asked for, and approved if it was."""
    yield Step(at, f"{name}/ask", _ask(data, name, which, calendar))
    if "approve" in data:
        yield Step(at + timedelta(days=2), f"{name}/approve", _approve(data, name))


def said(data: Data, name: str, which: Which, at: datetime) -> Iterator[Step]:
    """Yield a comment on a control."""

    def act(world: World, now: datetime) -> None:
        with speaking(world.person(data["by"])) as actor:
            comment_on_control(
                actor=actor, assessment_id=which(world).pk, number=data["control"], text=data["text"], now=now
            )

    yield Step(at, f"{name}/say", act)


def _raise(data: Data, name: str, which: Which) -> Act:
    def act(world: World, now: datetime) -> Made:
        planned = Planned(
            data["action"], world.person(data["owner"]), now.date() + timedelta(days=data["days"])
        )
        with speaking(world.person(data["by"])) as actor:
            finding = raise_finding(
                actor=actor, assessment_id=which(world).pk, number=data["control"], severity=data["severity"],
                text=data["text"], action=planned, now=now,
            )  # fmt: skip
        return {f"action:{name}": finding.actions.get().pk}

    return act


def _report(data: Data, name: str) -> Act:
    def act(world: World, now: datetime) -> None:
        with speaking(world.person(data["owner"])) as actor:
            report_action(actor=actor, action_id=world.id(f"action:{name}"), report=data["report"], now=now)

    return act


def _verify(data: Data, name: str) -> Act:
    def act(world: World, now: datetime) -> None:
        with speaking(world.person(data["by"])) as actor:
            verify_action(actor=actor, action_id=world.id(f"action:{name}"), now=now)

    return act


def _ask(data: Data, name: str, which: Which, calendar: StoryCalendar) -> Act:
    def act(world: World, now: datetime) -> Made:
        with speaking(world.person(data["by"])) as actor:
            exception = ask_for_exception(
                actor=actor, assessment_id=which(world).pk, number=data["control"], reason=data["reason"],
                instead=data.get("instead", ""), until=calendar.today + timedelta(days=data["until"]), now=now,
            )  # fmt: skip
        return {f"exception:{name}": exception.pk}

    return act


def _approve(data: Data, name: str) -> Act:
    def act(world: World, now: datetime) -> None:
        with speaking(world.person(data["approve"])) as actor:
            approve_exception(
                actor=actor,
                exception_id=world.id(f"exception:{name}"),
                reason=data.get("remark", ""),
                now=now,
            )

    return act

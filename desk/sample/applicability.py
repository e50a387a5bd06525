"""Steps in which people decide whether a library applies, where its conditions alone can't say."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from compliance.rules.applicability import Level
from compliance.services.applicability import decide_applicability
from desk.sample.calendar import StoryCalendar
from desk.sample.content_files import Data, checklists
from desk.sample.world import Act, Step, World, speaking


def decisions(calendar: StoryCalendar) -> Iterator[Step]:
    """Yield the decisions; `until` counts days from today."""
    for number, data in enumerate(checklists()["decisions"], 1):
        yield Step(calendar.moment(data["at"]), f"applies/{number}", _decide(data))


def _decide(data: Data) -> Act:
    def act(world: World, now: datetime) -> None:
        level = Level(data["level"])
        subject = 0 if level is Level.ORGANISATION else world.id(f"{level}:{data['about']}")
        until = world.calendar.today + timedelta(days=data["until"]) if "until" in data else None
        with speaking(world.person(data["by"])) as actor:
            decide_applicability(
                actor=actor, code=data["library"], level=level, subject_id=subject, applies=data["applies"],
                reason=data["reason"], until=until, now=now,
            )  # fmt: skip

    return act

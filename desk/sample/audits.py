"""Steps of the audits: whom the administrator asked to look at what, until when."""

from collections.abc import Iterator
from datetime import datetime

from desk.sample.calendar import StoryCalendar
from desk.sample.content_files import Data, organisation
from desk.sample.world import Act, Made, Step, World, speaking
from oversight.services import make_engagement
from registry.models import Project


def audits(calendar: StoryCalendar) -> Iterator[Step]:
    """Yield a step for each engagement."""
    for engagement in organisation()["engagements"]:
        at = calendar.moment(engagement["at"])
        yield Step(at, f"engagement/{engagement['key']}", _engagement(engagement))


def _engagement(data: Data) -> Act:
    def act(world: World, now: datetime) -> Made:
        projects = Project.objects.filter(pk__in=[world.id(f"project:{key}") for key in data["projects"]])
        with speaking(world.person("petra")) as actor:
            made = make_engagement(
                actor=actor, title=data["title"], purpose=data["purpose"], auditors=[world.person("ines")],
                whole=False, projects=projects, boards=(), starts_at=world.calendar.moment(f"{data['from']} 00:00"),
                ends_at=world.calendar.moment(f"{data['until']} 22:59"), now=now,
            )  # fmt: skip
        return {f"engagement:{data['key']}": made.pk}

    return act

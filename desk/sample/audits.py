"""Steps of the audits: whom the administrator asked to look at what, until when, and what the auditor did there."""

from collections.abc import Iterator
from datetime import datetime

from desk.sample.calendar import StoryCalendar
from desk.sample.content_files import Data, organisation
from desk.sample.world import Act, Made, Step, World, speaking
from oversight.bundling import ask_for_bundle
from oversight.models import SampleItem
from oversight.sampling import draw_sample, note_item
from oversight.services import make_engagement
from registry.models import Project


def audits(calendar: StoryCalendar) -> Iterator[Step]:
    """Yield a step for each engagement, and for what was done under it."""
    for engagement in organisation()["engagements"]:
        key = engagement["key"]
        yield Step(calendar.moment(engagement["at"]), f"engagement/{key}", _engagement(engagement))
        if drawn := engagement.get("sample"):
            yield Step(calendar.moment(drawn["at"]), f"sample/{key}", _sample(key, drawn))
            for number, note in enumerate(drawn["notes"], 1):
                yield Step(calendar.moment(note["at"]), f"sample/{key}/{number}", _note(key, number, note))
        if bundle := engagement.get("bundle"):
            yield Step(calendar.moment(bundle["at"]), f"bundle/{key}", _bundle(key))


def _engagement(data: Data) -> Act:
    def act(world: World, now: datetime) -> Made:
        projects = Project.objects.filter(pk__in=[world.id(f"project:{key}") for key in data["projects"]])
        since = data.get("period_from")
        with speaking(world.person("petra")) as actor:
            made = make_engagement(
                actor=actor, title=data["title"], purpose=data["purpose"], auditors=[world.person("ines")],
                whole=False, projects=projects, boards=(), starts_at=world.calendar.moment(f"{data['from']} 00:00"),
                ends_at=world.calendar.moment(f"{data['until']} 22:59"), now=now,
                period_from=world.calendar.moment(f"{since} 00:00") if since else None,
            )  # fmt: skip
        return {f"engagement:{data['key']}": made.pk}

    return act


def _sample(key: str, data: Data) -> Act:
    def act(world: World, now: datetime) -> Made:
        with speaking(world.person("ines")) as actor:
            drawn = draw_sample(
                actor=actor,
                engagement_id=world.id(f"engagement:{key}"),
                size=data["size"],
                seed=data["seed"],
                now=now,
            )
        return {f"sample:{key}": drawn.pk}

    return act


def _note(key: str, place: int, data: Data) -> Act:
    def act(world: World, now: datetime) -> None:
        item = SampleItem.objects.get(sample_id=world.id(f"sample:{key}"), place=place)
        with speaking(world.person("ines")) as actor:
            note_item(actor=actor, item_id=item.pk, state=data["state"], note=data["note"], now=now)

    return act


def _bundle(key: str) -> Act:
    def act(world: World, now: datetime) -> Made:
        with speaking(world.person("ines")) as actor:
            asked = ask_for_bundle(
                actor=actor,
                engagement_id=world.id(f"engagement:{key}"),
                with_disclosures=False,
                reason="",
                now=now,
            )
        return {f"bundle:{key}": asked.pk}

    return act

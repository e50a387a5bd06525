"""Steps about panels: experts from outside, an appeal with its panel, an emergency and the full review after it."""

from datetime import datetime
from typing import Any

from desk.sample.content_files import Data
from desk.sample.world import Act, Made, World, speaking
from reviews.models import Appeal
from reviews.services.appeals import file_appeal, form_appeal_panel
from reviews.services.second_review import form_expert_panel


def experts(request: Data, step: Data) -> Act:
    """Form the panel of outside experts; it is known by its name from then on."""

    def act(world: World, now: datetime) -> Made:
        with speaking(world.person(step["by"])) as actor:
            panel = form_expert_panel(
                actor=actor, request_id=world.id(f"request:{request['key']}"), now=now, **_chosen(world, step)
            )
        return {f"board:{step['name']}": panel.pk}

    return act


def appeal(request: Data, step: Data) -> Act:
    """Appeal the rejection."""

    def act(world: World, now: datetime) -> None:
        with speaking(world.person(request["requester"])) as actor:
            file_appeal(
                actor=actor,
                request_id=world.id(f"request:{request['key']}"),
                grounds=step["grounds"],
                now=now,
            )

    return act


def appeal_panel(request: Data, step: Data) -> Act:
    """Form the panel that hears the appeal."""

    def act(world: World, now: datetime) -> Made:
        filed = Appeal.objects.get(request=world.id(f"request:{request['key']}"))
        with speaking(world.person(step["by"])) as actor:
            panel = form_appeal_panel(actor=actor, appeal_id=filed.pk, now=now, **_chosen(world, step))
        return {f"board:{step['name']}": panel.pk}

    return act


def _chosen(world: World, step: Data) -> dict[str, Any]:
    people = [world.person(key).pk for key in step["people"]]
    return {"people": people, "chair": world.person(step["chair"]).pk}

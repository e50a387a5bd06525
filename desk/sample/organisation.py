"""Steps that found the laboratory: people, boards with their policies, projects, models, versions with their bytes."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from accounts.roles import Role
from accounts.services.profile import change_profile
from accounts.services.sample import make_sample_person
from desk.sample.calendar import StoryCalendar
from desk.sample.content_files import Data, organisation
from desk.sample.world import Act, Made, Step, World, after, speaking
from records.models import Purpose
from records.seal import authority
from registry.models import AIModel
from registry.services import (
    VersionFacts,
    attach_manifest,
    found_project,
    register_model,
    register_version,
    share_project,
)
from reviews.rules.policy_presets import PRESETS, begun_from
from reviews.services.boards import make_board, seat_person, set_policy

KEYS, FOUNDED, BOARDS, PROJECTS = "-522 07:00", "-522 08:00", "-521 09:00", "-520 09:00"


def founding(calendar: StoryCalendar) -> Iterator[Step]:
    """Yield the steps in which people, boards, projects and versions come to be."""
    data = organisation()
    yield Step(calendar.moment(KEYS), "keys", _keys)
    yield from _people(calendar, data["people"])
    for place, board in enumerate(data["boards"]):
        yield Step(after(calendar.moment(BOARDS), 10 * place), f"board/{board['key']}", _board(board))
        for number, policy in enumerate(board.get("policies", ()), 2):
            name = f"policy/{board['key']}/{number}"
            yield Step(calendar.moment(policy["at"]), name, _policy(board, policy))
    for place, project in enumerate(data["projects"]):
        yield Step(
            after(calendar.moment(PROJECTS), 10 * place), f"project/{project['key']}", _project(project)
        )
    for version in data["versions"]:
        at = calendar.moment(version["at"])
        yield Step(at, f"version/{version['key']}", _version(version))
        yield Step(after(at, 20), f"manifest/{version['key']}", _manifest(version))


def _keys(_world: World, now: datetime) -> None:
    """Make the keys of the house before anybody needs them.

    The worker seals the first records in the time of today; keys that it made could sign nothing earlier in the story.
    """
    authority.made(Purpose.SYSTEM, now)
    authority.made(Purpose.SEAL, now)


def _people(calendar: StoryCalendar, people: list[Data]) -> Iterator[Step]:
    founded = calendar.moment(FOUNDED)
    for place, person in enumerate(people):
        yield Step(after(founded, place), f"person/{person['key']}", _person(person))
    for place, person in enumerate(person for person in people if "deputy" in person):
        yield Step(after(founded, 60 + place), f"deputy/{person['key']}", _deputy(person))


def _person(data: Data) -> Act:
    def act(world: World, now: datetime) -> Made:
        person = make_sample_person(
            email=f"{data['key']}@lanternfield.example", display_name=data["name"],
            roles=[Role(role) for role in data["roles"]], language=data["language"], time_zone=data["zone"],
            line_manager=world.person(data["manager"]) if "manager" in data else None,
            now=now, place=data.get("place"),
        )  # fmt: skip
        return {f"person:{data['key']}": person.pk}

    return act


def _deputy(data: Data) -> Act:
    def act(world: World, now: datetime) -> None:
        change_profile(
            actor=world.person(data["key"]), values={"deputy": world.person(data["deputy"])}, now=now
        )

    return act


def _board(data: Data) -> Act:
    def act(world: World, now: datetime) -> Made:
        with speaking(world.person("petra")) as actor:
            board = make_board(
                actor=actor, slug=data["key"], name_en=data["name"]["en"], name_zh=data["name"]["zh"],
                kind=data["kind"], policy=data["policy"], time_zone=data["zone"], now=now,
            )  # fmt: skip
            for seat in data["seats"]:
                seat_person(
                    actor=actor, board_id=board.pk, person_id=world.person(seat["person"]).pk,
                    role=seat["role"], attributes=seat["attributes"], now=now,
                )  # fmt: skip
        return {f"board:{data['key']}": board.pk}

    return act


def _policy(board: Data, data: Data) -> Act:
    def act(world: World, now: datetime) -> None:
        content = data["content"]
        if "preset" in data:
            content = begun_from(PRESETS[data["preset"]].content, content)
        set_policy(
            actor=world.person("petra"), board_id=world.id(f"board:{board['key']}"), content=content,
            reason=data["reason"], now=now,
        )  # fmt: skip

    return act


def _project(data: Data) -> Act:
    def act(world: World, now: datetime) -> Made:
        made = {}
        with speaking(world.person(data["founder"])) as actor:
            project = found_project(actor=actor, name=data["name"], description=data["description"], now=now)
            for member in data["members"]:
                share_project(
                    actor=actor,
                    project_id=project.pk,
                    person=world.person(member),
                    may_contribute=True,
                    now=now,
                )
            for model in data["models"]:
                registered = register_model(
                    actor=actor, project_id=project.pk, name=model["name"], description=model["description"],
                    now=now,
                )  # fmt: skip
                made[f"model:{model['key']}"] = registered.pk
        return made | {f"project:{data['key']}": project.pk}

    return act


def _version(data: Data) -> Act:
    def act(world: World, now: datetime) -> Made:
        facts = VersionFacts(
            number=data["number"], channel=data["channel"], summary=data["summary"], modalities=data["modalities"],
            relation=data["relation"], base_model=data.get("base_model", ""), parameters=data["parameters"],
            training_compute_flop=Decimal(data["flop"]), licence=data["licence"], markets=data["markets"],
        )  # fmt: skip
        model = AIModel.objects.get(pk=world.id(f"model:{data['model']}"))
        with speaking(world.person(data["by"])) as actor:
            version = register_version(actor=actor, model=model, facts=facts, now=now)
        return {f"version:{data['key']}": version.pk}

    return act


def _manifest(data: Data) -> Act:
    def act(world: World, now: datetime) -> None:
        attach_manifest(
            actor=world.person(data["by"]), version_id=world.id(f"version:{data['key']}"),
            text=manifest_of(data), total_size=data["parameters"] * 2 + 31_744_120, now=now,
        )  # fmt: skip

    return act


def manifest_of(data: Data) -> bytes:
    """Return the `sha256sum` text of the version's invented files."""
    count = data["shards"]
    names = ["LICENSE", "README.md", "config.json", "tokenizer.json"]
    names += [f"model-{number:05}-of-{count:05}.safetensors" for number in range(1, count + 1)]
    if data["channel"] == "device":
        names.append("tablet-int8.bin")
    return "".join(f"{_digest(data['key'], name)}  {name}\n" for name in sorted(names)).encode()


def _digest(version: str, name: str) -> str:
    return hashlib.sha256(f"{version}/{name}".encode()).hexdigest()

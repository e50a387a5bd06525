"""The version that a draft is about: found on the server, or registered there with the facts of the file."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from imprimatur.dossier.draft_file import Draft, number
from imprimatur.outcome import Refusal
from imprimatur.server import Answered, Server, key_of

NEW = "Add --new to register it, or correct the file."


def find_project(server: Server, name: str) -> dict[str, Any] | None:
    """Return the project of this name or short name; raises Refusal when several have the name."""
    found: list[dict[str, Any]] = server.get("/projects", name=name)["items"]
    exact = [one for one in found if one["slug"] == name] or found
    if len(exact) > 1:
        names = ", ".join(one["slug"] for one in exact)
        raise Refusal(
            f"Several projects are called {name}. Write the short name of yours in the file: {names}."
        )
    return exact[0] if exact else None


def find_version(server: Server, draft: Draft) -> dict[str, Any] | None:
    """Return the version that the file names, None when project, model or version isn't there."""
    project = find_project(server, draft.project)
    models = server.get(f"/projects/{project['id']}/models", name=draft.model)["items"] if project else []
    return _version(server, models[0]["id"], draft) if models else None


def register(server: Server, draft: Draft, *, new: bool) -> tuple[dict[str, Any], list[str]]:
    """Return the version and what was registered for it; project and model only when `new` allows it.

    Raises Refusal for a project or a model that isn't there, and for a version with other facts than the file's.
    """
    made: list[str] = []
    project = find_project(server, draft.project)
    if project is None:
        if not new:
            raise Refusal(f"You see no project {draft.project} at {server.base}. {NEW}")
        project = server.post("/projects", {"name": draft.project}, key=key_of("project", draft.project))
        made.append(f"project {draft.project}")
    models = server.get(f"/projects/{project['id']}/models", name=draft.model)["items"]
    if not models:
        if not new:
            raise Refusal(f"The project {draft.project} has no model {draft.model}. {NEW}")
        path, key = f"/projects/{project['id']}/models", key_of("model", str(project["id"]), draft.model)
        models = [server.post(path, {"name": draft.model}, key=key)]
        made.append(f"model {draft.model}")
    version = _version(server, models[0]["id"], draft)
    if version is None:
        sent = _facts(draft)
        version = server.post(
            f"/models/{models[0]['id']}/versions",
            sent,
            key=key_of("version", str(models[0]["id"]), repr(sent)),
        )
        made.append(f"version {draft.version['number']}")
    elif other := unlike(draft, version):
        raise Refusal(
            f"{draft.model} {draft.version['number']} is registered with other facts: {'; '.join(other)}. Correct the "
            "file, or give the version another number."
        )
    return version, made


def unlike(draft: Draft, version: Mapping[str, Any]) -> list[str]:
    """Return the facts that the file says otherwise than the server has them; what it doesn't say isn't compared."""
    differ = []
    for name, said in draft.version.items():
        there = version.get(name)
        same = said == there
        if name in {"parameters", "training_compute_flop"}:
            same = there is not None and _close(number(said), Decimal(str(there)))
        elif isinstance(said, list):
            same = set(said) == set(there or ())
        if not same:
            differ.append(f"{name} {_shown(there)}, in the file {_shown(said)}")
    return differ


def _close(said: Decimal, there: Decimal) -> bool:
    """Whether both are the same in the fifteen digits that are kept."""
    return abs(said - there) <= abs(said) * Decimal("1e-14")


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value) if value else "nothing"


def _version(server: Server, model: int, draft: Draft) -> dict[str, Any] | None:
    found: list[dict[str, Any]] = server.get(f"/models/{model}/versions", number=draft.version["number"])[
        "items"
    ]
    return found[0] if found else None


def _facts(draft: Draft) -> dict[str, Any]:
    facts: dict[str, Any] = dict(draft.version)
    if "parameters" in facts:
        facts["parameters"] = int(facts["parameters"])
    return facts


def refused(fault: Answered) -> Refusal:
    """Return what the server refused, with each field that it named."""
    errors = fault.problem.get("errors") or []
    details = [
        f"{one.get('pointer', one.get('parameter', ''))}: {one.get('detail', '')}"
        for one in errors
        if isinstance(one, dict) and one.get("detail") != str(fault)
    ]
    return Refusal("\n  ".join([str(fault), *details]), code=fault.code, errors=errors)

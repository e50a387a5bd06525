"""Reading the story's data."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).resolve().parent / "content"

Data = dict[str, Any]


@lru_cache
def organisation() -> Data:
    """Return people, boards, projects and versions."""
    return _read(FOLDER / "organisation.yaml")


@lru_cache
def checklists() -> Data:
    """Return schedules and what was answered."""
    return _read(FOLDER / "compliance.yaml")


@lru_cache
def requests() -> tuple[Data, ...]:
    """Return the requests in their order; one that `copies` another has its answers under its own."""
    found = {data["key"]: data for data in map(_read, sorted((FOLDER / "requests").glob("*.yaml")))}
    for data in found.values():
        if "copies" in data:
            data["answers"] = found[data["copies"]]["answers"] | data["answers"]
    return tuple(found.values())


def _read(path: Path) -> Data:
    data: Data = yaml.safe_load(path.read_text(encoding="utf-8"))
    return data

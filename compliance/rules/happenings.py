"""What may happen that makes a check due, and which data sets a dossier names that the one before did not."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any


class Happening(StrEnum):
    """What may happen that makes a control due; a schedule may listen to each."""

    VERSION_CREATED = "version_created"
    VERSION_RELEASED = "version_released"
    DATASET_ADDED = "dataset_added"
    BASE_MODEL_CHANGED = "base_model_changed"
    INCIDENT = "incident"


def in_order(happenings: Iterable[str]) -> list[Happening]:
    """Return the happenings once each, in the order in which they stand above; raises ValueError for an unknown one."""
    wanted = {Happening(each) for each in happenings}
    return [each for each in Happening if each in wanted]


def base_changed(base: str, relation: str, former: tuple[str, str] | None) -> bool:
    """Say whether a version stands on another base model, or otherwise on it, than its predecessor (None: no such)."""
    if former is None:
        return False
    return (_same(base), relation) != (_same(former[0]), former[1])


def names_of_data_sets(value: object) -> list[str]:
    """Return the names in the answer to the question after the data sets: rows with a name, or one a line of a text."""
    if isinstance(value, str):
        found = value.splitlines()
    elif isinstance(value, list):
        found = [_name(row) for row in value]
    else:
        found = []
    return [name.strip() for name in found if name.strip()]


def data_sets_added(before: object, after: object) -> list[str]:
    """Return the names that the later answer has and the former has not, letter case and spaces aside."""
    known = {_same(name) for name in names_of_data_sets(before)}
    fresh = {_same(name): name for name in names_of_data_sets(after)}
    return [name for key, name in fresh.items() if key not in known]


def _name(row: object) -> str:
    if isinstance(row, Mapping):
        name: Any = row.get("name")
        return name if isinstance(name, str) else ""
    return row if isinstance(row, str) else ""


def _same(name: str) -> str:
    return " ".join(name.casefold().split())

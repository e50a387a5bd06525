"""The file of a library: what may stand in it, and everything that is wrong with one.

A library has a code, names, and controls, each with its number, texts in both languages, source (or that of the
library) and our confidence in the source. Optional: groups, a suggested cadence, the recurring obligations that a
control covers, the controls of other libraries that the same evidence serves, and when the library applies.
"""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from compliance.rules.applicability import applies_faults
from compliance.rules.happenings import Happening

LANGUAGES = ("en", "zh")
LONGEST_DAYS = 366
NUMBER = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,18}[A-Za-z0-9])?")
_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
OBLIGATION = re.compile(r"[A-Z][0-9]{2}")
MAPPING = re.compile(rf"{_CODE.pattern}:{NUMBER.pattern}")
_LIBRARY_KEYS = {
    "code", "framework", "trigger", "days", "name", "summary", "groups", "controls", "applies", "source",
}  # fmt: skip
_CONTROL_KEYS = {
    "number", "group", "title", "text", "help", "source", "article", "confidence", "evidence", "evidence_required",
    "obligations", "cadence", "mappings",
}  # fmt: skip


class Trigger(StrEnum):
    """What opens an assessment of a library without any schedule."""

    NONE = ""
    VERSION_CREATED = "version_created"


class Confidence(StrEnum):
    """How sure we are of a source: primary text read, second-hand, from memory, our own default."""

    READ = "V"
    SECOND_HAND = "S"
    MEMORY = "M"
    OURS = "P"


class Every(StrEnum):
    """How often we suggest that a control is looked at."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half-yearly"
    YEARLY = "yearly"
    TWO_YEARLY = "two-yearly"


class Basis(StrEnum):
    """Where a cadence stands: in the rule itself, or as sure as our confidence says."""

    LAW = "L"
    OURS = "P"
    SECOND_HAND = "S"
    MEMORY = "M"


def faults_of(data: object) -> list[str]:
    """Return everything that is wrong with what a file holds, each with its place; nothing for a sound library."""
    if not isinstance(data, dict):
        return ["not a mapping"]
    wrong = _unknown(data, _LIBRARY_KEYS)
    if not isinstance(data.get("code"), str) or not _CODE.fullmatch(data["code"]):
        wrong.append("code is missing" if not data.get("code") else "code is no slug")
    if not _CODE.fullmatch(str(data.get("framework", "none"))):
        wrong.append("framework is no slug")
    if data.get("trigger", "") not in list(Trigger):
        wrong.append(f"unknown trigger {data['trigger']}")
    days = data.get("days", 14)
    if not isinstance(days, int) or not 0 <= days <= LONGEST_DAYS:
        wrong.append(f"days is not a number up to {LONGEST_DAYS}")
    wrong += _text_faults(data, "name", "library", required=True, longest=200)
    wrong += _text_faults(data, "summary", "library", required=False)
    if "applies" in data:
        wrong += applies_and_texts_faults(data["applies"])
    groups = data.get("groups", [])
    wrong += _group_faults(groups)
    controls = data.get("controls")
    if not isinstance(controls, list) or not controls:
        return [*wrong, "controls are missing"]
    known = (
        [group.get("number") for group in groups if isinstance(group, dict)]
        if isinstance(groups, list)
        else []
    )
    return wrong + _all_control_faults(controls, known, data.get("source"))


def applies_and_texts_faults(data: object) -> list[str]:
    """Say what is wrong with the `applies` of a library, its texts too; a reason is needed unless a person decides."""
    decided = isinstance(data, dict) and "depends" in data
    return [
        *applies_faults(data),
        *_text_faults(data, "reason", "applies", required=not decided),
        *_text_faults(data, "depends", "applies", required=False),
    ]


def _unknown(data: Mapping[Any, Any], known: set[str], place: str = "") -> list[str]:
    return [f"{place}unknown key {key}" for key in sorted(map(str, data.keys() - known))]


def _group_faults(groups: object) -> list[str]:
    if not isinstance(groups, list):
        return ["groups is no list"]
    wrong: list[str] = []
    seen: set[str] = set()
    for position, group in enumerate(groups, 1):
        if not isinstance(group, dict) or not _is_number(group.get("number")):
            wrong.append(f"group {position}: number is missing")
            continue
        place = f"group {group['number']}"
        wrong += [f"{place} stands there twice"] if group["number"] in seen else []
        seen.add(group["number"])
        wrong += _unknown(group, {"number", "name"}, f"{place}: ") + _text_faults(
            group, "name", place, required=True, longest=200
        )
    return wrong


def _all_control_faults(controls: Sequence[object], groups: Sequence[object], source: object) -> list[str]:
    wrong: list[str] = []
    seen: set[str] = set()
    for position, control in enumerate(controls, 1):
        if not isinstance(control, dict):
            wrong.append(f"control {position} is no mapping")
            continue
        number = control.get("number")
        place = str(number or f"control {position}")
        if not isinstance(number, str) or not number:
            wrong.append(f"{place}: number is missing")
        elif not _is_number(number):
            wrong.append(f"{place}: number has up to 20 letters, digits, points and hyphens")
        elif number in seen:
            wrong.append(f"{number} stands there twice")
        seen.add(place)
        wrong += _control_faults({"source": source} | control, place, groups)
    return wrong


def _control_faults(control: Mapping[str, Any], place: str, groups: Sequence[object]) -> list[str]:
    wrong = _unknown(control, _CONTROL_KEYS, f"{place}: ")
    if control.get("group") not in (groups or [None]):
        wrong.append(f"{place}: its group stands nowhere in groups")
    wrong += _text_faults(control, "title", place, required=True, longest=200)
    wrong += _text_faults(control, "text", place, required=True)
    wrong += _text_faults(control, "help", place, required=False)
    wrong += _text_faults(
        control, "evidence", place, required=bool(control.get("evidence_required")), longest=300
    )
    if not isinstance(control.get("source"), str) or not control["source"]:
        wrong.append(f"{place}: source is missing")
    elif len(control["source"]) > 200:
        wrong.append(f"{place}: source is longer than 200 characters")
    if not isinstance(control.get("article", ""), str):
        wrong.append(f"{place}: article is no text; put it in quotes")
    elif len(control.get("article", "")) > 100:
        wrong.append(f"{place}: article is longer than 100 characters")
    if not isinstance(control.get("evidence_required", False), bool):
        wrong.append(f"{place}: evidence_required is neither true nor false")
    if control.get("confidence") not in list(Confidence):
        wrong.append(f"{place}: confidence is not one of V, S, M, P")
    for field, shape in (("obligations", OBLIGATION), ("mappings", MAPPING)):
        entries = control.get(field, [])
        if not isinstance(entries, list) or not all(shape.fullmatch(str(entry)) for entry in entries):
            wrong.append(
                f"{place}: {field} is no list of {'ids' if field == 'obligations' else 'code:number'}"
            )
    return wrong + (_cadence_faults(control["cadence"], place) if "cadence" in control else [])


def _cadence_faults(data: object, place: str) -> list[str]:
    if not isinstance(data, dict):
        return [f"{place}: cadence is no mapping"]
    wrong = _unknown(data, {"every", "events", "basis", "note"}, f"{place}: cadence: ")
    if "every" in data and data["every"] not in list(Every):
        wrong.append(f"{place}: cadence: every is not one of {', '.join(Every)}")
    events = data.get("events", [])
    if not isinstance(events, list) or any(event not in list(Happening) for event in events):
        wrong.append(f"{place}: cadence: events are not of {', '.join(Happening)}")
    if data.get("basis") not in list(Basis):
        wrong.append(f"{place}: cadence: basis is not one of L, P, S, M")
    return wrong + _text_faults(data, "note", f"{place}: cadence", required=False)


def _is_number(number: object) -> bool:
    return isinstance(number, str) and bool(NUMBER.fullmatch(number))


def _text_faults(data: object, field: str, place: str, *, required: bool, longest: int = 0) -> list[str]:
    """Say what is wrong with a text in two languages."""
    if not isinstance(data, dict) or (field not in data and not required):
        return []
    text = data.get(field)
    if not isinstance(text, dict) or text.keys() != set(LANGUAGES):
        return [f"{place}: {field} needs en and zh"]
    wrong = [
        f"{place}: {field} is empty in {language}"
        for language in LANGUAGES
        if not isinstance(text[language], str) or not text[language].strip()
    ]
    if longest and not wrong and max(map(len, text.values())) > longest:
        wrong.append(f"{place}: {field} is longer than {longest} characters")
    return wrong

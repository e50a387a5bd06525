"""Loading the libraries that ship with the product."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from django.utils.translation import gettext as _

from audit import trail
from audit.refusal import Refused
from compliance.models import Control, Library
from compliance.models.library import Confidence, Trigger

FOLDER = Path(__file__).resolve().parents[1] / "libraries"
_LANGUAGES = ("en", "zh")
_LIBRARY_KEYS = {"code", "trigger", "days", "name", "summary", "controls"}
_CONTROL_KEYS = {
    "number", "title", "text", "help", "source", "article", "confidence", "evidence", "evidence_required",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Loaded:
    """A library that was read: `is_new` says that a version was made of it."""

    library: Library
    is_new: bool


def load_libraries(*, now: datetime, folder: Path = FOLDER) -> list[Loaded]:
    """Load every YAML file of the folder; each that changed becomes a new version, the others stay as they are.

    Raises Refused with everything that is wrong in a file; then nothing of that file is loaded.
    """
    return [load_library(content=path.read_bytes(), now=now) for path in sorted(folder.glob("*.yaml"))]


@transaction.atomic
def load_library(*, content: bytes, now: datetime) -> Loaded:
    """Load one library; the same bytes again change nothing, so two processes may load at once."""
    data = _parsed(content)
    sha256 = hashlib.sha256(content).hexdigest()
    versions = Library.objects.select_for_update().filter(code=data["code"]).order_by("-version")
    newest = versions.first()
    if newest is not None and newest.sha256 == sha256:
        return Loaded(newest, is_new=False)
    library = Library.objects.create(
        code=data["code"], version=newest.version + 1 if newest else 1, sha256=sha256, loaded_at=now,
        name_en=data["name"]["en"], name_zh=data["name"]["zh"],
        summary_en=data.get("summary", {}).get("en", ""), summary_zh=data.get("summary", {}).get("zh", ""),
        trigger=data.get("trigger", ""), days=data.get("days", 14),
    )  # fmt: skip
    Control.objects.bulk_create(
        _control(library, position, control) for position, control in enumerate(data["controls"], 1)
    )
    trail.record(
        "library.loaded", obj=library, actor=None, now=now,
        data={"code": library.code, "version": library.version, "sha256": sha256, "count": len(data["controls"])},
    )  # fmt: skip
    return Loaded(library, is_new=True)


def _control(library: Library, position: int, data: Mapping[str, Any]) -> Control:
    texts = {
        f"{field}_{language}": data.get(field, {}).get(language, "")
        for field in ("title", "text", "help", "evidence")
        for language in _LANGUAGES
    }
    return Control(
        library=library, position=position, number=data["number"], source=data["source"],
        article=data.get("article", ""), confidence=data["confidence"],
        evidence_required=data.get("evidence_required", False), **texts,
    )  # fmt: skip


def _parsed(content: bytes) -> dict[str, Any]:
    """Return the library as it was checked, or raise Refused with all that is wrong."""
    try:
        data = yaml.safe_load(content)
    except yaml.YAMLError as fault:
        raise Refused(_("The file is no YAML: {fault}").format(fault=fault)) from None
    wrong = _faults(data)
    if wrong:
        raise Refused(_("The library can't be loaded: {faults}").format(faults="; ".join(wrong)))
    checked: dict[str, Any] = data
    return checked


def _faults(data: object) -> list[str]:
    if not isinstance(data, dict):
        return ["not a mapping"]
    wrong = [f"unknown key {key}" for key in sorted(map(str, data.keys() - _LIBRARY_KEYS))]
    if not isinstance(data.get("code"), str) or not data["code"]:
        wrong.append("code is missing")
    if data.get("trigger", "") not in Trigger.values:
        wrong.append(f"unknown trigger {data['trigger']}")
    days = data.get("days", 14)
    if not isinstance(days, int) or not 0 <= days <= 366:
        wrong.append("days is not a number up to 366")
    wrong += _text_faults(data, "name", "library", required=True)
    wrong += _text_faults(data, "summary", "library", required=False)
    controls = data.get("controls")
    if not isinstance(controls, list) or not controls:
        return [*wrong, "controls are missing"]
    return wrong + _control_faults(controls)


def _control_faults(controls: Sequence[object]) -> list[str]:
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
        elif number in seen:
            wrong.append(f"{number} stands there twice")
        seen.add(place)
        wrong += [f"{place}: unknown key {key}" for key in sorted(map(str, control.keys() - _CONTROL_KEYS))]
        wrong += _text_faults(control, "title", place, required=True)
        wrong += _text_faults(control, "text", place, required=True)
        wrong += _text_faults(control, "help", place, required=False)
        wrong += _text_faults(control, "evidence", place, required=bool(control.get("evidence_required")))
        if not isinstance(control.get("source"), str) or not control["source"]:
            wrong.append(f"{place}: source is missing")
        if not isinstance(control.get("article", ""), str):
            wrong.append(f"{place}: article is no text; put it in quotes")
        if control.get("confidence") not in Confidence.values:
            wrong.append(f"{place}: confidence is not one of V, S, M, P")
    return wrong


def _text_faults(data: Mapping[str, Any], field: str, place: str, *, required: bool) -> list[str]:
    """Say what is wrong with a text in two languages."""
    if field not in data and not required:
        return []
    text = data.get(field)
    if not isinstance(text, dict) or text.keys() != set(_LANGUAGES):
        return [f"{place}: {field} needs en and zh"]
    return [
        f"{place}: {field} is empty in {language}"
        for language in _LANGUAGES
        if not isinstance(text[language], str) or not text[language].strip()
    ]

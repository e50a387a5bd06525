"""Keeping libraries as versions: those that ship with the product, and those that people bring."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from compliance.models import Control, Library
from compliance.models.library import Origin
from compliance.rules.library_file import LANGUAGES, faults_of

FOLDER = Path(__file__).resolve().parents[1] / "libraries"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


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
    return keep_library(
        _parsed(content),
        sha256=hashlib.sha256(content).hexdigest(),
        origin=Origin.SHIPPED,
        actor=None,
        now=now,
    )


@transaction.atomic
def keep_library(
    data: Mapping[str, Any], *, sha256: str, origin: Origin, actor: User | None, now: datetime
) -> Loaded:
    """Keep a library that was checked as a new version, unless the newest was read from the same file.

    Leaves one event: `library.loaded` of what ships, `library.imported` of what a person brings. Where an import has
    a text in one language only, the other stays empty; what was told of when it applies stays.
    """
    versions = Library.objects.select_for_update().filter(code=data["code"]).order_by("-version")
    newest = versions.first()
    if newest is not None and newest.sha256 == sha256:
        return Loaded(newest, is_new=False)
    told = newest.applies if newest is not None and origin == Origin.IMPORTED else None
    library = Library.objects.create(
        code=data["code"], version=newest.version + 1 if newest else 1, sha256=sha256, loaded_at=now, origin=origin,
        name_en=data["name"].get("en", ""), name_zh=data["name"].get("zh", ""),
        summary_en=data.get("summary", {}).get("en", ""), summary_zh=data.get("summary", {}).get("zh", ""),
        trigger=data.get("trigger", ""), days=data.get("days", 14), applies=data.get("applies", told),
        framework=data.get("framework", data["code"]),
    )  # fmt: skip
    Control.objects.bulk_create(controls_of_file(data, library))
    trail.record(
        "library.loaded" if origin == Origin.SHIPPED else "library.imported", obj=library, actor=actor, now=now,
        data={"code": library.code, "version": library.version, "sha256": sha256, "count": len(data["controls"])},
    )  # fmt: skip
    return Loaded(library, is_new=True)


def controls_of_file(data: Mapping[str, Any], library: Library | None = None) -> list[Control]:
    """Return the controls of a checked file, not saved; without a library only to look at."""
    groups = {group["number"]: group["name"] for group in data.get("groups", [])}
    return [
        _control(library, position, {"source": data.get("source")} | control, groups)
        for position, control in enumerate(data["controls"], 1)
    ]


def _control(
    library: Library | None, position: int, data: Mapping[str, Any], groups: Mapping[str, Mapping[str, str]]
) -> Control:
    group = data.get("group", "")
    texts = {f"group_{language}": groups[group].get(language, "") if group else "" for language in LANGUAGES}
    texts |= {
        f"{field}_{language}": data.get(field, {}).get(language, "")
        for field in ("title", "text", "help", "evidence")
        for language in LANGUAGES
    }
    return Control(
        library=library, position=position, number=data["number"], source=data["source"],
        article=data.get("article", ""), confidence=data["confidence"],
        evidence_required=data.get("evidence_required", False), group=group,
        obligations=data.get("obligations", []), cadence=data.get("cadence", {}),
        mappings=data.get("mappings", []), **texts,
    )  # fmt: skip


def _parsed(content: bytes) -> dict[str, Any]:
    """Return the library as it was checked, or raise Refused with all that is wrong."""
    try:
        data = yaml.load(content, _LOADER)  # noqa: S506  (a safe loader, the fast one where there is one)
    except yaml.YAMLError as fault:
        raise Refused(_("The file is no YAML: {fault}").format(fault=fault)) from None
    wrong = faults_of(data)
    if wrong:
        raise Refused(_("The library can't be loaded: {faults}").format(faults="; ".join(wrong)))
    checked: dict[str, Any] = data
    return checked

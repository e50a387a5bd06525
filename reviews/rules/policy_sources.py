"""Where each setting of a policy comes from: law that was read, a second-hand account, memory, or our own default."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from reviews.rules.clocks import Procedure
from reviews.rules.policy_reading import PolicyFault, Reader
from reviews.rules.procedures import KEYS_OF

BOARD_SETTINGS = (
    "seats_minimum", "quorum", "composition", "threshold", "override", "ballot_days", "gates", "open_findings_block",
    "positions_hidden", "circulation", "validity_months", "continuing_months", "continuing_ahead_days",
    "expiry_notices", "ratification_days", "appeal_days", "question_days", "completeness_days", "conflicts",
    "declaration_months", "declaration_required", "overdue_conditions",
)  # fmt: skip
"""The settings that hold for every procedure, in the order in which people read them."""


class SourceMark(StrEnum):
    """How sure a source is: the text was read (V), second-hand (S), from memory (M), our own default (P)."""

    VERIFIED = "V"
    SECOND_HAND = "S"
    MEMORY = "M"
    DEFAULT = "P"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a setting comes from, in English and Chinese; only a verified one may be told as law."""

    text_en: str
    text_zh: str
    mark: SourceMark

    @property
    def is_law(self) -> bool:
        """Whether the text itself was read, so that it may be told as what the law says."""
        return self.mark == SourceMark.VERIFIED


def setting_paths() -> tuple[str, ...]:
    """Return the path of every setting of a policy: "quorum", "procedures.full.term"."""
    return (
        *BOARD_SETTINGS,
        *(f"procedures.{code.value}.{key}" for code in Procedure for key in KEYS_OF[code]),
    )


def settings_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the value of every setting of a policy's whole JSON under its path."""
    values = {path: content[path] for path in BOARD_SETTINGS}
    for code in Procedure:
        rules = content["procedures"][code.value]
        values |= {f"procedures.{code.value}.{key}": rules[key] for key in KEYS_OF[code]}
    return values


def changed_settings(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the paths of the settings that differ between two policies, each whole JSON."""
    old, new = settings_of(before), settings_of(after)
    return tuple(path for path in setting_paths() if old[path] != new[path])


def kept_sources(base: Mapping[str, Any], changed: Mapping[str, Any]) -> dict[str, Any]:
    """Return the sources of the base (whole JSON) whose settings weren't changed: a changed one has none any more."""
    lost = set(changed_settings(base, changed))
    return {path: source for path, source in base["sources"].items() if path not in lost}


def read_sources(read: Reader, data: Mapping[str, Any], paths: tuple[str, ...]) -> dict[str, Source]:
    """Read the sources under the paths of settings."""
    if "sources" not in data:
        return {}
    given = read.part(data, "sources")
    read.known(given, set(paths), "sources.")
    found = {}
    for path in paths:
        if path not in given:
            continue
        here, item = f"sources.{path}.", given[path]
        if not isinstance(item, Mapping):
            read.fault(here, PolicyFault.MISSING)
            continue
        read.known(item, {"text_en", "text_zh", "mark"}, here)
        found[path] = Source(
            text_en=read.text(item, "text_en", here),
            text_zh=read.text(item, "text_zh", here),
            mark=SourceMark(read.choice(item, "mark", SourceMark, here)),
        )
    return found


def sources_json(sources: Mapping[str, Source]) -> dict[str, Any]:
    """Return the sources as they are read."""
    return {
        path: {"text_en": source.text_en, "text_zh": source.text_zh, "mark": source.mark.value}
        for path, source in sources.items()
    }

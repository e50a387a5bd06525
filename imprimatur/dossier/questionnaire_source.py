"""A questionnaire as the data of its file: read from YAML text with lines, and written as YAML in a fixed order."""

from collections.abc import Mapping
from typing import Any

import yaml

from imprimatur.cards.located import Items, Table
from imprimatur.cards.plain_text import decoded
from imprimatur.cards.yaml_header import read_header

LARGEST = 512 * 1024  # bytes
_FLAGS = {"required", "files", "alone", "afresh"}
_ORDER = (
    "version", "topics", "key", "code", "title", "label", "text", "en", "zh", "help", "example", "type", "required",
    "files", "afresh", "unit", "minimum", "maximum", "places", "alone", "options", "columns", "question", "fact",
    "any_of", "when", "from", "model_card", "croissant", "safetensors", "questions",
)  # fmt: skip
_FLAG_WORDS = {"true": True, "false": False}


def read_source(data: bytes) -> Table:
    """Return what the YAML says, every value as text but the flags, with lines; raises CardFault with the line.

    Aliases, anchors, tags, duplicate keys, control characters, a second document and everything too large or nested
    too deep are refused.
    """
    table = read_header(decoded(data, LARGEST), 1)
    _read_flags(table)
    return table


def _read_flags(value: object) -> None:
    """Turn the flags of all mappings from text into true and false; other words stay, and are faults later."""
    if isinstance(value, Table):
        for key, inner in value.items():
            if key in _FLAGS and isinstance(inner, str):
                value[key] = _FLAG_WORDS.get(inner, inner)
            _read_flags(inner)
    elif isinstance(value, Items):
        for inner in value:
            _read_flags(inner)


def plain(value: Any) -> Any:  # noqa: ANN401  (whatever JSON can hold)
    """Return the same data as ordinary mappings and lists, in the order of a file; what is empty is left out."""
    if isinstance(value, Mapping):
        return {key: plain(value[key]) for key in sorted(value, key=_place) if not _is_nothing(value[key])}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


def _is_nothing(value: object) -> bool:
    """Say whether leaving the entry out means the same; a limit of 0 is something."""
    return value is None or value is False or (isinstance(value, str | list | Mapping) and not value)


def _place(key: str) -> tuple[int, str]:
    return (_ORDER.index(key) if key in _ORDER else len(_ORDER), key)


def to_yaml(content: Mapping[str, Any]) -> str:
    """Return the data as YAML; reading it gives the same data again."""
    return yaml.safe_dump(plain(content), allow_unicode=True, sort_keys=False, width=110)

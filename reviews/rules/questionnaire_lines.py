"""Options, conditions and places in files as lines of text, for the form in which a question is edited.

Options     partly | For some sources only | 仅部分来源 | alone
Conditions  opt_outs: partly, none        or        fact channel: api, open_weights
Files       model_card: license, license_name
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any


class WrongLine(ValueError):  # noqa: N818
    """A line isn't written as it should be; `number` counts from 1."""

    def __init__(self, number: int) -> None:
        super().__init__(f"line {number}")
        self.number = number


def options_of(text: str) -> list[dict[str, Any]]:
    """Return the options that the lines say; raises WrongLine."""
    found = []
    for number, line in _lines(text):
        code, *words = [part.strip() for part in line.split("|")]
        if len(words) not in {2, 3} or not code or (len(words) == 3 and words[2] != "alone"):
            raise WrongLine(number)
        option: dict[str, Any] = {"code": code, "label": {"en": words[0], "zh": words[1]}}
        found.append(option | ({"alone": True} if len(words) == 3 else {}))
    return found


def option_lines(options: Sequence[Mapping[str, Any]]) -> str:
    """Return the options as lines."""
    return "\n".join(
        " | ".join(
            [
                str(option.get("code", "")),
                *(str(option.get("label", {}).get(language, "")) for language in ("en", "zh")),
                *(["alone"] if option.get("alone") else []),
            ]
        )
        for option in options
    )


def conditions_of(text: str) -> list[dict[str, Any]]:
    """Return the conditions that the lines say; raises WrongLine."""
    found: list[dict[str, Any]] = []
    for number, name, codes in _named(text):
        about, _blank, key = name.rpartition(" ")
        if about.strip() not in {"", "fact"}:
            raise WrongLine(number)
        found.append({"fact" if about.strip() else "question": key, "any_of": codes})
    return found


def condition_lines(conditions: Sequence[Mapping[str, Any]]) -> str:
    """Return the conditions as lines."""
    return "\n".join(
        (f"fact {condition['fact']}" if "fact" in condition else str(condition.get("question", "")))
        + ": "
        + ", ".join(map(str, condition.get("any_of", [])))
        for condition in conditions
    )


def places_of(text: str) -> dict[str, list[str]]:
    """Return where files state the answer, as the lines say; raises WrongLine."""
    return {name: names for _number, name, names in _named(text)}


def place_lines(places: Mapping[str, Sequence[str]]) -> str:
    """Return the places in files as lines."""
    return "\n".join(f"{source}: {', '.join(names)}" for source, names in places.items())


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.replace("\r", "").split("\n"), 1):
        if line.strip():
            yield number, line.strip()


def _named(text: str) -> Iterator[tuple[int, str, list[str]]]:
    """Yield each `name: one, two` with its line; Croissant's names have a colon, so only the first parts."""
    for number, line in _lines(text):
        name, colon, rest = line.partition(":")
        names = [part.strip() for part in rest.split(",") if part.strip()]
        if not colon or not name.strip() or not names:
            raise WrongLine(number)
        yield number, name.strip(), names

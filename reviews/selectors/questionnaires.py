"""The versions of the questionnaire that this program ships, read once each."""

from functools import cache
from pathlib import Path

import yaml

from reviews.rules.questionnaire import Questionnaire
from reviews.rules.questionnaire_file import read_questionnaire

FOLDER = Path(__file__).resolve().parents[1] / "questionnaire"


class UnknownQuestionnaire(LookupError):  # noqa: N818
    """No questionnaire of this version is shipped: the data are newer than the program."""


def versions() -> list[str]:
    """Return the versions, oldest first; "2026-10" comes after "2026-9"."""
    return sorted((path.stem for path in FOLDER.glob("*.yaml")), key=_order)


def _order(version: str) -> tuple[int, int]:
    year, _dash, number = version.partition("-")
    return int(year), int(number)


def current() -> Questionnaire:
    """Return the version that new requests use."""
    return questionnaire(versions()[-1])


@cache
def questionnaire(version: str) -> Questionnaire:
    """Return the version; raises UnknownQuestionnaire."""
    if version not in versions():
        raise UnknownQuestionnaire(version)
    found = read_questionnaire(yaml.safe_load((FOLDER / f"{version}.yaml").read_text()))
    if found.version != version:
        raise UnknownQuestionnaire(f"{version}.yaml says that it is {found.version}")
    return found

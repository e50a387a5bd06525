"""The versions of the questionnaire: those that this program ships, and those that the organisation published."""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from reviews.models import QuestionnaireMark, QuestionnaireVersion
from reviews.rules.questionnaire import Questionnaire
from reviews.rules.questionnaire_file import read_questionnaire

FOLDER = Path(__file__).resolve().parents[1] / "questionnaire"


class UnknownQuestionnaire(LookupError):  # noqa: N818
    """No questionnaire of this version is shipped or was published: the data are newer than the program."""


def versions() -> list[str]:
    """Return the versions that are shipped, oldest first; "2026-10" comes after "2026-9"."""
    return sorted((path.stem for path in FOLDER.glob("*.yaml")), key=order)


def order(version: str) -> tuple[int, ...]:
    """Return what versions are sorted by: "2026-1" comes before "2026-1.1", which was made from it."""
    return tuple(int(number) for number in version.replace("-", ".").split("."))


def current() -> Questionnaire:
    """Return the newest version that is shipped."""
    return questionnaire(versions()[-1])


def in_use() -> Questionnaire:
    """Return the version for new requests: the one last taken for use, else the newest that is shipped."""
    last = QuestionnaireMark.objects.filter(kind="used").order_by("id").last()
    return questionnaire(last.version) if last else current()


def retired() -> set[str]:
    """Return the versions that were retired and not taken for use again since."""
    marks = QuestionnaireMark.objects.order_by("id").values_list("version", "kind")
    return {version for version, kind in dict(marks).items() if kind == "retired"}


@cache
def questionnaire(version: str) -> Questionnaire:
    """Return the version, which never changes; raises UnknownQuestionnaire."""
    found = read_questionnaire(content_of(version))
    if found.version != version:
        raise UnknownQuestionnaire(f"{version} says that it is {found.version}")
    return found


def content_of(version: str) -> dict[str, Any]:
    """Return the version as the data of a file; raises UnknownQuestionnaire."""
    if version in versions():
        shipped: dict[str, Any] = yaml.safe_load((FOLDER / f"{version}.yaml").read_text())
        return shipped
    row = QuestionnaireVersion.objects.filter(version=version).first()
    if row is None:
        raise UnknownQuestionnaire(version)
    own: dict[str, Any] = json.loads(bytes(row.content))
    return own


def digest_of_shipped(version: str) -> str:
    """Return the SHA-256 of the shipped file."""
    return hashlib.sha256((FOLDER / f"{version}.yaml").read_bytes()).hexdigest()

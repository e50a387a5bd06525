"""The versions of the questionnaire: those that this program ships, and those that the organisation published."""

import json
from functools import cache
from typing import Any

from imprimatur.dossier import shipped
from imprimatur.dossier.questionnaire import Questionnaire
from imprimatur.dossier.questionnaire_file import read_questionnaire
from reviews.models import QuestionnaireMark, QuestionnaireVersion


class UnknownQuestionnaire(LookupError):  # noqa: N818
    """No questionnaire of this version is shipped or was published: the data are newer than the program."""


def current() -> Questionnaire:
    """Return the newest version that is shipped."""
    return questionnaire(shipped.versions()[-1])


def in_use() -> Questionnaire:
    """Return the version for new requests: the one last taken for use, else the newest that is shipped."""
    last = QuestionnaireMark.objects.filter(kind="used").order_by("id").last()
    return questionnaire(last.version) if last else current()


def retired() -> set[str]:
    """Return the versions that were retired and not taken for use again since."""
    marks = QuestionnaireMark.objects.order_by("id").values_list("version", "kind")
    return {version for version, kind in dict(marks).items() if kind == "retired"}


def is_for_use(version: str) -> bool:
    """Say whether a new request may answer the version: it exists, and wasn't retired."""
    known = version in shipped.versions() or QuestionnaireVersion.objects.filter(version=version).exists()
    return known and version not in retired()


@cache
def questionnaire(version: str) -> Questionnaire:
    """Return the version, which never changes; raises UnknownQuestionnaire."""
    found = read_questionnaire(content_of(version))
    if found.version != version:
        raise UnknownQuestionnaire(f"{version} says that it is {found.version}")
    return found


def content_of(version: str) -> dict[str, Any]:
    """Return the version as the data of a file; raises UnknownQuestionnaire."""
    if version in shipped.versions():
        return shipped.content_of(version)
    row = QuestionnaireVersion.objects.filter(version=version).first()
    if row is None:
        raise UnknownQuestionnaire(version)
    own: dict[str, Any] = json.loads(bytes(row.content))
    return own

"""The versions of the questionnaire that come with the program."""

import hashlib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import yaml

from imprimatur.dossier.questionnaire import Questionnaire
from imprimatur.dossier.questionnaire_file import read_questionnaire

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def versions() -> list[str]:
    """Return the versions, oldest first; "2026-10" comes after "2026-9"."""
    names = (place.name for place in _folder().iterdir())
    return sorted((name.removesuffix(".yaml") for name in names if name.endswith(".yaml")), key=order)


def order(version: str) -> tuple[int, ...]:
    """Return what versions are sorted by: "2026-1" comes before "2026-1.1", which was made from it."""
    return tuple(int(number) for number in version.replace("-", ".").split("."))


def content_of(version: str) -> dict[str, Any]:
    """Return the version as the data of its file; raises FileNotFoundError for one that isn't shipped."""
    content: dict[str, Any] = yaml.load(_bytes(version), Loader=_LOADER)  # noqa: S506  (a safe one)
    return content


def digest_of(version: str) -> str:
    """Return the SHA-256 of the file."""
    return hashlib.sha256(_bytes(version)).hexdigest()


@cache
def questionnaire(version: str) -> Questionnaire:
    """Return a version; raises FileNotFoundError for one that isn't shipped."""
    return read_questionnaire(content_of(version))


def newest() -> Questionnaire:
    """Return the newest version."""
    return questionnaire(versions()[-1])


def _bytes(version: str) -> bytes:
    return _folder().joinpath(f"{version}.yaml").read_bytes()


def _folder() -> Traversable:
    return files("imprimatur.dossier").joinpath("questions")

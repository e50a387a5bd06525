"""The file that a command is about, and what it names: found from a folder or a file, with everything that it needs."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from imprimatur.cards.located import Table
from imprimatur.dossier.draft_file import NAME, Draft, DraftInvalid, in_lines, load, outside
from imprimatur.dossier.draft_reading import format_of, read_draft
from imprimatur.dossier.questionnaire import Questionnaire
from imprimatur.outcome import Refusal, Unclear


@dataclass(frozen=True, slots=True)
class Place:
    """An `imprimatur.yaml` that was found, as YAML."""

    file: Path
    table: Table

    @property
    def questionnaire(self) -> str:
        """Return the version of the questions that the file answers, "" for those in use."""
        value = self.table.get("questionnaire")
        return value.strip() if isinstance(value, str) else ""

    def read(self, questions: Questionnaire) -> Draft:
        """Return what the file says; raises Refusal with everything that is wrong with it."""
        try:
            return read_draft(self.table, questions)
        except DraftInvalid as fault:
            raise _refused(self.file, fault) from None

    def path(self, name: str) -> Path:
        """Return the place of a path that the file names."""
        return self.file.absolute().parent / name


def find_place(given: Path) -> Place:
    """Return the file that was named, or the one for a folder: inside or beside it, or where the command runs.

    Raises Unclear when there is none, Refusal when it isn't YAML of this kind.
    """
    file = given
    if given.is_dir():
        about = given.resolve()
        places = [Path(NAME), given / NAME, about.parent / NAME]
        found = [place for place in places if place.is_file() and _is_about(place, about)]
        if not found:
            raise Unclear(
                f"There is no {NAME} about {given}. Make one with imprimatur draft {given}, or name the file."
            )
        file = found[0]
    elif not given.is_file():
        raise Unclear(f"{given} is no file and no folder.")
    try:
        table = load(file.read_bytes())
        format_of(table)
    except DraftInvalid as fault:
        raise _refused(file, fault) from None
    return Place(file, table)


def check_paths(place: Place, draft: Draft) -> Path:
    """Return the folder of the model; raises Refusal naming every file that isn't there, or is in the wrong place."""
    folder = place.path(draft.folder)
    lacks = [
        _at(draft, "cards", f"{name} is no file") for name in draft.cards if not place.path(name).is_file()
    ]
    if not draft.folder or not folder.is_dir():
        lacks.insert(0, _at(draft, "folder", f"{draft.folder or 'an empty name'} is no folder"))
    for key, paths in draft.files.items():
        lacks += [
            _at(draft, f"files.{key}", f"{name} is no file with bytes in it")
            for name in paths
            if not place.path(name).is_file() or not place.path(name).stat().st_size
        ]
    if lacks:
        raise Refusal(f"{place.file} names what isn't there.{_joined(lacks)}", problems=lacks)
    if not outside(place.file.absolute(), folder):
        raise Refusal(
            f"{place.file} lies in the folder of the model, so it would be part of what is approved. Move it out, and "
            "correct the paths in it."
        )
    return folder


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_about(file: Path, folder: Path) -> bool:
    try:
        named = load(file.read_bytes()).get("folder")
    except DraftInvalid:
        return True  # what is wrong with it is told when it is read
    return isinstance(named, str) and (file.absolute().parent / named).resolve() == folder


def _refused(file: Path, fault: DraftInvalid) -> Refusal:
    return Refusal(
        f"{file} can't be used as it stands.{in_lines(fault)}",
        problems=[{"line": one.line, "sentence": one.sentence} for one in fault.problems],
    )


def _at(draft: Draft, name: str, sentence: str) -> str:
    line = draft.lines.get(name)
    return f"line {line}: {sentence}." if line else f"{name}: {sentence}."


def _joined(lacks: list[str]) -> str:
    return f" {lacks[0]}" if len(lacks) == 1 else "\n  ".join(["", *lacks])

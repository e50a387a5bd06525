"""What a draft says, brought to its request: answers that differ, files that aren't there yet, cards, the manifest."""

import hashlib
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote

from imprimatur.cards.safetensors_header import LARGEST_HEADER, LENGTH
from imprimatur.dossier.draft_file import Draft
from imprimatur.dossier.questionnaire import Questionnaire
from imprimatur.progress import Bar
from imprimatur.server import Answered, Server, key_of
from imprimatur.submitting.place import Place, digest_of


class Conflict(Exception):  # noqa: N818  (it's what somebody else wrote)
    """Somebody else changed an answer; what the file says was not sent. `numbers` are those of the questions."""

    def __init__(self, numbers: list[str]) -> None:
        super().__init__(", ".join(numbers))
        self.numbers = numbers


def send_answers(
    server: Server, reference: str, draft: Draft, dossier: Mapping[str, Any], questions: Questionnaire, *,
    me: int, overwrite: bool,
) -> list[str]:  # fmt: skip
    """Send the answers that differ from those on the server and return their questions.

    Raises Conflict, before anything is sent, for answers that another person wrote last, unless `overwrite`.
    """
    present = {one["question"]: one for one in dossier["answers"]}
    changed = [key for key, value in draft.answers.items() if value != _value(present.get(key))]
    theirs = [key for key in changed if _is_of_another(present.get(key), me)]
    if theirs and not overwrite:
        raise Conflict([_number(questions, key) for key in theirs])
    for key in changed:
        seen = present[key]["version"] if key in present else 0
        try:
            server.put(
                f"/requests/{reference}/answers/{quote(key)}", {"value": draft.answers[key]}, seen=seen
            )
        except Answered as fault:
            if fault.code == "stale":
                raise Conflict([_number(questions, key)]) from None
            raise
    return changed


def only_there(draft: Draft, dossier: Mapping[str, Any], questions: Questionnaire) -> list[str]:
    """Return the numbers of questions that are answered on the server, and not in the file."""
    keys = [
        one["question"] for one in dossier["answers"] if one["value"] and one["question"] not in draft.answers
    ]
    return [_number(questions, key) for key in keys]


def send_files(
    server: Server, reference: str, place: Place, draft: Draft, dossier: Mapping[str, Any], *, shown: bool
) -> list[str]:
    """Send the files that the answers don't have yet and return their names; a file of the same name is replaced."""
    sent: list[str] = []
    for key, names in draft.files.items():
        there = [one for one in dossier["files"] if one["question"] == key]
        for name in names:
            path = place.path(name)
            digest, size = digest_of(path), path.stat().st_size
            if any(one["name"] == path.name and one["sha256"] == digest for one in there):
                continue
            once = key_of(reference, key, path.name, digest, *(str(one["id"]) for one in there))
            target = f"/requests/{reference}/answers/{quote(key)}/files"
            with path.open("rb") as file, Bar(path.name, size, shown=shown) as bar:
                server.send(target, Told(file, bar), size, key=once, name=path.name)
            for old in there:
                if old["name"] == path.name:
                    server.delete(f"/requests/{reference}/files/{old['id']}")
            sent.append(name)
    return sent


def send_cards(server: Server, reference: str, place: Place, draft: Draft) -> list[dict[str, Any]]:
    """Send the cards, of weights the header only; return what the server made of each.

    Whom a card names as an author is kept with the version, so that they don't judge it.
    """
    told = []
    for name in draft.cards:
        path = place.path(name)
        content, whole = _beginning(path), path.stat().st_size
        key = key_of(reference, "card", path.name, hashlib.sha256(content).hexdigest(), str(whole))
        read = server.send(
            f"/requests/{reference}/cards", io.BytesIO(content), len(content), key=key, name=path.name,
            size=whole if whole != len(content) else None,
        )  # fmt: skip
        told.append({"name": name, "proposals": read["proposals"], "fault": read["fault"],
                     "authors": [one["name"] or one["email"] for one in read["authors"]]})  # fmt: skip
    return told


class Told(io.RawIOBase):
    """A file that tells a bar how much of it was read."""

    def __init__(self, file: BinaryIO, bar: Bar) -> None:
        super().__init__()
        self._file, self._bar = file, bar

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes."""
        data = self._file.read(size)
        self._bar.add(len(data))
        return data

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Go to a place, which counts as what is done."""
        self._bar.done = self._file.seek(offset, whence)
        return self._bar.done


def _beginning(path: Path) -> bytes:
    with path.open("rb") as file:
        if path.suffix != ".safetensors":
            return file.read()
        start = file.read(LENGTH)
        return start + file.read(min(int.from_bytes(start, "little"), LARGEST_HEADER))


def _value(answer: Mapping[str, Any] | None) -> object:
    return answer["value"] if answer else None


def _is_of_another(answer: Mapping[str, Any] | None, me: int) -> bool:
    return bool(answer and answer["value"] and answer["updated_by"] and answer["updated_by"]["id"] != me)


def _number(questions: Questionnaire, key: str) -> str:
    question = questions.question(key)
    return question.number if question else key

"""Filling in an `imprimatur.yaml` that a person has worked on: only what is empty, and nothing else is touched.

The text is changed line by line, so comments, order and quotation marks stay. After each change the text is read again
and must say what it said before and the new thing; a change that would do more isn't made.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from imprimatur.cards.located import Items, Node, Table, as_table
from imprimatur.dossier.draft_file import VERSION, DraftInvalid, load
from imprimatur.dossier.draft_text import Writing, answer_lines, manifest_lines, sources
from imprimatur.dossier.found import Source
from imprimatur.dossier.yaml_text import entry

Path = tuple[str, ...]
_REMARK = re.compile(r"[^#'\"]*:\s*(?:\"\"|''|\[\s*\]|~|null)?\s+(#.*)")


@dataclass(frozen=True, slots=True)
class Fill:
    """A thing to fill in: its path, and the lines of its entry."""

    path: Path
    lines: list[str]

    @property
    def name(self) -> str:
        """Return it as people read it: "answers.datasets"."""
        return ".".join(self.path)


@dataclass(frozen=True, slots=True)
class Merged:
    """The text after merging, what was filled in, and what was left because the text is written in another way."""

    text: str
    filled: tuple[str, ...]
    left: tuple[str, ...]


def merge(text: str, writing: Writing) -> Merged:
    """Fill in what is empty and what files state; raises DraftInvalid when the text can't be read."""
    table = load(text.encode())
    filled: list[str] = []
    left: list[str] = []
    for fill in _fills(table, writing):
        changed = _filled(text, fill)
        if changed is None:
            left.append(fill.name)
        else:
            text = changed
            filled.append(fill.name)
    return Merged(text, tuple(filled), tuple(left))


def _fills(table: Table, writing: Writing) -> Iterator[Fill]:
    """Yield what is empty in the file and stated elsewhere; the digest of the bytes is always the present one."""
    manifest = as_table(table.get("manifest"))
    if writing.bytes is not None and manifest.get("sha256") != writing.bytes.sha256:
        yield Fill(("manifest",), manifest_lines(writing.bytes))
    if _is_empty(table.get("model")) and writing.found.model is not None:
        yield Fill(("model",), entry("model", str(writing.found.model.value), 0))
    version = as_table(table.get("version"))
    for name in VERSION:
        fact = writing.found.fact(name)
        if fact is not None and _is_empty(version.get(name)):
            said = sources([Source(fact.file, fact.stated.place, "")], 2, writing.language)
            yield Fill(("version", name), [*said, *entry(name, fact.value, 2)])
    cards = table.get("cards")
    if _is_empty(cards) and writing.cards:
        yield Fill(("cards",), entry("cards", list(writing.cards), 0))
    answers = as_table(table.get("answers"))
    for answered in writing.found.answers:
        key = answered.question.key
        if answered.value is not None and _is_empty(answers.get(key)):
            yield Fill(("answers", key), answer_lines(answered.question, answered, 2, writing.language))


def _is_empty(value: Node) -> bool:
    return value is None or (isinstance(value, str | Items | Table) and not value)


def _filled(text: str, fill: Fill) -> str | None:
    """Return the text with the thing filled in, None when that would change anything else."""
    table = load(text.encode())
    holder = _holder(table, fill.path)
    if holder is None:
        return None
    lines, name = text.split("\n"), fill.path[-1]
    if name in holder:
        at = holder.lines[name] - 1
        end = _end(lines, at, holder[name])
        new = [*lines[:at], *_remark(lines[at]), *_moved(fill, _indent(lines[at])), *lines[end:]]
    elif len(fill.path) > 1:
        at = table.lines[fill.path[0]]
        first = min(holder.lines.values(), default=0)
        new = [*lines[:at], *_moved(fill, _indent(lines[first - 1]) if first else 2), *lines[at:]]
    else:
        new = [*lines, *fill.lines, ""]
    changed = "\n".join(new)
    try:
        found = load(changed.encode())
    except DraftInvalid:
        return None
    stays = _apart(found, fill.path)[0] == _apart(table, fill.path)[0]
    return changed if stays and _apart(found, fill.path)[1] else None


def _apart(table: Table, path: Path) -> tuple[dict[Path, object], list[object]]:
    """Return what the file says besides what stands at the path, and what it says there."""
    leaves = dict(_leaves(table))
    own = [value for place, value in leaves.items() if place[: len(path)] == path]
    return {place: value for place, value in leaves.items() if place[: len(path)] != path}, own


def _remark(line: str) -> list[str]:
    """Return what a person remarked behind an empty entry, as a line of its own."""
    remark = _REMARK.fullmatch(line)
    return [" " * _indent(line) + remark[1]] if remark else []


def _moved(fill: Fill, indent: int) -> list[str]:
    """Return the lines indented as their neighbours are."""
    by = indent - (2 if len(fill.path) > 1 else 0)
    if by < 0:
        return [line[-by:] if line.startswith(" " * -by) else line for line in fill.lines]
    return [" " * by + line if line else line for line in fill.lines]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _holder(table: Table, path: Path) -> Table | None:
    """Return the mapping in which the last part of the path stands or would stand, None when it is no mapping."""
    if len(path) == 1:
        return table
    if path[0] not in table:
        return None
    value = table[path[0]]
    return value if isinstance(value, Table) else Table() if value is None else None


def _end(lines: list[str], at: int, value: Node) -> int:
    """Return the line after the entry that begins on a line: the next one, or the first that isn't indented deeper."""
    end = at + 1
    if _is_empty(value):
        return end
    while end < len(lines) and lines[end].strip() and _indent(lines[end]) > _indent(lines[at]):
        end += 1
    return end


def _leaves(value: object, path: Path = ()) -> Iterable[tuple[Path, object]]:
    """Yield each text with its path; what is empty says nothing, so it isn't told."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _leaves(inner, (*path, str(number)))
    elif value:
        yield path, value

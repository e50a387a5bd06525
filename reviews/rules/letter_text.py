"""Texts of letters: Markdown with named placeholders and blocks that fall away when there is nothing to say.

`{name}` stands for a value, `{begin name}` and `{end name}`, each alone on a line, hold what is printed only when the
value isn't empty, and `## Title` begins a section. Nothing else is understood, so no text can compute anything.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum

from reviews.rules.letter_kinds import PLACEHOLDERS, LetterKind, Placeholder

LONGEST = 20_000  # characters
_NAMED = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_EDGE = re.compile(r"^\{(begin|end) ([a-z][a-z0-9_]*)\}$")
_HTML = re.compile(r"<(?:/?[A-Za-z][^>]*|!--|!\[CDATA\[|\?)|&(?:#\d+|#[xX][0-9A-Fa-f]+|[A-Za-z]+);")
_PICTURE = re.compile(r"!\[")
_ADDRESS = re.compile(r"\]\(\s*<?\s*(?!https?://|mailto:)[^)]*|^\s{0,3}\[[^\]]+\]:", re.IGNORECASE)
_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~!&{}])")
_SPACE = re.compile(r"[ \t\r\n]+")  # a space that doesn't break stays
_AT_THE_START = re.compile(r"^(\d*)([-+=:.)])")


class FaultCode(StrEnum):
    """What is wrong with a text; the words for it stand above."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    UNKNOWN = "unknown"
    BRACE = "brace"
    NOT_ALONE = "not_alone"
    NEEDS_BLOCK = "needs_block"
    NEVER_EMPTY = "never_empty"
    NESTED = "nested"
    NOT_CLOSED = "not_closed"
    NOT_OPENED = "not_opened"
    TWICE = "twice"
    MISSING = "missing"
    HTML = "html"
    PICTURE = "picture"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a text is wrong (`line` from 1; 0: as a whole), which name it is about, and what may have been meant."""

    code: FaultCode
    line: int = 0
    name: str = ""
    meant: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a section: "text" and "passage" are Markdown, anything else is the name of a list or table."""

    kind: str
    text: str = ""


@dataclass(slots=True)
class Section:
    """A section with its title, plain; the first one may have none."""

    title: str
    pieces: list[Piece] = field(default_factory=list)


def tidied(content: str) -> str:
    """Return the text as it is kept: newlines as LF, no space at the ends of lines, one newline at the end."""
    lines = [line.rstrip() for line in content.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return "\n".join(lines).strip("\n") + "\n" if any(lines) else ""


def faults_of(content: str, kind: LetterKind) -> list[Fault]:
    """Return everything that speaks against the text as one of this kind, by line; none: it can be used."""
    if not content.strip():
        return [Fault(FaultCode.EMPTY)]
    if len(content) > LONGEST:
        return [Fault(FaultCode.TOO_LONG)]
    known = PLACEHOLDERS[kind]
    named: list[str] = []
    found: list[Fault] = []
    inside, opened_at = "", 0
    for number, line in enumerate(content.split("\n"), 1):
        found += _dangers(line, number)
        edge = _EDGE.match(line.strip())
        if edge:
            found += _faults_of_edge(edge[1], edge[2], inside, number, known)
            inside, opened_at = (edge[2], number) if edge[1] == "begin" else ("", 0)
            continue
        found += _faults_of_line(line, number, inside, known, named)
        named += [name for name in _NAMED.findall(line) if name in known]
    if inside:
        found.append(Fault(FaultCode.NOT_CLOSED, opened_at, inside))
    found += [
        Fault(FaultCode.MISSING, 0, name) for name, about in known.items() if about.must and name not in named
    ]
    return found


def _dangers(line: str, number: int) -> Iterator[Fault]:
    if html := _HTML.search(line):
        yield Fault(FaultCode.HTML, number, html[0][:40])
    if _PICTURE.search(line):
        yield Fault(FaultCode.PICTURE, number)
    if _ADDRESS.search(line):
        yield Fault(FaultCode.ADDRESS, number)


def _faults_of_edge(
    which: str, name: str, inside: str, number: int, known: Mapping[str, Placeholder]
) -> Iterator[Fault]:
    if name not in known:
        yield _unknown(name, number, known)
    elif not known[name].maybe:
        yield Fault(FaultCode.NEVER_EMPTY, number, name)
    if which == "begin" and inside:
        yield Fault(FaultCode.NESTED, number, inside)
    if which == "end" and inside != name:
        yield Fault(FaultCode.NOT_OPENED, number, name)


def _faults_of_line(
    line: str, number: int, inside: str, known: Mapping[str, Placeholder], named: Collection[str]
) -> Iterator[Fault]:
    rest = _NAMED.sub("", line)
    if "{" in rest or "}" in rest:
        yield Fault(FaultCode.BRACE, number)
    for name in _NAMED.findall(line):
        about = known.get(name)
        if about is None:
            yield _unknown(name, number, known)
            continue
        if about.form.stands_alone and line.strip() != f"{{{name}}}":
            yield Fault(FaultCode.NOT_ALONE, number, name)
        if about.form.stands_alone and name in named:
            yield Fault(FaultCode.TWICE, number, name)
        if about.maybe and inside != name:
            yield Fault(FaultCode.NEEDS_BLOCK, number, name)


def _unknown(name: str, number: int, known: Mapping[str, Placeholder]) -> Fault:
    near = get_close_matches(name, known, n=1, cutoff=0.75)
    return Fault(FaultCode.UNKNOWN, number, name, near[0] if near else "")


def filled(content: str, kind: LetterKind, values: Mapping[str, str], full: Collection[str]) -> list[Section]:
    """Return the sections of a text that has no faults, with its values; sections that say nothing fall away.

    `values`: words, days and moments as they are read, passages as Markdown. `full`: the lists and tables that have
    something in them. Values can't bring markup with them, except for passages.
    """
    sections = [Section("")]
    lines: list[str] = []

    def end_of_text() -> None:
        if text := "\n".join(lines).strip():
            sections[-1].pieces.append(Piece("text", text))
        lines.clear()

    for line in _lines_that_stay(content, values, full):
        if line.startswith("## "):
            end_of_text()
            sections.append(Section(_with_values(line[3:].strip(), values, plain=True)))
            continue
        alone = _NAMED.fullmatch(line.strip())
        about = PLACEHOLDERS[kind].get(alone[1]) if alone else None
        if alone is None or about is None or not about.form.stands_alone:
            lines.append(_with_values(line, values, plain=False))
            continue
        end_of_text()
        name = alone[1]
        if name in full:
            sections[-1].pieces.append(Piece(name))
        elif values.get(name, "").strip():
            sections[-1].pieces.append(Piece("passage", values[name].strip()))
    end_of_text()
    return [section for section in sections if section.pieces]


def frame_of(content: str, values: Mapping[str, str]) -> tuple[str, str]:
    """Return what stands before and after the items of minutes, as Markdown, from a text of the kind MINUTES."""
    lines = [_with_values(line, values, plain=False) for line in _lines_that_stay(content, values, ())]
    at = next((place for place, line in enumerate(lines) if line.strip() == "{items}"), len(lines))
    return "\n".join(lines[:at]).strip(), "\n".join(lines[at + 1 :]).strip()


def _lines_that_stay(content: str, values: Mapping[str, str], full: Collection[str]) -> Iterator[str]:
    """Yield the lines, without the edges of blocks and without the blocks that have nothing to say."""
    keep = True
    for line in content.split("\n"):
        edge = _EDGE.match(line.strip())
        if edge:
            keep = edge[1] == "end" or edge[2] in full or bool(values.get(edge[2], "").strip())
        elif keep:
            yield line


def _with_values(line: str, values: Mapping[str, str], *, plain: bool) -> str:
    def value(match: re.Match[str]) -> str:
        words = _SPACE.sub(" ", values[match[1]]).strip() if match[1] in values else match[0]
        return words if plain or match[1] not in values else escaped(words)

    return _NAMED.sub(value, line)


def escaped(words: str) -> str:
    """Return words that a person gave so that Markdown shows them as they are."""
    shown = _SPECIAL.sub(r"\\\1", words)
    return _AT_THE_START.sub(r"\1\\\2", shown)

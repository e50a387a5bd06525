r"""The manifest of a model: the digests of its files as `sha256sum` text, sorted by path, and their digest.

The canonical text has one line for each file, `<64 lower-case hex digits><two spaces><path>` and a line feed, sorted
by the bytes of the path in UTF-8. Its SHA-256 is the digest of the model; it equals in-toto's `dirHash1` and

    find . -type f | cut -c3- | LC_ALL=C sort | tr '\n' '\0' | xargs -0 -r sha256sum | sha256sum

Standard library only, because whoever checks a release must be able to read this file.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

MOST_PROBLEMS = 100


class Reason(StrEnum):
    """Why a line, or the text as a whole, is refused."""

    EMPTY = "empty"
    NOT_UTF8 = "not_utf8"
    BYTE_ORDER_MARK = "byte_order_mark"
    CARRIAGE_RETURN = "carriage_return"
    BLANK_LINE = "blank_line"
    UPPER_CASE = "upper_case"
    BINARY_MARK = "binary_mark"
    ESCAPED_NAME = "escaped_name"
    NOT_A_LINE = "not_a_line"
    CONTROL_CHARACTER = "control_character"
    ABSOLUTE_PATH = "absolute_path"
    LEAVES_FOLDER = "leaves_folder"
    UNCLEAN_PATH = "unclean_path"
    DUPLICATE = "duplicate"
    FILE_AND_FOLDER = "file_and_folder"


EXPLANATIONS = {
    Reason.EMPTY: "there is no file in it",
    Reason.NOT_UTF8: "the text is not UTF-8",
    Reason.BYTE_ORDER_MARK: "the text begins with a byte order mark; save it without",
    Reason.CARRIAGE_RETURN: "the line ends with a carriage return; save the text with line feeds only",
    Reason.BLANK_LINE: "the line is empty",
    Reason.UPPER_CASE: "the digest has upper-case letters; sha256sum writes lower case",
    Reason.BINARY_MARK: "the * of binary mode stands before the name; run sha256sum without -b",
    Reason.ESCAPED_NAME: "the name has a backslash or a line feed; rename the file",
    Reason.NOT_A_LINE: "expected 64 hexadecimal digits, two spaces and a path",
    Reason.CONTROL_CHARACTER: "the name has a control character; rename the file",
    Reason.ABSOLUTE_PATH: "the path is absolute; run sha256sum inside the folder",
    Reason.LEAVES_FOLDER: "the path leaves the folder",
    Reason.UNCLEAN_PATH: "the path has an empty part or a single dot; write it without",
    Reason.DUPLICATE: "the path stands on an earlier line already",
    Reason.FILE_AND_FOLDER: "the path is a file here and a folder on another line",
}


class Problem(NamedTuple):
    """What is wrong with a line; line 0 is the text as a whole."""

    line: int
    reason: Reason

    def __str__(self) -> str:
        where = f"line {self.line}: " if self.line else ""
        return where + EXPLANATIONS[self.reason]


class ManifestInvalid(ValueError):  # noqa: N818  (it's an answer about somebody's text)
    """The text is no manifest; `problems` has the first hundred, `count` how many there are."""

    def __init__(self, problems: list[Problem], count: int) -> None:
        super().__init__("; ".join(str(problem) for problem in problems[:3]))
        self.problems = problems
        self.count = count


@dataclass(frozen=True, slots=True)
class Manifest:
    """The files of a model, sorted by path: forward slashes, relative to the folder; SHA-256 in lower-case hex."""

    files: Mapping[str, str]

    def render(self) -> bytes:
        """Return the canonical text."""
        return _text(self.files)

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the canonical text, in lower-case hex: the identity of the model."""
        return hashlib.sha256(self.render()).hexdigest()

    def __len__(self) -> int:
        return len(self.files)


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed from one manifest to another; paths, sorted."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]


def of(files: Mapping[str, str]) -> Manifest:
    """Return the manifest of these files (path to digest); raises ManifestInvalid, lines in the order given."""
    return parse(_text(files))


def parse(data: bytes) -> Manifest:
    """Read `sha256sum` text in any order of lines; a last line without its line feed counts.

    Raises ManifestInvalid with the number and the reason of each line that is wrong.
    """
    text = _decoded(data)
    lines = text.removesuffix("\n").split("\n") if text else []
    found = _read_at_once(text, len(lines))
    problems = [] if found else list(_read(lines, found))
    if not problems and not found:
        problems = [Problem(0, Reason.EMPTY)]
    if not problems:
        problems = list(_folders_that_are_files(lines, found))
    if problems:
        raise ManifestInvalid(problems[:MOST_PROBLEMS], len(problems))
    return Manifest({path: found[path] for path in sorted(found)})  # code points sort as their UTF-8 does


def compare(old: Manifest, new: Manifest) -> Difference:
    """Return which files were added, removed and changed."""
    before, after = old.files, new.files
    return Difference(
        added=tuple(path for path in after if path not in before),
        removed=tuple(path for path in before if path not in after),
        changed=tuple(path for path, sha256 in after.items() if before.get(path, sha256) != sha256),
    )


_LINE = re.compile(r"([0-9a-f]{64})  ([^\x00-\x1f\x7f\\/][^\x00-\x1f\x7f\\]*)")
_LINES = re.compile(rf"^{_LINE.pattern}$", re.MULTILINE)
_ODD_PART = re.compile(r"(?:^|/)\.{0,2}(?:/|$)")
_PERHAPS_ODD_PART = re.compile(r"(?:  |/)\.{0,2}(?:/|$)", re.MULTILINE)
_SHAPE = re.compile(r"[0-9a-fA-F]{64} [ *].", re.DOTALL)


def _text(files: Mapping[str, str]) -> bytes:
    return "".join(f"{sha256}  {path}\n" for path, sha256 in files.items()).encode()


def _decoded(data: bytes) -> str:
    try:
        text = data.decode()
    except UnicodeDecodeError as fault:
        raise ManifestInvalid([Problem(data.count(b"\n", 0, fault.start) + 1, Reason.NOT_UTF8)], 1) from None
    if text.startswith("\ufeff"):
        raise ManifestInvalid([Problem(1, Reason.BYTE_ORDER_MARK)], 1)
    return text


def _read_at_once(text: str, count: int) -> dict[str, str]:
    """Return the files when every line is surely right, otherwise nothing: a million lines take seconds one by one."""
    if _PERHAPS_ODD_PART.search(text):
        return {}
    found = {path: sha256 for sha256, path in _LINES.findall(text)}
    return found if len(found) == count else {}


def _read(lines: list[str], found: dict[str, str]) -> Iterator[Problem]:
    """Fill in `found` from the lines that are right, and yield what is wrong with the others."""
    for number, line in enumerate(lines, 1):
        match = _LINE.fullmatch(line)
        if match is None or _ODD_PART.search(match[2]):
            yield Problem(number, _why(line))
        elif match[2] in found:
            yield Problem(number, Reason.DUPLICATE)
        else:
            found[match[2]] = match[1]


def _why(line: str) -> Reason:
    """Name the first thing that is wrong with a line that is no line of a manifest."""
    if not line:
        return Reason.BLANK_LINE
    if line.endswith("\r"):
        return Reason.CARRIAGE_RETURN
    if line.startswith("\\"):
        return Reason.ESCAPED_NAME
    if not _SHAPE.match(line):
        return Reason.NOT_A_LINE
    digest, mark, path = line[:64], line[65], line[66:]
    if digest != digest.lower():
        return Reason.UPPER_CASE
    if mark == "*":
        return Reason.BINARY_MARK
    return _why_not_path(path)


def _why_not_path(path: str) -> Reason:
    if "\\" in path:
        return Reason.ESCAPED_NAME
    if any(ord(sign) < 32 or ord(sign) == 127 for sign in path):
        return Reason.CONTROL_CHARACTER
    if path.startswith("/"):
        return Reason.ABSOLUTE_PATH
    return Reason.LEAVES_FOLDER if ".." in path.split("/") else Reason.UNCLEAN_PATH


def _folders_that_are_files(lines: list[str], found: dict[str, str]) -> Iterator[Problem]:
    """Yield the lines whose path is a folder of another line's path: no file system has both."""
    folders: set[str] = set()
    for path in found:
        folder = path.rpartition("/")[0]
        while folder and folder not in folders:
            folders.add(folder)
            folder = folder.rpartition("/")[0]
    if folders.isdisjoint(found):
        return
    for number, line in enumerate(lines, 1):
        if line[66:] in folders:
            yield Problem(number, Reason.FILE_AND_FOLDER)

"""Puts PDFs one behind the other, strangers' among them, in a process of its own with limits on time and memory.

Run as `python -m records.press.joining`: a line of JSON (what to do, and the sizes of the files) and then the files on
standard input; a line of JSON and then the joined PDF on standard output. Only pages travel: no scripts, no forms, no
embedded files, no links but to addresses of the web.
"""

import io
import json
import resource
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf

Node = Any  # pages and objects of a PDF: what a key leads to is known at run time only
SECONDS, MEMORY = 120, 3_000_000_000  # of the processor, and bytes of address space
_HOME = Path(__file__).resolve().parents[2]
_KEPT_NOTES = {
    "/Link",
    "/Widget",
    "/Highlight",
    "/Underline",
    "/StrikeOut",
    "/FreeText",
    "/Text",
    "/Stamp",
    "/Ink",
}
_STAMP = (170.0, 16.0)  # points: how large a stamp is printed


class NotJoined(Exception):  # noqa: N818
    """The files can't be joined within the limits."""


@dataclass(frozen=True, slots=True)
class Joined:
    """A file among those that are joined: `title` for the bookmark, `level` from 0 for its place among them."""

    title: str
    level: int
    content: bytes


def pages_of(files: Sequence[bytes]) -> list[int]:
    """Return how many pages each file has; 0 for one that is broken, encrypted, or too much for the limits."""
    try:
        head, _rest = _apart({"do": "count"}, files)
    except NotJoined:  # one that eats all time and memory takes the others' along: each for itself then
        return [0] if len(files) < 2 else [pages_of([file])[0] for file in files]
    return [int(number) for number in head["pages"]]


def join(files: Sequence[Joined], stamps: bytes, *, title: str, language: str) -> bytes:
    """Return all pages as one PDF with bookmarks; each page of `stamps` is laid on the page of the same number.

    Raises NotJoined, also when a file turns out to be broken: look with `pages_of` first.
    """
    marks = [{"title": file.title, "level": file.level} for file in files]
    asked = {"do": "join", "marks": marks, "title": title, "language": language}
    return _apart(asked, [*(file.content for file in files), stamps])[1]


def _apart(asked: dict[str, Any], files: Sequence[bytes]) -> tuple[dict[str, Any], bytes]:
    head = json.dumps({**asked, "sizes": [len(file) for file in files]}).encode()
    try:
        done = subprocess.run(
            [sys.executable, "-m", "records.press.joining"], input=b"\n".join([head, b"".join(files)]),
            capture_output=True, timeout=SECONDS * 2, cwd=_HOME, check=True,
        )  # fmt: skip
    except subprocess.SubprocessError as fault:
        raise NotJoined(str(fault)) from fault
    answer, _newline, rest = done.stdout.partition(b"\n")
    return json.loads(answer), rest


def _main() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    asked = json.loads(sys.stdin.buffer.readline())
    files = [sys.stdin.buffer.read(size) for size in asked["sizes"]]
    if asked["do"] == "count":
        answer, content = {"pages": [_count(file) for file in files]}, b""
    else:
        answer, content = {}, _joined(asked, files)
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + content)


def _count(file: bytes) -> int:
    try:
        with pikepdf.open(io.BytesIO(file)) as pdf:
            pdf.save(io.BytesIO())  # a page that can't be read shows here, and not when all others are joined
            for page in pdf.pages:  # nor one that can't be disarmed or stamped
                _disarm(page)
                _corner(page)
            return 0 if pdf.is_encrypted else len(pdf.pages)
    except Exception:  # noqa: BLE001  (strangers' files break in ways that no list is complete of)
        return 0


def _joined(asked: dict[str, Any], files: list[bytes]) -> bytes:
    whole = pikepdf.new()
    starts: list[int] = []
    for file in files[:-1]:
        starts.append(len(whole.pages))
        with pikepdf.open(io.BytesIO(file)) as pdf:
            whole.pages.extend(pdf.pages)
    for page in whole.pages:
        _disarm(page)
    _stamp(whole, files[-1])
    _add_bookmarks(whole, asked["marks"], starts)
    whole.Root.Lang = pikepdf.String(asked["language"])
    whole.docinfo["/Title"] = pikepdf.String(asked["title"])
    target = io.BytesIO()
    whole.remove_unreferenced_resources()
    whole.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return target.getvalue()


def _disarm(page: Node) -> None:
    """Leave nothing on a page that acts, or that points into the file that it came from."""
    for key in ("/AA", "/StructParents", "/B", "/Trans", "/AF"):
        if key in page.obj:
            del page.obj[key]
    kept = pikepdf.Array()
    for note in page.obj.get("/Annots", pikepdf.Array()):
        if str(note.get("/Subtype", "")) not in _KEPT_NOTES:
            continue
        action = note.get("/A")
        is_address = action is not None and action.get("/S") == pikepdf.Name.URI
        if str(note.get("/Subtype")) == "/Link" and not is_address:
            continue
        for key in ("/AA", "/Dest", "/StructParent", "/Parent", "/Popup", *(() if is_address else ("/A",))):
            if key in note:
                del note[key]
        if is_address and "/Next" in action:
            del action["/Next"]
        kept.append(note)
    if "/Annots" in page.obj:
        page.obj.Annots = kept


def _stamp(whole: Node, stamps: bytes) -> None:
    """Lay a number on every page, in its lower right corner, whatever its size and rotation."""
    with pikepdf.open(io.BytesIO(stamps)) as numbers:
        for page, number in zip(whole.pages, numbers.pages, strict=True):
            page.add_overlay(number, pikepdf.Rectangle(*_corner(page)))


def _corner(page: Node) -> tuple[float, float, float, float]:
    """Return where the number goes; a rotation that isn't by quarters, which viewers ignore, counts as none."""
    left, bottom, right, top = (float(edge) for edge in page.cropbox)
    wide, high = _STAMP
    corners = {
        90: (right - 8 - high, top - wide - 12, right - 8, top - 12),
        180: (left + 12, top - 8 - high, left + 12 + wide, top - 8),
        270: (left + 8, bottom + 12, left + 8 + high, bottom + 12 + wide),
    }
    upright = (right - wide - 12, bottom + 8, right - 12, bottom + 8 + high)
    return corners.get(int(page.obj.get("/Rotate", 0)) % 360, upright)


def _add_bookmarks(whole: Node, marks: list[dict[str, Any]], starts: list[int]) -> None:
    with whole.open_outline() as outline:
        above: list[list[Any]] = [outline.root]
        for mark, start in zip(marks, starts, strict=True):
            item = pikepdf.OutlineItem(mark["title"], start)
            level = min(mark["level"], len(above) - 1)
            above[level].append(item)
            del above[level + 1 :]
            above.append(item.children)


if __name__ == "__main__":
    _main()

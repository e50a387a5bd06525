"""Markdown cut at its headings, with lines; fenced code and comments hold no headings, and comments are left out.

One pass over the lines, so that no text is slow.
"""

import re
from dataclasses import dataclass, field

from imprimatur.cards.stated import CardFault, Place, Reason

MOST_SECTIONS = 5000
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")
_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*))?")
_UNDERLINE = re.compile(r" {0,3}(=+|-{2,})[ \t]*")
_NO_PARAGRAPH = re.compile(r"\s*(?:[-*+>|#<]|\d+[.)]\s|`{3}|~{3})")


@dataclass(slots=True)
class Section:
    """A heading with what follows until the next one; level 0 is what stands before the first. Lines from 1."""

    level: int
    title: str
    line: int
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return what stands below the heading, without blank lines around it."""
        return "\n".join(self.lines).strip("\n").rstrip()


def sections_of(lines: list[str], first_line: int) -> tuple[list[Section], int]:
    """Return the sections, and the line of a comment that never ends (0: none does); raises CardFault."""
    found = [Section(0, "", first_line)]
    reader = _Lines()
    for number, raw in enumerate(lines, first_line):
        line, is_code = reader.take(raw, number)
        heading = _HEADING.fullmatch(line) if "#" in line and not is_code else None
        if heading is not None:
            found.append(Section(len(heading[1]), _title(heading[2] or ""), number))
        elif not is_code and (level := _underlines(line, found[-1].lines)):
            title = found[-1].lines.pop()
            found.append(Section(level, _title(title), number - 1))
        else:
            found[-1].lines.append(line)
        if len(found) > MOST_SECTIONS:
            raise CardFault(Place(number), Reason.TOO_MANY, limit=MOST_SECTIONS)
    return found, reader.comment


class _Lines:
    """Knows whether a fence or a comment is open; `comment` is the line on which the open one begins, 0 for none."""

    def __init__(self) -> None:
        self.fence = ""
        self.comment = 0

    def take(self, line: str, number: int) -> tuple[str, bool]:
        """Return the line without what is commented out, and whether it is code."""
        if not self.comment:
            self.fence, is_code = _fence_after(line, self.fence)
            if is_code or "<!--" not in line:
                return line, is_code
        return self._uncommented(line, number), False

    def _uncommented(self, line: str, number: int) -> str:
        kept, at = [], 0
        while at < len(line):
            mark = "-->" if self.comment else "<!--"
            ends = line.find(mark, at)
            if not self.comment:
                kept.append(line[at:] if ends < 0 else line[at:ends])
            if ends < 0:
                break
            at = ends + len(mark)
            self.comment = 0 if self.comment else number
        return "".join(kept)


def _fence_after(line: str, fence: str) -> tuple[str, bool]:
    """Return the fence that is open after the line, and whether the line belongs to code."""
    match = _FENCE.fullmatch(line) if "```" in line or "~~~" in line else None
    if not fence:
        opens = match is not None and not (match[1][0] == "`" and "`" in match[2])
        return (match[1] if match and opens else ""), opens
    closes = match is not None and match[1].startswith(fence) and not match[2].strip()
    return ("" if closes else fence), True


def _underlines(line: str, before: list[str]) -> int:
    """Return the level of the heading that the line underlines, 0 when it underlines none."""
    match = _UNDERLINE.fullmatch(line) if "--" in line or "=" in line else None
    if match is None or not before or not before[-1].strip() or _NO_PARAGRAPH.match(before[-1]):
        return 0
    if len(before) > 1 and before[-2].strip():
        return 0
    return 1 if match[1][0] == "=" else 2


def _title(text: str) -> str:
    """Return the words of a heading without its closing number signs."""
    text = text.strip()
    bare = text.rstrip("#")
    return bare.rstrip() if bare != text and bare[-1:] in {"", " ", "\t"} else text

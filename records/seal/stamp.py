"""What stands in the box of a signature: lines of text in the record fonts, each font cut down to its letters.

A letter that no record font has refuses the stamp and is named, before anything is written. pyHanko's own stamps have
one Latin font and silently drop a Chinese name.
"""

import io
import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import uharfbuzz as hb
from django.utils.translation import gettext as _
from pyhanko.pdf_utils.content import ResourceType
from pyhanko.pdf_utils.font.opentype import GlyphAccumulator
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.stamp import BaseStamp, BaseStampStyle

from records.press.glyphs import FONTS, Unprintable, missing, named, printed
from records.seal.lines import LOOKS, Line

_OTHERS = (
    "RecordSerif-Regular",
    "RecordSong-Regular",
    "RecordMarks-Regular",
    "RecordSans-Regular",
    "RecordHei-Regular",
)
_GAP, _TOP = 1.5, 3.0  # points between two kinds of lines, and above the first
_SMALLEST = 0.5  # of the intended size


def refuse_unprintable(lines: Sequence[Line]) -> None:
    """Raise Unprintable naming every letter of the lines that no record font has."""
    if letters := missing("".join(line.text for line in lines)):
        raise Unprintable(
            _("The record fonts have no glyph for: {characters}.").format(characters=named(letters))
        )


@dataclass(frozen=True)
class StampStyle(BaseStampStyle):
    """Hands the lines over to pyHanko, which makes a stamp of them in the box of the field."""

    border_width: int = 0
    lines: tuple[Line, ...] = ()

    def create_stamp(
        self,
        writer: BasePdfFileWriter,
        box: BoxConstraints,
        text_params: dict[str, Any],  # noqa: ARG002
    ) -> BaseStamp:
        """Return the stamp."""
        return _RecordStamp(writer, self, box)


class _RecordStamp(BaseStamp):
    """Draws the lines from the top of the box, smaller when they would not fit."""

    def _render_inner_content(self) -> list[bytes]:
        lines, wide, high = self.style.lines, float(self.box.width), float(self.box.height)
        scale = 1.0
        while _height(broken := list(_broken(lines, wide, scale)), scale) > high and scale > _SMALLEST:
            scale -= 0.04
        return [*self._drawn(broken, scale, high)]

    def _drawn(self, lines: list[Line], scale: float, high: float) -> Iterator[bytes]:
        engines: dict[tuple[str, float], GlyphAccumulator] = {}
        runs = [(line, list(_runs(line))) for line in lines]
        letters: dict[tuple[str, float], set[str]] = {}
        for line, parts in runs:
            for font, text in parts:
                letters.setdefault((font, LOOKS[line.look].size * scale), set()).update(text)
        for place, ((font, size), wanted) in enumerate(sorted(letters.items())):
            engine = engines[font, size] = GlyphAccumulator(
                self._ensure_writer,
                font_handle=io.BytesIO(_subset(font, "".join(sorted(wanted)))),
                font_size=size,
            )
            self.set_resource(ResourceType.FONT, pdf_name(f"/S{place}"), engine.as_resource())
        names = {key: f"/S{place}".encode() for place, key in enumerate(sorted(letters))}
        for line, parts, at in _placed(runs, scale, high):
            look, left = LOOKS[line.look], 0.0
            size = look.size * scale
            for font, text in parts:
                shaped = engines[font, size].shape(text, with_actual_text=False)
                yield b"BT %g g %s %g Tf %g %g Td %s ET" % (
                    look.gray, names[font, size], size, left, at, shaped.graphics_ops,
                )  # fmt: skip
                left += shaped.x_advance * size


def _placed(
    runs: list[tuple[Line, list[tuple[str, str]]]], scale: float, high: float
) -> Iterator[tuple[Line, list[tuple[str, str]], float]]:
    """Yield each line with its base line, from the top of the box."""
    top, last = high - _TOP * scale, ""
    for line, parts in runs:
        look = LOOKS[line.look]
        top -= (_GAP * scale if last and last != line.look else 0) + look.height * scale
        yield line, parts, top + (look.height - look.size) * scale / 2 + look.size * scale * 0.2
        last = line.look


def _height(lines: list[Line], scale: float) -> float:
    looks = [line.look for line in lines]
    gaps = sum(one != other for one, other in itertools.pairwise(looks))
    return (_TOP + sum(LOOKS[look].height for look in looks) + gaps * _GAP) * scale


def _broken(lines: Sequence[Line], wide: float, scale: float) -> Iterator[Line]:
    """Yield the lines as they fit into the width: broken at blanks and beside Han characters."""
    for line in lines:
        most, row, taken = wide / (LOOKS[line.look].size * scale), "", 0.0
        pieces = [part for piece in _pieces(printed(line.text)) for part in _fitting(piece, line.look, most)]
        for piece in pieces:
            if row.strip() and taken + _width(piece.rstrip(), line.look) > most:
                yield Line(line.look, row.rstrip())
                row, taken = "", 0.0
            row, taken = row + piece, taken + _width(piece, line.look)
        if row.strip():
            yield Line(line.look, row.rstrip())


def _fitting(piece: str, look: str, most: float) -> Iterator[str]:
    """Yield a piece in parts that fit into a line of `most` em; a name of one long word is cut in equal parts."""
    parts = max(1, math.ceil(_width(piece, look) / most))
    length = math.ceil(len(piece) / parts)
    for at in range(0, len(piece), length):
        yield piece[at : at + length]


_NEVER_FIRST = frozenset("，。；：、？！）”’》·,.;:)")


def _pieces(text: str) -> list[str]:
    """Cut a text where a line may end: after a blank, and between Han characters but not before closing marks."""
    found: list[str] = []
    for letter in text:
        ends = bool(found) and (found[-1][-1].isspace() or _is_wide(found[-1][-1]) or _is_wide(letter))
        if not found or (
            ends and letter not in _NEVER_FIRST and not letter.isspace() and found[-1][-1] not in "（“《"
        ):
            found.append(letter)
        else:
            found[-1] += letter
    return found


def _is_wide(letter: str) -> bool:
    return "\u2e80" <= letter <= "\u9fff" or "\uff00" <= letter <= "\uffef" or letter >= "\U00020000"


def _runs(line: Line) -> Iterator[tuple[str, str]]:
    """Yield font and text by turns, so that each letter stands in a font that has it."""
    font, row = "", ""
    for letter in line.text:
        wanted = _font_for(letter, LOOKS[line.look].fonts, font)
        if wanted != font and row:
            yield font, row
            row = ""
        font, row = wanted, row + letter
    if row:
        yield font, row


def _font_for(letter: str, fonts: tuple[str, ...], last: str) -> str:
    if letter == " " and last:
        return last
    for name in (*fonts, *_OTHERS):
        if ord(letter) in _letters(name):
            return name
    raise Unprintable(named([letter]))


def _width(text: str, look: str) -> float:
    """Return how wide the text is, in em."""
    return sum(_advance(font, run) for font, run in _runs(Line(look, text)))


def _advance(font: str, text: str) -> float:
    face_font = hb.Font(_face(font))
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    hb.shape(face_font, buffer)
    return float(sum(place.x_advance for place in buffer.glyph_positions) / _face(font).upem)


@cache
def _face(name: str) -> hb.Face:
    return hb.Face(hb.Blob.from_file_path(str(FONTS / f"{name}.ttf")))


@cache
def _letters(name: str) -> frozenset[int]:
    return frozenset(_face(name).unicodes)


def _subset(name: str, text: str) -> bytes:
    wanted = hb.SubsetInput()
    wanted.sets(hb.SubsetInputSets.UNICODE).update(ord(letter) for letter in text)
    wanted.sets(hb.SubsetInputSets.LAYOUT_FEATURE_TAG).clear()
    return bytes(hb.subset(_face(name), wanted).blob.data)

"""Draws Record Marks, the signs that stand beside the words of states: `python -m records.fonts.marks
TARGET`.

One optical size, em 1000, all signs centred on the same height. The spaces are in it too: a renderer gives
a space to
the font of the sign before it, and a missing one would be set as .notdef, which PDF/A forbids.
"""

import math
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.reverseContourPen import ReverseContourPen
from fontTools.pens.ttGlyphPen import TTGlyphPen

from records.fonts.naming import rename

KAPPA = 0.5522847498  # handle of a Bézier quarter circle
MIDDLE, CENTRE = 400, 322
RADIUS, HALF_BOX, HALF_DIAMOND, STROKE = 310, 282, 340, 66
Pen = Any
Point = tuple[float, float]


def circle(pen: Pen, radius: float) -> None:
    """Draw a full circle."""
    handle, x, y = radius * KAPPA, MIDDLE, CENTRE
    pen.moveTo((x + radius, y))
    pen.curveTo((x + radius, y - handle), (x + handle, y - radius), (x, y - radius))
    pen.curveTo((x - handle, y - radius), (x - radius, y - handle), (x - radius, y))
    pen.curveTo((x - radius, y + handle), (x - handle, y + radius), (x, y + radius))
    pen.curveTo((x + handle, y + radius), (x + radius, y + handle), (x + radius, y))
    pen.closePath()


def half_disc(pen: Pen, radius: float) -> None:
    """Draw the left half of a disc."""
    handle, x, y = radius * KAPPA, MIDDLE, CENTRE
    pen.moveTo((x, y - radius))
    pen.curveTo((x - handle, y - radius), (x - radius, y - handle), (x - radius, y))
    pen.curveTo((x - radius, y + handle), (x - handle, y + radius), (x, y + radius))
    pen.closePath()


def polygon(pen: Pen, *points: Point) -> None:
    """Draw a filled polygon."""
    pen.moveTo(points[0])
    for point in points[1:]:
        pen.lineTo(point)
    pen.closePath()


def box(pen: Pen, half: float) -> None:
    """Draw a square."""
    x, y = MIDDLE, CENTRE
    polygon(pen, (x - half, y - half), (x - half, y + half), (x + half, y + half), (x + half, y - half))


def left_half_box(pen: Pen, half: float) -> None:
    """Draw the left half of a square."""
    x, y = MIDDLE, CENTRE
    polygon(pen, (x - half, y - half), (x - half, y + half), (x, y + half), (x, y - half))


def diamond(pen: Pen, half: float) -> None:
    """Draw a square on its corner."""
    x, y = MIDDLE, CENTRE
    polygon(pen, (x - half, y), (x, y + half), (x + half, y), (x, y - half))


def stroke(pen: Pen, start: Point, end: Point, width: float = STROKE) -> None:
    """Draw a line with a width."""
    (x0, y0), (x1, y1) = start, end
    length = math.hypot(x1 - x0, y1 - y0)
    dx, dy = (y1 - y0) / length * width / 2, -(x1 - x0) / length * width / 2
    corners = ((x0 + dx, y0 + dy), (x0 - dx, y0 - dy), (x1 - dx, y1 - dy), (x1 + dx, y1 + dy))
    polygon(pen, *((round(x), round(y)) for x, y in corners))


def ring(pen: Pen, shape: Callable[[Pen, float], None], size: float, width: float = STROKE) -> None:
    """Draw the outline of a shape."""
    shape(pen, size)
    shape(ReverseContourPen(pen), size - width)


def cross(pen: Pen, reach: float, width: float = STROKE) -> None:
    """Draw an upright cross turned by 45 degrees."""
    stroke(pen, (MIDDLE - reach, CENTRE - reach), (MIDDLE + reach, CENTRE + reach), width)
    stroke(pen, (MIDDLE - reach, CENTRE + reach), (MIDDLE + reach, CENTRE - reach), width)


def dash(pen: Pen, reach: float) -> None:
    """Draw a line across the middle."""
    stroke(pen, (MIDDLE - reach, CENTRE), (MIDDLE + reach, CENTRE))


def tick(pen: Pen) -> None:
    """Draw a tick."""
    stroke(pen, (150, 330), (325, 145), 84)
    stroke(pen, (302, 140), (640, 610), 84)


def arrow(pen: Pen) -> None:
    """Draw an arrow to the right."""
    stroke(pen, (90, CENTRE), (700, CENTRE))
    polygon(
        pen, (560, CENTRE + 150), (530, CENTRE + 150), (680, CENTRE), (530, CENTRE - 150),
        (610, CENTRE - 150), (760, CENTRE), (610, CENTRE + 150),
    )  # fmt: skip


def compare(pen: Pen, *, less: bool) -> None:
    """Draw ≥ or ≤."""

    def x(value: float) -> float:
        return 800 - value if less else value

    stroke(pen, (x(150), 590), (x(660), 370))
    stroke(pen, (x(150), 170), (x(660), 390))
    stroke(pen, (150, 70), (650, 70))


def _all(*draw: Callable[[Pen], None]) -> Callable[[Pen], None]:
    def every(pen: Pen) -> None:
        for each in draw:
            each(pen)

    return every


def _circled(inner: Callable[[Pen], None]) -> Callable[[Pen], None]:
    return _all(lambda pen: ring(pen, circle, RADIUS), inner)


def _boxed(inner: Callable[[Pen], None]) -> Callable[[Pen], None]:
    return _all(lambda pen: ring(pen, box, HALF_BOX), inner)


MARKS: dict[str, Callable[[Pen], None]] = {
    "●": lambda pen: circle(pen, RADIUS),
    "○": lambda pen: ring(pen, circle, RADIUS),
    "◐": _circled(lambda pen: half_disc(pen, RADIUS)),
    "⊗": _circled(lambda pen: cross(pen, 170)),
    "⊖": _circled(lambda pen: dash(pen, 180)),
    "■": lambda pen: box(pen, HALF_BOX),
    "□": lambda pen: ring(pen, box, HALF_BOX),
    "◧": _boxed(lambda pen: left_half_box(pen, HALF_BOX)),
    "⊠": _boxed(lambda pen: cross(pen, 190)),
    "⊟": _boxed(lambda pen: dash(pen, 170)),
    "◆": lambda pen: diamond(pen, HALF_DIAMOND),
    "◇": lambda pen: ring(pen, diamond, HALF_DIAMOND, 86),
    "▲": lambda pen: polygon(pen, (80, 40), (400, 610), (720, 40)),
    "✓": tick,
    "✕": lambda pen: cross(pen, 230, 84),
    "→": arrow,
    "≥": lambda pen: compare(pen, less=False),
    "≤": lambda pen: compare(pen, less=True),
}


def build(target: Path) -> Path:
    """Write the font into the target folder and return its path; a second build gives the same bytes."""
    names = {ord(sign): f"uni{ord(sign):04X}" for sign in MARKS}
    glyphs = {name: TTGlyphPen(None).glyph() for name in (".notdef", "space")}
    widths = {".notdef": 300, "space": 220}
    for sign, draw in MARKS.items():
        pen = TTGlyphPen(None)
        draw(Cu2QuPen(pen, 1.0))
        glyphs[names[ord(sign)]], widths[names[ord(sign)]] = pen.glyph(), 800
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(list(glyphs))
    builder.setupCharacterMap({0x20: "space", 0xA0: "space", **names})
    builder.setupGlyf(glyphs)
    table = builder.font["glyf"]
    builder.setupHorizontalMetrics(
        {name: (width, getattr(table[name], "xMin", 0)) for name, width in widths.items()}
    )
    builder.setupHorizontalHeader(ascent=900, descent=-200)
    builder.setupOS2(sTypoAscender=900, sTypoDescender=-200, usWinAscent=900, usWinDescent=200, fsType=0)
    builder.setupPost()
    builder.setupNameTable({})
    rename(builder.font, "Record Marks", "Regular", "Drawn for these records")
    made = target / "RecordMarks-Regular.ttf"
    builder.save(made)
    return made


if __name__ == "__main__":
    sys.stdout.write(f"{build(Path(sys.argv[1]))}\n")

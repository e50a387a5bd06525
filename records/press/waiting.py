"""What stands in a reserved box until somebody signs there: a word in gray, which the signature's own look replaces.

It is the appearance of the empty field and no part of the page, so that nothing on the page changes when people sign.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import pydyf
import uharfbuzz as hb

from records.press.glyphs import FONTS

_FONTS = ("RecordSans-Regular", "RecordHei-Regular")
_SIZE, _GRAY = 8.6, 0.42
Document = Any


@dataclass(frozen=True, slots=True)
class _Cut:
    """A font cut down to some letters, and what PDF asks to know of it; widths in thousandths of an em."""

    name: str
    content: bytes
    ascent: int
    descent: int
    glyphs: dict[str, int]
    widths: dict[int, int]


def looks(
    pdf: pydyf.PDF, words: dict[str, str], boxes: dict[str, tuple[float, float]]
) -> dict[str, pydyf.Stream]:
    """Add and return the look of each empty field: `words` by field, `boxes` with width and height in points."""
    if not words:
        return {}
    cut = _cut("".join(sorted(set("".join(words.values())))))
    font = _font(pdf, cut)
    found = {}
    for field, word in words.items():
        wide, high = boxes[field]
        shown = "".join(f"{cut.glyphs[letter]:04x}" for letter in word)
        text = f"BT {_GRAY} g /F {_SIZE} Tf 0 {high - 1.5 * _SIZE:.2f} Td <{shown}> Tj ET"
        look = pydyf.Stream(
            [text.encode()],
            {
                "Type": "/XObject",
                "Subtype": "/Form",
                "BBox": pydyf.Array([0, 0, round(wide, 2), round(high, 2)]),
                "Resources": pydyf.Dictionary({"Font": pydyf.Dictionary({"F": font.reference})}),
            },
        )
        pdf.add_object(look)
        found[field] = look
    return found


@cache
def _cut(letters: str) -> _Cut:
    """Return the first font that has all letters, cut down to them."""
    name = next(name for name in _FONTS if {ord(letter) for letter in letters} <= set(_face(name).unicodes))
    wanted = hb.SubsetInput()
    wanted.sets(hb.SubsetInputSets.UNICODE).update(ord(letter) for letter in letters)
    wanted.sets(hb.SubsetInputSets.LAYOUT_FEATURE_TAG).clear()
    content = bytes(hb.subset(_face(name), wanted).blob.data)
    face = hb.Face(hb.Blob(content))
    font = hb.Font(face)
    scale = 1000 / face.upem
    glyphs = {letter: int(font.get_nominal_glyph(ord(letter)) or 0) for letter in letters}
    extents = font.get_font_extents("ltr")
    return _Cut(
        f"IMPRIM+{name}",
        content,
        round(extents.ascender * scale),
        round(extents.descender * scale),
        glyphs,
        {glyph: round(font.get_glyph_h_advance(glyph) * scale) for glyph in glyphs.values()},
    )


@cache
def _face(name: str) -> hb.Face:
    return hb.Face(hb.Blob.from_file_path(str(FONTS / f"{name}.ttf")))


def _font(pdf: pydyf.PDF, cut: _Cut) -> pydyf.Dictionary:
    file = pydyf.Stream([cut.content], {"Length1": len(cut.content)}, compress=True)
    pdf.add_object(file)
    descriptor = pydyf.Dictionary(
        {
            "Type": "/FontDescriptor", "FontName": f"/{cut.name}", "Flags": 4,
            "FontBBox": pydyf.Array([0, cut.descent, 1000, cut.ascent]), "ItalicAngle": 0, "Ascent": cut.ascent,
            "Descent": cut.descent, "CapHeight": cut.ascent, "StemV": 80, "FontFile2": file.reference,
        }
    )  # fmt: skip
    pdf.add_object(descriptor)
    widths: list[object] = []
    for glyph, width in sorted(cut.widths.items()):
        widths += [glyph, pydyf.Array([width])]
    system = {"Registry": pydyf.String("Adobe"), "Ordering": pydyf.String("Identity"), "Supplement": 0}
    descendant = pydyf.Dictionary(
        {
            "Type": "/Font", "Subtype": "/CIDFontType2", "BaseFont": f"/{cut.name}", "CIDToGIDMap": "/Identity",
            "CIDSystemInfo": pydyf.Dictionary(system), "W": pydyf.Array(widths), "FontDescriptor": descriptor.reference,
        }
    )  # fmt: skip
    pdf.add_object(descendant)
    meaning = _meaning(cut)
    pdf.add_object(meaning)
    font = pydyf.Dictionary(
        {
            "Type": "/Font", "Subtype": "/Type0", "BaseFont": f"/{cut.name}", "Encoding": "/Identity-H",
            "DescendantFonts": pydyf.Array([descendant.reference]), "ToUnicode": meaning.reference,
        }
    )  # fmt: skip
    pdf.add_object(font)
    return font


def _meaning(cut: _Cut) -> pydyf.Stream:
    """Return the table from glyphs to letters (ISO 32000-1, 9.10.3)."""
    rows = [
        f"<{glyph:04x}> <{letter.encode('utf-16-be').hex()}>" for letter, glyph in sorted(cut.glyphs.items())
    ]
    lines = [
        "/CIDInit /ProcSet findresource begin", "12 dict begin", "begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def", "/CMapType 2 def", "1 begincodespacerange", "<0000> <ffff>",
        "endcodespacerange", f"{len(rows)} beginbfchar", *rows, "endbfchar", "endcmap",
        "CMapName currentdict /CMap defineresource pop", "end", "end",
    ]  # fmt: skip
    return pydyf.Stream(["\n".join(lines).encode()])

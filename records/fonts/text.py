"""Builds the text fonts: slices of families under the OFL are merged, renamed and saved as TTF.

Run once, by hand, in a checkout: `python -m records.fonts.text SOURCE TARGET`, where SOURCE holds the
unpacked npm
packages @fontsource/{source-serif-4,source-sans-3,source-code-pro,noto-serif-sc,noto-sans-sc} of version 5.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

from fontTools.merge import Merger
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from records.fonts.naming import rename

FEATURES = ["kern", "liga", "ccmp", "locl", "mark", "mkmk", "tnum", "pnum", "chws", "halt"]
_LATIN = ("latin", "latin-ext", "greek")


@dataclass(frozen=True, slots=True)
class Recipe:
    """One font: its family and style, and the slices of the package that it is made of."""

    family: str
    style: str
    package: str
    slices: tuple[str, ...]


RECIPES = (
    Recipe("Record Serif", "Regular", "source-serif-4", tuple(f"{part}-400-normal" for part in _LATIN)),
    Recipe("Record Serif", "Italic", "source-serif-4", tuple(f"{part}-400-italic" for part in _LATIN)),
    Recipe("Record Serif", "Bold", "source-serif-4", tuple(f"{part}-600-normal" for part in _LATIN)),
    Recipe("Record Sans", "Regular", "source-sans-3", tuple(f"{part}-400-normal" for part in _LATIN)),
    Recipe("Record Sans", "Bold", "source-sans-3", tuple(f"{part}-600-normal" for part in _LATIN)),
    Recipe("Record Mono", "Regular", "source-code-pro", ("latin-400-normal",)),
    Recipe("Record Song", "Regular", "noto-serif-sc", ("chinese-simplified-400-normal",)),
    Recipe("Record Hei", "Regular", "noto-sans-sc", ("chinese-simplified-500-normal",)),
)


def build(recipe: Recipe, source: Path, target: Path) -> Path:
    """Write one font into the target folder and return its path; a second build gives the same bytes."""
    paths = [next(source.glob(f"**/{recipe.package}-{part}.woff2")) for part in recipe.slices]
    note = str(TTFont(paths[0])["name"].getDebugName(0))
    parts: list[Path] = []
    seen: set[int] = set()
    for place, path in enumerate(paths):
        part = target / f".part{place}.ttf"
        seen |= _plain(path, part, seen)
        parts.append(part)
    font = Merger().merge([str(part) for part in parts]) if len(parts) > 1 else TTFont(parts[0])
    rename(font, recipe.family, recipe.style, note)
    made = target / f"{recipe.family}-{recipe.style}.ttf".replace(" ", "")
    font.save(made)
    for part in parts:
        part.unlink()
    return made


def _plain(path: Path, part: Path, seen: set[int]) -> set[int]:
    """Save the slice as TTF without what other slices have and what print does not need; return its code
    points.
    """
    font = TTFont(path)
    font.flavor = None
    for tag in ("STAT", "vhea", "vmtx", "VORG"):
        if tag in font:
            del font[tag]
    options = Options()
    options.layout_features = FEATURES
    options.notdef_outline = options.glyph_names = True
    options.hinting = False
    codes = set(font.getBestCmap()) - seen
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)
    font.save(part)
    return codes


if __name__ == "__main__":
    for each in RECIPES:
        sys.stdout.write(f"{build(each, Path(sys.argv[1]), Path(sys.argv[2]))}\n")

"""Where the bars of counted answers stand, in points: a row each, its parts by their share, told apart by hatching."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from records.press.figures import SIDE, WIDTH

STEP, HEIGHT = 20.0, 12.0
ORDER = ("met", "partly", "not_met", "not_applicable")
LABEL_UNITS = 27  # a Latin letter is one, a Han character two


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a bar; `number` is "" where it has no room; `lines` hatch it."""

    code: str
    x: str
    width: str
    middle: str
    number: str
    lines: list[str]


@dataclass(frozen=True, slots=True)
class CountedRow:
    """A bar with its label; lengths are texts, so that no locale rewrites them."""

    label: str
    y: str
    text_y: str
    shares: list[Share]


@dataclass(frozen=True, slots=True)
class CountsFigure:
    """Rows below each other."""

    rows: list[CountedRow]
    height: str


def counts_figure(rows: Sequence[tuple[str, Mapping[str, int]]]) -> CountsFigure | None:
    """Lay out the rows that count anything; None when there are none."""
    counted = [(label, counts) for label, counts in rows if sum(counts[code] for code in ORDER)]
    if not counted:
        return None
    laid_out = [_row(label, counts, place * STEP + 2) for place, (label, counts) in enumerate(counted)]
    return CountsFigure(laid_out, f"{len(counted) * STEP:.0f}")


def _row(label: str, counts: Mapping[str, int], top: float) -> CountedRow:
    total, x = sum(counts[code] for code in ORDER), SIDE
    shares = []
    for code in ORDER:
        if counts[code]:
            width = (WIDTH - SIDE - 1) * counts[code] / total
            shares.append(_share(code, counts[code], x, width, top))
            x += width
    return CountedRow(fitting(label), f"{top:.1f}", f"{top + 9:.1f}", shares)


def _share(code: str, count: int, x: float, width: float, top: float) -> Share:
    lines = []
    if code in {"partly", "not_met"}:
        lines = _hatched(x, width, top, falling=False)
    if code == "not_met":
        lines += _hatched(x, width, top, falling=True)
    number = f"{count}" if width > 16 else ""
    return Share(code, f"{x:.1f}", f"{width:.1f}", f"{x + width / 2:.1f}", number, lines)


def _hatched(x: float, width: float, top: float, *, falling: bool) -> list[str]:
    """Return oblique lines inside a box, cut at its sides."""
    found, at = [], -HEIGHT
    while at < width:
        start, stop = max(at, 0.0), min(at + HEIGHT, width)
        low, high = HEIGHT - (start - at), HEIGHT - (stop - at)
        if falling:
            low, high = HEIGHT - low, HEIGHT - high
        found.append(f"M{x + start:.1f} {top + low:.1f}L{x + stop:.1f} {top + high:.1f}")
        at += 4.0
    return found


def fitting(label: str) -> str:
    """Return what fits beside a bar, with an ellipsis where something is left out."""
    used = 0
    for place, letter in enumerate(label):
        used += 2 if ord(letter) > 0x2E7F else 1
        if used > LABEL_UNITS:
            return f"{label[: place - 1].rstrip()}…"
    return label

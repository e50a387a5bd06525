"""Where the shapes of the two figures of a record stand, in points; the templates draw them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from records.context import Ballot, Seat, Span
from records.press.spacing import HAN

WIDTH = 467.7
SIDE = 117.7
ROOM = 74.0  # points for the longest day
NAMES_UP_TO = 12  # with more seats the columns carry numbers


@dataclass(frozen=True, slots=True)
class Column:
    """One seat of the quorum figure; lengths are texts, so that no locale rewrites them."""

    label: str
    centre: str
    left: str
    attendance: str
    position: str


@dataclass(frozen=True, slots=True)
class QuorumFigure:
    """Attendance above votes, with two brackets and their ticks."""

    columns: list[Column]
    side: str
    eligible_to: str
    quorum_at: str
    base_to: str
    threshold_at: str
    radius: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of the clock."""

    x: str
    width: str
    middle: str
    state: str
    days: int
    hatches: list[str]


@dataclass(frozen=True, slots=True)
class Flag:
    """A day on which the clock started, stopped or was paused, in one of two rows above it."""

    x: str
    text_x: str
    anchor: str
    y: str
    line_from: str
    at: str


@dataclass(frozen=True, slots=True)
class ClockFigure:
    """The review clock as a bar."""

    bars: list[Bar]
    flags: list[Flag]
    running: int
    paused: int


def short_name(name: str) -> str:
    """Return what fits over a seat: the Han part of a name, else its last word."""
    han = re.search(f"[{HAN}·]+", name)
    if han:
        return han.group().split("·")[-1][:4]
    word = name.rsplit(maxsplit=1)[-1] if name.split() else name
    return word if len(word) <= 10 else f"{word[:9]}…"


def _order(seat: Seat) -> tuple[int, int]:
    attendance = {"present": 0, "absent": 1, "recused": 2}[seat["attendance"]]
    return attendance, {"for": 0, "abstain": 1, "against": 2, None: 3}[seat["position"]]


def quorum_figure(ballot: Ballot) -> QuorumFigure:
    """Lay out one column for each line of the roster: the eligible first, then the absent, then the
    recused.
    """
    numbered = sorted(enumerate(ballot["seats"], 1), key=lambda item: _order(item[1]))
    count = max(len(numbered), 1)
    step = (WIDTH - SIDE) / max(count, 5)
    named = count <= NAMES_UP_TO
    radius = min(10.0, step * 0.36)

    def x(columns: float) -> str:
        return f"{SIDE + step * max(0, min(columns, count)):.1f}"

    columns = [
        Column(
            label=short_name(seat["name"]) if named else str(number),
            centre=f"{SIDE + step * (place + 0.5):.1f}",
            left=f"{SIDE + step * (place + 0.5) - radius:.1f}",
            attendance=seat["attendance"],
            position=seat["position"] or "",
        )
        for place, (number, seat) in enumerate(numbered)
    ]
    threshold = ballot["threshold"]
    share = Fraction(threshold["numerator"] * threshold["base"], max(threshold["denominator"], 1))
    return QuorumFigure(
        columns=columns,
        side=f"{SIDE}",
        eligible_to=x(sum(seat["attendance"] == "present" for seat in ballot["seats"])),
        quorum_at=x(ballot["quorum"]["needed"]),
        base_to=x(threshold["base"]),
        threshold_at=x(float(share)),
        radius=f"{radius:.1f}",
    )


def clock_figure(spans: Sequence[Span]) -> ClockFigure | None:
    """Lay out the clock with the days of its turns; None when no time passed."""
    if not spans:
        return None
    begin, end = _moment(spans[0]["since"]), _moment(spans[-1]["until"])
    total = (end - begin).total_seconds()
    if total <= 0:
        return None

    def x(at: str) -> float:
        share = (_moment(at) - begin).total_seconds() / total
        return 3 + (WIDTH - 6) * max(0.0, min(1.0, share))

    bars = [_bar(span, x(span["since"]), x(span["until"])) for span in spans]
    turns = [span["since"] for span in spans] + [spans[-1]["until"]]
    return ClockFigure(
        bars, _flags([(at, x(at)) for at in turns]), _days(spans, "running"), _days(spans, "paused")
    )


def _flags(turns: Sequence[tuple[str, float]]) -> list[Flag]:
    """Place the days in the first row where they don't touch the one before; leave out what fits nowhere."""
    free = [-1.0, -1.0]
    flags = []
    for at, x in turns:
        at_end = x > WIDTH - ROOM
        left = x - ROOM if at_end else x
        for row, until in enumerate(free):
            if left >= until:
                free[row] = left + ROOM
                flags.append(_flag(at, x, row, at_end))
                break
    return flags


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _days(spans: Sequence[Span], state: str) -> int:
    seconds = sum(
        (_moment(span["until"]) - _moment(span["since"])).total_seconds()
        for span in spans
        if span["state"] == state
    )
    return round(seconds / 86400)


def _bar(span: Span, left: float, right: float) -> Bar:
    width = max(right - left, 0.0)
    hatches = []
    if span["state"] == "paused":
        at = -11.0
        while at < width:
            start, stop = max(at, 0.0), min(at + 11, width)
            hatches.append(
                f"M{left + start:.1f} {54 - (start - at):.1f}L{left + stop:.1f} {54 - (stop - at):.1f}"
            )
            at += 3.6
    return Bar(
        x=f"{left:.1f}",
        width=f"{width:.1f}",
        middle=f"{left + width / 2:.1f}",
        state=span["state"],
        days=_days([span], span["state"]) if width > 24 else 0,
        hatches=hatches,
    )


def _flag(at: str, x: float, row: int, at_end: bool) -> Flag:
    y = 10 + 16 * row
    return Flag(
        x=f"{x:.1f}",
        text_x=f"{x - 4 if at_end else x + 4:.1f}",
        anchor="end" if at_end else "start",
        y=f"{y}",
        line_from=f"{y - 6}",
        at=at,
    )

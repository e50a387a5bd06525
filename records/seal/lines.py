"""The lines of a stamp: a text and how it is set."""

from dataclasses import dataclass

_SANS = ("RecordSans-Regular", "RecordHei-Regular")
_BOLD = ("RecordSans-Bold", "RecordHei-Regular")
_MONO = ("RecordMono-Regular", "RecordHei-Regular")
_SERIF = ("RecordSerif-Regular", "RecordSong-Regular")


@dataclass(frozen=True, slots=True)
class Look:
    """How a line is set: size and line height in points, gray from 0 (black), fonts in the order of preference."""

    size: float
    height: float
    gray: float
    fonts: tuple[str, ...]


LOOKS = {
    "name": Look(11.5, 14.5, 0.07, _SERIF),
    "meaning": Look(8.6, 10.8, 0.07, _SERIF),
    "moment": Look(7.8, 10.6, 0.07, _BOLD),
    "detail": Look(7.4, 10, 0.2, _SANS),
    "digest": Look(6.6, 8.6, 0.2, _MONO),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the stamp; `look` is one of LOOKS. It is broken where the box ends."""

    look: str
    text: str

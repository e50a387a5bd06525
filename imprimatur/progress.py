"""A bar on stderr that says how far it is; on a terminal only, never where somebody reads the output by machine."""

import argparse
import shutil
import sys
import time
import unicodedata
from collections.abc import Callable
from types import TracebackType
from typing import Self

PAUSE = 0.1  # seconds between two looks of the bar
WIDTH = 30
SETTLED = 2.0  # seconds, before which nobody can say how long it still takes
CLEAR = "\r\033[K"
_UNITS = ("B", "kB", "MB", "GB", "TB", "PB")


def is_wanted(given: argparse.Namespace) -> bool:
    """Say whether somebody looks: stderr is a terminal, and neither --json nor --quiet was given."""
    hidden = getattr(given, "json", False) or getattr(given, "quiet", False)
    return not hidden and sys.stderr.isatty()


class Counted:
    """Shows `what: 3 of 10` for a caller that tells both numbers; it asks the terminal by itself."""

    def __init__(self) -> None:
        self._next = 0.0

    def __call__(self, what: str, done: int, of: int) -> None:
        """Show it, not too often."""
        if not sys.stderr.isatty() or (time.monotonic() < self._next and done < of):
            return
        self._next = time.monotonic() + PAUSE
        end = CLEAR if done == of else ""
        sys.stderr.write(f"\r{_blocks(done, of)} {what}: {done:,} of {of:,}\033[K{end}")
        sys.stderr.flush()


class Bar:
    """Shows bytes of bytes, how many a second, and the time left; gone when the `with` block ends.

    Several threads may call `add`, for a count of less than all is shown only until the next look.
    """

    def __init__(
        self, what: str, of: int, *, shown: bool, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.what, self.of, self.shown, self.done = what, of, shown, 0
        self._clock = clock
        self._began = clock()
        self._next = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.shown:
            sys.stderr.write(CLEAR)
            sys.stderr.flush()

    def add(self, count: int) -> None:
        """Count bytes that are done."""
        self.done += count
        if self.shown and self._clock() >= self._next:
            self._next = self._clock() + PAUSE
            sys.stderr.write(f"\r{self.line(shutil.get_terminal_size().columns - 1)}\033[K")
            sys.stderr.flush()

    def line(self, width: int) -> str:
        """Return what is shown, cut to the width of the terminal."""
        took = self._clock() - self._began
        parts = [f"{_blocks(self.done, self.of)} {self.what}: {in_bytes(self.done)} of {in_bytes(self.of)}"]
        if took >= SETTLED and self.done:
            left = (self.of - self.done) * took / self.done
            parts += [f"{in_bytes(int(self.done / took))}/s", f"{in_time(left)} left"]
        return _cut(", ".join(parts), width)


def in_bytes(count: int) -> str:
    """Return a number of bytes in decimal units, three digits: "1.25 GB"."""
    size = float(count)
    for unit in _UNITS:
        if size < 999.5 or unit == _UNITS[-1]:
            break
        size /= 1000
    return f"{count} B" if unit == "B" else f"{size:.3g} {unit}"


def in_time(seconds: float) -> str:
    """Return a time as a clock shows it: "0:07", "12:30", "1:02:03"."""
    whole = int(seconds + 0.5)
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _blocks(done: int, of: int) -> str:
    full = min(WIDTH, WIDTH * done // max(of, 1))
    return "█" * full + "░" * (WIDTH - full)


def _cut(text: str, width: int) -> str:
    """Return as much of the text as fits; a Han character takes two columns."""
    taken = 0
    for place, sign in enumerate(text):
        taken += 2 if unicodedata.east_asian_width(sign) in "WF" else 1
        if taken > width:
            return text[:place]
    return text

"""The cadence that we suggest for what a schedule checks, with where it stands and its note."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from compliance.models import Control
from compliance.models.library import in_language
from compliance.rules.cadence import timing_of
from compliance.rules.happenings import Happening
from compliance.selectors.library_page import cadence_in_words


@dataclass(slots=True)
class Suggested:
    """A cadence in words with its basis, the controls for which we suggest it, and what there is to know about it."""

    cadence: str
    numbers: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What follows for one schedule of all the controls: an interval ("" for none) and happenings; and why."""

    interval: str
    happenings: list[Happening]
    parts: list[Suggested]


def suggestion_for(controls: Iterable[Control], numbers: Iterable[str] = ()) -> Suggestion:
    """Return what we suggest for the controls with these numbers, all for none; no queries of its own."""
    wanted = set(numbers)
    rows = [row for row in controls if row.cadence and (not wanted or row.number in wanted)]
    interval, happenings = timing_of(row.cadence for row in rows)
    parts: dict[str, Suggested] = {}
    for row in rows:
        words = cadence_in_words(row.cadence)
        if words:
            _add(parts.setdefault(words, Suggested(words)), row)
    return Suggestion(interval, happenings, list(parts.values()))


def _add(part: Suggested, row: Control) -> None:
    part.numbers.append(row.number)
    note = row.cadence.get("note")
    text = in_language(note["en"], note["zh"]) if note else ""
    if text and text not in part.notes:
        part.notes.append(text)

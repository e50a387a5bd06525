"""The passage of an answer that a discussion is about, and where it stands after the answer was changed.

A passage is found again where it stayed, where it was moved to, or where it was slightly edited; else it is gone. It
never becomes another passage: words that occur twice are told apart by where they stand and by what stands around them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from reviews.rules.alignment import HAN, Alignment

AROUND = 48
"""So many characters before and after a passage are kept with it."""
SPEAKS_FOR_ITSELF = 24
"""A passage of this weight (four words, eight Han characters) is known by itself, a shorter one by its surroundings."""
MOST = 200
"""Words that stand more often than this in a text are no passage that could be told apart in another place."""
ENOUGH_AROUND = 8
LIKE = (3, 5)
"""An edited passage is the same while at least three fifths of old and new together stayed; P."""

_HAN = re.compile(f"[{HAN}]")
_LETTER = re.compile(r"[^\W_]")
_MARKUP = re.compile(
    r"^[ \t]*(?:#{1,6}[ \t]+|>[ \t]?|[-*+][ \t]+|\d+[.)][ \t]+|\|?(?:[ \t]*:?-+:?[ \t]*\|)+[ \t:-]*$)"
    r"|\*+|_+|~~|`+|\||!?\[|\]\([^()\s]*\)|\\(?=[\W_])",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Anchor:
    """A passage: its words as they stand in the text's source, what stands around them, and at which character."""

    quote: str
    before: str
    after: str
    at: int

    @property
    def end(self) -> int:
        """Return the character after the passage."""
        return self.at + len(self.quote)


@dataclass(frozen=True, slots=True)
class Gone:
    """The passage doesn't stand in the text any more."""


def anchor_at(text: str, start: int, end: int) -> Anchor:
    """Return the anchor of a passage of the text."""
    return Anchor(text[start:end], text[max(start - AROUND, 0) : start], text[end : end + AROUND], start)


def stands(anchor: Anchor, text: str) -> bool:
    """Say whether the passage stands in the text where the anchor says."""
    return bool(anchor.quote) and text[anchor.at : anchor.end] == anchor.quote


def travel(anchor: Anchor, old: str, new: str) -> Anchor | Gone:
    """Return where the passage of the old text stands in the new one; see `Journey` for many passages of one text."""
    return Journey(old, new).take(anchor)


class Journey:
    """The way of passages from one text to the next; the texts are compared once for all of them."""

    def __init__(self, old: str, new: str) -> None:
        self.old, self.new = old, new
        self._alignment = Alignment(old, new)

    def take(self, anchor: Anchor) -> Anchor | Gone:
        """Return where the passage of the old text stands now."""
        if not anchor.quote.strip():
            return Gone()
        if not stands(anchor, self.old):
            return self.again(anchor)
        return self._stayed(anchor) or self._elsewhere(anchor) or self._edited(anchor) or Gone()

    def again(self, anchor: Anchor) -> Anchor | Gone:
        """Return where a passage that was gone from the old text stands again."""
        return self._moved(anchor, set(), []) or Gone()

    def _stayed(self, anchor: Anchor) -> Anchor | None:
        at = self._alignment.whole_image(anchor.at, anchor.end)
        if at is None or not _is_convincing(anchor, self.new, at):
            return None
        return anchor_at(self.new, at, at + len(anchor.quote))

    def _elsewhere(self, anchor: Anchor) -> Anchor | None:
        """Look for the same words in another place, leaving out where other occurrences of them went."""
        size = len(anchor.quote)
        others = [at for at in islice(_occurrences(self.old, anchor.quote), MOST + 2) if at != anchor.at]
        if len(others) > MOST:
            return None
        taken = {self._alignment.whole_image(at, at + size) for at in others}
        rivals = [
            anchor_at(self.old, at, at + size)
            for at in others
            if self._alignment.whole_image(at, at + size) is None
        ]
        return self._moved(anchor, taken, rivals)

    def _moved(self, anchor: Anchor, taken: set[int | None], rivals: list[Anchor]) -> Anchor | None:
        """Return the occurrence whose surroundings fit best, and better than to any other passage of these words."""
        found: list[tuple[int, int, int]] = []
        places = list(islice(_occurrences(self.new, anchor.quote), MOST + 1))
        if max(len(places), len(rivals)) > MOST:
            return None
        for at in places:
            fit = sum(map(weight, _common(anchor, self.new, at)))
            fits_other = max((sum(map(weight, _common(other, self.new, at))) for other in rivals), default=-1)
            if at not in taken and fit > fits_other and _is_convincing(anchor, self.new, at):
                found.append((-fit, abs(at - anchor.at), at))
        if not found:
            return None
        at = min(found)[2]
        return anchor_at(self.new, at, at + len(anchor.quote))

    def _edited(self, anchor: Anchor) -> Anchor | None:
        """Return the passage that the words became, while enough of them stayed in their order."""
        pieces = list(self._alignment.within(anchor.at, anchor.end))
        if not pieces:
            return None
        start, end = pieces[0].new, pieces[-1].new + pieces[-1].size
        if pieces[0].old > anchor.at and anchor.at:
            before = self._alignment.image(anchor.at - 1)
            start = start if before is None else before + 1
        if pieces[-1].old + pieces[-1].size < anchor.end < len(self.old):
            after = self._alignment.image(anchor.end)
            end = end if after is None else after
        words = self.new[start:end]
        start, end = start + len(words) - len(words.lstrip()), end - len(words) + len(words.rstrip())
        kept = sum(weight(self.old[piece.old : piece.old + piece.size]) for piece in pieces)
        both = weight(anchor.quote) + weight(self.new[start:end])
        if start >= end or kept < ENOUGH_AROUND or 2 * kept * LIKE[1] < both * LIKE[0]:
            return None
        return anchor_at(self.new, start, end)


def weight(text: str) -> int:
    """Return how much a text says: letters and digits count one, Han characters three, signs nothing."""
    return len(_LETTER.findall(text)) + 2 * len(_HAN.findall(text))


def _common(anchor: Anchor, text: str, at: int) -> tuple[str, str]:
    """Return which of its surroundings stand around this place of the text too."""
    end = at + len(anchor.quote)
    left = 0
    while left < min(len(anchor.before), at) and anchor.before[-1 - left] == text[at - 1 - left]:
        left += 1
    right = 0
    while right < min(len(anchor.after), len(text) - end) and anchor.after[right] == text[end + right]:
        right += 1
    return anchor.before[len(anchor.before) - left :], anchor.after[:right]


def _is_convincing(anchor: Anchor, text: str, at: int) -> bool:
    """Say whether the words at this place are the passage, and not the same words in another sense.

    A long passage is; a short one needs surroundings that stayed: some words, or the whole of one side.
    """
    if weight(anchor.quote) >= SPEAKS_FOR_ITSELF:
        return True
    left, right = _common(anchor, text, at)
    if weight(left) + weight(right) >= ENOUGH_AROUND:
        return True
    if (left == anchor.before != "" and weight(left)) or (right == anchor.after != "" and weight(right)):
        return True
    at_edge = (not anchor.before and at == 0) or (not anchor.after and at + len(anchor.quote) == len(text))
    return at_edge and weight(anchor.quote) >= ENOUGH_AROUND


def _occurrences(text: str, words: str) -> Iterator[int]:
    """Yield where the words stand, also where they overlap."""
    at = text.find(words)
    while at >= 0:
        yield at
        at = text.find(words, at + 1)


def readable(quote: str) -> str:
    """Return a passage without the signs of its Markdown."""
    return _MARKUP.sub("", quote).strip()


def places_of(words: str, text: str) -> list[tuple[int, int]]:
    """Return start and end of each place where the words stand in the text, as somebody copies them from the page.

    Signs of Markdown and blanks don't count: the page shows "**two** councils" as "two councils".
    """
    wanted, (bare, places) = _bare(words)[0], _bare(text)
    if not wanted:
        return []
    found, at = [], bare.find(wanted)
    while at >= 0:
        found.append((places[at], places[at + len(wanted) - 1] + 1))
        at = bare.find(wanted, at + len(wanted))
    return found


def _bare(text: str) -> tuple[str, list[int]]:
    """Return the text without markup and blanks, and where in it each character stood."""
    letters: list[str] = []
    places: list[int] = []
    at = 0
    for match in [*_MARKUP.finditer(text), None]:
        end = match.start() if match else len(text)
        for place in range(at, end):
            if not text[place].isspace():
                letters.append(text[place])
                places.append(place)
        at = match.end() if match else end
    return "".join(letters), places

"""JSON read strictly and without recursion: what RFC 8259 leaves open is refused, with the line.

Refused are NaN and Infinity, numbers that no double holds, duplicate keys, lone surrogates, control characters, deep
nesting and a second value after the first.
"""

import json
import math
import re

from imprimatur.cards.located import Items, Node, Table
from imprimatur.cards.plain_text import check_characters, decoded
from imprimatur.cards.stated import CardFault, Place, Reason

DEEPEST = 64
MOST_VALUES = 120_000
_MOST_DIGITS = 400
_TOKEN = re.compile(
    r"""[ \t\n\r]*(?:
    (?P<text>"(?:[^"\\\x00-\x1f]++|\\.)*+")
    | (?P<number>-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?)(?![0-9A-Za-z.])
    | (?P<word>true|false|null)\b
    | (?P<mark>[\[\]{},:])
    | (?P<no_number>-?(?:NaN|Infinity))
    | (?P<end>\Z)
    )""",
    re.VERBOSE,
)
_WORDS = {"true": True, "false": False, "null": None}


def read_json(data: bytes, largest: int) -> Node:
    """Return the value: `Table` for objects, `Items` for lists; raises CardFault."""
    return _Reader(decoded(data, largest)).read()


class _Reader:
    """Takes piece after piece of the text; `wants` says what may come next: a value, a key, a colon, or a comma."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.line = 1
        self.counted = 0
        self.values = 0
        self.stack: list[Table | Items] = []
        self.keys: list[str] = []
        self.whole: Node = None

    def read(self) -> Node:
        wants = "value"
        while wants != "nothing":
            kind, piece = self._piece()
            wants = self._take(kind, piece, wants)
        kind, _rest = self._piece()
        if kind != "end":
            raise self._fault()
        return self.whole

    def _piece(self) -> tuple[str, str]:
        match = _TOKEN.match(self.text, self.at)
        if match is None or match.lastgroup is None:
            self._count(len(self.text) - len(self.text[self.at :].lstrip()))
            raise self._fault()
        kind = match.lastgroup
        self._count(match.start(kind))
        self.at = match.end()
        return kind, match[kind]

    def _count(self, offset: int) -> None:
        self.line += self.text.count("\n", self.counted, offset)
        self.counted = offset

    def _take(self, kind: str, piece: str, wants: str) -> str:
        if kind == "no_number":
            raise self._fault(Reason.NO_NUMBER)
        closes = piece in {"]", "}"} and kind == "mark"
        if closes and wants in {"comma", "value or end", "key or end"} and self._matches(piece):
            self._close()
            return self._after_value()
        if wants.startswith("key") and kind == "text":
            return self._key(piece)
        if wants == "colon" and piece == ":":
            return "value"
        if wants == "comma" and piece == ",":
            return "key" if isinstance(self.stack[-1], Table) else "value"
        if wants.startswith("value"):
            return self._value(kind, piece)
        raise self._fault()

    def _matches(self, piece: str) -> bool:
        return bool(self.stack) and isinstance(self.stack[-1], Table) == (piece == "}")

    def _close(self) -> None:
        if isinstance(self.stack.pop(), Table):
            self.keys.pop()

    def _after_value(self) -> str:
        return "comma" if self.stack else "nothing"

    def _key(self, piece: str) -> str:
        key, holder = self._string(piece), self.stack[-1]
        if key in holder:
            raise CardFault(Place(self.line, key[:80]), Reason.DUPLICATE_KEY)
        self.keys[-1] = key
        assert isinstance(holder, Table)
        holder.lines[key] = self.line
        return "colon"

    def _value(self, kind: str, piece: str) -> str:
        if kind == "mark" and piece in "[{":
            return self._open(Table() if piece == "{" else Items())
        if kind == "text":
            self._add(self._string(piece))
        elif kind == "number":
            self._add(self._number(piece))
        elif kind == "word":
            self._add(_WORDS[piece])
        else:
            raise self._fault()
        return self._after_value()

    def _open(self, value: Table | Items) -> str:
        self._add(value)
        self.stack.append(value)
        if len(self.stack) > DEEPEST:
            raise CardFault(Place(self.line, self._name()), Reason.TOO_DEEP, limit=DEEPEST)
        if isinstance(value, Table):
            self.keys.append("")
            return "key or end"
        return "value or end"

    def _add(self, value: Node) -> None:
        self.values += 1
        if self.values > MOST_VALUES:
            raise CardFault(Place(self.line, self._name()), Reason.TOO_MANY, limit=MOST_VALUES)
        if not self.stack:
            self.whole = value
            return
        holder = self.stack[-1]
        if isinstance(holder, Items):
            holder.append(value)
            holder.lines.append(self.line)
        else:
            holder[self.keys[-1]] = value

    def _string(self, piece: str) -> str:
        if "\\" not in piece:
            return piece[1:-1]
        try:
            text = str(json.loads(piece))
        except ValueError:
            raise self._fault() from None
        check_characters(text, Place(self.line, self._name()))
        return text

    def _number(self, piece: str) -> int | float:
        if len(piece) > _MOST_DIGITS:
            raise self._fault(Reason.NUMBER_TOO_LARGE)
        number = int(piece) if piece.lstrip("-").isdigit() else float(piece)
        if isinstance(number, float) and math.isinf(number):
            raise self._fault(Reason.NUMBER_TOO_LARGE)
        return number

    def _fault(self, reason: Reason = Reason.NOT_JSON) -> CardFault:
        return CardFault(Place(self.line, self._name()), reason)

    def _name(self) -> str:
        """Return the key at the top that is being read."""
        return self.keys[0][:80] if self.keys else ""

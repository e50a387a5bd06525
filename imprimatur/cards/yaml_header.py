"""YAML as headers of model cards need it and no more: mappings, lists and texts.

Every scalar stays the text that was written: `no` is Norwegian, 2021-01-01 is no date, 0.90 keeps its zero. Aliases,
anchors, tags and duplicate keys are refused, and so is what is nested too deep or has too many values.
"""

from collections.abc import Callable
from typing import Any

import yaml

from imprimatur.cards.located import Items, Node, Table
from imprimatur.cards.plain_text import check_characters, size_in_words
from imprimatur.cards.stated import CardFault, Place, Reason

LARGEST = 512 * 1024
DEEPEST = 20
MOST_VALUES = 50_000
_NOTHING = {"", "~", "null", "Null", "NULL"}
_Value = yaml.ScalarEvent | yaml.MappingStartEvent | yaml.SequenceStartEvent
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_header(text: str, first_line: int) -> Table:
    """Return the header; `first_line` is the line of the file on which it begins. Raises CardFault."""
    if len(text.encode()) > LARGEST:
        raise CardFault(Place(first_line - 1), Reason.HEADER_TOO_LARGE, limit=size_in_words(LARGEST))
    builder = _Builder(first_line)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        raise _not_yaml(text, mark.line if mark else 0, first_line) from None
    except (yaml.YAMLError, ValueError, OverflowError) as fault:
        if isinstance(fault, CardFault):
            raise
        raise _not_yaml(text, text.count("\n", 0, getattr(fault, "position", 0)), first_line) from None
    if builder.whole is None:
        return Table()
    if not isinstance(builder.whole, Table):
        raise CardFault(Place(first_line), Reason.HEADER_NO_MAPPING)
    return builder.whole


def _not_yaml(text: str, line: int, first_line: int) -> CardFault:
    """Return the fault; an indentation with a tab, the most common reason, has a sentence of its own."""
    lines = text.split("\n")
    for number in (line, line - 1):
        if 0 <= number < len(lines) and "\t" in lines[number][: -len(lines[number].lstrip()) or None]:
            return CardFault(Place(first_line + number), Reason.TAB)
    return CardFault(Place(first_line + min(line, len(lines) - 1)), Reason.NOT_YAML)


class _Builder:
    """Builds the value from events; a key waits in `keys` until its value has come."""

    def __init__(self, first_line: int) -> None:
        self.first_line = first_line
        self.whole: Node = None
        self.stack: list[Table | Items] = []
        self.keys: list[tuple[str, int] | None] = []
        self.count = 0
        self.acts: dict[type[yaml.Event], Callable[[Any, int], None]] = {
            yaml.DocumentStartEvent: self._document,
            yaml.AliasEvent: self._alias,
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: lambda event, line: self._open(event, line, Table()),
            yaml.SequenceStartEvent: lambda event, line: self._open(event, line, Items()),
            yaml.MappingEndEvent: lambda _event, _line: self._close(),
            yaml.SequenceEndEvent: lambda _event, _line: self._close(),
        }
        self.documents = 0

    def take(self, event: yaml.Event) -> None:
        act = self.acts.get(type(event))
        if act is not None:
            act(event, self.first_line + (event.start_mark.line if event.start_mark else 0))

    def _document(self, _event: yaml.DocumentStartEvent, line: int) -> None:
        self.documents += 1
        if self.documents > 1:
            raise CardFault(Place(line), Reason.SECOND_DOCUMENT)

    def _alias(self, _event: yaml.AliasEvent, line: int) -> None:
        raise CardFault(Place(line, self._name()), Reason.ALIAS)

    def _check(self, event: _Value, line: int) -> None:
        self.count += 1
        if event.anchor is not None:
            raise CardFault(Place(line, self._name()), Reason.ALIAS)
        if event.tag is not None:
            raise CardFault(Place(line, self._name()), Reason.TAG)
        if self.count > MOST_VALUES:
            raise CardFault(Place(line), Reason.TOO_MANY, limit=MOST_VALUES)

    def _scalar(self, event: yaml.ScalarEvent, line: int) -> None:
        self._check(event, line)
        check_characters(event.value, Place(line, self._name()))
        if self._wants_key():
            self._key(event.value, line)
        else:
            self._add(None if not event.style and event.value in _NOTHING else event.value, line)

    def _open(self, event: _Value, line: int, value: Table | Items) -> None:
        self._check(event, line)
        if self._wants_key():
            raise CardFault(Place(line), Reason.KEY_NO_TEXT)
        self._add(value, line)
        self.stack.append(value)
        self.keys.append(None)
        if len(self.stack) > DEEPEST:
            raise CardFault(Place(line, self._name()), Reason.TOO_DEEP, limit=DEEPEST)

    def _close(self) -> None:
        self.stack.pop()
        self.keys.pop()

    def _wants_key(self) -> bool:
        return bool(self.stack) and isinstance(self.stack[-1], Table) and self.keys[-1] is None

    def _key(self, key: str, line: int) -> None:
        if key in self.stack[-1]:
            raise CardFault(Place(line, key[:80]), Reason.DUPLICATE_KEY)
        self.keys[-1] = (key, line)

    def _add(self, value: Node, line: int) -> None:
        if not self.stack:
            self.whole = value
            return
        holder = self.stack[-1]
        if isinstance(holder, Items):
            holder.append(value)
            holder.lines.append(line)
        elif (key := self.keys[-1]) is not None:
            holder[key[0]], holder.lines[key[0]] = value, key[1]
            self.keys[-1] = None

    def _name(self) -> str:
        """Return the key at the top of the header that is being read."""
        return self.keys[0][0][:80] if self.keys and self.keys[0] else ""

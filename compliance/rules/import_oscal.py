"""A library as an OSCAL catalog in JSON: its groups and controls, parameters put into their prose.

The shape is that of OSCAL's catalog model, 1.0 and later: groups in groups, controls in groups and in controls,
`statement` and `guidance` as parts. Back matter, links and parts that assess are passed over.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Never

from compliance.rules.import_faults import (
    DEEPEST,
    LONGEST_TEXT,
    MOST_CONTROLS,
    MOST_FAULTS,
    Fault,
    Found,
    Unreadable,
    Why,
    text_fault,
)
from compliance.rules.library_file import NUMBER

_INSERT = re.compile(r"\{\{\s*(?:insert:\s*)?param,?\s*([\w.:-]+)\s*\}\}|\{\{\s*([\w.:-]+)\s*\}\}")
_BLANK = re.compile(r"\s+([,;.:](?:\s|$))")  # that a parameter leaves before a mark
_MEANING = ("guidance", "overview", "instruction")
_NESTED_PARAMS = 4
_MOST_INSERTED = 50_000
"""Parameters that are put in; whoever writes more gets their names."""
_LONGEST_PARAM = 1_000
_MOST_CHOICES = 50


def read_catalog(content: bytes, *, language: str = "en", confidence: str = "S") -> Found:
    """Read the catalog, with texts in `language`; raise Unreadable where it is no catalog at all."""
    data = _json(content)
    catalog = data.get("catalog") if isinstance(data, dict) else None
    if not isinstance(catalog, dict):
        raise Unreadable(Fault(Why.NOT_AN_OBJECT, "catalog"))
    metadata = catalog.get("metadata")
    title = _text(metadata if isinstance(metadata, dict) else {}, "title")
    reader = _Reader(language, confidence, Found(name=title[:200], source=title[:200]))
    reader.params |= _params(catalog)
    reader.within(catalog, "catalog", "", 0)
    found = reader.found
    if not found.controls and not found.faults:
        found.faults.append(Fault(Why.NO_CONTROLS, "catalog"))
    return found


def _json(content: bytes) -> object:
    try:
        return json.loads(content.decode("utf-8-sig"), object_pairs_hook=_object, parse_constant=_no_figure)
    except Unreadable:
        raise
    except RecursionError:
        raise Unreadable(Fault(Why.TOO_DEEP, "", "", str(DEEPEST))) from None
    except UnicodeDecodeError as fault:
        raise Unreadable(Fault(Why.NOT_READABLE, f"byte {fault.start}")) from None
    except json.JSONDecodeError as fault:
        raise Unreadable(Fault(Why.NOT_READABLE, f"{fault.lineno}:{fault.colno}")) from None
    except ValueError:  # a number of more digits than anybody reads
        raise Unreadable(Fault(Why.NO_FIGURE)) from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        twice = Counter(key for key, _value in pairs).most_common(1)[0][0]
        raise Unreadable(Fault(Why.DUPLICATE_KEY, "", "", twice[:60]))
    return made


def _no_figure(found: str) -> Never:
    raise Unreadable(Fault(Why.NO_FIGURE, "", "", found))


def _entries(data: Mapping[str, Any], key: str, place: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the objects of a list with their places; what is no object is passed over."""
    entries = data.get(key)
    for position, entry in enumerate(entries if isinstance(entries, list) else []):
        if isinstance(entry, dict):
            yield f"{place}/{key}[{position}]", entry


def _text(data: Mapping[str, Any], key: str) -> str:
    value = data.get(key)
    return " ".join(value.split()) if isinstance(value, str) else ""


def _prop(data: Mapping[str, Any], name: str) -> str:
    """Return the value of a property; the one without a class where several bear the name."""
    found = [entry for _place, entry in _entries(data, "props") if entry.get("name") == name]
    found.sort(key=lambda entry: "class" in entry)
    return _text(found[0], "value") if found else ""


def _params(data: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {_text(param, "id"): param for _place, param in _entries(data, "params") if _text(param, "id")}


class _Reader:
    """Walks through a catalog."""

    def __init__(self, language: str, confidence: str, found: Found) -> None:
        self.language, self.confidence, self.found = language, confidence, found
        self.params: dict[str, dict[str, Any]] = {}
        self.seen: dict[str, str] = {}
        self.inserted = 0

    @property
    def is_full(self) -> bool:
        """Whether there is no use in reading on."""
        return len(self.found.faults) >= MOST_FAULTS or any(f.why == Why.TOO_MANY for f in self.found.faults)

    def within(self, data: Mapping[str, Any], place: str, group: str, depth: int) -> None:
        """Read the controls and groups of a catalog, a group or a control."""
        if depth > DEEPEST:
            self.found.faults.append(Fault(Why.TOO_DEEP, place, "", str(DEEPEST)))
            return
        for there, control in _entries(data, "controls", place):
            if self.is_full:
                return
            self.params |= _params(control)
            self._control(control, there, group)
            self.within(control, there, group, depth + 1)
        for there, entry in _entries(data, "groups", place):
            self.params |= _params(entry)
            self.within(entry, there, self._group(entry, there), depth + 1)

    def _group(self, data: Mapping[str, Any], place: str) -> str:
        number = _number(_prop(data, "label") or _text(data, "id"))
        if not NUMBER.fullmatch(number):
            self.found.faults.append(Fault(Why.NOT_A_NUMBER, place, "id", number[:40]))
        self.found.groups.setdefault(number, {self.language: (_text(data, "title") or number)[:200]})
        return number

    def _control(self, data: Mapping[str, Any], place: str, group: str) -> None:
        if _prop(data, "status").lower() == "withdrawn":
            self.found.skipped += 1
            return
        if len(self.found.controls) >= MOST_CONTROLS:
            self.found.faults.append(Fault(Why.TOO_MANY, place, "", str(MOST_CONTROLS)))
            return
        label = _prop(data, "label") or _text(data, "id")
        number, title = _number(label), _text(data, "title")
        text = self._prose(data, ("statement",), place) or title
        wanted = self._prose(data, _MEANING, place)
        self._check(number, place, title, text, wanted)
        made: dict[str, Any] = {
            "number": number, "title": {self.language: title}, "text": {self.language: text},
            "source": self.found.source or number, "article": label[:100], "confidence": self.confidence,
        }  # fmt: skip
        made |= {"group": group} if group else {}
        made |= {"help": {self.language: wanted}} if wanted else {}
        self.found.controls.append(made)

    def _check(self, number: str, place: str, title: str, text: str, wanted: str) -> None:
        faults = self.found.faults
        if not number:
            faults.append(Fault(Why.MISSING, place, "id"))
        elif not NUMBER.fullmatch(number):
            faults.append(Fault(Why.NOT_A_NUMBER, place, "id", number[:40]))
        elif number in self.seen:
            faults.append(Fault(Why.TWICE, place, "id", self.seen[number]))
        self.seen.setdefault(number, place)
        if not title:
            faults.append(Fault(Why.MISSING, place, "title"))
        lengths = (
            ("title", title, 200),
            ("statement", text, LONGEST_TEXT),
            ("guidance", wanted, LONGEST_TEXT),
        )
        faults += [fault for name, given, most in lengths if (fault := text_fault(given, place, name, most))]

    def _prose(self, data: Mapping[str, Any], names: tuple[str, ...], place: str) -> str:
        lines: list[str] = []
        for there, part in _entries(data, "parts", place):
            if part.get("name") in names:
                lines += self._lines(part, there, 0)
        return "\n".join(lines)

    def _lines(self, part: Mapping[str, Any], place: str, depth: int) -> Iterator[str]:
        if depth > DEEPEST:
            self.found.faults.append(Fault(Why.TOO_DEEP, place, "", str(DEEPEST)))
            return
        if prose := self._filled(_text(part, "prose")):
            yield f"{_prop(part, 'label')} {prose}".strip()
        for there, inner in _entries(part, "parts", place):
            yield from self._lines(inner, there, depth + 1)

    def _filled(self, prose: str, depth: int = 0) -> str:
        """Return the prose with its parameters: their values, what may be chosen, or their label in brackets."""
        if depth > _NESTED_PARAMS or len(prose) > LONGEST_TEXT:
            return prose[:LONGEST_TEXT]
        return _BLANK.sub(r"\1", _INSERT.sub(lambda hit: self._param(hit[1] or hit[2], depth), prose))

    def _param(self, name: str, depth: int) -> str:
        self.inserted += 1
        param = self.params.get(name, {}) if self.inserted <= _MOST_INSERTED else {}
        values = param.get("values")
        if isinstance(values, list) and values:
            said = [value[:_LONGEST_PARAM] for value in values[:_MOST_CHOICES] if isinstance(value, str)]
            return self._filled(", ".join(said), depth + 1)[:_LONGEST_PARAM]
        select = param.get("select")
        choices = select.get("choice") if isinstance(select, dict) else None
        if isinstance(choices, list) and choices:
            given = [
                self._filled(choice, depth + 1)
                for choice in choices[:_MOST_CHOICES]
                if isinstance(choice, str)
            ]
            return f"[{' / '.join(given)[:_LONGEST_PARAM]}]"
        return f"[{(_text(param, 'label') or name)[:_LONGEST_PARAM]}]"


def _number(label: str) -> str:
    """Return a label as a number of ours: AC-2(1) is AC-2.1."""
    return (
        re.sub(r"\s*\(\s*([^()]*?)\s*\)", r".\1", label)
        .strip()
        .strip(".")
        .replace(" ", "-")
        .replace("_", "-")
    )

"""A library as rows of a spreadsheet: what stands in its columns, and what is wrong with them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from compliance.rules.happenings import Happening
from compliance.rules.import_faults import (
    LONGEST_TEXT,
    MOST_CONTROLS,
    MOST_FAULTS,
    Fault,
    Found,
    Why,
    text_fault,
)
from compliance.rules.library_file import (
    LANGUAGES,
    MAPPING,
    NUMBER,
    OBLIGATION,
    Basis,
    Confidence,
    Every,
)

TEXTS = {"title": 200, "text": LONGEST_TEXT, "help": LONGEST_TEXT, "evidence": 300}
PLAIN = {"source": 200, "article": 100}
YES = {"yes", "true", "1", "x", "是", "ja"}
NO = {"", "no", "false", "0", "否", "nein"}
COLUMNS = (
    "number", "group", "group_en", "group_zh", "title_en", "title_zh", "text_en", "text_zh", "help_en", "help_zh",
    "source", "article", "confidence", "evidence_en", "evidence_zh", "evidence_required", "every", "events", "basis",
    "note_en", "note_zh", "obligations", "mappings",
)  # fmt: skip
EXAMPLE = (
    "A.1", "A", "First part", "第一部分", "Short name", "简称", "What is asked, in one or two sentences.",
    "用一两句话写明要求。", "How to judge it.", "如何判断。", "Our policy", "Section 1", "P", "minutes", "会议记录",
    "yes", "quarterly", "version_released", "P", "", "", "", "iso-42001:A.5.2",
)  # fmt: skip
WIDEST = 40
_QUOTED = re.compile("'[=+\\-@＝＋－＠]")  # an apostrophe that keeps a spreadsheet from seeing a formula
_LIST = re.compile(r"[\s,;，；、]+")


def read_table(rows: Iterable[Sequence[object]], *, source: str = "", confidence: str = "S") -> Found:
    """Read a library from rows, the first with the names of columns; `source` and `confidence` where none is given.

    Empty rows are passed over. Places of faults are numbers of rows as a spreadsheet shows them, from 1.
    """
    found = Found()
    lines = iter(rows)
    header = [_cell(value).lower().replace(" ", "_") for value in next(lines, ())]
    found.faults += _header_faults(header)
    if found.faults:
        return found
    seen: dict[str, str] = {}
    for row, line in enumerate(lines, 2):
        values = {name: _cell(value) for name, value in zip(header, line, strict=False) if name}
        if any(_cell(value) for value in line[len(header) :]):
            found.faults.append(Fault(Why.MORE_CELLS, str(row)))
        if not any(values.values()):
            continue
        if len(found.controls) >= MOST_CONTROLS:
            found.faults.append(Fault(Why.TOO_MANY, str(row), "", str(MOST_CONTROLS)))
            break
        given = {"source": source, "confidence": confidence} | {
            key: text for key, text in values.items() if text
        }
        found.faults += _row_faults(given, str(row), seen)
        if len(found.faults) >= MOST_FAULTS:
            break
        found.controls.append(_control(given))
        if given.get("group"):
            _name_group(found, given)
    if not found.controls and not found.faults:
        found.faults.append(Fault(Why.NO_CONTROLS))
    return found


def _cell(value: object) -> str:
    """Return the text of a cell; a whole number without a decimal point, as a spreadsheet shows it."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    text = str(value).strip()
    return text[1:] if _QUOTED.match(text) else text


def _header_faults(header: Sequence[str]) -> list[Fault]:
    named = [name for name in header if name]
    wrong = [Fault(Why.UNKNOWN_COLUMN, "1", name[:40]) for name in named if name not in COLUMNS]
    wrong += [Fault(Why.COLUMN_TWICE, "1", name) for name in sorted({n for n in named if named.count(n) > 1})]
    for needed in (("number",), ("title_en", "title_zh"), ("text_en", "text_zh")):
        if not set(needed) & set(named):
            wrong.append(Fault(Why.NO_COLUMN, "1", needed[0]))
    return wrong[:MOST_FAULTS]


def _row_faults(given: Mapping[str, str], row: str, seen: dict[str, str]) -> list[Fault]:
    number = given.get("number", "")
    wrong: list[Fault | None] = []
    if not number:
        wrong.append(Fault(Why.MISSING, row, "number"))
    elif not NUMBER.fullmatch(number):
        wrong.append(Fault(Why.NOT_A_NUMBER, row, "number", number[:40]))
    elif number in seen:
        wrong.append(Fault(Why.TWICE, row, "number", seen[number]))
    seen.setdefault(number, row)
    if given.get("group") and not NUMBER.fullmatch(given["group"]):
        wrong.append(Fault(Why.NOT_A_NUMBER, row, "group", given["group"][:40]))
    wrong += [
        Fault(Why.MISSING, row, f"{field}_en")
        for field in ("title", "text")
        if not any(given.get(f"{field}_{language}") for language in LANGUAGES)
    ]
    if not given["source"]:
        wrong.append(Fault(Why.MISSING, row, "source"))
    limits = {f"{field}_{each}": most for field, most in TEXTS.items() for each in LANGUAGES} | PLAIN
    wrong += [text_fault(text, row, name, limits.get(name, 200)) for name, text in given.items()]
    wrong += _choice_faults(given, row)
    return [fault for fault in wrong if fault]


def _choice_faults(given: Mapping[str, str], row: str) -> list[Fault]:
    wrong = [
        Fault(Why.NOT_ONE_OF, row, name, ", ".join(known))
        for name, known in (("confidence", Confidence), ("every", Every), ("basis", Basis))
        if given.get(name) and given[name] not in list(known)
    ]
    if given.get("evidence_required", "").lower() not in YES | NO:
        wrong.append(Fault(Why.NOT_ONE_OF, row, "evidence_required", "yes, no"))
    if set(_list(given, "events")) - set(Happening):
        wrong.append(Fault(Why.NOT_ONE_OF, row, "events", ", ".join(Happening)))
    for name, shape in (("obligations", OBLIGATION), ("mappings", MAPPING)):
        if not all(shape.fullmatch(entry) for entry in _list(given, name)):
            wrong.append(Fault(Why.NOT_A_LIST, row, name))
    return wrong


def _list(given: Mapping[str, str], name: str) -> list[str]:
    return [entry for entry in _LIST.split(given.get(name, "")) if entry]


def _texts(given: Mapping[str, str], field: str) -> dict[str, str]:
    return {each: given[f"{field}_{each}"] for each in LANGUAGES if given.get(f"{field}_{each}")}


def _control(given: Mapping[str, str]) -> dict[str, Any]:
    made: dict[str, Any] = {
        name: given[name] for name in ("number", "group", *PLAIN, "confidence") if given.get(name)
    }
    made |= {field: texts for field in TEXTS if (texts := _texts(given, field))}
    made |= {name: entries for name in ("obligations", "mappings") if (entries := _list(given, name))}
    if given.get("evidence_required", "").lower() in YES:
        made["evidence_required"] = True
    cadence: dict[str, Any] = {"every": given["every"]} if given.get("every") else {}
    cadence |= {"events": events} if (events := _list(given, "events")) else {}
    if note := _texts(given, "note"):
        cadence["note"] = {each: note.get(each) or next(iter(note.values())) for each in LANGUAGES}
    return made | ({"cadence": cadence | {"basis": given.get("basis", Basis.OURS.value)}} if cadence else {})


def _name_group(found: Found, given: Mapping[str, str]) -> None:
    """Keep the first name of a group; its number is its name where none is given."""
    names = _texts(given, "group")
    known = found.groups.get(given["group"])
    if known is None or (names and known == {"en": given["group"]}):
        found.groups[given["group"]] = names or {"en": given["group"]}

"""A list of people to invite, as spreadsheets save it: any usual encoding, delimiter and language of the headings.

Nothing here knows the database. What is wrong comes back as codes with the row that it stands in; a cell that a
spreadsheet would run as a formula is refused, so that it can't lie in wait for whoever exports people later.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

LARGEST = 1_000_000  # bytes
MOST = 1_000  # people
_LONGEST = 200  # characters of a cell
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_HEADINGS = {
    "email": {
        "email",
        "e-mail",
        "mail",
        "e-mail address",
        "email address",
        "邮箱",
        "电子邮箱",
        "电子邮件",
        "邮件地址",
    },
    "name": {"name", "display name", "full name", "姓名", "名字", "显示名称"},
    "roles": {"role", "roles", "角色"},
    "language": {"language", "lang", "语言"},
    "time_zone": {"time zone", "timezone", "time_zone", "tz", "时区"},
    "line_manager": {"line manager", "line_manager", "manager", "直属上级", "上级", "主管"},
}
_LANGUAGES = {
    "en": "en", "english": "en", "英文": "en", "英语": "en",
    "zh": "zh-hans", "zh-hans": "zh-hans", "zh-cn": "zh-hans", "chinese": "zh-hans", "中文": "zh-hans",
    "简体中文": "zh-hans",
}  # fmt: skip
_EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*/?^_`{|}~][A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+"
)


class Unreadable(ValueError):  # noqa: N818
    """The file as a whole can't be read; `code` says why: empty, too_large, not_text, no_email_column, too_many."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Fault(StrEnum):
    """What is wrong with a row."""

    NO_EMAIL = "no_email"
    BAD_EMAIL = "bad_email"
    TWICE = "twice"
    FORMULA = "formula"
    TOO_LONG = "too_long"
    CONTROL = "control"
    UNKNOWN_ROLE = "unknown_role"
    UNKNOWN_LANGUAGE = "unknown_language"
    UNKNOWN_TIME_ZONE = "unknown_time_zone"
    TAKEN = "taken"
    UNKNOWN_MANAGER = "unknown_manager"


@dataclass(frozen=True, slots=True)
class Found:
    """A fault with the text that it is about."""

    fault: Fault
    text: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A person of the list, as far as it could be read; `line` counts from 1 and includes the headings."""

    line: int
    email: str
    name: str
    roles: tuple[str, ...]
    language: str
    time_zone: str
    line_manager: str
    faults: tuple[Found, ...] = ()


def read(content: bytes, *, roles: Sequence[str], time_zones: frozenset[str]) -> list[Row]:
    """Return the rows of the file; raises Unreadable. `roles`: names that exist."""
    records = _records(decode(content))
    headings = _headings(records[0]) if records else {}
    if "email" not in headings:
        raise Unreadable("no_email_column")
    rows: list[Row] = []
    seen: set[str] = set()
    for line, record in enumerate(records[1:], start=2):
        if not any(cell.strip() for cell in record):
            continue
        if len(rows) == MOST:
            raise Unreadable("too_many")
        cells = {name: record[at].strip() if at < len(record) else "" for name, at in headings.items()}
        rows.append(_row(line, cells, seen, roles, time_zones))
    if not rows:
        raise Unreadable("empty")
    return rows


def decode(content: bytes) -> str:
    """Return the text of UTF-8, UTF-16 (with or without mark) or GB18030; raises Unreadable."""
    if len(content) > LARGEST:
        raise Unreadable("too_large")
    if not content.strip():
        raise Unreadable("empty")
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")):
        raise Unreadable("not_text")
    for encoding in _encodings(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text.removeprefix("\ufeff")
    raise Unreadable("not_text")


def _encodings(content: bytes) -> tuple[str, ...]:
    """The encodings to try. Without a mark, UTF-16 of ordinary text shows by its zeros on one side."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    even, odd = content[0::2].count(0), content[1::2].count(0)
    if even or odd:
        return ("utf-16-le",) if odd > even else ("utf-16-be",)
    return ("utf-8-sig", "gb18030")


def _records(text: str) -> list[list[str]]:
    first = text.split("\n", 1)[0]
    delimiter = max((",", ";", "\t", "，"), key=first.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        raise Unreadable("not_text") from None


def _headings(record: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for at, cell in enumerate(record):
        word = cell.strip().casefold()
        for name, words in _HEADINGS.items():
            if word in words and name not in found:
                found[name] = at
    return found


def _row(
    line: int, cells: dict[str, str], seen: set[str], roles: Sequence[str], time_zones: frozenset[str]
) -> Row:
    faults = _cell_faults(cells)
    email = cells["email"].lower()
    faults += _email_faults(email, seen)
    seen.add(email)
    named = [
        word.lower().replace(" ", "_")
        for word in re.split(r"[;,，；、|/]+", cells.get("roles", ""))
        if word.strip()
    ]
    named = [word.strip("_") for word in named]
    faults += [Found(Fault.UNKNOWN_ROLE, word) for word in named if word not in roles]
    language = cells.get("language", "")
    if language and language.casefold() not in _LANGUAGES:
        faults.append(Found(Fault.UNKNOWN_LANGUAGE, language))
    zone = cells.get("time_zone", "")
    if zone and zone not in time_zones:
        faults.append(Found(Fault.UNKNOWN_TIME_ZONE, zone))
    return Row(
        line, email, cells.get("name", ""), tuple(dict.fromkeys(named)), _LANGUAGES.get(language.casefold(), "en"),
        zone or "UTC", cells.get("line_manager", "").lower(), tuple(faults),
    )  # fmt: skip


def _cell_faults(cells: dict[str, str]) -> list[Found]:
    faults = []
    for text in cells.values():
        if text.startswith(_FORMULA):
            faults.append(Found(Fault.FORMULA, text[:40]))
        if len(text) > _LONGEST:
            faults.append(Found(Fault.TOO_LONG, text[:40] + "…"))
        if any(unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Co"} for sign in text):
            faults.append(Found(Fault.CONTROL))
    return faults


def _email_faults(email: str, seen: set[str]) -> list[Found]:
    if not email:
        return [Found(Fault.NO_EMAIL)]
    if not _EMAIL.fullmatch(email) or len(email) > 254:
        return [Found(Fault.BAD_EMAIL, email[:60])]
    return [Found(Fault.TWICE, email)] if email in seen else []

"""Events as people read them: who, what, when, why, with the names that may still be seen."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from audit import erasure, verbs, words
from audit.leaf import leaf_hash, readable
from audit.models import Disclosure, Event

_DIGEST = re.compile(r"[0-9a-f]{64}")
_PSEUDONYM = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Row:
    """One value of an event's data; `changed` says that there is an old one too.

    `path` says where it stands ("changes.due"). The value of what was erased is the sentence that says when.
    """

    label: str
    value: str
    path: str
    old: str = ""
    changed: bool = False
    is_digest: bool = False
    is_erased: bool = False

    @property
    def is_pseudonym(self) -> bool:
        """Say whether the value is the pseudonym of a person."""
        return bool(_PSEUDONYM.fullmatch(self.value))


@dataclass(frozen=True, slots=True)
class Told:
    """One event. `who` and `for_whom` are names ("the system", or when the name was erased).

    `disclosed` are the personal values that are still there, by path; `erased` says of the others when they went,
    None when no erasure names them.
    """

    id: int
    at: datetime
    verb: str
    label: str
    sentence: str
    who: str
    pseudonym: str
    for_whom: str
    reason: str
    object_type: str
    object_id: str
    rows: tuple[Row, ...]
    hash: str
    leaf: dict[str, Any]
    disclosed: dict[str, str]
    erased: dict[str, datetime | None]

    @property
    def summary(self) -> str:
        """Return the data in one line."""
        named = [row for row in self.rows if not row.is_erased and not row.is_digest]
        labels = [row.label for row in named]
        return pgettext("between parts of a line", "; ").join(
            _short(row)
            for row in named
            if not (row.is_pseudonym and labels.count(row.label) > 1)  # the name stands there too
        )

    @property
    def pretty(self) -> str:
        """Return the leaf with line breaks, for reading; its exact bytes are one line."""
        return json.dumps(self.leaf, ensure_ascii=False, indent=1, sort_keys=True)


def tell(events: Iterable[Event]) -> list[Told]:
    """Return the events as people read them; one query for all their names, one more when some were erased."""
    listed = list(events)
    leaves = {event.pk: leaf_of(event) for event in listed}
    disclosed: dict[int, dict[str, str]] = {event.pk: {} for event in listed}
    found = Disclosure.objects.filter(event__in=list(disclosed)).values_list("event_id", "path", "value")
    for event_id, path, value in found:
        disclosed[event_id][path] = value
    gone = {pk: [path for path in leaves[pk]["personal"] if path not in disclosed[pk]] for pk in disclosed}
    when = erasure.erased_when({(pk, path) for pk, paths in gone.items() for path in paths})
    return [
        _told(
            event,
            leaves[event.pk],
            disclosed[event.pk],
            {path: when.get((event.pk, path)) for path in gone[event.pk]},
        )
        for event in listed
    ]


def leaf_of(event: Event) -> dict[str, Any]:
    """Return the fields of the event's leaf; of one that can't be read what the columns say, without a revision."""
    return readable(bytes(event.leaf)) or {
        "log": "", "t": event.occurred_at.isoformat(), "verb": event.verb, "actor": event.actor or None,
        "on_behalf_of": None, "obj": {"type": event.object_type, "id": event.object_id}, "rev": 0, "prev": None,
        "place": {
            "project": event.project or None, "board": event.board or None,
            "root": {"type": event.root_type, "id": event.root_id},
        },
        "data": {}, "personal": {}, "state": None, "states": {}, "req": None,
    }  # fmt: skip


def erased_text(moment: datetime | None) -> str:
    """Return what stands for a personal value that is gone; None: no erasure names it."""
    if moment is None:
        return _("missing, and no erasure names it")
    return _("erased on {day}").format(day=_day(moment))


def _day(moment: datetime) -> str:
    """Return the day in UTC, as the log counts."""
    pattern = pgettext("pattern of a date with year, in Django's letters", "j M Y")
    return date_format(moment.astimezone(UTC), pattern)


def _short(row: Row) -> str:
    """Return a value for a line: of a pseudonym its first eight digits."""
    value = _PSEUDONYM.sub(lambda found: f"{found[0][:8]}…", row.value)
    colon = pgettext("before what a line says", ": ")
    return f"{row.label}{colon}{row.old} → {value}" if row.changed else f"{row.label}{colon}{value}"


def _told(
    event: Event, leaf: dict[str, Any], disclosed: dict[str, str], erased: dict[str, datetime | None]
) -> Told:
    try:
        verb = verbs.get(event.verb)
        label, sentence = str(verb.label), str(verb.sentence)
    except verbs.UnknownVerb:
        label, sentence = event.verb, ""
    if not leaf["rev"]:
        sentence = _("Its leaf can't be read: somebody changed it. Have the log verified.")
    return Told(
        id=event.pk,
        at=event.occurred_at,
        verb=event.verb,
        label=label,
        sentence=sentence,
        who=_name("actor", leaf, disclosed, erased) or _("the system"),
        pseudonym=event.actor,
        for_whom=_name("on_behalf_of", leaf, disclosed, erased),
        reason=disclosed.get("reason", erased_text(erased["reason"]) if "reason" in erased else ""),
        object_type=event.object_type,
        object_id=event.object_id,
        rows=tuple(_rows(leaf, disclosed, erased)),
        hash=leaf_hash(bytes(event.leaf)),
        leaf=leaf,
        disclosed=disclosed,
        erased=erased,
    )


def _name(
    path: str, leaf: Mapping[str, Any], disclosed: Mapping[str, str], erased: Mapping[str, datetime | None]
) -> str:
    """Return the name, what stands for an erased one, or "" for nobody."""
    if not leaf[path]:
        return ""
    if path in disclosed:
        return disclosed[path]
    if not leaf["rev"]:
        return str(leaf[path])
    moment = erased.get(path)
    return (
        _("name erased on {day}").format(day=_day(moment))
        if moment
        else _("name missing, and no erasure names it")
    )


def _rows(
    leaf: Mapping[str, Any], disclosed: Mapping[str, str], erased: Mapping[str, datetime | None]
) -> Iterator[Row]:
    yield from _data(leaf["data"], "")
    for path in leaf["personal"]:
        if path not in {"actor", "on_behalf_of", "reason"} and not path.startswith("states."):
            gone = path in erased
            value = erased_text(erased[path]) if gone else words.value_word(path, disclosed[path])
            yield Row(words.word(path), value, path, is_erased=gone)


def _data(value: Mapping[str, Any], path: str) -> Iterator[Row]:
    for key, item in value.items():
        here = f"{path}.{key}" if path else key
        if isinstance(item, dict) and item.keys() == {"old", "new"}:
            yield Row(
                words.word(here),
                value_text(item["new"], here),
                here,
                value_text(item["old"], here),
                changed=True,
            )
        elif isinstance(item, dict):
            yield from _data(item, here)
        else:
            text = value_text(item, here)
            yield Row(words.word(here), text, here, is_digest=is_digest(text))


def is_digest(text: str) -> bool:
    """Say whether a text is a SHA-256."""
    return bool(_DIGEST.fullmatch(text))


def value_text(value: object, path: str) -> str:
    """Return a value of the data as text: codes in words, lists as lists."""
    comma = pgettext("between members of a list", ", ")
    match value:
        case None | "":
            return _("nothing")
        case bool():
            return _("yes") if value else _("no")
        case list():
            return comma.join(value_text(item, path) for item in value) or _("nothing")
        case dict():
            return comma.join(
                f"{words.word(str(key))} {value_text(item, str(key))}" for key, item in value.items()
            )
    return words.value_word(path, str(value))

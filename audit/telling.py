"""Events as people read them: who, what, when, why, with the names that may still be seen."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from audit import verbs, words
from audit.leaf import decode, leaf_hash
from audit.models import Disclosure, Event

_DIGEST = re.compile(r"[0-9a-f]{64}")
_PSEUDONYM = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Row:
    """One value of an event's data; `changed` says that there is an old one too. Erased personal values are None."""

    label: str
    value: str | None
    old: str = ""
    changed: bool = False
    is_digest: bool = False

    @property
    def is_pseudonym(self) -> bool:
        """Say whether the value is the pseudonym of a person."""
        return bool(_PSEUDONYM.fullmatch(self.value or ""))


@dataclass(frozen=True, slots=True)
class Told:
    """One event. `who` and `for_whom` are names ("the system", or that the name was erased)."""

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

    @property
    def summary(self) -> str:
        """Return the data in one line."""
        named = [row for row in self.rows if row.value is not None and not row.is_digest]
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
    """Return the events as people read them; one query for all their names."""
    listed = list(events)
    disclosed: dict[int, dict[str, str]] = {event.pk: {} for event in listed}
    found = Disclosure.objects.filter(event__in=list(disclosed)).values_list("event_id", "path", "value")
    for event_id, path, value in found:
        disclosed[event_id][path] = value
    return [_told(event, disclosed[event.pk]) for event in listed]


def _short(row: Row) -> str:
    """Return a value for a line: of a pseudonym its first eight digits."""
    value = _PSEUDONYM.sub(lambda found: f"{found[0][:8]}…", row.value or "")
    colon = pgettext("before what a line says", ": ")
    return f"{row.label}{colon}{row.old} → {value}" if row.changed else f"{row.label}{colon}{value}"


def _told(event: Event, disclosed: Mapping[str, str]) -> Told:
    content = bytes(event.leaf)
    leaf = decode(content)
    try:
        verb = verbs.get(event.verb)
        label, sentence = str(verb.label), str(verb.sentence)
    except verbs.UnknownVerb:
        label, sentence = event.verb, ""
    return Told(
        id=event.pk,
        at=event.occurred_at,
        verb=event.verb,
        label=label,
        sentence=sentence,
        who=_name("actor", leaf, disclosed) or _("the system"),
        pseudonym=event.actor,
        for_whom=_name("on_behalf_of", leaf, disclosed),
        reason=disclosed.get("reason", _("(erased)") if "reason" in leaf["personal"] else ""),
        object_type=event.object_type,
        object_id=event.object_id,
        rows=tuple(_rows(leaf, disclosed)),
        hash=leaf_hash(content),
        leaf=leaf,
        disclosed=dict(disclosed),
    )


def _name(path: str, leaf: Mapping[str, Any], disclosed: Mapping[str, str]) -> str:
    """Return the name, what stands for an erased one, or "" for nobody."""
    if not leaf[path]:
        return ""
    return disclosed.get(path) or _("somebody whose name was erased")


def _rows(leaf: Mapping[str, Any], disclosed: Mapping[str, str]) -> Iterator[Row]:
    yield from _data(leaf["data"], "")
    for path in leaf["personal"]:
        if path not in {"actor", "on_behalf_of", "reason"} and not path.startswith("states."):
            yield Row(words.word(path), disclosed.get(path))


def _data(value: Mapping[str, Any], path: str) -> Iterator[Row]:
    for key, item in value.items():
        here = f"{path}.{key}" if path else key
        if isinstance(item, dict) and item.keys() == {"old", "new"}:
            yield Row(words.word(here), _text(item["new"], here), _text(item["old"], here), changed=True)
        elif isinstance(item, dict):
            yield from _data(item, here)
        else:
            text = _text(item, here)
            yield Row(words.word(here), text, is_digest=bool(_DIGEST.fullmatch(text)))


def _text(value: object, path: str) -> str:
    """Return a value of the data as text: codes in words, lists as lists."""
    comma = pgettext("between members of a list", ", ")
    match value:
        case None | "":
            return _("nothing")
        case bool():
            return _("yes") if value else _("no")
        case list():
            return comma.join(_text(item, path) for item in value) or _("nothing")
        case dict():
            return comma.join(
                f"{words.word(str(key))} {_text(item, str(key))}" for key, item in value.items()
            )
    return words.value_word(path, str(value))

"""Words for what stands in the data of events: the leaf holds codes, people read sentences of their language."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy
from django_stubs_ext import StrOrPromise

_words: dict[str, StrOrPromise] = {
    "actor": _("who"),
    "address": _("address"),
    "attempts": _("attempts"),
    "boards": _("boards"),
    "cast_at": _("cast at"),
    "code": _("code"),
    "conditions": _("conditions"),
    "count": pgettext_lazy("how many", "number"),
    "data_sha256": _("SHA-256 of the data"),
    "due": pgettext_lazy("a deadline", "due"),
    "email": _("e-mail address"),
    "events": _("events"),
    "file": _("file"),
    "file_sha256": _("SHA-256 of the file"),
    "fields": _("fields"),
    "filters": _("filters"),
    "format": _("format"),
    "found": _("found"),
    "from": _("before"),
    "kind": _("kind"),
    "language": _("language"),
    "method": _("signed in by"),
    "motion": _("motion"),
    "name": _("name"),
    "number": _("number"),
    "on_behalf_of": _("on behalf of"),
    "outcome": _("outcome"),
    "paths": _("values"),
    "person": _("person"),
    "position": _("position"),
    "procedure": _("procedure"),
    "purpose": _("purpose"),
    "question": _("question"),
    "reason": _("reason"),
    "record": _("record"),
    "reference": _("reference"),
    "revision": _("revision"),
    "role": _("role"),
    "roles": _("roles"),
    "rows": _("rows"),
    "sha256": _("SHA-256"),
    "since": _("from"),
    "size": _("size in bytes"),
    "state": _("state"),
    "tier": _("risk tier"),
    "title": _("title"),
    "to": _("after"),
    "until": _("until"),
    "version": _("version"),
}

_values: dict[str, dict[str, StrOrPromise]] = {}


def register(key: str, label: StrOrPromise) -> None:
    """Give a key of an event's data a word; called from AppConfig.ready(). What has no word is shown as it is."""
    _words[key] = label


def register_values(key: str, labels: Mapping[str, StrOrPromise]) -> None:
    """Give codes that stand under a key their words; several apps may add to one key."""
    _values.setdefault(key, {}).update(labels)


def value_word(path: str, code: str) -> str:
    """Return the words for a code under a path like `changes.state`; what has no word is shown as it is."""
    return str(_values.get(path.rpartition(".")[2], {}).get(code, code))


def word(path: str) -> str:
    """Return the words for a path like `changes.due`."""
    return pgettext("before what a line says", ": ").join(
        str(_words.get(part, part.replace("_", " "))) for part in path.split(".")
    )

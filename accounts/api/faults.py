"""What is wrong with the fields of a call, in words, and where: a JSON pointer (RFC 6901) or a parameter's name."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise
from ninja.errors import ValidationError

MOST = 100
_WORDS: dict[str, StrOrPromise] = {
    "missing": gettext_lazy("This is missing."),
    "extra_forbidden": gettext_lazy("There is no field of this name."),
    "string_type": gettext_lazy("This must be a text."),
    "string_too_short": gettext_lazy("This must have at least {min_length} characters."),
    "string_too_long": gettext_lazy("This may have at most {max_length} characters."),
    "string_pattern_mismatch": gettext_lazy("This isn't written as it has to be."),
    "int_type": gettext_lazy("This must be a whole number."),
    "int_parsing": gettext_lazy("This must be a whole number."),
    "int_from_float": gettext_lazy("This must be a whole number."),
    "bool_type": gettext_lazy("This must be true or false."),
    "bool_parsing": gettext_lazy("This must be true or false."),
    "list_type": gettext_lazy("This must be a list."),
    "too_long": gettext_lazy("This may have at most {max_length} entries."),
    "too_short": gettext_lazy("This must have at least {min_length} entries."),
    "greater_than_equal": gettext_lazy("This must be at least {ge}."),
    "less_than_equal": gettext_lazy("This may be at most {le}."),
    "enum": gettext_lazy("This must be one of: {expected}."),
    "literal_error": gettext_lazy("This must be one of: {expected}."),
    "datetime_from_date_parsing": gettext_lazy("This must be a moment like 2026-11-05T09:30:00Z."),
    "datetime_parsing": gettext_lazy("This must be a moment like 2026-11-05T09:30:00Z."),
    "timezone_aware": gettext_lazy("This must be a moment with its time zone, like 2026-11-05T09:30:00Z."),
    "date_from_datetime_parsing": gettext_lazy("This must be a day like 2026-11-05."),
    "date_parsing": gettext_lazy("This must be a day like 2026-11-05."),
    "value_error": gettext_lazy("{error}"),
}


def is_about_address(fault: ValidationError) -> bool:
    """Say whether a part of the path can't be the name of anything."""
    return any(error["loc"][:1] == ("path",) for error in fault.errors)


def errors_of(fault: ValidationError) -> list[dict[str, str]]:
    """Return where and what is wrong, at most a hundred."""
    return [{**_place(error["loc"]), "detail": _sentence(error)} for error in fault.errors[:MOST]]


def pointer(*parts: str | int) -> str:
    """Return the JSON pointer to a place in the body, as a fragment: "#/markets/0"."""
    return "#" + "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in parts)


def _place(loc: tuple[str | int, ...]) -> dict[str, str]:
    source, *rest = loc
    if source == "body":
        return {"pointer": pointer(*rest[1:])}  # the first is the name of our argument
    return {"parameter": str(rest[-1] if rest else source)}


def _sentence(error: dict[str, Any]) -> str:
    words = _WORDS.get(error["type"])
    return str(words).format(**error.get("ctx", {})) if words else _("This can't be taken like this.")

"""Kinds of fields that operations of every app share; what comes in is taken as it is meant, or not at all."""

import re
from datetime import date, datetime
from typing import Annotated, Any, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StringConstraints,
)

from accounts.timezones import time_zones

LARGEST_ID = 2**53 - 1
LONG = 20_000
FIRST_YEAR, LAST_YEAR = 1971, 2198
D = TypeVar("D", date, datetime)
_is_web_address = URLValidator(schemes=["http", "https"])
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)


class In(Schema):
    """What is sent; a field that isn't known is refused, so that nobody's typing error is silently left out."""

    model_config = ConfigDict(extra="forbid")


class Out(Schema):
    """What is answered; nothing that isn't described."""

    model_config = ConfigDict(extra="forbid")


def _moment(sent: object) -> object:
    if not isinstance(sent, str) or not _MOMENT.fullmatch(sent):
        raise ValueError("This must be a moment like 2026-11-05T09:30:00Z.")
    return sent


def _day(sent: object) -> object:
    if isinstance(sent, date):
        return sent
    if not isinstance(sent, str) or not _DAY.fullmatch(sent):
        raise ValueError("This must be a day like 2026-11-05.")
    return sent


def _likely(sent: D) -> D:
    if not FIRST_YEAR <= sent.year <= LAST_YEAR:
        raise ValueError(
            _("This must lie between the years {first} and {last}.").format(first=FIRST_YEAR, last=LAST_YEAR)
        )
    return sent


def _email(sent: str) -> str:
    try:
        validate_email(sent)
    except ValidationError:
        raise ValueError(_("This isn't an e-mail address.")) from None
    return sent


def _zone(sent: str) -> str:
    if sent not in time_zones():
        raise ValueError(_("This time zone isn't known. It looks like Europe/Berlin."))
    return sent


def _link(sent: str) -> str:
    try:
        if sent:
            _is_web_address(sent)
    except ValidationError:
        raise ValueError(_("This must be an address like https://example.org/board.")) from None
    return sent


Id = Annotated[int, Field(ge=1, le=LARGEST_ID, examples=[7])]
"""A number in the address or in a query."""
IdIn = Annotated[StrictInt, Field(ge=1, le=LARGEST_ID, examples=[7])]
Whole = Annotated[StrictInt, Field(ge=0, le=LARGEST_ID)]
Flag = StrictBool
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONG)]
"""Somebody's own words, which must be there."""
WordsOrNone = Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONG)]
Email = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=3, max_length=254),
    AfterValidator(_email),
    Field(json_schema_extra={"format": "email"}, examples=["mateo@example.org"]),
]
MomentIn = Annotated[AwareDatetime, BeforeValidator(_moment)]
DayIn = Annotated[date, BeforeValidator(_day)]
LikelyMomentIn = Annotated[MomentIn, AfterValidator(_likely)]
"""A moment that somebody can have meant; as on pages, beyond these years is a typing error."""
LikelyDayIn = Annotated[DayIn, AfterValidator(_likely)]
Clock = Annotated[
    str, StringConstraints(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$"), Field(examples=["10:00"])
]
"""A time on a wall clock, to the minute."""
Zone = Annotated[
    str,
    StringConstraints(min_length=1, max_length=64),
    AfterValidator(_zone),
    Field(examples=["Europe/Berlin"]),
]
"""A time zone that people choose on pages."""
LinkOrNone = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500), AfterValidator(_link)]
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$", examples=["b1946ac92492d2347c6235b4d2611184" * 2])]
Address = Annotated[
    str, Field(description="The page of it, for a person.", examples=["https://imprimatur.example.org/…"])
]


def page_address(name: str, *arguments: Any) -> str:  # noqa: ANN401  (whatever an address takes)
    """Return the whole address of a page."""
    return f"{settings.BASE_URL}{reverse(name, args=arguments)}"


class PersonOut(Out):
    """A person, as everybody who sees the thing sees them."""

    id: int = Field(examples=[12])
    name: str = Field(examples=["Aylin Demir"])


def person_out(person: Any) -> PersonOut:  # noqa: ANN401  (a user or None, from any relation)
    """Return the person as they are named."""
    return PersonOut(id=person.pk, name=person.display_name)

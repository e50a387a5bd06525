"""Times of the log: in UTC and to the microsecond, whatever the reader's time zone."""

from datetime import UTC, datetime

from django import template
from django.utils.formats import date_format
from django.utils.translation import pgettext

register = template.Library()


@register.filter
def utc(value: datetime) -> str:
    """`23 Nov 2026 06:02:11.480213`, in UTC."""
    moment = value.astimezone(UTC)
    pattern = pgettext("pattern of a date with year, in Django's letters", "j M Y")
    return f"{date_format(moment, pattern)} {moment.strftime('%H:%M:%S.%f')}"


@register.filter
def spaced(digest: str, digits: int = 8) -> str:
    """The first digits of a digest, in groups of four."""
    return " ".join(digest[at : at + 4] for at in range(0, digits, 4))

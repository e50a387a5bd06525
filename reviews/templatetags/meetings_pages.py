"""Tags of the pages of meetings: answers to invitations, what items ask, how people take part, moments."""

from datetime import datetime

from django import template
from django.utils.dateparse import parse_datetime

from reviews.selectors.meetings.words import ANSWERS, ASKED, HOWS
from reviews.selectors.words import Badge

register = template.Library()


@register.filter
def answer_badge(answer: str) -> Badge:
    """What somebody answered to an invitation, as a badge."""
    return ANSWERS[answer]


@register.filter
def asked_word(asked: str) -> str:
    """What an item asks of the board."""
    return str(ASKED[asked])


@register.filter
def how_word(how: str) -> str:
    """How somebody takes part."""
    return str(HOWS[how])


@register.filter
def as_instant(text: str | None) -> datetime | None:
    """An instant of a record's context, for the filters that show moments."""
    return parse_datetime(text) if text else None

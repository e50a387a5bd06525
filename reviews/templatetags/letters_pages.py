"""Filters of the pages of letters and papers: names of kinds, of languages, and of meetings with their address."""

from django import template
from django.utils.translation import get_language_info

from records.words import WORDS
from reviews.models import Meeting
from reviews.selectors.meetings.invitation import meeting_address as address_of
from reviews.selectors.meetings.words import name_of

register = template.Library()


@register.filter
def letter_name(kind: str) -> str:
    """What a letter of this kind is called: decision letter, notice of gaps."""
    return str(WORDS["letter"][kind])


@register.filter
def language_name(code: str) -> str:
    """The name of a language in that language."""
    return str(get_language_info(code)["name_local"])


@register.filter
def meeting_name(meeting: Meeting) -> str:
    """What a meeting is called: Ethics board, 11th meeting."""
    return name_of(meeting)


@register.filter
def meeting_address(meeting: Meeting) -> str:
    """The page of a meeting."""
    return address_of(meeting)

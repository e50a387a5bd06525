"""Filters of the pages of letters: names of kinds and of languages."""

from django import template
from django.utils.translation import get_language_info

from records.words import WORDS

register = template.Library()


@register.filter
def letter_name(kind: str) -> str:
    """What a letter of this kind is called: decision letter, notice of gaps."""
    return str(WORDS["letter"][kind])


@register.filter
def language_name(code: str) -> str:
    """The name of a language in that language."""
    return str(get_language_info(code)["name_local"])

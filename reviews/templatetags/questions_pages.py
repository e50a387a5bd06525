"""Tags of the pages where the questions of dossiers are looked after."""

from django import template
from django.utils.translation import get_language

from imprimatur.dossier.questionnaire import QuestionType, Text
from reviews.rules.questionnaire_changes import Change
from reviews.selectors.questionnaire_words import CHANGES, TYPES

register = template.Library()


@register.inclusion_tag("reviews/components/questions_change.html")
def question_change(change: Change) -> dict[str, object]:
    """What became of a question, as icon and word."""
    tone, icon, label = CHANGES[change]
    return {"tone": tone, "icon": icon, "label": label}


@register.filter
def in_language(text: Text) -> str:
    """The words in the reader's language."""
    return text.in_language(get_language() or "en")


@register.filter
def question_type(kind: str) -> str:
    """The word for a kind of answer; as it is where there is no such kind."""
    return str(TYPES[QuestionType(kind)]) if kind in set(QuestionType) else kind


@register.filter
def dotted(topic: int, question: int) -> str:
    """The number of a question in a draft: "3.2"."""
    return f"{topic}.{question}"

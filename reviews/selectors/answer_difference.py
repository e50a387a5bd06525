"""What changed in one answer: prose word by word, chosen options, numbers and dates whole."""

from reviews.rules.difference import Difference, compare
from reviews.rules.questionnaire import QuestionType
from reviews.rules.value_difference import compare_items
from reviews.selectors.revisions import FrozenAnswer, between_members, items_in_words

WHOLE = (QuestionType.CHOICE, QuestionType.CHOICES, QuestionType.NUMBER, QuestionType.DATE)


def difference_of(answer: FrozenAnswer, language: str) -> Difference:
    """Return what changed since the revision before; in the words of the language."""
    if answer.question.type in WHOLE:
        return compare_items(
            items_in_words(answer.question, answer.previous_value, language),
            items_in_words(answer.question, answer.value, language),
            between_members(),
        )
    return compare(answer.previous or "", answer.text)

"""Reading one answer: what a form or a program sends becomes the value that is kept, or a fault."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from reviews.rules.questionnaire import Fault, Question, QuestionType, Value

LONGEST = 20_000
_NUMBER = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,12})?")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class WrongAnswer(ValueError):  # noqa: N818  (it's an answer to an answer)
    """The value is no answer to the question; `fault` says why."""

    def __init__(self, question: Question, fault: Fault) -> None:
        super().__init__(f"{question.key}: {fault.value}")
        self.question = question
        self.fault = fault


def read_answer(question: Question, raw: Sequence[str]) -> Value:
    """Return the value to keep for what was sent, None when nothing was; raises WrongAnswer.

    Files are no values: for a question of type file the answer is always None.
    """
    texts = [text.strip() for text in raw if text.strip()]
    if not texts or question.type == QuestionType.FILE:
        return None
    match question.type:
        case QuestionType.CHOICES:
            return _choices(question, texts)
        case QuestionType.CHOICE:
            return _choices(question, texts[:1])[0]
        case QuestionType.NUMBER:
            return _number(question, texts[0])
        case QuestionType.DATE:
            return _date(question, texts[0])
    return _markdown(question, raw[0]) or None


def _choices(question: Question, texts: list[str]) -> list[str]:
    """Return the codes in the order of the options, whatever order they came in."""
    options = {option.code: option for option in question.options}
    if not options.keys() >= set(texts):
        raise WrongAnswer(question, Fault.NOT_AN_OPTION)
    if len(set(texts)) > 1 and any(options[text].alone for text in texts):
        raise WrongAnswer(question, Fault.NOT_AN_OPTION)
    return [code for code in options if code in texts]


def _number(question: Question, text: str) -> str:
    """Return the number as plain decimal text without needless zeros ("2.50" is "2.5")."""
    try:
        number = Decimal(text) if _NUMBER.fullmatch(text) else None
    except InvalidOperation:
        number = None
    if number is None:
        raise WrongAnswer(question, Fault.NOT_A_NUMBER)
    if question.minimum and number < Decimal(question.minimum):
        raise WrongAnswer(question, Fault.TOO_SMALL)
    if question.maximum and number > Decimal(question.maximum):
        raise WrongAnswer(question, Fault.TOO_LARGE)
    plain = f"{number:f}"
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    if len(plain.partition(".")[2]) > question.places:
        raise WrongAnswer(question, Fault.TOO_MANY_PLACES)
    return "0" if plain in {"-0", ""} else plain


def _date(question: Question, text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise WrongAnswer(question, Fault.NOT_A_DATE) from None


def _markdown(question: Question, text: str) -> str:
    """Return the text with line feeds, without control characters and blanks at its end."""
    clean = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).rstrip()
    if len(clean) > LONGEST:
        raise WrongAnswer(question, Fault.TOO_LONG)
    return clean

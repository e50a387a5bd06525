"""What was found outside a dossier that could answer its questions, and whether it fits them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from imprimatur.dossier.answers import WrongAnswer, as_sent, read_answer
from imprimatur.dossier.questionnaire import Fault, Question, Questionnaire, QuestionType, Value

MOST = 500
"""Proposals that one source may make at once."""
LONGEST_PLACE, LONGEST_QUOTE = 200, 5000


class ProposalSource(StrEnum):
    """Where a proposal was found."""

    MODEL_CARD = "model_card"
    CROISSANT = "croissant"
    SAFETENSORS = "safetensors"
    LAST_DOSSIER = "last_dossier"


class ProposalState(StrEnum):
    """What became of a proposal; `replaced` when the same source proposed anew, or its value was taken elsewhere."""

    OPEN = "open"
    TAKEN = "taken"
    DISMISSED = "dismissed"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class Found:
    """A value for the question with this key; `place` says where it stands, `quote` what stands there."""

    question: str
    value: Value
    place: str = ""
    quote: str = ""


def why_unfit(question: Question, value: Value) -> Fault | None:
    """Return what is wrong with the value as an answer to the question, None when it could be saved as it is."""
    try:
        read = read_answer(question, as_sent(question, value))
    except WrongAnswer as wrong:
        return wrong.fault
    return None if read is not None and read == value else Fault.MISSING


def fitting(
    found: Iterable[Found], questionnaire: Questionnaire, answers: Mapping[str, Value]
) -> list[Found]:
    """Return what could answer a question of the questionnaire and isn't its answer already, each value once."""
    kept: list[Found] = []
    for one in found:
        question = questionnaire.question(one.question)
        if question is None or why_unfit(question, one.value) or answers.get(one.question) == one.value:
            continue
        if not any((one.question, one.value) == (other.question, other.value) for other in kept):
            kept.append(one)
    return kept


def as_taken(question: Question, present: Value, proposed: Value) -> Value:
    """Return the answer when the proposal is taken: rows join those that are there, anything else takes their place.

    A proposed row whose first cell names a row that is there fills in what that row has not; other rows come after.
    """
    if question.type != QuestionType.ROWS or not isinstance(present, list) or not isinstance(proposed, list):
        return proposed
    name = question.columns[0].key
    rows = [dict(row) for row in present if isinstance(row, dict)]
    for new in (row for row in proposed if isinstance(row, dict)):
        same = next((row for row in rows if new.get(name) and row.get(name) == new[name]), None)
        if same is None:
            rows.append(dict(new))
        else:
            same.update({key: cell for key, cell in new.items() if not same.get(key)})
    return rows

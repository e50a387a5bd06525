"""What differs between two versions of the questions."""

from dataclasses import dataclass, replace
from enum import StrEnum

from imprimatur.dossier.answers import WrongAnswer, as_sent, read_answer
from imprimatur.dossier.questionnaire import Question, Questionnaire, Value


class Change(StrEnum):
    """What became of a question."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class ChangedQuestion:
    """A question that only one of two versions has, or that says something else in the later one."""

    change: Change
    before: Question | None
    after: Question | None

    @property
    def question(self) -> Question:
        """Return the question as it is now, or as it was last."""
        found = self.after or self.before
        assert found is not None
        return found


def compare(before: Questionnaire, after: Questionnaire) -> tuple[ChangedQuestion, ...]:
    """Return the changed questions in the order of the later version, then those that are gone.

    A question that only stands at another place is the same question.
    """
    old, new = ({question.key: question for question in version.questions} for version in (before, after))
    found = [
        ChangedQuestion(Change.CHANGED if key in old else Change.ADDED, old.get(key), question)
        for key, question in new.items()
        if key not in old or not _is_same(old[key], question)
    ]
    gone = [
        ChangedQuestion(Change.REMOVED, question, None) for key, question in old.items() if key not in new
    ]
    return (*found, *gone)


def _is_same(before: Question, after: Question) -> bool:
    return replace(before, number="", columns=_unplaced(before)) == replace(
        after, number="", columns=_unplaced(after)
    )


def _unplaced(question: Question) -> tuple[Question, ...]:
    return tuple(replace(column, number="") for column in question.columns)


def still_fits(question: Question, value: Value) -> bool:
    """Say whether the question takes the value as it stands: an answer to another version of it stays one."""
    try:
        return read_answer(question, as_sent(question, value)) == value
    except WrongAnswer:
        return False

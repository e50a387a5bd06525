"""What a request is found by: its title, what was decided, and the answers of every revision, read from its rows."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.conf import settings
from django.utils import translation

from imprimatur.dossier.questionnaire import QuestionType
from reviews.models import Decision, ReviewRequest, Revision, SearchEntry
from reviews.rules.search_words import plain, words_of
from reviews.selectors.questionnaires import questionnaire
from reviews.selectors.revisions import content_of
from reviews.selectors.words import OUTCOMES

Passage = dict[str, Any]
DECISIONS, ANSWERS = "decision", "answers"
MOST_WORDS = 30_000
"""So many different words of a section are found; PostgreSQL's document has room for no more than a megabyte."""
NOT_WRITTEN = (QuestionType.CHOICE, QuestionType.CHOICES, QuestionType.NUMBER, QuestionType.DATE)


def entry_of(
    request: ReviewRequest, revisions: Sequence[Revision], decisions: Sequence[Decision]
) -> SearchEntry:
    """Return the entry of the request, not saved; `revisions` by number, `decisions` with refusal and conditions."""
    said = list(_of_decisions(decisions))
    answered = list(_of_revisions(revisions))
    title = title_of(request)
    return SearchEntry(
        request=request,
        title=plain(title),
        about=" ".join(words_of(title)),
        decisions=_words([*_outcomes(decisions), *(passage["text"] for passage in said)]),
        answers=_words(passage["text"] for passage in answered),
        passages=[*said, *answered],
    )


def title_of(request: ReviewRequest) -> str:
    """Return what the request is known by."""
    version = request.version
    return " ".join((f"{request.reference} {version.model.name} {version.number} {request.purpose}").split())


def written(question_type: str, value: Any) -> str:  # noqa: ANN401  (an answer as it is kept)
    """Return what a person wrote as an answer: the text, or the texts of its rows; not a choice, number or date."""
    if isinstance(value, str):
        return "" if question_type in NOT_WRITTEN else value
    if isinstance(value, list):
        rows = [row for row in value if isinstance(row, dict)]
        return " · ".join(cell for row in rows for cell in row.values() if isinstance(cell, str) and cell)
    return ""


def _words(texts: Iterable[str]) -> str:
    return " ".join(words_of("\n".join(texts), MOST_WORDS))


def _of_decisions(decisions: Iterable[Decision]) -> Iterator[Passage]:
    for decision in decisions:
        refusal = getattr(decision, "refusal", None)
        texts = [
            decision.reasons,
            refusal.reason if refusal else "",
            *(condition.text for condition in decision.conditions.all()),
        ]
        yield from (_passage(DECISIONS, decision.number, "", text) for text in texts if text)


def _outcomes(decisions: Iterable[Decision]) -> Iterator[str]:
    """Yield the outcomes in the words of every language, so that each is found whoever reads."""
    outcomes = {decision.outcome for decision in decisions}
    for code, _name in settings.LANGUAGES if outcomes else ():
        with translation.override(code):
            yield from [str(OUTCOMES[outcome].label) for outcome in sorted(outcomes)]


def _of_revisions(revisions: Sequence[Revision]) -> Iterator[Passage]:
    """Yield the answers of the last revision, and of earlier ones what reads otherwise in all that follow."""
    seen: set[tuple[str, str]] = set()
    for revision in reversed(revisions):
        asked = questionnaire(revision.questionnaire)
        for answer in content_of(revision).get("answers", ()):
            question = asked.question(answer["question"])
            text = written(question.type if question else "", answer["value"])
            names = [file["name"] for file in answer["files"]]
            for found in filter(None, (text, *names)):
                if (answer["question"], found) not in seen:
                    seen.add((answer["question"], found))
                    yield _passage(ANSWERS, revision.number, answer["question"], found)


def _passage(of: str, number: int, key: str, text: str) -> Passage:
    return {"of": of, "number": number, "key": key, "text": text}

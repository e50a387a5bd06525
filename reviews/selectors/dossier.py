"""The dossier as it is being written: answers, files, facts of the version, and what is missing."""

from collections import Counter
from dataclasses import dataclass

from imprimatur.dossier import questionnaire as rules
from imprimatur.dossier.questionnaire import AnswerProblem, Given, Question, Questionnaire, TopicProgress
from registry.models import ModelVersion
from reviews.models import Answer, AnswerFile, ReviewRequest
from reviews.rules.triage import Facts
from reviews.rules.triage_rules import SYSTEMIC_RISK_FLOP
from reviews.selectors.questionnaires import questionnaire


@dataclass(frozen=True, slots=True)
class Dossier:
    """A draft, read once: rows by question, and what the rules say about them."""

    questionnaire: Questionnaire
    answers: dict[str, Answer]
    files: dict[str, list[AnswerFile]]
    given: Given
    asked: tuple[Question, ...]

    @property
    def problems(self) -> tuple[AnswerProblem, ...]:
        """Return what is required and missing."""
        return rules.problems(self.questionnaire, self.given)

    @property
    def progress(self) -> tuple[TopicProgress, ...]:
        """Return how far each topic has come."""
        return rules.progress(self.questionnaire, self.given)


def dossier_of(request: ReviewRequest) -> Dossier:
    """Return the draft of the request; reads `request.version`."""
    answers = {
        answer.question: answer
        for answer in Answer.objects.filter(request=request).select_related("updated_by")
    }
    files: dict[str, list[AnswerFile]] = {}
    for file in AnswerFile.objects.filter(request=request, removed_at__isnull=True).order_by("id"):
        files.setdefault(file.question, []).append(file)
    given = Given(
        answers={key: answer.value for key, answer in answers.items()},
        files=Counter({key: len(found) for key, found in files.items()}),
        facts=facts_of(request.version),
    )
    asked = questionnaire(request.questionnaire)
    return Dossier(asked, answers, files, given, rules.applicable(asked, given))


def facts_of(version: ModelVersion) -> dict[str, frozenset[str]]:
    """Return the facts of the version that conditions of questions may look at."""
    flop = version.training_compute_flop
    above = flop is not None and flop > SYSTEMIC_RISK_FLOP
    return {
        "channel": frozenset({version.channel}),
        "modality": frozenset(version.modalities),
        "market": frozenset(version.markets),
        "relation": frozenset({version.relation}),
        "compute": frozenset({"above_1e25"} if above else ()),
    }


def triage_facts(dossier: Dossier, version: ModelVersion) -> Facts:
    """Return what triage looks at in a draft; answers to questions that are not asked don't count."""
    asked = {question.key for question in dossier.asked}
    answers = {key: value for key, value in dossier.given.answers.items() if key in asked}
    return Facts(Given(answers=answers), version.channel, version.training_compute_flop)

"""What the services of reviews raise, as problems of the API."""

from typing import Any

from django.utils.translation import gettext as _

from accounts.api.faults import pointer
from accounts.api.problems import Code, Problem, translate
from imprimatur.dossier.answers import WrongAnswer
from reviews.models import ReviewRequest
from reviews.selectors.addresses import dossier_address
from reviews.selectors.dossier_words import fault_in_words, gap_in_words, problem_in_words
from reviews.selectors.gaps import Gaps
from reviews.selectors.questionnaires import questionnaire
from reviews.services.answers import StaleAnswer
from reviews.services.meetings.writing import StalePart
from reviews.services.submission import Incomplete


def gaps_told(request: ReviewRequest, gaps: Gaps) -> list[dict[str, Any]]:
    """Return everything that is missing, each with the words and the place where it is mended."""
    asked = questionnaire(request.questionnaire)
    told: list[dict[str, Any]] = []
    for problem in gaps.answers:
        question = problem.question
        topic = asked.topic_of(question.key)
        address = f"{dossier_address(request.reference)}?topic={topic.key if topic else ''}#q-{question.key}"
        told.append(
            {
                "fault": problem.fault.value, "words": problem_in_words(problem), "question": question.key,
                "number": question.number, "topic": topic.key if topic else None, "address": address,
            }
        )  # fmt: skip
    address = dossier_address(request.reference)
    told += [
        {
            "fault": gap.value, "words": gap_in_words(gap), "question": None, "number": None, "topic": None,
            "address": address,
        }
        for gap in gaps.others
    ]  # fmt: skip
    return told


def _stale(fault: StaleAnswer) -> Problem:
    present = fault.present
    version = present.version if present else 0
    return Problem(
        Code.STALE, _("This answer was changed in the meantime, and nothing was written. Read it, and join both."),
        headers={"ETag": f'"{version}"'},
        more={"present": {"value": present.value if present else None, "version": version}},
    )  # fmt: skip


def _stale_part(fault: StalePart) -> Problem:
    present = fault.present
    version = present.version if present else 0
    return Problem(
        Code.STALE, _("This text was changed in the meantime, and nothing was written. Read it, and join both."),
        headers={"ETag": f'"{version}"'},
        more={"present": {"text": present.text if present else "", "version": version}},
    )  # fmt: skip


def _wrong(fault: WrongAnswer) -> Problem:
    sentence = fault_in_words(fault.question, fault.fault, fault.cells)
    errors = [
        {
            "pointer": pointer("value", cell.row - 1, cell.column.key),
            "detail": fault_in_words(cell.column, cell.fault),
        }
        for cell in fault.cells
    ]
    return Problem(
        Code.INVALID, sentence, errors=errors or [{"pointer": pointer("value"), "detail": sentence}]
    )


def _incomplete(fault: Incomplete) -> Problem:
    return Problem(Code.INCOMPLETE, str(fault), more={"gaps": gaps_told(fault.request, fault.gaps)})


translate(StaleAnswer, _stale)
translate(StalePart, _stale_part)
translate(WrongAnswer, _wrong)
translate(Incomplete, _incomplete)

"""What a draft would gain and lose by going on with the version of the questions that new requests are asked."""

from dataclasses import dataclass

from reviews.models import ReviewRequest
from reviews.rules.lifecycle import RequestState
from reviews.rules.questionnaire_changes import Change, compare, still_fits
from reviews.selectors.dossier import Dossier
from reviews.selectors.questionnaires import in_use


@dataclass(frozen=True, slots=True)
class Renewal:
    """Counts of questions; `emptied` have an answer that the question no longer takes."""

    version: str
    added: int
    changed: int
    removed: int
    emptied: int


def renewal_of(request: ReviewRequest, dossier: Dossier) -> Renewal | None:
    """Return what renewing the questions of the draft would do; None when it has the present ones, or is no draft."""
    newest = in_use()
    if request.state != RequestState.DRAFT or request.questionnaire == newest.version:
        return None
    counts = dict.fromkeys(Change, 0)
    for changed in compare(dossier.questionnaire, newest):
        counts[changed.change] += 1
    asked = {question.key: question for question in newest.questions}
    emptied = [
        key
        for key, answer in dossier.answers.items()
        if key in asked and not still_fits(asked[key], answer.value)
    ]
    return Renewal(
        newest.version, counts[Change.ADDED], counts[Change.CHANGED], counts[Change.REMOVED], len(emptied)
    )

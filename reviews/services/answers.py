"""Saving answers of a dossier one by one, so that a stale write is noticed and nothing is overwritten."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from imprimatur.dossier.answers import read_answer
from imprimatur.dossier.questionnaire import Question, Value
from records.canonical import canonical, digest
from reviews.models import Answer, ReviewRequest
from reviews.permissions import drafting
from reviews.permissions.reasons import require
from reviews.permissions.sight import request_to_change
from reviews.selectors.questionnaires import questionnaire


class StaleAnswer(Refused):
    """Somebody saved another answer in the meantime; nothing was written. `present` is theirs, None if emptied."""

    def __init__(self, present: Answer | None) -> None:
        super().__init__(
            _("This answer was changed in the meantime. Both versions are shown; keep one or join them.")
        )
        self.present = present


@transaction.atomic
def save_answer(
    *, actor: User, request_id: int, question: str, raw: Sequence[str], version: int, now: datetime
) -> Answer | None:
    """Save what was sent for a question and return the answer, None when there is and was none.

    `version` is that of the answer which the writer saw, 0 for none. Raises WrongAnswer, and StaleAnswer when
    somebody else saved another value in the meantime. The same value again changes nothing and leaves no event.
    """
    request = request_to_change(actor, request_id, now)
    require(drafting.why_not_edit(actor, request, now))
    value = read_answer(question_of(request, question), raw)
    present = Answer.objects.filter(request=request, question=question).first()
    if value == (present.value if present else None):
        return present
    if version != (present.version if present else 0):
        raise StaleAnswer(present)
    answer = write_answer(request, present, question, value, actor, now)
    trail.record(
        "answer.saved", obj=answer, actor=actor, now=now,
        data={"question": question, "version": answer.version, "sha256": digest(canonical([value]))},
    )  # fmt: skip
    return answer


def write_answer(
    request: ReviewRequest, present: Answer | None, question: str, value: Value, actor: User, now: datetime
) -> Answer:
    """Write the value on top of the present answer and count its version; the caller locked, asked and records."""
    answer = present or Answer(request=request, question=question, version=0)
    answer.value, answer.version, answer.updated_at, answer.updated_by = value, answer.version + 1, now, actor
    answer.save()
    return answer


def question_of(request: ReviewRequest, key: str) -> Question:
    """Return the question of the request's questionnaire; raises Refused for a key that it doesn't have."""
    question = questionnaire(request.questionnaire).question(key)
    if question is None:
        raise Refused(_("The questionnaire of this request has no such question. Load the page again."))
    return question

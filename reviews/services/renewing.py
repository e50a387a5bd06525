"""A draft goes on with the version of the questions that new requests are asked; what still fits is kept."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from imprimatur.dossier.questionnaire import Question
from reviews.models import Answer, ReviewRequest
from reviews.permissions import drafting
from reviews.permissions.reasons import require
from reviews.permissions.sight import request_to_change
from reviews.rules.lifecycle import RequestState
from reviews.rules.questionnaire_changes import still_fits
from reviews.selectors.questionnaires import in_use
from reviews.services.answers import write_answer


@dataclass(frozen=True, slots=True)
class Renewed:
    """What became of a draft: the version it has now, and the keys of answers that no longer fit and were emptied."""

    version: str
    emptied: tuple[str, ...]


@transaction.atomic
def renew_questions(*, actor: User, request_id: int, now: datetime) -> Renewed:
    """Let the draft be asked the version of new requests; answers are kept where the question still takes them.

    An answer whose question is gone stays, unseen, in case a later version asks it again. One that its question no
    longer takes is emptied, because nobody could save or submit it. Revisions keep the questions that they were
    submitted with. Raises Refused when there is nothing newer, IllegalTransition when the request is no draft.
    """
    request = request_to_change(actor, request_id, now)
    require(drafting.why_not_edit(actor, request, now))
    newest = in_use()
    if request.state != RequestState.DRAFT:
        raise Refused(
            _("The questions are renewed while the request is a draft. Boards judge what was asked.")
        )
    if request.questionnaire == newest.version:
        raise Refused(_("This draft has the present questions already."))
    before = request.questionnaire
    emptied = _empty_what_no_longer_fits(request, actor, now)
    request.questionnaire = newest.version
    request.save(update_fields=["questionnaire"])
    keys = tuple(answer.question for answer in emptied)
    trail.record(
        "request.questions_renewed", obj=request, actor=actor, now=now, also=emptied,
        data={"questionnaire": {"old": before, "new": newest.version}, "emptied": list(keys)},
    )  # fmt: skip
    return Renewed(newest.version, keys)


def _empty_what_no_longer_fits(request: ReviewRequest, actor: User, now: datetime) -> list[Answer]:
    asked: dict[str, Question] = {question.key: question for question in in_use().questions}
    answers = Answer.objects.filter(request=request, question__in=asked).order_by("id")
    unfit = [answer for answer in answers if not still_fits(asked[answer.question], answer.value)]
    return [write_answer(request, answer, answer.question, None, actor, now) for answer in unfit]

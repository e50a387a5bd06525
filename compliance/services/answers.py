"""Filling in a checklist: answers, saved one by one."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from compliance.models import Answer
from compliance.models.assessment import AnswerChoice
from compliance.permissions import assessment_to_fill_in
from compliance.selectors.libraries import control_of

LONGEST_COMMENT = 20_000


@transaction.atomic
def answer_control(
    *, actor: User, assessment_id: int, number: str, state: str, comment: str, now: datetime
) -> Answer:
    """Save what the owner says about a control; `state` "" takes an answer back. The same again leaves no event.

    Reasons and evidence may follow: what lacks is asked at the submission. Raises Http404, PermissionDenied,
    IllegalTransition, or Refused for an unknown state.
    """
    assessment = assessment_to_fill_in(actor, assessment_id, now)
    control = control_of(assessment, number)
    if state and state not in AnswerChoice.values:
        raise Refused(_("Choose one of the four answers."))
    if len(comment) > LONGEST_COMMENT:
        raise Refused(_("A comment has at most 20,000 characters. Attach the rest as a file."))
    comment = comment.replace("\r\n", "\n").replace("\0", "")
    answer = Answer.objects.filter(assessment=assessment, control=control).first()
    before = answer.state if answer else ""
    if answer is None:
        answer = Answer(assessment=assessment, control=control)
    elif (answer.state, answer.comment) == (state, comment):
        return answer
    answer.state, answer.comment, answer.changed_at, answer.changed_by = state, comment, now, actor
    answer.save()
    trail.record(
        "assessment.answered", obj=answer, actor=actor, now=now,
        data={"control": number, "state": {"old": before, "new": state}},
    )  # fmt: skip
    return answer

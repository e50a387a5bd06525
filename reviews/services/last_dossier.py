"""What the last dossier of the same model said, proposed again: nothing of it is an answer until somebody takes it."""

from datetime import datetime

from accounts.models import User
from reviews.models import ReviewRequest, Revision
from reviews.permissions.sight import visible_to
from reviews.rules.proposals import Found, ProposalSource
from reviews.selectors.questionnaires import questionnaire
from reviews.selectors.revisions import content_of
from reviews.services.proposals import Kept, keep_proposals


def propose_from_last_dossier(request: ReviewRequest, actor: User, now: datetime) -> Kept:
    """Propose the answers of the last revision of the same model that the person may read; the caller records it.

    Only to questions that the request has too, of the same type; never to those that are asked afresh each time, and no
    files. The place of a proposal is the number of the revision.
    """
    last = _last_revision(request, actor, now)
    if last is None:
        return Kept([], [])
    before, asked = questionnaire(last.questionnaire), questionnaire(request.questionnaire)
    found = []
    for answer in content_of(last)["answers"]:
        question, then = asked.question(answer["question"]), before.question(answer["question"])
        if question and then and question.type == then.type and not question.afresh:
            found.append(Found(question.key, answer["value"], str(last.number)))
    return keep_proposals(
        request, found, source=ProposalSource.LAST_DOSSIER, source_name=last.request.reference, actor=actor, now=now
    )  # fmt: skip


def _last_revision(request: ReviewRequest, actor: User, now: datetime) -> Revision | None:
    earlier = (
        visible_to(actor, now)
        .filter(version__model=request.version.model_id, submitted_at__isnull=False)
        .exclude(pk=request.pk)
        .order_by()
    )
    revisions = Revision.objects.filter(request__in=earlier.values("pk")).select_related("request")
    return revisions.order_by("-frozen_at", "-id").first()

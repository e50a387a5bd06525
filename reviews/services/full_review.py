"""The full review after an emergency: it schedules itself, and ends the provisional approval when it rejects it."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from audit import trail
from reviews.models import (
    Answer,
    AnswerFile,
    Contributor,
    Decision,
    Recusal,
    ReviewRequest,
    Revision,
    Suspension,
    Triage,
)
from reviews.permissions.standing import forget_standings
from reviews.rules.lifecycle import RequestEvent, RequestState, events_of
from reviews.rules.provisional import Ending, ending_by, full_procedure
from reviews.services.drafting import next_reference
from reviews.services.ending import end_what_follows
from reviews.services.indexing import index_request
from reviews.services.locking import lock_request
from reviews.services.progress import move_request
from reviews.services.routing import open_reviews


def schedule_full_review(decision: Decision, now: datetime) -> ReviewRequest:
    """Give the same frozen revision to the same boards again, in full, as a child request; by the system.

    In the transaction in which the provisional approval enters into force, which has locked the request. Once for each
    approval: a second call returns the child that is there (`request_one_full_review`).
    """
    parent = decision.request
    made = ReviewRequest.objects.filter(amends=parent, is_full_review=True).first()
    if made is not None:
        return made
    route = Triage.objects.prefetch_related("boards").get(request=parent)
    child = ReviewRequest.objects.create(
        reference=next_reference(now), version_id=parent.version_id, project_id=parent.project_id,
        requester=parent.requester, state=RequestState.TRIAGE, state_since=now, language=parent.language,
        purpose=parent.purpose, questionnaire=parent.questionnaire, amends=parent, is_full_review=True,
        tier=parent.tier, procedure=full_procedure(str(route.proposed.get("procedure", ""))), created_at=now,
        submitted_at=now,
    )  # fmt: skip
    dossier = [*_people(parent, child), *_answers(parent, child), *_files(parent, child)]
    revision = _revision(decision.revision, child, now)
    triage = _triage(route, child, revision, now)
    recusals = _recusals(parent, child)
    move_request(child, RequestEvent.ROUTE, now)
    trail.record(
        "request.full_review_made", obj=child, actor=None, now=now,
        also=[*dossier, revision, triage, *recusals],
        data={
            "reference": child.reference, "amends": parent.reference, "procedure": child.procedure,
            "revision_sha256": revision.sha256,
        },
    )  # fmt: skip
    trail.record(
        "request.full_review_scheduled", obj=parent, actor=None, now=now,
        data={"decision": decision.number, "child": child.reference},
    )  # fmt: skip
    open_reviews(
        request=child,
        boards=list(triage.boards.order_by("pk")),
        leading=triage.leading,
        revision=revision,
        procedure=child.procedure,
        actor=None,
        now=now,
        until=decision.valid_until,
    )
    index_request(child.pk)
    return child


def _people(parent: ReviewRequest, child: ReviewRequest) -> list[Contributor]:
    return [
        Contributor.objects.create(
            request=child, person_id=part.person_id, added_at=part.added_at, added_by_id=part.added_by_id
        )
        for part in Contributor.objects.filter(request=parent).order_by("id")
    ]


def _answers(parent: ReviewRequest, child: ReviewRequest) -> list[Answer]:
    return Answer.objects.bulk_create(
        Answer(
            request=child, question=answer.question, value=answer.value, version=answer.version,
            updated_at=answer.updated_at, updated_by_id=answer.updated_by_id,
        )
        for answer in Answer.objects.filter(request=parent).order_by("id")
    )  # fmt: skip


def _files(parent: ReviewRequest, child: ReviewRequest) -> list[AnswerFile]:
    return AnswerFile.objects.bulk_create(
        AnswerFile(
            request=child, question=file.question, name=file.name, sha256=file.sha256, size=file.size,
            added_at=file.added_at, added_by_id=file.added_by_id,
        )
        for file in AnswerFile.objects.filter(request=parent, removed_at__isnull=True).order_by("id")
    )  # fmt: skip


def _revision(frozen: Revision, child: ReviewRequest, now: datetime) -> Revision:
    """Return the same revision, byte for byte, as the first one of the child."""
    with override(child.language):
        why = _("Full review of what was approved provisionally, on the same dossier.")
    return Revision.objects.create(
        request=child, number=1, frozen_at=now, frozen_by_id=frozen.frozen_by_id, content=bytes(frozen.content),
        sha256=frozen.sha256, manifest_sha256=frozen.manifest_sha256, questionnaire=frozen.questionnaire, why=why,
    )  # fmt: skip


def _triage(route: Triage, child: ReviewRequest, revision: Revision, now: datetime) -> Triage:
    with override(child.language):
        reason = _("Full review of a provisional approval, by the same boards.")
    triage = Triage.objects.create(
        request=child, revision=revision, proposed=route.proposed, tier=route.tier, procedure=child.procedure,
        leading_id=route.leading_id, confirmed_by=None, confirmed_at=now, override_reason=reason,
    )  # fmt: skip
    triage.boards.set(route.boards.all())
    return triage


def _recusals(parent: ReviewRequest, child: ReviewRequest) -> list[Recusal]:
    """Keep those out whom the first review kept out; what recused them hasn't changed."""
    made = [
        Recusal.objects.create(
            request=child, person_id=row.person_id, kind=row.kind, reason=row.reason, made_at=row.made_at,
            made_by_id=row.made_by_id, detail=row.detail,
        )
        for row in Recusal.objects.filter(request=parent).order_by("id")
    ]  # fmt: skip
    forget_standings(child)
    return made


def follow_full_review(decision: Decision, now: datetime) -> None:
    """End the provisional approval at once when its full review rejected it; by the system, may run twice.

    Whoever decided the child holds its lock, and the parent's is taken after it. Nothing takes them the other way
    round: to sign, several requests are locked in the order of their ids, but none that is in review.
    """
    child = decision.request
    if not child.is_full_review or ending_by(decision.outcome) != Ending.ENDS_AT_ONCE:
        return
    parent = lock_request(int(child.amends_id or 0))
    standing = Decision.objects.filter(request=parent, status="in_force", provisional=True).first()
    if standing is None or (standing.expires_at is not None and now >= standing.expires_at):
        return  # it ended at its date, also where that wasn't noticed yet
    standing.status, standing.ended_at = "ended", now
    standing.save(update_fields=["status", "ended_at"])
    with override(parent.language):
        reason = _("The full review {reference} rejected it.").format(reference=child.reference)
    standing.request = parent
    suspensions = list(Suspension.objects.filter(decision=standing, ended_at__isnull=True))
    for suspension in suspensions:
        suspension.ended_at, suspension.ending, suspension.ending_reason = now, "withdrawn", reason
        suspension.save(update_fields=["ended_at", "ending", "ending_reason"])
    ended = end_what_follows(standing, now)
    trail.record(
        "decision.overturned", obj=standing, actor=None, now=now, also=[*suspensions, *ended],
        data={"decision": standing.number, "child": child.reference},
    )  # fmt: skip
    if RequestEvent.OVERTURN in events_of(RequestState(parent.state)):
        move_request(parent, RequestEvent.OVERTURN, now)
        trail.record(
            "request.overturned",
            obj=parent,
            actor=None,
            now=now,
            data={"decision": standing.number, "child": child.reference},
        )

"""What a record says about one decision: all of its parts put together."""

from datetime import datetime

from django.conf import settings

from compliance import gates
from records import context as shape
from records import decision_context as decided
from records import dossier_context as parts
from records.context import Language, ReviewContext, instant
from reviews.models import Decision, Determination, Question, Refusal, Revision
from reviews.models.decision import APPROVALS
from reviews.selectors.record.apart import apart_of, where_it_is_appealed
from reviews.selectors.record.boards import boards_of
from reviews.selectors.record.duties import reporting_duties
from reviews.selectors.record.findings import findings_of, topics_of
from reviews.selectors.record.model import model_of
from reviews.selectors.record.story import clock_of, request_of, timeline_of
from reviews.selectors.reviews import current_reviews
from reviews.selectors.revisions import FrozenAnswer, dossier_in_words
from reviews.selectors.words import SIGNING_ROLES


def context_of(
    decision: Decision, *, language: Language, now: datetime, refusal: Refusal | None = None
) -> ReviewContext:
    """Return the whole context; call it inside `translation.override(language)`.

    `refusal`: legal or the chair would not sign what was decided, and the record says so.
    """
    request = decision.request
    leading = current_reviews(request)[0]
    model = model_of(decision)
    return {
        "schema": shape.SCHEMA,
        "language": language,
        "time_zone": leading.board.time_zone,
        "organisation": settings.ORGANISATION,
        "reference": request.reference,
        "title": f"{model['name']} {model['version']}",
        "subtitle": request.purpose,
        "decision": _decision(decision, refusal),
        "model": model,
        "request": request_of(decision),
        "revisions": _revisions(decision),
        "boards": boards_of(decision),
        "conditions": _conditions(decision),
        "findings": findings_of(decision, language),
        "questions": questions_of(decision, language),
        "checks": _checks(decision, now),
        "dossier": dossier_of(decision.revision, language),
        "timeline": timeline_of(request),
        "clock": clock_of(request),
    }


def _decision(decision: Decision, refusal: Refusal | None) -> decided.Decision:
    holds = decision.outcome in APPROVALS and refusal is None
    told: decided.Decision = {
        "outcome": "refused" if refusal else decision.outcome,  # type: ignore[typeddict-item]  # constrained by the table
        "decided_at": instant(decision.decided_at),
        "revision": decision.revision.number,
        "revision_sha256": decision.revision_sha256,
        "reasons": decision.reasons,
        "valid_from": decision.valid_from.isoformat() if holds and decision.valid_from else None,
        "valid_until": decision.valid_until.isoformat() if holds and decision.valid_until else None,
        "next_review": decision.next_review.isoformat() if holds and decision.next_review else None,
        "reporting_duties": reporting_duties() if holds else [],
        "appeal_until": decision.appeal_until.isoformat() if decision.appeal_until else None,
        "appeal_route": where_it_is_appealed(decision),
        "refusal": _refusal(refusal) if refusal else None,
    }
    if apart := apart_of(decision):
        told["apart"] = apart
    return told


def _refusal(refusal: Refusal) -> decided.Refusal:
    return {
        "name": refusal.name,
        "role": str(SIGNING_ROLES[refusal.role]),
        "at": instant(refusal.refused_at),
        "reason": refusal.reason,
    }


def _revisions(decision: Decision) -> list[shape.Revision]:
    revisions = Revision.objects.filter(request=decision.request, number__lte=decision.revision.number)
    return [
        {
            "number": revision.number,
            "frozen_at": instant(revision.frozen_at),
            "sha256": revision.sha256,
            "why": revision.why,
        }
        for revision in revisions.order_by("number").defer("content")
    ]


def _conditions(decision: Decision) -> list[shape.Condition]:
    return [
        {
            "number": f"C{condition.number}",
            "text": condition.text,
            "board": condition.review.board.name,
            "owner": condition.owner.display_name,
            "due": condition.due.isoformat(),
            "verifier": condition.verifier.display_name,
            "blocks_release": condition.blocks_release,
            "state": condition.state,  # type: ignore[typeddict-item]  # constrained by the table
        }
        for condition in decision.conditions.select_related("review__board", "owner", "verifier")
    ]


def questions_of(decision: Decision, language: str) -> list[parts.Question]:
    """Return every question to the requester, with its answer."""
    rows = Question.objects.filter(request=decision.request).select_related("asked_by", "answered_by")
    titles = topics_of(decision, language)
    return [
        {
            "number": row.number,
            "topic": titles.get(row.question_key, ""),
            "text": row.text,
            "asked_by": row.asked_by.display_name,
            "asked_at": instant(row.asked_at),
            "answer": row.answer,
            "answered_by": row.answered_by.display_name if row.answered_by else "",
            "answered_at": instant(row.answered_at) if row.answered_at else None,
        }
        for row in rows.order_by("number")
    ]


def _checks(decision: Decision, now: datetime) -> list[shape.Check]:
    """Return the checklists that the boards' policies ask for, as the ballots copied these."""
    policies = list(
        decision.request.ballots.filter(review__round=decision.round).values_list("policy", flat=True)
    )
    policies += Determination.objects.filter(decision=decision).values_list("policy", flat=True)
    codes = list(dict.fromkeys(code for policy in policies for code in policy.get("gates", [])))
    return [
        {
            "title": check.title,
            "met": check.met,
            "accepted_at": instant(check.accepted_at) if check.accepted_at else None,
            "accepted_by": check.accepted_by,
            "note": check.note,
        }
        for check in gates.readiness(decision.request.version_id, codes, now)
    ]


def dossier_of(revision: Revision, language: str) -> list[parts.Topic]:
    """Return the answers of a revision by topic, with what they were in the revision before."""
    return [
        {
            "key": topic.topic.key,
            "title": topic.title,
            "answers": [_answer(answer, language) for answer in topic.answers],
        }
        for topic in dossier_in_words(revision, language)
    ]


def _answer(answer: FrozenAnswer, language: str) -> parts.Answer:
    said: parts.Answer = {
        "question": answer.question.text.in_language(language),
        "text": answer.text,
        "changed": answer.changed,
        "previous": answer.previous,
        "files": [{"name": file.name, "sha256": file.sha256, "size": file.size} for file in answer.files],
    }
    if table := answer.table:
        said["table"] = {
            "headings": list(table.headings),
            "narrow": list(table.narrow),
            "rows": [list(row) for row in table.rows],
        }
    return said

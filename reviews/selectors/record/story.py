"""The story of a record: request and triage, the timeline, the spans of the clock."""

from django.utils.translation import gettext as _

from audit.selectors import timeline
from records import context as shape
from records.context import instant
from reviews.models import ClockSpan, Contributor, Decision, ReviewRequest, Triage
from reviews.selectors.record.dates import dates_told
from reviews.selectors.triage_words import reasons_in_words
from reviews.selectors.words import PROCEDURES, TIERS

TOLD = (
    "request.submitted", "request.sent_back", "request.accepted", "request.routed", "revision.submitted",
    "review.assigned", "review.deferred", "review.resumed", "review.stopped", "review.reopened", "member.recused",
    "question.asked", "question.answered", "question.withdrawn", "block.raised", "block.cleared", "block.affirmed",
    "block.overridden", "ballot.opened", "ballot.held", "ballot.closed", "decision.made", "decision.refused",
    "request.exempted", "request.escalated", "deadline.moved", "deadline.recounted", "panel.formed", "appeal.filed",
    "appeal.heard", "request.full_review_made", "request.full_review_scheduled",
)  # fmt: skip


def _triage_by(triage: Triage) -> str:
    """Return who confirmed the route; the full review of a provisional approval routes itself."""
    return triage.confirmed_by.display_name if triage.confirmed_by else _("the system, for the full review")


def request_of(decision: Decision) -> shape.Request:
    """Return the request with its triage."""
    request = decision.request
    triage = Triage.objects.select_related("confirmed_by").filter(request=request).first()
    parts = Contributor.objects.filter(request=request).select_related("person").order_by("id")
    tier = triage.tier if triage else request.tier or 0
    procedure = request.procedure or (triage.procedure if triage else "")
    return {
        "submitted_at": instant(request.submitted_at or decision.decided_at),
        "requester": request.requester.display_name,
        "contributors": [part.person.display_name for part in parts],
        "risk_tier": _("{tier} of 4, {word}").format(tier=tier, word=TIERS[tier]) if tier else "",
        "procedure": str(PROCEDURES.get(procedure, procedure)),
        "triage_by": _triage_by(triage) if triage else "",
        "triage_reasons": reasons_in_words(triage.proposed) if triage else [],
        "override_reason": triage.override_reason if triage else "",
    }


def timeline_of(request: ReviewRequest) -> list[shape.Step]:
    """Return the acts that led to the decision, oldest first; single votes and remarks are left out."""
    dates = dates_told(request)
    return [
        {
            "at": instant(told.at),
            "event": _sentence(told.label, dates.get((told.object_type, told.object_id, told.at), "")),
            "by": told.who if told.pseudonym else "",
        }
        for told in reversed(timeline(request, limit=1000))
        if told.verb in TOLD
    ]


def _sentence(label: str, due: str) -> str:
    """Return the event, with how the date came about that it wrote."""
    return _("{event}. {due}").format(event=label, due=due) if due else label


def clock_of(request: ReviewRequest) -> list[shape.Span]:
    """Return the stretches of the review clock that have ended."""
    return [
        {"since": instant(span.since), "until": instant(span.until), "state": span.state}  # type: ignore[typeddict-item]  # constrained by the table
        for span in ClockSpan.objects.filter(request=request, until__isnull=False).order_by("id")
        if span.until
    ]

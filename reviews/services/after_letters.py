"""Letters about what becomes of an approval: suspension and its end, withdrawal, review due, incident."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from records.context import instant
from reviews.models import ContinuingReview, Decision, IncidentReport, ReviewRequest, Suspension
from reviews.rules.letter_kinds import LetterKind
from reviews.services.letters import language_of_letters, write_letter
from reviews.services.locking import lock_request


def tell_suspended(suspension: Suspension, now: datetime) -> None:
    """Tell that the approval is suspended, why, and until when the board has to ratify it."""
    decision = suspension.decision
    write_letter(
        kind=LetterKind.SUSPENDED, request=decision.request, about=suspension, decision=decision, now=now
    )


def tell_suspension_ended(suspension: Suspension, now: datetime) -> None:
    """Tell that the suspension was lifted, or has lapsed."""
    kind = LetterKind.LAPSED if suspension.ending == "lapsed" else LetterKind.LIFTED
    decision = suspension.decision
    write_letter(kind=kind, request=decision.request, about=suspension, decision=decision, now=now)


def tell_withdrawn(about: Decision | ReviewRequest, by: User, reason: str, now: datetime) -> None:
    """Tell that a request, or its approval, was withdrawn; a draft that nobody else has seen needs no letter."""
    request = about.request if isinstance(about, Decision) else about
    if request.submitted_at is None:
        return
    write_letter(
        kind=LetterKind.WITHDRAWN, request=request, about=about, now=now,
        said={"withdrawn_by": by.display_name, "reasons": reason},
    )  # fmt: skip


def tell_review_due(review: ContinuingReview, now: datetime) -> None:
    """Tell that the continuing review is due, and what is to be reported."""
    decision = review.decision
    write_letter(
        kind=LetterKind.REVIEW_DUE, request=decision.request, about=review, decision=decision, now=now,
        said={"due": review.due.isoformat()},
    )  # fmt: skip


def confirm_incident(report: IncidentReport, now: datetime) -> None:
    """Confirm to the requester of the approval that the report of an incident came; without an approval to nobody."""
    if report.request_id is None or report.due_at is None:
        return
    request = lock_request(report.request_id)
    told = report.entries.order_by("number").first()
    parts = [told.text, told.harm, told.measures] if told else [report.incident.text]
    with override(language_of_letters(request)):
        graded = _("not graded yet, so the shortest time runs")
    write_letter(
        kind=LetterKind.INCIDENT, request=request, about=report, now=now,
        said={
            "incident": report.reference, "severity": graded, "aware_at": instant(report.aware_at),
            "report_by": instant(report.due_at), "what_happened": "\n\n".join(part for part in parts if part),
        },
    )  # fmt: skip

"""What follows an approval: continuing reviews with their reports, amendments, renewals."""

from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Field

from accounts.api.fields import Address, Id, In, Out, PersonOut, Words, WordsOrNone, page_address, person_out
from accounts.api.rooms import Room
from accounts.api.visit import tell
from accounts.models import User
from accounts.rules.scopes import Scope
from reviews.api.after import ReasonIn
from reviews.api.requests import PurposeIn, Reference, answered, found_request
from reviews.api.told import RequestOut
from reviews.models import ContinuingReport, ContinuingReview, ReviewRequest
from reviews.selectors.continuing_page import continuing_page
from reviews.services import continuing as services
from reviews.services import following

room = Room("After an approval")


class ContinuingLineOut(Out):
    """A continuing review of an approval: until when it is held, and what came of it."""

    number: int = Field(examples=[1])
    state: str = Field(description="asked, reported or closed.", examples=["asked"])
    ending: str = Field(description="Of a closed one: continued, ended; else empty.", examples=[""])
    due: date
    due_at: datetime
    opened_at: datetime
    closed_at: datetime | None
    next_due: date | None = Field(description="Of one that was continued: when the next is held.")
    decision: int = Field(description="Number of the decision.", examples=[1])
    address: Address


class ContinuingReportOut(Out):
    """What the requester's side reported; returned ones say what was missing."""

    number: int = Field(examples=[1])
    changes: str = Field(examples=["Nothing changed."])
    incidents: str = Field(examples=["One complaint about a wrong dosage."])
    monitoring: str = Field(examples=["Refusals stayed below 2 in 1,000."])
    conditions: str = Field(examples=["Condition 1 is met."])
    reported_by: PersonOut
    reported_at: datetime
    returned_at: datetime | None
    returned_by: PersonOut | None
    returned_because: str = Field(examples=[""])


class ContinuingOut(ContinuingLineOut):
    """A continuing review as its page shows it, and why this person can't act on it now (null: they can)."""

    is_late: bool
    reports: list[ContinuingReportOut]
    incidents: list[str] = Field(description="Reports of incidents to write about.", examples=[["INC-0003"]])
    why_not_report: str | None = Field(examples=[None])
    why_not_return: str | None = Field(
        description="null, too, where there is no report to return.",
        examples=["The chair or the secretary of the leading board returns a report."],
    )


class ContinuingsOut(Out):
    """The continuing reviews of the request, those of the last approval first."""

    items: list[ContinuingLineOut]


class ContinuingReportIn(In):
    """The report; nothing is also an answer, and is written."""

    changes: Words = Field(
        description="About the model, its use, its users or the law.", examples=["Nothing changed."]
    )
    incidents: Words = Field(
        description="Incidents, complaints, near misses.", examples=["One complaint about a wrong dosage."]
    )
    monitoring: Words = Field(
        description="Figures, and what you make of them.", examples=["Refusals stayed below 2 in 1,000."]
    )
    conditions: WordsOrNone = Field(
        "", description="How the conditions stand.", examples=["Condition 1 is met."]
    )


@room.get("/requests/{reference}/continuing", ContinuingsOut, Scope.REQUESTS_READ)
def list_continuing(request: HttpRequest, reference: Reference) -> ContinuingsOut:
    """List the continuing reviews of what was approved by the request."""
    _user, found, _now = found_request(request, reference)
    rows = ContinuingReview.objects.filter(decision__request=found).select_related("decision")
    return ContinuingsOut(
        items=[ContinuingLineOut(**_line(found, one)) for one in rows.order_by("-decision", "number")]
    )


@room.get("/requests/{reference}/continuing/{number}", ContinuingOut, Scope.REQUESTS_READ)
def read_continuing(request: HttpRequest, reference: Reference, number: Id) -> ContinuingOut:
    """Read a continuing review with its reports."""
    user, found, now = found_request(request, reference)
    return _told(user, found, number, now)


@room.post(
    "/requests/{reference}/continuing/{number}/reports", ContinuingOut, Scope.REQUESTS_WRITE, status=201
)
def report_continuing(
    request: HttpRequest, reference: Reference, number: Id, given: ContinuingReportIn
) -> ContinuingOut:
    """Report for a continuing review, as the requester's side; the board then votes whether the approval goes on."""
    user, found, now = found_request(request, reference)
    page = continuing_page(user, found, number, now)
    report = services.Report(given.changes, given.incidents, given.monitoring, given.conditions)
    services.report_continuing(actor=user, review_id=page.review.pk, report=report, now=now)
    return _told(user, found, number, now)


@room.post("/requests/{reference}/continuing/{number}/return", ContinuingOut, Scope.REQUESTS_WRITE)
def return_continuing(
    request: HttpRequest, reference: Reference, number: Id, given: ReasonIn
) -> ContinuingOut:
    """Return the report of a continuing review with what is missing; another one is asked for."""
    user, found, now = found_request(request, reference)
    latest = continuing_page(user, found, number, now).latest
    if latest is None:
        raise Http404
    services.return_report(actor=user, report_id=latest.pk, reason=given.reason, now=now)
    return _told(user, found, number, now)


@room.post("/requests/{reference}/amendments", RequestOut, Scope.REQUESTS_WRITE, status=201)
def draft_amendment(request: HttpRequest, reference: Reference, given: PurposeIn) -> RequestOut:
    """Draft an amendment of what was approved; `purpose` says what shall change.

    It is a request of its own, whose dossier begins as it was approved. What is approved stays valid until the boards
    have decided.
    """
    user, found, now = found_request(request, reference)
    draft = following.draft_amendment(actor=user, request_id=found.pk, purpose=given.purpose, now=now)
    return _drafted(request, user, draft, now)


@room.post("/requests/{reference}/renewals", RequestOut, Scope.REQUESTS_WRITE, status=201, takes=None)
def draft_renewal(request: HttpRequest, reference: Reference) -> RequestOut:
    """Draft the renewal of an approval, with everything of its dossier that still holds."""
    user, found, now = found_request(request, reference)
    return _drafted(request, user, following.draft_renewal(actor=user, request_id=found.pk, now=now), now)


def _drafted(request: HttpRequest, user: User, draft: ReviewRequest, now: datetime) -> RequestOut:
    tell(request, "Location", f"/api/v1/requests/{draft.reference}")
    return answered(user, draft.reference, now)


def _line(found: ReviewRequest, one: ContinuingReview) -> dict[str, Any]:
    return {
        "number": one.number, "state": one.state, "ending": one.ending, "due": one.due, "due_at": one.due_at,
        "opened_at": one.opened_at, "closed_at": one.closed_at, "next_due": one.next_due,
        "decision": one.decision.number, "address": page_address("reviews:continuing", found.reference, one.number),
    }  # fmt: skip


def _told(user: User, found: ReviewRequest, number: int, now: datetime) -> ContinuingOut:
    page = continuing_page(user, found, number, now)
    return ContinuingOut(
        **_line(found, page.review), is_late=page.is_late, reports=[_report(one) for one in page.reports],
        incidents=[one.reference for one in page.incidents], why_not_report=page.why_not_report,
        why_not_return=page.why_not_return,
    )  # fmt: skip


def _report(one: ContinuingReport) -> ContinuingReportOut:
    return ContinuingReportOut(
        number=one.number, changes=one.changes, incidents=one.incidents, monitoring=one.monitoring,
        conditions=one.conditions, reported_by=person_out(one.reported_by), reported_at=one.reported_at,
        returned_at=one.returned_at, returned_by=person_out(one.returned_by) if one.returned_by else None,
        returned_because=one.returned_because,
    )  # fmt: skip

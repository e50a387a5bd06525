"""Tells who asks, at once, what became of their request: a notice in the inbox and a mail, in its transaction."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from accounts.models import User
from reminders.notices import notify
from reviews.models import Contributor, ReviewRequest
from reviews.rules.lifecycle import RequestEvent
from reviews.selectors.addresses import request_address
from reviews.selectors.waiting.wording import title_of
from reviews.selectors.words import PROCEDURES

# What they do themselves, and what concerns only the office, is not told.
NOTICES: Mapping[RequestEvent, tuple[StrOrPromise, StrOrPromise]] = {
    RequestEvent.SEND_BACK: (
        _("Returned: {request}"),
        _("The secretary returned it with a notice that names all gaps. Fill them, and submit it again."),
    ),
    RequestEvent.ROUTE: (_("In review: {request}"), _("It is complete, and the boards review it now.")),
    RequestEvent.BOARDS_APPROVE: (
        _("Decided: {request}"),
        _("The boards approve. It is in force when legal staff and the chair have signed."),
    ),
    RequestEvent.BOARDS_RETURN: (
        _("Returned: {request}"),
        _("The boards returned it for revision. Their reasons stand in the decision."),
    ),
    RequestEvent.BOARDS_REJECT: (
        _("Rejected: {request}"),
        _("The boards rejected it. Their reasons stand in the decision, and until when you can appeal."),
    ),
    RequestEvent.EXEMPT: (
        _("Decided: {request}"),
        _("It is exempt from a review. It is in force when legal staff and the chair have signed."),
    ),
    RequestEvent.SIGN: (_("Approved: {request}"), _("All signatures are there; the approval is in force.")),
    RequestEvent.REFUSE: (
        _("Not signed: {request}"),
        _("The decision wasn't signed, so the boards deliberate again. The reason stands in the record."),
    ),
    RequestEvent.RELEASE: (_("Released: {request}"), _("The release of the approved version was recorded.")),
    RequestEvent.SUSPEND: (
        _("Suspended: {request}"),
        _("The approval was suspended at once. The reason stands on the page of the request."),
    ),
    RequestEvent.LIFT: (_("In force again: {request}"), _("The suspension has ended.")),
    RequestEvent.LIFT_AFTER_RELEASE: (_("In force again: {request}"), _("The suspension has ended.")),
    RequestEvent.EXPIRE: (_("Expired: {request}"), _("The last day of the approval has passed.")),
    RequestEvent.HEAR_APPEAL: (
        _("Appeal heard: {request}"),
        _("A panel in which nobody sits who voted was formed, and it looks at the request again."),
    ),
    RequestEvent.OVERTURN: (
        _("Approval ended: {request}"),
        _("The full review rejected what was approved provisionally, so that ended at once."),
    ),
    RequestEvent.SUPERSEDE: (
        _("Superseded: {request}"),
        _("A newer approval of the same version is in force."),
    ),
}


def tell(request: ReviewRequest, event: RequestEvent, now: datetime) -> None:
    """Tell the requester and the contributors what happened, in the caller's transaction; nothing for other events."""
    if event in NOTICES:
        _notify(request, f"request.{event.value}", *NOTICES[event], now)


def tell_procedure(request: ReviewRequest, procedure: str, now: datetime) -> None:
    """Tell the requester and the contributors that the request goes on under another procedure."""
    body = format_lazy(
        _(
            "A board had a doubt, so it goes on under another procedure: {procedure}. Nothing is needed of you now."
        ),
        procedure=PROCEDURES[procedure],
    )
    _notify(request, "request.escalated", _("Another procedure: {request}"), body, now)


def _notify(
    request: ReviewRequest, kind: str, subject: StrOrPromise, body: StrOrPromise, now: datetime
) -> None:
    asking = {
        request.requester_id,
        *Contributor.objects.filter(request=request).values_list("person_id", flat=True),
    }
    for person in User.objects.filter(pk__in=asking).order_by("pk"):
        notify(
            person=person, kind=kind, obj=request,
            subject=format_lazy(subject, request=title_of(request)), body=body,
            url=request_address(request.reference), now=now,
        )  # fmt: skip

"""Dossiers that wait: for the requester who writes them, and for the secretaries who check and route them."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from accounts.roles import Role
from reminders.waiting import Waiting
from reviews.models import ReviewRequest
from reviews.permissions.sight import TO_ROUTE
from reviews.rules.clocks import DEFAULT_TERMS
from reviews.rules.explaining import DateKind
from reviews.rules.lifecycle import RequestState
from reviews.rules.recusal import conflicts_of
from reviews.selectors.addresses import dossier_address, triage_address
from reviews.selectors.waiting.rows import Reading
from reviews.selectors.waiting.why import why_of
from reviews.selectors.waiting.wording import title_of


def to_triage(reading: Reading) -> Iterator[Waiting]:
    """Yield every secretary who may act on each submitted request: due three working days after it came to them."""
    secretaries = sorted(reading.office.with_role(Role.SECRETARY))
    for request in reading.request_rows:
        if request.state not in TO_ROUTE:
            continue
        parties = reading.parties_of(request)
        for secretary in secretaries:
            if reading.asks(secretary) and not conflicts_of(secretary, parties):
                yield _to_triage(reading, request, secretary)


def _to_triage(reading: Reading, request: ReviewRequest, secretary: int) -> Waiting:
    is_new = request.state == RequestState.SUBMITTED
    return Waiting(
        person_id=secretary,
        object_type="reviews.reviewrequest",
        object_id=str(request.pk),
        since=request.state_since,
        due=request.check_by or DEFAULT_TERMS.completeness.due(request.state_since, reading.calendars.house),
        title=title_of(request),
        needs=_("Check whether the dossier is complete.")
        if is_new
        else _("Confirm the route of the request."),
        act=_("Check the dossier") if is_new else _("Route the request"),
        url=triage_address(request.reference),
        holds_up=_("No board sees it before."),
        root=str(request.pk),
        short=_("completeness") if is_new else _("routing"),
        **why_of(DateKind.COMPLETENESS if is_new else DateKind.ROUTING, request, request.pk, reading.now),
        one_of=_("Secretary"),
    )


def drafts(reading: Reading) -> Iterator[Waiting]:
    """Yield the requesters of drafts; they are never due, so nobody is reminded of them."""
    for request in reading.request_rows:
        if request.state != RequestState.DRAFT or not reading.asks(request.requester_id):
            continue
        came_back = request.submitted_at is not None
        yield Waiting(
            person_id=request.requester_id,
            object_type="reviews.reviewrequest",
            object_id=str(request.pk),
            since=request.state_since,
            due=None,
            title=title_of(request),
            needs=_("It came back: fill the gaps that were named, and submit it again.")
            if came_back
            else _("Fill in the dossier and submit it."),
            act=_("Fill the gaps") if came_back else _("Go on with the dossier"),
            url=dossier_address(request.reference),
            root=str(request.pk),
            short=_("gaps of the dossier") if came_back else _("submission"),
        )

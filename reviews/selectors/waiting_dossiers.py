"""Dossiers that wait: for the requester who writes them, and for the secretaries who check and route them."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.roles import Role
from accounts.selectors import people_with_role
from reminders.waiting import Source, Waiting
from reminders.waiting import register as register_source
from reviews.models import Contributor, ReviewRequest
from reviews.permissions.sight import TO_ROUTE
from reviews.rules.clocks import DEFAULT_TERMS, WorkingCalendar
from reviews.rules.lifecycle import RequestState
from reviews.rules.recusal import Parties, conflicts_of
from reviews.selectors.addresses import dossier_address, triage_address
from reviews.selectors.waiting_boards import People, is_asked, title_of


def register() -> None:
    """Register the sources; called from AppConfig.ready()."""
    register_source(Source("request.triage", gettext_lazy("Request without triage"), to_triage))
    register_source(Source("request.draft", gettext_lazy("Dossier to finish"), drafts))


def to_triage(now: datetime, people: People) -> Iterator[Waiting]:  # noqa: ARG001 (the shape of a source)
    """Yield every secretary who may act on each submitted request: due three working days after it came to them."""
    requests = list(
        ReviewRequest.objects.filter(state__in=TO_ROUTE)
        .select_related("version__model", "requester")
        .order_by("state_since", "id")
    )
    secretaries = list(people_with_role(Role.SECRETARY)) if requests else []
    parties = _parties(requests)
    for request in requests:
        for secretary in secretaries:
            if is_asked(secretary.pk, people) and not conflicts_of(secretary.pk, parties[request.pk]):
                yield _to_triage(request, secretary)


def _to_triage(request: ReviewRequest, secretary: User) -> Waiting:
    is_new = request.state == RequestState.SUBMITTED
    return Waiting(
        person_id=secretary.pk,
        object_type="reviews.reviewrequest",
        object_id=str(request.pk),
        since=request.state_since,
        due=DEFAULT_TERMS.completeness.due(request.state_since, WorkingCalendar()),
        title=title_of(request),
        needs=_("Check whether the dossier is complete.")
        if is_new
        else _("Confirm the route of the request."),
        act=_("Check the dossier") if is_new else _("Route the request"),
        url=triage_address(request.reference),
        holds_up=_("No board sees it before."),
    )


def _parties(requests: list[ReviewRequest]) -> dict[int, Parties]:
    """Return who has a part in each request; one query for all of them."""
    rows: dict[int, list[tuple[int, int | None]]] = {request.pk: [] for request in requests}
    contributors = Contributor.objects.filter(request__in=rows)
    for request_id, person, manager in contributors.values_list(
        "request_id", "person_id", "person__line_manager_id"
    ):
        rows[request_id].append((person, manager))
    return {
        request.pk: Parties(
            requester=request.requester_id,
            contributors=frozenset(person for person, _manager in rows[request.pk]),
            line_managers=frozenset(
                {request.requester.line_manager_id, *(manager for _person, manager in rows[request.pk])}
                - {None}
            ),
        )
        for request in requests
    }


def drafts(now: datetime, people: People) -> Iterator[Waiting]:  # noqa: ARG001 (the shape of a source)
    """Yield the requesters of drafts; they are never due, so nobody is reminded of them."""
    requests = ReviewRequest.objects.filter(state=RequestState.DRAFT).select_related("version__model")
    if people is not None:
        requests = requests.filter(requester__in=people)
    for request in requests.order_by("state_since", "id"):
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
        )

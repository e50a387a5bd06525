"""The secretary's page: return a submitted request with all gaps, accept it, confirm or change its route."""

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from audit.refusal import Refused
from reviews.forms.triage import ReturnForm, RouteForm
from reviews.models import ReviewRequest
from reviews.permissions.reasons import require
from reviews.permissions.triage import why_not_check, why_not_route, why_not_secretary
from reviews.selectors.triage_page import TriagePage, triage_page
from reviews.services.triage import accept_request, return_request, route_request
from reviews.views.acting import asked, attempt, to_page, to_request
from reviews.views.refusing import tells_refusals


@require_safe
@login_required
@tells_refusals
def triage(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the dossier, what the rules propose and why, and what the secretary can do now."""
    user, found, now = asked(request, reference)
    page = _page_for(user, found, now)
    return _show(request, page)


def _page_for(user: User, found: ReviewRequest, now: datetime) -> TriagePage:
    """Return the page to a secretary, also to one who may not act on it and sees why."""
    require(why_not_secretary(user, found, now))
    if why_not_check(user, found, now) and why_not_route(user, found, now):
        require(why_not_route(user, found, now))
    return triage_page(user, found, now)


def _show(
    request: HttpRequest, page: TriagePage, *, returning: ReturnForm | None = None, routing: RouteForm | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    context = {
        "page": page,
        "reference": page.request.reference,
        "return_form": returning or _return_form(page),
        "route_form": routing or RouteForm(initial=page.initial),
    }
    return render(request, "reviews/triage.html", context, status=status)


def _return_form(page: TriagePage, sent: HttpRequest | None = None) -> ReturnForm:
    return ReturnForm(page.questions, get_language() or "en", sent.POST if sent else None)


@require_POST
@login_required
@tells_refusals
def send_back(request: HttpRequest, reference: str) -> HttpResponse:
    """Return the request with all gaps in one notice."""
    user, found, now = asked(request, reference)
    require(why_not_check(user, found, now))
    page = triage_page(user, found, now)
    form = _return_form(page, request)
    if not form.is_valid():
        return _show(request, page, returning=form, status=422)
    said = form.cleaned_data
    attempt(
        request,
        lambda: return_request(
            actor=user, request_id=found.pk, text=said["text"], questions=said["questions"], now=now
        ),
        _("The request is returned. The requester sees your notice."),
    )
    return to_request(reference)


@require_POST
@login_required
@tells_refusals
def accept(request: HttpRequest, reference: str) -> HttpResponse:
    """Say that the dossier is complete."""
    user, found, now = asked(request, reference)
    accept_request(actor=user, request_id=found.pk, now=now)
    messages.success(request, _("The dossier is accepted as complete. Confirm its route now, or later."))
    return to_page("triage", reference)


@require_POST
@login_required
@tells_refusals
def route(request: HttpRequest, reference: str) -> HttpResponse:
    """Give the request to its boards."""
    user, found, now = asked(request, reference)
    require(why_not_route(user, found, now))
    page, form = triage_page(user, found, now), RouteForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            route_request(actor=user, request_id=found.pk, **said | {"boards": list(said["boards"])}, now=now)
        except Refused as refusal:
            form.add_error("override_reason", str(refusal))
        else:
            messages.success(
                request,
                _("The request is with its boards. On the page of each, choose who reads it first."),
            )
            return to_request(reference)
    return _show(request, page, routing=form, status=422)

"""Forming a panel: people are chosen, and who can't be is shown with the reason."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from reviews.forms.panels import PanelForm
from reviews.permissions.panels import why_not_keeper
from reviews.permissions.reasons import require
from reviews.selectors.appeals import appeal_of
from reviews.selectors.panel_page import PanelPage, appeal_page, experts_page
from reviews.services.appeals import form_appeal_panel
from reviews.services.second_review import form_expert_panel
from reviews.views.acting import asked, forbid, fulfil, to_request
from reviews.views.refusing import tells_refusals

Act = Callable[[PanelForm], object]


@login_required
@require_http_methods(["GET", "POST"])
@tells_refusals
def form_experts(request: HttpRequest, reference: str) -> HttpResponse:
    """Form the panel of outside experts."""
    user, found, now = asked(request, reference)
    require(why_not_keeper(user, found, now))
    page = experts_page(user, found, now, request.GET.get("q", ""))
    return _formed(
        request,
        page,
        lambda form: form_expert_panel(
            actor=user, request_id=found.pk, now=now, attributes=form.attributes, **form.cleaned_data
        ),
    )


@login_required
@require_http_methods(["GET", "POST"])
@tells_refusals
def form_appeal(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Form the panel that hears an appeal."""
    user, found, now = asked(request, reference)
    appeal = appeal_of(found, number)
    require(why_not_keeper(user, found, now))
    page = appeal_page(user, appeal, now, request.GET.get("q", ""))
    return _formed(
        request,
        page,
        lambda form: form_appeal_panel(
            actor=user, appeal_id=appeal.pk, now=now, attributes=form.attributes, **form.cleaned_data
        ),
    )


def _formed(request: HttpRequest, page: PanelPage, act: Act) -> HttpResponse:
    """Show the page; when it was sent, form the panel and go to the request, or show why it was refused (422)."""
    form = PanelForm(page.choosable, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        forbid(page.why_not)
        require(page.why_not)
        if fulfil(form, lambda: act(form)):
            messages.success(request, _("The panel is formed, and the request is with it."))
            return to_request(page.request.reference)
    context = {"page": page, "form": form, "found": page.request}
    return render(request, "reviews/form_panel.html", context, status=422 if form.errors else 200)

"""Asking for more about something approved: an amendment, a renewal, and what either changes."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit.refusal import Refused
from reviews.forms.after import AmendmentForm
from reviews.permissions.following import why_not_amend, why_not_renew
from reviews.selectors.addresses import dossier_address
from reviews.selectors.comparison import INLINE, SIDE
from reviews.selectors.following import against_approved
from reviews.services import following as services
from reviews.views.acting import asked, forbid, sent, to_request
from reviews.views.form_page import FormPage, show_form


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def amend(request: HttpRequest, reference: str) -> HttpResponse:
    """Draft an amendment of what was approved."""
    user, found, now = asked(request, reference)
    page = FormPage(
        title=_("Ask for an amendment"),
        intro=_(
            "The amendment is a request of its own about what changes. Its dossier begins as it was approved; a minor "
            "change goes the short way. What is approved now stays valid until the boards have decided."
        ),
        button=_("Begin the amendment"),
        done=_("The amendment is drafted. Change the answers that it concerns."),
        icon="pencil",
        why_not=why_not_amend(user, found, now),
    )
    form = AmendmentForm(sent(request))
    drafted: list[str] = []

    def act() -> None:
        child = services.draft_amendment(
            actor=user, request_id=found.pk, purpose=form.cleaned_data["purpose"], now=now
        )
        drafted.append(child.reference)

    return show_form(request, found, page, form, act, lambda: redirect(dossier_address(drafted[0])))


@require_POST
@login_required
def renew(request: HttpRequest, reference: str) -> HttpResponse:
    """Draft the renewal of an approval with one click."""
    user, found, now = asked(request, reference)
    forbid(why_not_renew(user, found, now))
    try:
        child = services.draft_renewal(actor=user, request_id=found.pk, now=now)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return to_request(reference)
    messages.success(
        request, _("The renewal is drafted with everything that still holds. Look it through and submit it.")
    )
    return redirect(dossier_address(child.reference))


@require_safe
@login_required
def compare_with_approved(request: HttpRequest, reference: str) -> HttpResponse:
    """Compare the last revision of an amendment or a renewal with the one that was approved."""
    _user, found, _now = asked(request, reference)
    page = against_approved(found, SIDE if request.GET.get("view") == SIDE else INLINE)
    if page is None:
        raise Http404
    return render(request, "reviews/compare_approved.html", {"page": page, "found": found})

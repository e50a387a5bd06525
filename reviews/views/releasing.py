"""What becomes of an approval: its release, its suspension, its withdrawal."""

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from reviews.forms.deciding import ReleaseForm
from reviews.forms.talking import ReasonForm
from reviews.models import Decision, ReviewRequest
from reviews.permissions import releasing
from reviews.selectors.suspension_page import suspension_page
from reviews.services import suspending
from reviews.services.release import missing_checklists, record_release
from reviews.views.acting import asked, sent, to_request
from reviews.views.form_page import FormPage, show_form


def _decision(request: HttpRequest, reference: str) -> tuple[User, ReviewRequest, Decision, datetime]:
    """Return who asks, the request, its last approval and the moment; raises Http404."""
    user, found, now = asked(request, reference)
    decision = (
        Decision.objects.filter(request=found, outcome__in=["approved", "approved_with_conditions"])
        .select_related("record")
        .prefetch_related("conditions__owner", "suspensions__suspended_by")
        .order_by("-id")
        .first()
    )
    if decision is None:
        raise Http404
    decision.request = found
    return user, found, decision, now


@login_required
@require_http_methods(["GET", "POST"])
def release(request: HttpRequest, reference: str) -> HttpResponse:
    """Record that exactly what was approved was released."""
    user, found, decision, now = _decision(request, reference)
    page = FormPage(
        title=_("Record the release"),
        intro=_(
            "What is released has to have the approved digest, in date, with its blocking conditions met."
        ),
        button=_("Record the release"),
        done=_("The release is recorded."),
        icon="package",
        why_not=releasing.why_not_release(user, decision, now),
        template="reviews/release.html",
        more={"decision": decision, "missing": missing_checklists(decision, now)},
    )
    form = ReleaseForm(sent(request))
    return show_form(
        request, found, page, form,
        lambda: record_release(actor=user, decision_id=decision.pk, now=now, **form.cleaned_data),
        lambda: to_request(reference),
    )  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def suspend(request: HttpRequest, reference: str) -> HttpResponse:
    """Suspend the approval, alone and at once."""
    user, found, decision, now = _decision(request, reference)
    page = FormPage(
        title=_("Suspend the approval"),
        intro=_(
            "From this moment nothing may be released under it. The leading board votes on it at once; "
            "without its ratification in time the suspension lapses."
        ),
        button=_("Suspend at once"),
        done=_("The approval is suspended."),
        icon="hand-stop",
        why_not=releasing.why_not_suspend(user, decision, now),
    )
    form = ReasonForm(sent(request))
    return show_form(
        request, found, page, form,
        lambda: suspending.suspend_approval(
            actor=user, decision_id=decision.pk, reason=form.cleaned_data["reason"], now=now
        ),
        lambda: to_request(reference),
    )  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def withdraw_approval(request: HttpRequest, reference: str) -> HttpResponse:
    """Withdraw a suspended approval for good."""
    user, found, decision, now = _decision(request, reference)
    page = FormPage(
        title=_("Withdraw the approval"),
        intro=_("The suspended approval ends for good. A later release needs a new request."),
        button=_("Withdraw the approval"),
        done=_("The approval is withdrawn."),
        icon="door-exit",
        why_not=releasing.why_not_withdraw_approval(user, decision, now),
    )
    form = ReasonForm(sent(request))
    return show_form(
        request, found, page, form,
        lambda: suspending.withdraw_approval(
            actor=user, decision_id=decision.pk, reason=form.cleaned_data["reason"], now=now
        ),
        lambda: to_request(reference),
    )  # fmt: skip


@require_safe
@login_required
def show_suspension(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the suspensions of the approval, the last one first, and what the board does about the one that stands."""
    user, found, decision, now = _decision(request, reference)
    page = suspension_page(user, found, decision, now)
    if page is None:
        raise Http404
    return render(request, "reviews/suspension.html", {"found": found, "page": page})

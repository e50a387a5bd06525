"""Signing a decision under the whole digest of its frozen record, or refusing with a reason."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.views.proving import asks_for_challenge, challenged, proof_context
from audit.refusal import Refused
from reviews.forms.deciding import SignForm
from reviews.forms.talking import ReasonForm
from reviews.selectors.signing_page import SigningPage, signing_page
from reviews.services.signing import meaning_of, passkey_challenge, refuse_to_sign, sign_decision
from reviews.views.acting import asked, forbid, sent, to_request


@sensitive_post_parameters("password", "code", "assertion")
@login_required
@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, reference: str) -> HttpResponse:
    """Read the decision, show that it is oneself, and sign."""
    user, found, now = asked(request, reference)
    page = signing_page(user, found, now)
    if page is None:
        messages.info(request, _("No decision on this request waits for a signature."))
        return to_request(reference)
    if asks_for_challenge(request):
        return challenged(request, partial(
            passkey_challenge, actor=user, decision_id=page.decision.pk, role=page.role,
            record_sha256=request.POST.get("record_sha256", ""), now=now,
        ))  # fmt: skip
    if request.method == "POST":
        forbid(page.why_not)
    form = SignForm(sent(request), initial={"record_sha256": page.record_sha256})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            sign_decision(
                actor=user, decision_id=page.decision.pk, role=page.role, record_sha256=given["record_sha256"],
                proof=form.proof(request.session.session_key), now=now,
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("You signed the decision."))
            return to_request(reference)
    return _show(request, page, form, ReasonForm(label=_("Why you don't sign")))


def _show(request: HttpRequest, page: SigningPage, form: SignForm, refusing: ReasonForm) -> HttpResponse:
    context = {
        "page": page,
        "found": page.decision.request,
        "form": form,
        "refusing": refusing,
        "meaning": meaning_of(page.decision, page.role),
    } | proof_context(request)
    status = 422 if form.errors or refusing.errors else 200
    return render(request, "reviews/sign.html", context, status=status)


@require_POST
@login_required
def refuse(request: HttpRequest, reference: str) -> HttpResponse:
    """Refuse to sign: the boards deliberate again."""
    user, found, now = asked(request, reference)
    page = signing_page(user, found, now)
    if page is None:
        messages.info(request, _("No decision on this request waits for a signature."))
        return to_request(reference)
    forbid(page.why_not_refuse)
    form = ReasonForm(request.POST, label=_("Why you don't sign"))
    if form.is_valid():
        try:
            refuse_to_sign(
                actor=user,
                decision_id=page.decision.pk,
                role=page.role,
                reason=form.cleaned_data["reason"],
                now=now,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("You did not sign. The boards deliberate again."))
            return to_request(reference)
    return _show(request, page, SignForm(initial={"record_sha256": page.record_sha256}), form)

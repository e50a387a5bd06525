"""One file of evidence: its page with a preview in a sandboxed frame, and using it again elsewhere."""

from base64 import b64encode
from hashlib import sha256

from csp.decorators import csp_update
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_http_methods

from audit.refusal import Refused
from audit.selectors import whole_number
from compliance.forms.assessment import ReuseForm
from compliance.permissions import assessment_to_read, why_not_answer
from compliance.selectors.evidence_page import evidence_page
from compliance.selectors.libraries import control_of
from compliance.selectors.reuse import reusable
from compliance.services.evidence import evidence_to_read, reuse_evidence
from compliance.services.previews import preview_evidence, sight_of_evidence
from compliance.views.acting import attempt, person

STYLE = "body { margin: 0; } img { display: block; max-width: 100%; margin: 0 auto; }"
_DIGEST = b64encode(sha256(STYLE.encode()).digest()).decode()
POLICY = (
    f"sandbox; default-src 'none'; img-src data:; style-src 'sha256-{_DIGEST}'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'self'"
)
"""Of what strangers made: no scripts, no origin of ours, nothing fetched."""


@require_GET
@login_required
@never_cache
@csp_update({"frame-src": ["'self'"]})  # type: ignore[arg-type]
def look(request: HttpRequest, evidence_id: int) -> HttpResponse:
    """Show what is known of a file, its versions, and a preview."""
    user, now = person(request), timezone.now()
    evidence = evidence_to_read(user, evidence_id, now)
    sight = sight_of_evidence(evidence)
    page = min(max(whole_number(request.GET.get("page", "")) or 1, 1), sight.pages)
    context = {"shown": evidence_page(evidence, now), "sight": sight, "page": page}
    return render(request, "compliance/evidence_page.html", context)


@require_GET
@login_required
@never_cache
@xframe_options_sameorigin
def preview(request: HttpRequest, evidence_id: int) -> HttpResponse:
    """Hand out what is shown of a file, for the sandboxed frame; its type is decided by its bytes.

    A picture stands in a document of ours that fits it into the frame: the browser does so by script, which is off.
    """
    page = whole_number(request.GET.get("page", ""), digits=6) or 1
    try:
        content_type, content = preview_evidence(
            actor=person(request), evidence_id=evidence_id, page=page, now=timezone.now()
        )
    except Refused as refusal:
        content_type, content = "text/plain; charset=utf-8", str(refusal).encode()
    if content_type.startswith("image/"):
        picture = f"data:{content_type};base64,{b64encode(content).decode()}"
        context = {"style": mark_safe(STYLE), "picture": picture}  # noqa: S308  (our own words, whose digest is allowed)
        response = render(request, "compliance/framed_picture.html", context)
    else:
        response = HttpResponse(content, content_type=content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = POLICY
    response["Content-Disposition"] = "inline"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


@require_http_methods(["GET", "POST"])
@login_required
def reuse(request: HttpRequest, assessment_id: int, number: str) -> HttpResponse:
    """Show the files that may serve a control again, or use one."""
    user, now = person(request), timezone.now()
    assessment = assessment_to_read(user, assessment_id, now)
    back = f"{reverse('compliance:assessment', args=[assessment_id])}#{number}"
    if request.method == "POST":
        form = ReuseForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Choose a file, and give the days as dates or not at all."))
            return redirect("compliance:reuse_evidence", assessment_id, number)
        attempt(
            request,
            lambda: reuse_evidence(
                actor=user, assessment_id=assessment_id, number=number, now=now, **form.cleaned_data
            ),
            _("The file is used again."),
        )
        return redirect(back)
    if reason := why_not_answer(user, assessment):
        raise PermissionDenied(reason)
    offers = reusable(user, assessment, number, now)
    context = {
        "assessment": assessment, "control": control_of(assessment, number),
        "offers": offers, "is_any_stale": any(offer.stale for offer in offers), "back": back,
    }  # fmt: skip
    return render(request, "compliance/reuse_evidence.html", context)

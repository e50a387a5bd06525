"""Files of evidence: given, withdrawn, handed out."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from audit.refusal import Refused
from audit.selectors import whole_number
from audit.uploads import PART
from compliance.forms.assessment import EvidenceForm
from compliance.permissions import assessment_to_read
from compliance.services.evidence import (
    add_evidence,
    add_uploaded_evidence,
    begin_evidence,
    evidence_to_read,
    open_evidence,
    withdraw_evidence,
)
from compliance.views.acting import attempt, person


@require_POST
@login_required
def add(request: HttpRequest, assessment_id: int, number: str) -> HttpResponse:
    """Add a file to a control."""
    user, now = person(request), timezone.now()
    assessment_to_read(user, assessment_id, now)
    form = EvidenceForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, _("Choose a file, and give the days as dates or not at all."))
        return _back(assessment_id, number)
    given = form.cleaned_data
    about = {
        "actor": user, "assessment_id": assessment_id, "number": number, "now": now,
        "effective_on": given["effective_on"], "expires_on": given["expires_on"],
        "replaces": given["replaces"],
    }  # fmt: skip
    attempt(
        request,
        lambda: (
            add_uploaded_evidence(token=given["upload"], **about)
            if given["upload"]
            else add_evidence(upload=given["file"], **about)
        ),
        _("The file is added."),
    )
    return _back(assessment_id, number)


@require_POST
@login_required
def begin(request: HttpRequest, assessment_id: int, number: str) -> JsonResponse:
    """Begin a file that comes in parts: where to send them, or why not."""
    user, now = person(request), timezone.now()
    assessment_to_read(user, assessment_id, now)
    try:
        upload = begin_evidence(
            actor=user, assessment_id=assessment_id, number=number, name=request.POST.get("name", ""),
            size=whole_number(request.POST.get("size", "")) or 0, now=now,
        )  # fmt: skip
    except Refused as refusal:
        return JsonResponse({"refused": str(refusal)}, status=422)
    return JsonResponse(
        {"token": upload.token, "address": reverse("desk:upload", args=[upload.token]), "part": PART}
    )


@require_POST
@login_required
def withdraw(request: HttpRequest, evidence_id: int) -> HttpResponse:
    """Withdraw a file; it is kept."""
    user, now = person(request), timezone.now()
    evidence = evidence_to_read(user, evidence_id, now)
    reason = request.POST.get("reason", "")
    attempt(
        request,
        lambda: withdraw_evidence(actor=user, evidence_id=evidence_id, reason=reason, now=now),
        _("The file no longer counts. It is kept."),
    )
    return _back(evidence.assessment_id, evidence.control.number)


@require_GET
@login_required
@never_cache
def download(request: HttpRequest, evidence_id: int) -> HttpResponseBase:
    """Hand out a file, always as a download: what people upload is never shown as a page of ours."""
    user, now = person(request), timezone.now()
    evidence = evidence_to_read(user, evidence_id, now)
    try:
        _evidence, file = open_evidence(actor=user, evidence_id=evidence_id, now=now)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return _back(evidence.assessment_id, evidence.control.number)
    response = FileResponse(
        file, as_attachment=True, filename=evidence.name, content_type="application/octet-stream"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _back(assessment_id: int, number: str) -> HttpResponse:
    return redirect(f"{reverse('compliance:assessment', args=[assessment_id])}#{number}")

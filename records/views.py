"""Pages of records: one record with the state of its seal, its file, and the public verification."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import User
from audit.refusal import Refused
from records import limits
from records.forms import VerifyForm
from records.models import RecordState
from records.permissions import address_of_object, record_to_read
from records.progress import sealing_of
from records.selectors import certificate_chains
from records.services import download_data, download_record
from records.signatures import checked_signatures
from records.verification import Finding, examine, look_up


@login_required
@require_GET
def record_page(request: HttpRequest, record_id: int) -> HttpResponse:
    """Show where the sealing stands, the digests, and the way to the file."""
    assert isinstance(request.user, User)
    record = record_to_read(request.user, record_id, timezone.now())
    return render(
        request,
        "records/record_page.html",
        {
            "record": record,
            "sealed": record.state == RecordState.SEALED,
            "about": address_of_object(record),
            "sealing": sealing_of(record),
            "signatures": checked_signatures(record),
        },
    )


@login_required
@require_GET
@never_cache
def sealing(request: HttpRequest, record_id: int) -> HttpResponse:
    """Show how far the record is, for a page that looks again; the whole page is loaded anew when it is sealed."""
    assert isinstance(request.user, User)
    record = record_to_read(request.user, record_id, timezone.now())
    context = {"sealing": sealing_of(record), "wide": "wide" in request.GET}
    response = render(request, "records/components/sealing.html", context)
    if record.state == RecordState.SEALED:
        response["HX-Refresh"] = "true"  # only a page that was shown before asks
    return response


@login_required
@require_GET
@never_cache
def record_file(request: HttpRequest, record_id: int) -> HttpResponse:
    """Hand out the sealed file, or before that the file as the last signature left it; each download is an event."""
    assert isinstance(request.user, User)
    try:
        record, content = download_record(actor=request.user, record_id=record_id, now=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("records:record_page", record_id)
    response = HttpResponse(content, content_type="application/pdf")
    name = f"{record.reference}-{record.pk}{'' if record.state == RecordState.SEALED else '-unsealed'}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@login_required
@require_GET
@never_cache
def record_data(request: HttpRequest, record_id: int) -> HttpResponse:
    """Hand out what the record says as JSON, exactly the bytes that are embedded in its file."""
    assert isinstance(request.user, User)
    record = download_data(actor=request.user, record_id=record_id, now=timezone.now())
    response = HttpResponse(bytes(record.context), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{record.reference}-{record.pk}.json"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_GET
def certificates(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Hand out the certificates of the seal, for readers of PDF and for people who check offline."""
    response = HttpResponse(certificate_chains(), content_type="application/x-pem-file")
    response["Content-Disposition"] = 'attachment; filename="certificates.pem"'
    return response


@csrf_exempt  # the handler must be set before anything reads the request; the protection follows in _verify
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def verify_page(request: HttpRequest, code: str = "") -> HttpResponse:
    """Answer whether a file or a code is genuine; open to everybody, within limits."""
    action, amount = (
        ("upload", limits.UPLOADS) if request.method == "POST" else ("question", limits.QUESTIONS)
    )
    if limits.is_too_long(request):
        return _refused(request, _("Records are smaller than 20 MB. This file can't be one."), 413)
    if (code or action == "upload") and limits.is_too_often(request, action, amount):
        return _refused(request, _("Too many questions from your address. Try again in a minute."), 429)
    request.upload_handlers.insert(0, limits.LimitedUpload(request))
    return _verify(request, code)


@csrf_protect
def _verify(request: HttpRequest, code: str) -> HttpResponse:
    finding: Finding | None = look_up(code) if code else None
    form = VerifyForm(initial={"code": code})
    if request.method == "POST":
        form = VerifyForm(request.POST, request.FILES)
        finding = None
        if form.is_valid():
            upload, given = form.cleaned_data["file"], form.cleaned_data["code"]
            finding = examine(upload.read(), given) if upload is not None else look_up(given)
    return render(
        request, "records/verify_page.html", {"form": form, "finding": finding, "answered_at": timezone.now()}
    )


def _refused(request: HttpRequest, reason: str, status: int) -> HttpResponse:
    return render(
        request, "records/verify_page.html", {"form": VerifyForm(), "refused": reason}, status=status
    )

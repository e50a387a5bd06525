"""One condition of an approval: its reports, reporting on it, verifying a report, its evidence."""

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from audit.refusal import Refused
from reviews.forms.deciding import ReportForm, VerdictForm
from reviews.models import Condition, ReviewRequest
from reviews.permissions import conditions as permissions
from reviews.selectors.conditions import condition_of, condition_page, last_of_number
from reviews.services import conditions as services
from reviews.views.acting import asked, forbid, person, sent, to_page


def _condition(
    request: HttpRequest, reference: str, number: int
) -> tuple[User, ReviewRequest, Condition, datetime]:
    """Return who asks, the request, the condition of its last decision and the moment; raises Http404."""
    user, found, now = asked(request, reference)
    return user, found, condition_of(found, number), now


@login_required
@require_http_methods(["GET", "POST"])
def show_condition(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Show the condition; its owner reports here."""
    user, _found, condition, now = _condition(request, reference, number)
    if request.method == "POST":
        forbid(permissions.why_not_report(user, condition))
    form = ReportForm(sent(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.report_condition(
                actor=user, condition_id=condition.pk, text=form.cleaned_data["text"],
                files=form.cleaned_data["evidence"], now=now,
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your report waits for the verifier."))
            return to_page("condition", reference, number)
    return _show(request, user, condition, now, form, VerdictForm())


def _show(
    request: HttpRequest,
    user: User,
    condition: Condition,
    now: datetime,
    form: ReportForm,
    verdict: VerdictForm,
) -> HttpResponse:
    found = condition.decision.request
    page = condition_page(user, found, condition, now)
    context = {"found": found, "page": page, "form": form, "verdict": verdict}
    status = 422 if form.errors or verdict.errors else 200
    return render(request, "reviews/condition.html", context, status=status)


@require_POST
@login_required
def verify(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Accept the report that waits, or return it with what is missing."""
    user, _found, condition, now = _condition(request, reference, number)
    form = VerdictForm(request.POST)
    report = get_object_or_404(condition.reports, accepted__isnull=True)
    report.condition = condition
    forbid(permissions.why_not_verify(user, report, now))
    if form.is_valid():
        try:
            services.verify_condition(actor=user, report_id=report.pk, now=now, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your verdict is noted."))
            return to_page("condition", reference, number)
    return _show(request, user, condition, now, ReportForm(), form)


@require_safe
@login_required
def evidence(request: HttpRequest, reference: str, number: int, file_id: int) -> HttpResponse | FileResponse:
    """Give a file of evidence, always as a download of unknown kind: nothing in it runs here."""
    condition = last_of_number(number, decision__request__reference=reference)
    try:
        file, content = services.open_condition_file(
            actor=person(request), condition_id=condition.pk, file_id=file_id, now=timezone.now()
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return to_page("condition", reference, number)
    response = FileResponse(
        content, as_attachment=True, filename=file.name, content_type="application/octet-stream"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response

"""One condition of an approval: its reports, reporting on it, verifying a report, its evidence."""

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from audit.refusal import Refused
from reviews.forms.deciding import ReportForm, VerdictForm
from reviews.models import Condition, ReviewRequest
from reviews.permissions import conditions as permissions
from reviews.services import conditions as services
from reviews.views.acting import asked, forbid, person, sent, to_page


def _condition(
    request: HttpRequest, reference: str, number: int
) -> tuple[User, ReviewRequest, Condition, datetime]:
    """Return who asks, the request, the condition of its last decision and the moment; raises Http404."""
    user, found, now = asked(request, reference)
    condition = _last_of_number(number, decision__request=found)
    condition.decision.request = found
    return user, found, condition, now


def _last_of_number(number: int, **of_request: object) -> Condition:
    """Return the condition with this number of the last decision that has one; raises Http404."""
    rows = Condition.objects.filter(number=number, **of_request).order_by("-decision_id")
    related = rows.select_related("decision", "owner", "verifier", "review__board")
    condition = related.prefetch_related(
        "reports__files", "reports__reported_by", "reports__judged_by"
    ).first()
    if condition is None:
        raise Http404
    return condition


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
    waiting = next((report for report in condition.reports.all() if report.accepted is None), None)
    if waiting is not None:
        waiting.condition = condition
    context = {
        "found": condition.decision.request,
        "condition": condition,
        "form": form,
        "verdict": verdict,
        "waiting": waiting,
        "why_not_report": permissions.why_not_report(user, condition),
        "why_not_verify": permissions.why_not_verify(user, waiting, now) if waiting else None,
    }
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
    condition = _last_of_number(number, decision__request__reference=reference)
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

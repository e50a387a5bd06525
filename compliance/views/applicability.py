"""What applies: the matrix, and one library for the organisation or one version, with the decisions about it."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit.refusal import Refused
from audit.selectors import whole_number
from audit.spreadsheets import csv_download
from compliance.forms.applicability import DecisionForm
from compliance.models import Library
from compliance.permissions import why_not_manage
from compliance.selectors.applicability import decisions_about, matrix_of, verdict_of
from compliance.selectors.libraries import newest_libraries
from compliance.services.applicability import decide_applicability, take_decision_back
from compliance.views.acting import attempt, person
from registry.models import ModelVersion
from registry.permissions import version_to_view


@require_safe
@login_required
def matrix(request: HttpRequest) -> HttpResponse:
    """Show which libraries apply to the organisation and to each version; `?before=` leads to older versions."""
    before = whole_number(request.GET.get("before", "")) or 0
    shown = matrix_of(person(request), timezone.now(), before=before)
    return render(request, "compliance/applies.html", {"matrix": shown, "before": before})


@require_safe
@login_required
def matrix_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Hand out the same as rows, all versions."""
    columns = [_("About"), _("Library"), _("Applies"), _("Why"), _("Decided by")]
    rows = matrix_of(person(request), timezone.now(), most=None).rows()
    return csv_download(f"applies-{timezone.now():%Y-%m-%d}", columns, rows)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def organisation(request: HttpRequest, code: str) -> HttpResponse:
    """Show whether a library applies to the organisation, and decide."""
    return _one(request, _library(code), None)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def version(request: HttpRequest, code: str, version_id: int) -> HttpResponse:
    """Show whether a library applies to a version, and decide."""
    return _one(request, _library(code), version_to_view(person(request), version_id, timezone.now()))


@require_POST
@login_required
def take_back(request: HttpRequest, decision_id: int) -> HttpResponse:
    """Take a decision back."""
    now = timezone.now()
    attempt(
        request,
        lambda: take_decision_back(actor=person(request), decision_id=decision_id, now=now),
        _("The decision no longer counts."),
    )
    return redirect("compliance:applies")


def _library(code: str) -> Library:
    library = newest_libraries([code]).get(code)
    if library is None:
        raise Http404
    return library


def _one(request: HttpRequest, library: Library, about: ModelVersion | None) -> HttpResponse:
    user, now = person(request), timezone.now()
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            decide_applicability(
                actor=user,
                code=library.code,
                version_id=about.pk if about else None,
                now=now,
                **form.cleaned_data,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(request.path)
    context = {
        "library": library, "about": about, "verdict": verdict_of(user, library, about, now), "form": form,
        "decisions": decisions_about(library.code, about), "why_not_manage": why_not_manage(user),
    }  # fmt: skip
    return render(request, "compliance/applies_to.html", context, status=422 if form.errors else 200)

"""Libraries with their sources."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from audit.spreadsheets import csv_download
from compliance.forms.opening import OpenForm
from compliance.permissions import why_not_manage
from compliance.selectors.applicability_words import rule_in_words
from compliance.selectors.choices import versions_to_choose
from compliance.selectors.libraries import newest_libraries, version_asked, versions_of
from compliance.selectors.library_list import frameworks_of
from compliance.selectors.library_page import columns_of_lines, groups_of, lines_of
from compliance.services.opening import open_assessment
from compliance.views.acting import carry_out, person
from registry.permissions import visible_projects


@require_GET
@login_required
def library_list(request: HttpRequest) -> HttpResponse:
    """List the libraries by framework, with how far each is in use."""
    user = person(request)
    context = {"frameworks": frameworks_of(user, timezone.now()), "why_not_manage": why_not_manage(user)}
    return render(request, "compliance/library_list.html", context)


@require_GET
@login_required
def library(request: HttpRequest, code: str) -> HttpResponse:
    """Show a library with its controls and their sources; `?version=` shows an older one, `?q=` only some."""
    versions = versions_of(code)
    found = version_asked(versions, request.GET.get("version", ""), versions[0])
    words = request.GET.get("q", "").strip()
    context = {
        "library": found, "groups": groups_of(found, words), "versions": versions, "words": words,
        "rule": rule_in_words(found), "why_not_manage": why_not_manage(person(request)),
    }  # fmt: skip
    return render(request, "compliance/library_page.html", context)


@require_GET
@login_required
def library_csv(request: HttpRequest, code: str) -> StreamingHttpResponse:
    """Hand out the controls as rows; `?version=` as on the page."""
    versions = versions_of(code)
    found = version_asked(versions, request.GET.get("version", ""), versions[0])
    return csv_download(f"{found.code}-{found.version}", columns_of_lines(), lines_of(found))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def open_checklist(request: HttpRequest, code: str) -> HttpResponse:
    """Open a checklist of the library by hand, for instance for a version whose gate asks for it."""
    user, now = person(request), timezone.now()
    found = newest_libraries([code]).get(code)
    if found is None:
        raise Http404
    if reason := why_not_manage(user):
        raise PermissionDenied(reason)
    data = request.POST if request.method == "POST" else None
    about = request.GET.get("about", "")
    versions = versions_to_choose(user, now, about)
    form = OpenForm(data, library=found, projects=visible_projects(user, now), versions=versions, about=about)
    made = carry_out(
        form,
        lambda: open_assessment(
            actor=user, checked=form.checked, days=form.cleaned_data["days"], owner=form.cleaned_data["owner"],
            reviewer=form.cleaned_data["reviewer"], now=now,
        ),
    )  # fmt: skip
    if made:
        return redirect("compliance:assessment", made.pk)
    status = 422 if form.errors else 200
    return render(request, "compliance/open_checklist.html", {"form": form, "library": found}, status=status)

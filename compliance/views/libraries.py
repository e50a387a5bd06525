"""Libraries with their sources."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from compliance.models import Library
from compliance.permissions import why_not_manage
from compliance.selectors.libraries import libraries_with_use
from compliance.views.acting import person


@require_GET
@login_required
def library_list(request: HttpRequest) -> HttpResponse:
    """List the libraries."""
    context = {"libraries": libraries_with_use(), "why_not_manage": why_not_manage(person(request))}
    return render(request, "compliance/library_list.html", context)


@require_GET
@login_required
def library(request: HttpRequest, code: str) -> HttpResponse:
    """Show a library with its controls and their sources; `?version=` shows an older one."""
    versions = list(Library.objects.filter(code=code).order_by("-version"))
    asked = request.GET.get("version", "")
    found = next((row for row in versions if not asked or str(row.version) == asked), None)
    if found is None:
        raise Http404
    context = {
        "library": found, "controls": list(found.controls.all()), "versions": versions,
        "why_not_manage": why_not_manage(person(request)),
    }  # fmt: skip
    return render(request, "compliance/library_page.html", context)

"""The difference between two versions of a library, and the library as an OSCAL catalog."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from compliance.selectors.libraries import version_asked, versions_of
from compliance.selectors.library_difference import compared
from compliance.selectors.oscal_catalog import catalog_of
from compliance.views.acting import person


@require_safe
@login_required
def compare(request: HttpRequest, code: str) -> HttpResponse:
    """Show what changed: `?old=` and `?new=` are versions, the last two where none is given."""
    found = compared(
        person(request), code, request.GET.get("old", ""), request.GET.get("new", ""), timezone.now()
    )
    context = {
        "library": found.library, "old": found.old, "versions": found.versions, "difference": found.difference,
        "touched": found.touched,
    }  # fmt: skip
    return render(request, "compliance/library_difference.html", context)


@require_safe
@login_required
def oscal(request: HttpRequest, code: str) -> HttpResponse:
    """Hand out a version as an OSCAL catalog, with texts in the language of the page."""
    versions = versions_of(code)
    found = version_asked(versions, request.GET.get("version", ""), versions[0])
    response = JsonResponse(catalog_of(found), json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = f'attachment; filename="{found.code}-{found.version}-catalog.json"'
    return response

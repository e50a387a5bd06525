"""How far the sample has come, as a part of the sign-in page and of my work."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from desk.selectors.sample import sample_progress


@never_cache
@require_GET
def progress(request: HttpRequest) -> HttpResponse:
    """Show the progress; when the sample is made, let the page that asks load itself anew."""
    if not settings.SAMPLE:
        raise Http404
    found = sample_progress()
    response = render(request, "desk/components/sample_progress.html", {"progress": found})
    if found is None:
        response["HX-Refresh"] = "true"
    return response

"""The page of an approval for those who build release pipelines."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reviews.permissions.sight import why_not_read_decisions
from reviews.selectors.pipeline_page import pipeline_page
from reviews.views.acting import asked


@require_safe
@login_required
def show_pipeline(request: HttpRequest, reference: str) -> HttpResponse:
    """Show state, files and command; nothing is there for who may not read the decision."""
    user, found, now = asked(request, reference)
    page = None if why_not_read_decisions(user, found, now) else pipeline_page(found, now)
    if page is None:
        raise Http404
    return render(request, "reviews/pipeline.html", {"page": page, "found": found, "now": now})

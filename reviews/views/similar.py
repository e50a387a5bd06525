"""Requests like one: as a part of its page and of triage, or alone."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reviews.selectors.similar import similar_requests
from reviews.views.acting import asked


@require_safe
@login_required
def show_similar(request: HttpRequest, reference: str) -> HttpResponse:
    """Show what asks for the same, and precedents, among the requests that the person may see."""
    user, found, now = asked(request, reference)
    context = {"found": found, "similar": similar_requests(found, reader=user, now=now)}
    part = "reviews/components/similar.html"
    return render(request, part if getattr(request, "htmx", False) else "reviews/similar.html", context)

"""The papers of a meeting: having them put together, and taking them away."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from audit.refusal import Refused
from reviews.selectors.letters.texts import language_code
from reviews.selectors.papers_page import papers_page
from reviews.services.papers import ask_for_papers, papers_for, papers_name, take_papers
from reviews.views.acting import attempt, person, to_page


@require_http_methods(["GET", "POST"])
@login_required
def show_papers(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Show where the papers stand for this reader, and have them put together."""
    actor, now = person(request), timezone.now()
    meeting, items, kept = papers_for(actor, meeting_id, now)
    if request.method == "POST":
        try:
            language = language_code(request.POST.get("language", ""))
        except ValueError:
            raise Http404 from None
        attempt(
            request,
            lambda: ask_for_papers(actor=actor, meeting_id=meeting_id, language=language, now=now),
            _("The papers are being put together."),
        )
        return to_page("papers", meeting_id)
    page = papers_page(meeting, items, kept, spoken=get_language() or "en")
    return render(request, "reviews/papers.html", {"page": page})


@require_safe
@login_required
@never_cache
def papers_file(request: HttpRequest, meeting_id: int, papers_id: int) -> HttpResponseBase:
    """Hand out the papers; each download is an event."""
    try:
        papers, file = take_papers(actor=person(request), papers_id=papers_id, now=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return to_page("papers", meeting_id)
    if papers.meeting_id != meeting_id:
        raise Http404
    response = FileResponse(
        file, as_attachment=True, filename=papers_name(papers), content_type="application/pdf"
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response

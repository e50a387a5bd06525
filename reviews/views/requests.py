"""The list of requests."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from registry.permissions import projects_to_contribute_to
from reviews.forms.filters import RequestFilter
from reviews.permissions.containers import containers_of
from reviews.permissions.figures import why_not_see_figures
from reviews.selectors.request_list import boards_to_choose, line_of, projects_to_choose
from reviews.selectors.requests import requests_page
from reviews.views.acting import person


@require_safe
@login_required
def list_requests(request: HttpRequest) -> HttpResponse:
    """Show the requests that the person may see; the address is the filter."""
    user, now = person(request), timezone.now()
    reached = containers_of(user, now)
    form = RequestFilter(request.GET, boards_to_choose(user, reached), projects_to_choose(user, now))
    page = requests_page(user, now, form.asked(user.pk), form.said.get("q", ""), reached)
    context = {
        "form": form,
        "page": page,
        "lines": [line_of(found, now) for found in page.requests],
        "tags": form.tags(),
        "may_see_figures": why_not_see_figures(user, now) is None,
        "may_draft": projects_to_contribute_to(user, now).exists(),
    }
    return render(request, "reviews/requests.html", context)

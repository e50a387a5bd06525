"""The page of the search: over requests, their answers and decisions, and people."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.finding import find_people
from accounts.models import User
from audit.selectors import Cursor
from desk.selectors.search import KINDS, by_number, kind_of
from reviews.selectors.addresses import request_address
from reviews.selectors.search import Kind, search_page


@require_safe
@login_required
def search(request: HttpRequest) -> HttpResponse:
    """Show what has the words of `?q=`, of one `?kind=` or of all; a number leads straight to its request."""
    assert isinstance(request.user, User)
    now, query = timezone.now(), request.GET.get("q", "").strip()
    if reference := by_number(request.user, query, now):
        return redirect(request_address(reference))
    kind = kind_of(request.GET.get("kind", ""))
    before, after = (Cursor.parse(request.GET.get(name, "")) for name in ("before", "after"))
    asks_people = kind in (Kind.ALL, Kind.PEOPLE) and not (before or after)
    context = {
        "query": query,
        "kind": kind,
        "kinds": KINDS,
        "page": search_page(request.user, now, query, kind, before=before, after=after),
        "people": find_people(request.user, query, all_of_them=kind == Kind.PEOPLE) if asks_people else None,
    }
    return render(request, "desk/search.html", context)

"""The page on which a person lands: what waits for them, until when, and what it needs."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from desk.selectors.around import decided_lately
from desk.selectors.work import work_of
from reviews.selectors.held import held_for


@require_safe
@login_required
def my_work(request: HttpRequest) -> HttpResponse:
    """Show what waits for the person; a visitor is sent to sign in."""
    assert isinstance(request.user, User)
    now = timezone.now()
    return render(request, "desk/my_work.html", {"work": work_of(request.user, now), "now": now})


@require_safe
@login_required
def beside_my_work(request: HttpRequest) -> HttpResponse:
    """Show what was decided lately: a part of the page, fetched after it."""
    assert isinstance(request.user, User)
    return render(request, "desk/around.html", {"decided": decided_lately(request.user, timezone.now())})


@require_safe
@login_required
def with_others(request: HttpRequest) -> HttpResponse:
    """Show who holds what the person waits for: a part of my work, fetched after it, or a page without JavaScript."""
    assert isinstance(request.user, User)
    now = timezone.now()
    part = bool(request.headers.get("HX-Request"))
    held = held_for(request.user, now)
    context = {"held": held, "reminds": any(thing.holders for thing in held), "now": now, "part": part}
    return render(request, "desk/components/held.html" if part else "desk/with_others.html", context)

"""The page on which a person lands: what waits for them, until when, and what it needs."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from desk.selectors.around import around
from desk.selectors.work import work_of


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
    """Show what is under way and what was decided lately: a part of the page, fetched after it."""
    assert isinstance(request.user, User)
    return render(request, "desk/around.html", {"around": around(request.user, timezone.now())})

"""Whether everything works: a page for administrators, and a plain answer for probes."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import User
from desk.permissions import require_administrator
from desk.selectors.health import answers, checks, not_given
from desk.selectors.part import Level


@require_safe
@login_required
@never_cache
def health(request: HttpRequest) -> HttpResponse:
    """Show how each part does, and what the embedded product does not give."""
    assert isinstance(request.user, User)
    require_administrator(request.user)
    found = checks(timezone.now())
    unwell = [check for check in found if check.level != Level.GOOD]
    return render(request, "desk/health.html", {"checks": found, "unwell": unwell, "not_given": not_given()})


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:  # noqa: ARG001
    """Answer 200 when database and Redis answer, 503 otherwise, and say which; open to everybody."""
    found = answers()
    return JsonResponse(found, status=200 if all(found.values()) else 503)

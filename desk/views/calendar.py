"""The calendar that programs subscribe to; the key in its address says whose it is."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.services.calendar import person_of
from desk.selectors.calendar import calendar_of


@require_safe
@never_cache
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """Hand out the calendar; a key that never was, or ended, is 404."""
    person = person_of(token)
    if person is None:
        raise Http404
    content = calendar_of(person, timezone.now(), request.build_absolute_uri)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="imprimatur.ics"'
    response["Referrer-Policy"] = "no-referrer"
    return response

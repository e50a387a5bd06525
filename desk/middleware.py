"""Shows each person the product in their own language and time zone."""

from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation


def personal(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Activate the time zone of the person, and their language unless this browser chose another one."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
                translation.activate(request.user.language)
                request.LANGUAGE_CODE = translation.get_language()
            with timezone.override(_zone(request.user.time_zone)):
                return get_response(request)
        return get_response(request)

    return middleware


def _zone(name: str) -> ZoneInfo:
    """The named time zone, or UTC where this machine doesn't know it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")

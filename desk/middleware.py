"""Shows each person the product in their own language and time zone, and says when what they sent can't be kept."""

from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.core.exceptions import BadRequest
from django.db import DataError
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
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


class NulRefused:
    """Answers a text with the character NUL, which PostgreSQL keeps in no text, with 400: it was damaged on the way.

    Forms refuse it beside the field; this is for what comes without one, a reason or the name of a file.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.get_response(request)

    def process_exception(self, _request: HttpRequest, fault: Exception) -> None:
        """Raise BadRequest for what the database says of a NUL; everything else stays what it is."""
        if isinstance(fault, DataError | ValueError) and "NUL" in str(fault):
            raise BadRequest("A text holds the character NUL.") from fault

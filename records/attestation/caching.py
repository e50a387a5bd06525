"""Lets shared caches keep what is the same for everybody: no header says that it depends on who asks."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


def mark(response: HttpResponse) -> HttpResponse:
    """Say of an answer that nothing in it depends on session, cookies or language."""
    response.is_same_for_everybody = True  # type: ignore[attr-defined]
    return response


def same_for_everybody(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Take from such an answer what the middleware below adds for pages; stands before all that do."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if getattr(response, "is_same_for_everybody", False):
            response.headers.pop("Vary", None)
            response.cookies.clear()
        return response

    return middleware

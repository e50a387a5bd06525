"""Sends who has to set up a second factor there before anything else; tells a page whose session ended that it did."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext as _

from accounts.witness import MUST_SET_UP

_OPEN = ("/accounts/", "/i18n/", "/static/")


def second_factor_first(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Let nothing but the set-up, signing out and the language through while the session says that it is missing."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if (
            request.user.is_authenticated
            and not request.path.startswith(_OPEN)
            and request.session.get(MUST_SET_UP)
        ):
            return redirect("mfa_activate_totp")
        return get_response(request)

    return middleware


def ended_sessions_are_told(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Answer a part of a page (asked for by htmx) with 401 instead of the page of signing in.

    htmx would follow the redirect and put that page into the place of the part, over what somebody has just written.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        asks_to_sign_in = response.status_code == 302 and response.headers.get("Location", "").startswith(
            resolve_url(settings.LOGIN_URL)
        )
        if request.headers.get("HX-Request") == "true" and asks_to_sign_in:
            return HttpResponse(
                _("You are signed out."), status=401, content_type="text/plain; charset=utf-8"
            )
        return response

    return middleware

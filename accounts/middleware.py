"""Sends who has to set up a second factor there before anything else."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

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

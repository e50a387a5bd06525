"""What never reached an operation is told as a problem, too: an unknown address, a wrong method, a fault of ours."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from accounts.api.problems import MEDIA_TYPE, Code, Problem, told

BELOW = "/api/"
_BY_STATUS = {404: Code.NOT_FOUND, 405: Code.METHOD_NOT_ALLOWED, 413: Code.TOO_LARGE}

Answer = Callable[[HttpRequest], HttpResponseBase]


def problems_are_told(get_response: Answer) -> Answer:
    """Middleware: below /api/ every answer that isn't one is problem details (RFC 9457)."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        is_told = response.headers.get("Content-Type", "").startswith(MEDIA_TYPE)
        if not request.path.startswith(BELOW) or response.status_code < 400 or is_told:
            return response
        return _instead(request, response)

    return middleware


def _instead(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    fallback = Code.UNEXPECTED if response.status_code >= 500 else Code.MALFORMED
    code = _BY_STATUS.get(response.status_code, fallback)
    sentence = {
        Code.NOT_FOUND: _("There is nothing at this address for you."),
        Code.METHOD_NOT_ALLOWED: _("This address doesn't take {method}.").format(method=request.method),
        Code.UNEXPECTED: _("Something went wrong on our side, and was written down. Nothing was changed."),
    }.get(code, _("The call can't be read. Look at its address and its body."))
    kept = {name: value for name, value in response.headers.items() if name in {"Allow", "Vary"}}
    return told(request, Problem(code, sentence, headers=kept))

"""What auditors look at and take away is an event, whichever app has the page."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from accounts.models import User
from oversight.visiting import note_download, note_visit
from oversight.watched import TELL_THEMSELVES, thing_of

Answer = Callable[[HttpRequest], HttpResponseBase]
SHOWN = 200


def auditors_are_told_of(get_response: Answer) -> Answer:
    """Middleware: note the visit or the download of an auditor before the answer goes out."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        found, user = request.resolver_match, request.user
        if request.method == "GET" and found and isinstance(user, User) and response.status_code == SHOWN:
            _note(user, found.view_name, found.kwargs, response)
        return response

    return middleware


def _note(user: User, name: str, arguments: dict[str, object], response: HttpResponseBase) -> None:
    now = timezone.now()
    if response.headers.get("Content-Disposition", "").startswith("attachment"):
        if name not in TELL_THEMSELVES:
            key = " ".join(str(value) for value in arguments.values())[:200]
            note_download(actor=user, what=name, key=key, now=now)
    elif thing := thing_of(name, arguments):
        note_visit(actor=user, kind=thing[0], key=thing[1], now=now)

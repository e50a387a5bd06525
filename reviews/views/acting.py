"""What the views of reviews share: who asks, which request it is about, and doing what a button asks."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone

from accounts.models import User
from audit.refusal import Refused
from audit.selectors import whole_number
from reviews.models import ReviewRequest
from reviews.permissions.reasons import WrongPerson, require
from reviews.permissions.sight import request_for_page
from reviews.selectors.addresses import request_address


def person(request: HttpRequest) -> User:
    """Return who is signed in."""
    assert isinstance(request.user, User)
    return request.user


def asked(request: HttpRequest, reference: str) -> tuple[User, ReviewRequest, datetime]:
    """Return who asks, the request and the moment; raises Http404 for who doesn't see the request."""
    user, now = person(request), timezone.now()
    return user, request_for_page(user, reference, now), now


def number_in(request: HttpRequest, name: str) -> int | None:
    """Return a small number of the address, None if it is left out or is none."""
    return whole_number(request.GET.get(name, ""), digits=5)


def attempt(request: HttpRequest, act: Callable[[], object], done: str) -> bool:
    """Run the act; show `done`, or the sentence with which it was refused. Returns whether it was done."""
    try:
        act()
    except Refused as refusal:
        messages.error(request, str(refusal))
        return False
    messages.success(request, done)
    return True


def fulfil(form: BaseForm, act: Callable[[], object]) -> bool:
    """Do what the form asks if it is valid, and say whether it was done; a refusal stands in the form."""
    if not form.is_valid():
        return False
    try:
        act()
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def forbid(reason: str | None) -> None:
    """Raise PermissionDenied when the act is not this person's at all; other reasons are the service's to tell.

    So a form that somebody else sends is refused before anybody looks at what stands in it.
    """
    if isinstance(reason, WrongPerson):
        require(reason)


def sent(request: HttpRequest) -> QueryDict | None:
    """Return what was sent, also when that is nothing, or None for a page that is only read."""
    return request.POST if request.method == "POST" else None


def in_place(request: HttpRequest, response: HttpResponse, form: BaseForm) -> HttpResponse:
    """Let a form that was sent from within a page, and comes back with errors, take its own place there."""
    if getattr(request, "htmx", False) and form.errors:
        response["HX-Retarget"], response["HX-Reswap"] = "this", "outerHTML"
    return response


def to_request(reference: str, part: str = "") -> HttpResponse:
    """Lead back to the page of the request, at one of its parts."""
    return redirect(request_address(reference, part))


def to_page(name: str, *arguments: object) -> HttpResponse:
    """Lead to another page of reviews."""
    return redirect(f"reviews:{name}", *arguments)

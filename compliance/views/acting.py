"""What the views of compliance share: who asks, and telling a refusal."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest

from accounts.models import User
from audit.refusal import Refused


def person(request: HttpRequest) -> User:
    """Return who is signed in; for views behind login_required."""
    if not isinstance(request.user, User):
        raise TypeError("This view asks for somebody who is signed in.")
    return request.user


def attempt(request: HttpRequest, act: Callable[[], object], done: str) -> bool:
    """Do it and say so, or say why not; returns whether it was done."""
    try:
        act()
    except Refused as refusal:
        messages.error(request, str(refusal))
        return False
    messages.success(request, done)
    return True

"""What the views of compliance share: who asks, doing what was asked for, and telling a refusal."""

from collections.abc import Callable
from typing import TypeVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest

from accounts.models import User
from audit.refusal import Refused

T = TypeVar("T")


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


def carry_out(form: forms.Form, act: Callable[[], T]) -> T | None:
    """Do what a form asks for, and return what came of it.

    None for a form that wasn't sent or isn't valid, and where it was refused: the reason stands in the form then.
    """
    if not form.is_bound or not form.is_valid():
        return None
    try:
        return act()
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None

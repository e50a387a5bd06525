"""Doing what a button asks, and showing why it was refused."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest

from audit.refusal import Refused


def attempt(request: HttpRequest, act: Callable[[], object], done: str) -> bool:
    """Run the act; show `done`, or the sentence with which it was refused. Returns whether it was done."""
    try:
        act()
    except Refused as refusal:
        messages.error(request, str(refusal))
        return False
    messages.success(request, done)
    return True

"""Who asks."""

from django.http import HttpRequest

from accounts.models import User


def person(request: HttpRequest) -> User:
    """Return the person who is signed in; for views that let nobody else in."""
    assert isinstance(request.user, User)
    return request.user

"""Short forms for tests of a dossier's pages: a browser that is signed in, and addresses of the draft."""

from typing import Any

from django.test import Client

from accounts.models import User
from reviews.models import ReviewRequest

HTMX: dict[str, Any] = {"HTTP_HX_REQUEST": "true"}


def entered(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def at(request: ReviewRequest, part: str = "") -> str:
    return f"/requests/{request.reference}/dossier/{part}"

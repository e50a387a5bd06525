"""Short forms for tests of pages: getting and sending as somebody of the cast, and reading the words."""

import re
from typing import Any

from django.test import Client

from tests.boardrooms import House


def client_of(house: House, name: str) -> Client:
    """Return a browser in which this person is signed in."""
    client = Client()
    client.force_login(house.people[name])
    return client


def get(house: House, name: str, path: str, status: int = 200) -> str:
    """Return the page as this person gets it."""
    response = client_of(house, name).get(path)
    assert response.status_code == status, response.content.decode()[:3000]
    return response.content.decode()


def post(house: House, name: str, path: str, data: dict[str, Any] | None = None, status: int = 302) -> Any:
    """Send a form as this person."""
    response = client_of(house, name).post(path, data or {})
    assert response.status_code == status, response.content.decode()[:3000]
    return response


def words(html: str) -> str:
    """Return the words of a page, without tags and with single blanks."""
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())

"""Calls of the API in tests: a token of somebody, and answers as JSON."""

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.rules.scopes import FOR_ADMINISTRATORS, Scope
from accounts.services.api_tokens import make_token

BASE = "/api/v1"
EVERYTHING = tuple(scope.value for scope in Scope if scope not in FOR_ADMINISTRATORS)


def a_token(person: User, scopes: Collection[str] = EVERYTHING, now: datetime | None = None) -> str:
    """Return the text of a fresh token of the person."""
    now = now or timezone.now()
    _token, text = make_token(
        actor=person, name="Tests", scopes=scopes, expires_at=now + timedelta(days=30), now=now
    )
    return text


@dataclass
class Caller:
    """A program that acts for somebody; addresses are below /api/v1."""

    token: str
    client: Client = field(default_factory=Client)

    def __call__(self, method: str, path: str, body: object = None, **headers: str) -> Any:
        """Call and return the answer; `headers` with underscores for hyphens, a body of bytes as it is."""
        said = {name.replace("_", "-"): value for name, value in headers.items()}
        kind = said.pop("content-type", "application/json")
        given: dict[str, Any] = {}
        if body is not None:
            given = {"data": body, "content_type": kind, "CONTENT_TYPE": kind}
        return self.client.generic(
            method, BASE + path, **_sent(given), headers={"authorization": f"Bearer {self.token}", **said}
        )

    def get(self, path: str, **headers: str) -> Any:
        """Return what was answered in JSON; the call must have gone well."""
        return well(self("GET", path, **headers))

    def post(self, path: str, body: object = None, **headers: str) -> Any:
        """Send JSON and return what was answered; the call must have gone well."""
        return well(self("POST", path, {} if body is None else body, **headers))

    def put(self, path: str, body: object, **headers: str) -> Any:
        """Send it and return what was answered; the call must have gone well."""
        return well(self("PUT", path, body, **headers))


def _sent(given: dict[str, Any]) -> dict[str, Any]:
    if "data" in given and not isinstance(given["data"], bytes):
        given["data"] = json.dumps(given["data"])
    return given


def well(answer: Any) -> Any:
    """Return the JSON of an answer that is no problem."""
    assert answer.status_code < 300, answer.content.decode()
    return answer.json() if answer.content else None


def problem(answer: Any, status: int, code: str) -> Any:
    """Return the problem, which must be this one, told as RFC 9457 says."""
    assert answer.status_code == status, answer.content.decode()
    assert answer["Content-Type"] == "application/problem+json"
    told = answer.json()
    assert told["code"] == code, told
    assert told["status"] == status
    assert told["type"].endswith(f"#problem-{code}")
    return told


def as_(person: User, *scopes: str) -> Caller:
    """Return a caller for the person, with a token for everything unless scopes are named."""
    return Caller(a_token(person, scopes or EVERYTHING))

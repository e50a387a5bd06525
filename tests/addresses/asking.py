"""Asks for an address as somebody, and says in one letter what came of it; nothing that was done stays."""

import re
from collections.abc import Callable, Iterator, Mapping
from copy import copy
from typing import Any

from django.contrib.messages import ERROR, get_messages
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import User
from audit.models import Event


def addresses() -> Iterator[tuple[str, list[str]]]:
    """Yield the name of every address of the product with the names of its arguments.

    Operations of the API, which no session opens, have tests of their own: tests/api.
    """
    found = _walk(get_resolver().url_patterns, "", [])
    yield from ((name, given) for name, given in found if not name.startswith("api:"))


def _walk(patterns: list[Any], space: str, given: list[str]) -> Iterator[tuple[str, list[str]]]:
    for entry in patterns:
        names = given + list(entry.pattern.regex.groupindex)
        if isinstance(entry, URLResolver):
            yield from _walk(
                entry.url_patterns, f"{space}{entry.namespace}:" if entry.namespace else space, names
            )
        elif isinstance(entry, URLPattern):
            yield f"{space}{entry.name}", names


MOST = 15  # queries of a page
FULL = re.compile(
    r"/compliance/assessments/|"  # a checklist shows answers, files, last run, findings, exceptions, comments, record
    r"/health/|"  # asks every part of the product
    r"/requests/[^/]+/sign/"  # shows what is signed, how far the file is, and asks whether the certificate can sign
)
MOST_OF_A_FULL_PAGE = 22


def visitors(cast: Mapping[str, User | None]) -> dict[str, Client]:
    """Return a client for each role: signed in, and known by its first look at a page, which stays."""
    clients = {role: Client() for role in cast}
    for role, user in cast.items():
        if user is not None:
            clients[role].force_login(user)
            clients[role].get(reverse("desk:my_work"))
    return clients


class Asked:
    """Counts how often the database is asked."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, execute: Callable[..., Any], sql: str, *given: Any) -> Any:
        self.times += "SAVEPOINT" not in sql
        return execute(sql, *given)


def newest() -> int:
    """Return the id of the newest event."""
    return Event.objects.latest("id").pk


def outcome(visitor: Client, method: str, path: str, events: int) -> str:
    """Return what came of it; `events` is the id of the newest event before. That an auditor looks is one, and no act.

    v: shown, or led on · a: acted, which left an event · r: refused with a reason (400, 403, 409, 422, or led back
    with an error) · -: nothing is there (404) · s: asked to sign in · m: not by this method (405)
    """
    cache.clear()  # limits count by address, and everybody here comes from the same one
    client = Client()
    client.handler, client.cookies = visitor.handler, copy(visitor.cookies)
    asked = Asked()
    with transaction.atomic():
        with connection.execute_wrapper(asked):
            response = client.get(path) if method == "GET" else client.post(path)
        fresh = Event.objects.filter(pk__gt=events)
        looked = fresh.exists()
        acted = looked and fresh.exclude(verb="engagement.viewed").exists()
        transaction.set_rollback(True)
    status = response.status_code
    if method == "GET" and status == 200 and not looked:
        most = MOST_OF_A_FULL_PAGE if FULL.match(path) else MOST
        assert asked.times <= most, f"{path} asks {asked.times} times"
    if status in {404, 405}:
        return {404: "-", 405: "m"}[status]
    if acted:
        return "a"
    if status in {301, 302, 303} and "/accounts/login/" in response["Location"]:
        return "s"
    told = [message for message in get_messages(response.wsgi_request) if message.level >= ERROR]
    assert status < 500, f"{method} {path}: {status}"
    return "r" if status >= 400 or told else "v"

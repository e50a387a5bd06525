"""Operations of one kind of thing: where an operation says what it needs and answers, and everything else is done.

    room = Room("Requests")

    @room.get("/requests/{reference}", RequestOut, Scope.REQUESTS_READ)
    def read_request(request: HttpRequest, reference: str) -> RequestOut:
        \"\"\"Read a request.

        What more there is to know, as Markdown.
        \"\"\"

Each operation is documented with its problems, is counted, and knows its scope; a POST acts once for each
Idempotency-Key. Its name is its operationId and never changes.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial, wraps
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from ninja import Router
from ninja.decorators import decorate_view

from accounts.api import bodies, describing, limits, problems
from accounts.api.bodies import FileBody
from accounts.api.entering import entering, require_scope
from accounts.api.problems import Code
from accounts.api.repeating import once
from accounts.api.visit import Visit
from accounts.models import User
from accounts.rules.scopes import Scope

View = Callable[..., HttpResponseBase]
F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Rule:
    """What an operation needs. `takes`: nothing, JSON, or a file; `gives`: the media type of its answer.

    `names_version`: it asks for If-Match. `tells`: problems that only some operations have. `asks`: the parameters
    that its address may bring along.
    """

    name: str
    method: str
    scope: Scope | None
    takes: FileBody | str | None = None
    names_version: bool = False
    gives: str = bodies.JSON
    tells: tuple[Code, ...] = ()
    asks: set[str] = field(default_factory=set)


class Room:
    """The operations on one kind of thing, under one heading of the description."""

    def __init__(self, tag: str) -> None:
        self.router = Router(tags=[tag])

    def get(
        self,
        path: str,
        answers: Any,  # noqa: ANN401  (a type)
        scope: Scope | None,
        *,
        gives: str = bodies.JSON,
        tells: tuple[Code, ...] = (),
    ) -> Callable[[F], F]:
        """An operation that only reads; `gives` another media type than JSON for files."""
        return self._operation("GET", path, answers, scope, gives=gives, tells=tells)

    def post(
        self,
        path: str,
        answers: Any,  # noqa: ANN401  (a type)
        scope: Scope | None,
        *,
        status: int = 200,
        takes: FileBody | str | None = bodies.JSON,
        tells: tuple[Code, ...] = (),
    ) -> Callable[[F], F]:
        """An operation that makes something or moves it; the same call with the same Idempotency-Key acts once."""
        return self._operation("POST", path, answers, scope, status=status, takes=takes, tells=tells)

    def put(
        self,
        path: str,
        answers: Any,  # noqa: ANN401  (a type)
        scope: Scope | None,
        *,
        takes: FileBody | str | None = bodies.JSON,
        names_version: bool = False,
    ) -> Callable[[F], F]:
        """An operation after which things are as the body says, however often it is sent."""
        return self._operation("PUT", path, answers, scope, takes=takes, names_version=names_version)

    def delete(self, path: str, scope: Scope | None) -> Callable[[F], F]:
        """An operation that takes something away; it answers nothing."""
        return self._operation("DELETE", path, None, scope, status=204)

    def _operation(
        self,
        method: str,
        path: str,
        answers: Any,  # noqa: ANN401  (a type)
        scope: Scope | None,
        *,
        status: int = 200,
        takes: FileBody | str | None = None,
        names_version: bool = False,
        gives: str = bodies.JSON,
        tells: tuple[Code, ...] = (),
    ) -> Callable[[F], F]:
        def register(function: F) -> F:
            rule = Rule(function.__name__, method, scope, takes, names_version, gives, tells)
            summary, _blank, description = (function.__doc__ or "").strip().partition("\n\n")
            known = self.router.api_operation(
                [method], path, response={status: answers}, operation_id=rule.name, url_name=rule.name,
                summary=summary.rstrip("."), description=describing.paragraphs(description),
                openapi_extra=describing.beyond_types(rule, status),
            )  # fmt: skip
            made: F = known(decorate_view(partial(_served, rule))(function))
            for model in self.router.path_operations[path].operations[-1].models:
                if model.__ninja_param_source__ == "query":
                    rule.asks.update(model.__ninja_flatten_map__)
            return made

        return register


def _served(rule: Rule, run: View) -> View:
    """Return the operation with all that happens before and after it."""

    @wraps(run)
    def served(request: HttpRequest, *args: Any, **given: Any) -> HttpResponseBase:  # noqa: ANN401  (ninja's)
        now, counted = timezone.now(), None
        try:
            limits.count_address(request, now)
            visit = Visit(entering(request, now), now)
            request.api_visit, request.user = visit, visit.person  # type: ignore[attr-defined]
            counted = limits.count_token(visit.token.pk, now)
            with (
                timezone.override(ZoneInfo(visit.person.time_zone)),
                translation.override(_language(request, visit.person)),
            ):
                response = _answer(rule, request, visit, lambda: run(request, *args, **given))
        except Exception as fault:  # noqa: BLE001  (what isn't known goes on as it is)
            response = problems.answer_of(request, fault)
        for name, value in (counted.headers() if counted else {}).items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return served


def _answer(
    rule: Rule, request: HttpRequest, visit: Visit, run: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    try:
        require_scope(visit.token, rule.scope, visit.now)
        bodies.check_address(request, rule.asks)
        if isinstance(rule.takes, FileBody):
            bodies.take_file(request, visit, rule.takes)
        elif rule.takes is not None:
            bodies.take_json(request, visit)
        response = once(request, visit, rule.name, run) if rule.method == "POST" else run()
        for name, value in visit.headers.items():
            response.headers[name] = value
    except Exception as fault:  # noqa: BLE001  (in the language of the person)
        response = problems.answer_of(request, fault)
    finally:
        if visit.upload is not None:
            visit.upload.close()
    return response


def _language(request: HttpRequest, person: User) -> str:
    """Return the language of sentences: the one that was asked for, or the person's own."""
    return translation.get_language() if "Accept-Language" in request.headers else person.language

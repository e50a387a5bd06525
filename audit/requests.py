"""Which request or job an event came from: stands in the leaf as `req`, in the answer as X-Request-ID."""

import uuid
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

from jobs import current

_request: ContextVar[str | None] = ContextVar("audit_request", default=None)

Answer = Callable[[HttpRequest], HttpResponse]


def identified(get_response: Answer) -> Answer:
    """Middleware: give each request an id of our own; what the client sends as one is not believed."""

    def middleware(request: HttpRequest) -> HttpResponse:
        name = uuid.uuid4().hex
        request.request_id = name  # type: ignore[attr-defined]  # shown by the page of a server fault
        token = _request.set(name)
        try:
            response = get_response(request)
        finally:
            _request.reset(token)
        response["X-Request-ID"] = name
        return response

    return middleware


def origin() -> str | None:
    """Return the id of the request, or `job:7`, or None for a command on the machine."""
    job_id = current.job_id()
    return f"job:{job_id}" if job_id is not None else _request.get()

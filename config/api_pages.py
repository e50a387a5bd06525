"""The description of the API, for programs and for people; both are open, because they hold nothing of anybody."""

import json
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.api.reference import Heading, headings, problems
from config.api import api


@cache
def described() -> dict[str, Any]:
    """Return the description as JSON has it."""
    found: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/")))
    return found


@cache
def shown() -> list[Heading]:
    """Return the operations as the page shows them."""
    return headings(described())


@require_safe
def description(_request: HttpRequest) -> HttpResponse:
    """Hand out the description (OpenAPI 3.1)."""
    return HttpResponse(json.dumps(described(), ensure_ascii=False), content_type="application/json")


@require_safe
def reference(request: HttpRequest) -> HttpResponse:
    """Show the description."""
    context = {"about": api.description, "headings": shown(), "problems": problems()}
    return render(request, "api/reference.html", context)

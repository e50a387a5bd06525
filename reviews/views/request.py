"""The page of a request: decision on the left, dossier in the middle, discussion beside it; its story; its gate."""

from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.roles import Role, has_role
from audit.selectors import whole_number
from reviews.permissions.sight import why_not_read_decisions, why_not_see_deliberation
from reviews.selectors.history import history_for
from reviews.selectors.readiness import readiness_of
from reviews.selectors.request_page import RequestPage, request_page
from reviews.selectors.shown_answer import ShownAnswer
from reviews.services.looks import note_look
from reviews.views.acting import asked

TAKES_BUNDLES = (Role.AUDITOR, Role.ADMINISTRATOR, Role.LEGAL)


@require_safe
@login_required
def show_request(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the request; `?show=clean` leaves the difference out, `?since=1` compares with revision 1."""
    user, found, now = asked(request, reference)
    wished = _address_of_page(request)
    show = "clean" if wished.get("show") == "clean" else "diff"
    page = request_page(user, found, now, show=show, since=whole_number(wished.get("since", ""), digits=5))
    if request.method == "GET":
        note_look(actor=user, request=found, revision=page.rows.revision, now=now)
    if part := _part(request):
        context = {
            "page": page,
            "now": now,
            "part": part,
            "answer": _answer(page, part.removeprefix("talk-")),
        }
        return render(request, "reviews/request_part.html", context)
    return render(request, "reviews/request.html", {"page": page, "now": now})


def _address_of_page(request: HttpRequest) -> QueryDict:
    """Return what the address asks for; for a part of a page, what the address of that page asks for."""
    return (
        QueryDict(urlsplit(request.headers.get("HX-Current-URL", "")).query)
        if _part(request)
        else request.GET
    )


def _part(request: HttpRequest) -> str:
    """Return which part of the page was sent from there and is to be answered in its place; "" for the whole page."""
    target = request.headers.get("HX-Target", "") if getattr(request, "htmx", False) else ""
    return target if target in {"rail", "motions"} or target.startswith("talk-") else ""


def _answer(page: RequestPage, key: str) -> ShownAnswer | None:
    return page.dossier.answer(key) if page.dossier else None


@require_safe
@login_required
def show_history(request: HttpRequest, reference: str) -> HttpResponse:
    """Show what happened to the request; who doesn't see the deliberation doesn't see it here either."""
    user, found, now = asked(request, reference)
    hidden = why_not_see_deliberation(user, found, now)
    context = {
        "found": found,
        "events": history_for(
            found,
            sees_boards=hidden is None,
            reads_decisions=why_not_read_decisions(user, found, now) is None,
        ),
        "hidden_from": hidden,
        "may_take": found.submitted_at is not None and has_role(user, *TAKES_BUNDLES),
    }
    return render(request, "reviews/history.html", context)


@require_safe
@login_required
def show_readiness(request: HttpRequest, reference: str) -> HttpResponse:
    """Show which checklists are still missing for the version: as a part of the page, or alone."""
    user, found, now = asked(request, reference)
    context = {"found": found, "checks": readiness_of(found, user, now)}
    part = "reviews/components/readiness.html"
    return render(request, part if getattr(request, "htmx", False) else "reviews/readiness.html", context)

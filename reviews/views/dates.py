"""How a date came about, and having it counted again by the calendar of today."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from reviews.permissions.calendars import board_led, why_not_recount
from reviews.permissions.containers import containers_of
from reviews.permissions.reasons import require
from reviews.permissions.sight import why_not_see_deliberation
from reviews.selectors.changed_dates import changed_for
from reviews.selectors.clock_picture import clock_picture
from reviews.selectors.dated import find
from reviews.selectors.explained import explain
from reviews.selectors.explanation_words import in_words
from reviews.services.recounting import recount_date
from reviews.views.acting import asked, attempt, forbid, person


@require_safe
@login_required
def show_why(request: HttpRequest, reference: str, kind: str, thing_id: int) -> HttpResponse:
    """Show how one date of the request came about; within another page, that part alone."""
    user, found, now = asked(request, reference)
    dated = find(kind, found, thing_id)
    if dated.inside:
        require(why_not_see_deliberation(user, found, now))
    explanation = explain(dated, now)
    context = {
        "found": found, "dated": dated, "words": in_words(explanation, dated.board.name if dated.board else ""),
        "explanation": explanation,
        "why_not_recount": why_not_recount(user, found, dated.board, now) if explanation.would_be else None,
    }  # fmt: skip
    template = (
        "reviews/components/explained.html" if getattr(request, "htmx", False) else "reviews/why_date.html"
    )
    return render(request, template, context)


@require_safe
@login_required
def show_clock(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the clocks of the request and of its boards: as a part of the request's page, or alone."""
    _user, found, now = asked(request, reference)
    part = bool(getattr(request, "htmx", False))
    template = "reviews/components/clock.html" if part else "reviews/clock.html"
    return render(request, template, {"found": found, "clock": clock_picture(found, now)})


@require_POST
@login_required
def recount(request: HttpRequest, reference: str, kind: str, thing_id: int) -> HttpResponse:
    """Have one running date counted again; the form says which new date was confirmed."""
    user, found, now = asked(request, reference)
    dated = find(kind, found, thing_id)
    forbid(why_not_recount(user, found, dated.board, now))
    expected = parse_datetime(request.POST.get("expected", ""))
    attempt(
        request,
        lambda: recount_date(
            actor=user, request_id=found.pk, kind=kind, key=thing_id, now=now, expected=expected
        ),
        _("The date was counted again. The old one stays in the history."),
    )
    if request.POST.get("back") == "board" and dated.board is not None:
        return redirect("reviews:changed_dates", dated.board.slug)
    return redirect("reviews:dates", reference)


@require_safe
@login_required
def show_changed(request: HttpRequest, board: str) -> HttpResponse:
    """Show the running dates of a board that the calendar of today would put elsewhere."""
    user, now = person(request), timezone.now()
    reached = containers_of(user, now)
    found = board_led(user, board, now, reached)
    return render(
        request,
        "reviews/changed_dates.html",
        {"board": found, "dates": changed_for(user, found, reached, now)},
    )

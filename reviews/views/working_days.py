"""Working days: the year as a picture, closing days, and where a board sits."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit.refusal import Refused
from reviews.forms.working_days import ClosingForm, PlaceForm
from reviews.models import Board
from reviews.permissions.boards import board_by_slug
from reviews.permissions.calendars import why_not_manage_days
from reviews.permissions.reasons import require
from reviews.selectors.changed_dates import waiting_sentence
from reviews.selectors.working_days import FIRST_YEAR, LAST_YEAR, days_page
from reviews.services import working_days as services
from reviews.views.acting import attempt, number_in, person, sent


def _board(request: HttpRequest) -> Board | None:
    """Return the board that the address names, None for everybody's days; raises Http404."""
    slug = request.GET.get("board", "")
    return board_by_slug(person(request), slug, timezone.now()) if slug else None


def _back(board: Board | None, year: int) -> HttpResponseRedirect:
    query: dict[str, str | int] = {"year": year, **({"board": board.slug} if board else {})}
    return redirect(f"{reverse('reviews:working_days')}?{urlencode(query)}")


@require_safe
@login_required
def show_days(request: HttpRequest) -> HttpResponse:
    """Show the working days of a year, of a board or of the house."""
    now = timezone.now()
    year = min(max(number_in(request, "year") or timezone.localdate(now).year, FIRST_YEAR), LAST_YEAR)
    page = days_page(person(request), _board(request), year, now)
    return render(request, "reviews/working_days.html", {"page": page})


@login_required
@require_http_methods(["GET", "POST"])
def close_days(request: HttpRequest) -> HttpResponse:
    """Write days on which the house is closed, or works."""
    user, now = person(request), timezone.now()
    require(why_not_manage_days(user))
    form = ClosingForm(sent(request), board=_board(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        board = given["board"]
        try:
            services.add_closing(
                actor=user, board_id=board.pk if board else None, day=given["day"], until=given["until"],
                reason=given["reason"], works=given["works"], now=now,
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{_('The days are written.')} {waiting_sentence(board, now)}")
            return _back(board, given["day"].year)
    return render(request, "reviews/close_days.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@login_required
def take_back(request: HttpRequest, closing_id: int) -> HttpResponse:
    """Take closing days back."""
    user, now = person(request), timezone.now()
    if why_not_manage_days(user):
        raise Http404
    done = _("The days are taken back.")
    attempt(request, lambda: services.end_closing(actor=user, closing_id=closing_id, now=now), done)
    return _back(_board(request), number_in(request, "year") or timezone.localdate(now).year)


@login_required
@require_http_methods(["GET", "POST"])
def place_board(request: HttpRequest, board: str) -> HttpResponse:
    """Say whose holidays a board keeps, and in which time zone it counts."""
    user, now = person(request), timezone.now()
    found = board_by_slug(user, board, now)
    require(why_not_manage_days(user))
    form = PlaceForm(sent(request), board=found)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.place_board(
                actor=user, board_id=found.pk, country=given["country"], subdivision=given["subdivision"],
                time_zone=given["time_zone"], reason=given["reason"], now=now,
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, f"{_('The board counts by it from now on.')} {waiting_sentence(found, now)}"
            )
            return _back(found, timezone.localdate(now).year)
    context = {"form": form, "board": found}
    return render(request, "reviews/place_board.html", context, status=422 if form.errors else 200)

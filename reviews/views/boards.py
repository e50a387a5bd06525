"""Boards: the list, the page of one, making one, its seats, who keeps it."""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from audit.refusal import Refused
from reviews.forms.boards import BoardForm, KeeperForm, PersonForm, SeatForm, people
from reviews.models import Board, Seat
from reviews.permissions.boards import board_by_slug, why_not_manage_boards
from reviews.permissions.reasons import require
from reviews.rules.policy import BoardPolicy
from reviews.selectors.boards_page import board_page, boards_for
from reviews.services import boards as services
from reviews.views.acting import attempt, person, sent
from reviews.views.policy_form import policy_context, policy_form


@require_safe
@login_required
def list_boards(request: HttpRequest) -> HttpResponse:
    """Show the boards whose pages the person may open."""
    user, now = person(request), timezone.now()
    context = {"boards": boards_for(user, now), "why_not_make": why_not_manage_boards(user)}
    return render(request, "reviews/boards.html", context)


@require_safe
@login_required
def show_board(request: HttpRequest, board: str) -> HttpResponse:
    """Show who sits on the board, how it decides, and what it reviews now."""
    return _show(request, board)


def _show(request: HttpRequest, board: str, seat: SeatForm | None = None) -> HttpResponse:
    page = board_page(person(request), board, timezone.now())
    forms: dict[str, PersonForm] = {}
    if page.why_not_manage is None:
        everybody = people()
        keeper = KeeperForm(everybody=everybody, auto_id="keeper_%s")
        forms = {"seat_form": seat or SeatForm(everybody=everybody), "keeper_form": keeper}
    return render(request, "reviews/board.html", {"page": page, **forms}, status=422 if seat else 200)


@login_required
@require_http_methods(["GET", "POST"])
def make_board(request: HttpRequest) -> HttpResponse:
    """Make a board with the first version of its policy."""
    user = person(request)
    require(why_not_manage_boards(user))
    form = BoardForm(sent(request))
    policy = policy_form(request, BoardPolicy())
    if request.method == "POST" and form.is_valid() and policy.is_valid():
        try:
            zone = ZoneInfo(form.cleaned_data["time_zone"])
            given = {**form.cleaned_data, "time_zone": zone.key, "policy": policy.cleaned_data["content"]}
            board = services.make_board(actor=user, now=timezone.now(), **given)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            form.add_error("time_zone", _("There is no such time zone."))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("reviews:board", board.slug)
    status = 422 if form.errors or policy.errors else 200
    context = {"form": form, "policy": policy, **policy_context(policy, first=True)}
    return render(request, "reviews/board_new.html", context, status=status)


def managed(request: HttpRequest, slug: str) -> tuple[User, Board, datetime]:
    """Return who manages the board, the board and the moment; raises Http404 or PermissionDenied."""
    user, now = person(request), timezone.now()
    board = board_by_slug(user, slug, now)
    require(why_not_manage_boards(user))
    return user, board, now


@require_POST
@login_required
def give_seat(request: HttpRequest, board: str) -> HttpResponse:
    """Give a person a seat."""
    user, found, now = managed(request, board)
    form = SeatForm(request.POST)
    if not form.is_valid():
        return _show(request, board, form)
    given = form.cleaned_data
    attempt(
        request,
        lambda: services.seat_person(
            actor=user, board_id=found.pk, person_id=given["person"], role=given["role"],
            attributes=given["attributes"], now=now,
        ),
        _("The seat is given."),
    )  # fmt: skip
    return redirect("reviews:board", board)


@require_POST
@login_required
def end_seat(request: HttpRequest, board: str, seat_id: int) -> HttpResponse:
    """End a seat; ballots that are open keep their roster."""
    user, found, now = managed(request, board)
    seat = get_object_or_404(Seat, pk=seat_id, board=found)
    reason = request.POST.get("reason", "")[:2000]
    done = _("The seat has ended.")
    attempt(request, lambda: services.end_seat(actor=user, seat_id=seat.pk, reason=reason, now=now), done)
    return redirect("reviews:board", board)


@require_POST
@login_required
def let_keep(request: HttpRequest, board: str) -> HttpResponse:
    """Let a person keep the board, or read what it reviews."""
    user, found, now = managed(request, board)
    form = KeeperForm(request.POST)
    given = form.cleaned_data if form.is_valid() else None
    if given:
        attempt(
            request,
            lambda: services.grant_on_board(
                actor=user,
                board_id=found.pk,
                person_id=given["person"],
                permission=given["permission"],
                now=now,
            ),
            _("The grant is in force."),
        )
    return redirect("reviews:board", board)


@require_POST
@login_required
def end_keeping(request: HttpRequest, board: str, person_id: int, permission: str) -> HttpResponse:
    """End a person's grant on the board."""
    user, found, now = managed(request, board)
    attempt(
        request,
        lambda: services.end_grant(
            actor=user, board_id=found.pk, person_id=person_id, permission=permission, now=now
        ),
        _("The grant has ended."),
    )
    return redirect("reviews:board", board)

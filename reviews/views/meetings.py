"""Pages of meetings: the list, the page of one before, while and after it, and planning them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from audit.selectors import whole_number
from reviews.forms.meetings import GuestForm, ItemForm, SeriesForm, SessionForm
from reviews.forms.talking import ReasonForm
from reviews.models import Board, Meeting, MeetingSeries
from reviews.permissions.boards import board_by_slug
from reviews.permissions.meetings import (
    meeting_standing,
    meeting_to_read,
    series_to_read,
    why_not_lead,
    why_not_lead_board,
    why_not_prepare,
)
from reviews.permissions.reasons import require
from reviews.selectors.meetings.listing import meeting_list
from reviews.selectors.meetings.page import MeetingPage, meeting_page
from reviews.selectors.meetings.sent import agenda_items
from reviews.selectors.meetings.words import name_of, title_of
from reviews.services.meetings import planning, series
from reviews.services.meetings.asking import invite_guest as invite
from reviews.services.meetings.calling import cancel_meeting, change_meeting
from reviews.views.acting import forbid, fulfil, person, sent


@require_safe
@login_required
def list_meetings(request: HttpRequest) -> HttpResponse:
    """Show the meetings of the person's boards, and those to which they are asked."""
    before = parse_datetime(request.GET.get("before", "")) if request.GET.get("before") else None
    now = timezone.now()
    before = before if before is not None and timezone.is_aware(before) else None
    found = meeting_list(person(request), now, board=request.GET.get("board", "")[:60], before=before)
    more = urlencode({"before": found.next_past, **({"board": found.board.slug} if found.board else {})})
    return render(request, "reviews/meetings/list.html", {"page": found, "more": more})


@require_safe
@login_required
def show_meeting(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Show the meeting; while it runs, `item` is the item in the middle."""
    page = meeting_page(
        person(request), meeting_id, timezone.now(), item_id=whole_number(request.GET.get("item", ""))
    )
    return render_meeting(request, page)


def render_meeting(request: HttpRequest, page: MeetingPage, status: int = 200) -> HttpResponse:
    """Show the page of a meeting with its forms."""
    prepares = page.standing.leads and page.meeting.state in ("planned", "called", "running")
    context = {
        "page": page, "meeting": page.meeting,
        "item_form": ItemForm() if prepares else None,
    }  # fmt: skip
    return render_there(request, page.meeting, "reviews/meetings/meeting.html", context, status)


def render_there(
    request: HttpRequest, meeting: Meeting, template: str, context: dict[str, object], status: int = 200
) -> HttpResponse:
    """Show a page with all its times on the clock where the meeting is held; its foot says so."""
    with timezone.override(meeting.tz):
        return render(request, template, context, status=status)


@dataclass(frozen=True, slots=True)
class MeetingForm:
    """A page that is one form about meetings."""

    title: str
    button: str
    done: str
    back: str
    intro: str = ""
    why_not: str | None = None
    crumb: str = ""


def show_form(
    request: HttpRequest, page: MeetingForm, form: forms.Form, act: Callable[[], object]
) -> HttpResponse:
    """Show the form; when it was sent and is valid, do the act and go back, or show why it was refused (422)."""
    if request.method == "POST":
        forbid(page.why_not)
        if fulfil(form, act):
            messages.success(request, page.done)
            return redirect(page.back)
    status = 422 if form.errors else 200
    return render(request, "reviews/meetings/form.html", {"page": page, "form": form}, status=status)


def _led(request: HttpRequest, slug: str) -> tuple[User, Board, datetime]:
    """Return who asks, the board and the moment; raises Http404, or PermissionDenied for who doesn't lead it."""
    user, now = person(request), timezone.now()
    board = board_by_slug(user, slug, now)
    require(why_not_lead_board(user, board.pk, now))
    return user, board, now


def _of_board(board: Board) -> str:
    return f"{reverse('reviews:meetings')}?board={board.slug}"


@login_required
@require_http_methods(["GET", "POST"])
def plan_meeting(request: HttpRequest, board: str) -> HttpResponse:
    """Plan one meeting of the board."""
    user, found, now = _led(request, board)
    page = MeetingForm(
        title=_("Plan a meeting"), button=_("Plan the meeting"), done=_("The meeting is planned."), crumb=found.name,
        back=_of_board(found), intro=_("Nobody is invited yet: the invitation goes out with the agenda."),
    )  # fmt: skip
    form = SessionForm(sent(request), board=found)
    return show_form(
        request, page, form,
        lambda: planning.plan_meeting(actor=user, board_id=found.pk, session=form.session, now=now),
    )  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def make_series(request: HttpRequest, board: str) -> HttpResponse:
    """Make a series of meetings of the board."""
    user, found, now = _led(request, board)
    page = MeetingForm(
        title=_("Meet again and again"), button=_("Make the series"), done=_("The series is made."), crumb=found.name,
        back=_of_board(found), intro=_("Its meetings are made some months ahead, and each can be moved by itself."),
    )  # fmt: skip
    form = SeriesForm(sent(request), board=found)
    return show_form(
        request, page, form,
        lambda: series.make_series(actor=user, board_id=found.pk, rhythm=form.rhythm, now=now),
    )  # fmt: skip


def _series(request: HttpRequest, series_id: int) -> tuple[User, MeetingSeries, datetime]:
    user, now = person(request), timezone.now()
    return user, series_to_read(user, series_id, now), now


@login_required
@require_http_methods(["GET", "POST"])
def change_series(request: HttpRequest, series_id: int) -> HttpResponse:
    """Change a series from a day on."""
    user, found, now = _series(request, series_id)
    page = MeetingForm(
        title=_("Change the series"), button=_("Change it from this day on"), done=_("The series is changed."),
        back=_of_board(found.board), crumb=found.board.name,
        intro=_("Meetings to which nobody was invited yet take the new dates and keep their agenda."),
    )  # fmt: skip
    form = SeriesForm(sent(request), board=found.board, series=found)
    return show_form(
        request, page, form,
        lambda: series.change_series(
            actor=user, series_id=found.pk, since=form.cleaned_data["since"], rhythm=form.rhythm,
            reason=form.cleaned_data["reason"], now=now,
        ),
    )  # fmt: skip


class EndForm(ReasonForm):
    """From which day on a series has no more meetings, and why."""

    since = SeriesForm.base_fields["since"]


@login_required
@require_http_methods(["GET", "POST"])
def end_series(request: HttpRequest, series_id: int) -> HttpResponse:
    """End a series from a day on."""
    user, found, now = _series(request, series_id)
    page = MeetingForm(
        title=_("End the series"), button=_("End it from this day on"), done=_("The series has ended."),
        back=_of_board(found.board), crumb=found.board.name,
    )  # fmt: skip
    form = EndForm(sent(request))
    return show_form(
        request, page, form,
        lambda: series.end_series(
            actor=user, series_id=found.pk, since=form.cleaned_data["since"], reason=form.cleaned_data["reason"],
            now=now,
        ),
    )  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def move_meeting(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Change time or place of one meeting."""
    user, now = person(request), timezone.now()
    meeting = meeting_to_read(user, meeting_id, now)
    standing = meeting_standing(user, meeting, now)
    page = MeetingForm(
        title=_("Change time or place"), button=_("Change it"), done=_("Time and place are changed."),
        back=reverse("reviews:meeting", args=[meeting.pk]), crumb=name_of(meeting),
        why_not=why_not_prepare(standing, meeting),
        intro=_("Everybody who was invited gets the change at once, and is asked again.") if meeting.called_at else "",
    )  # fmt: skip
    form = SessionForm(sent(request), board=meeting.board, meeting=meeting)
    return show_form(
        request, page, form,
        lambda: change_meeting(
            actor=user, meeting_id=meeting.pk, session=form.session, reason=form.cleaned_data.get("reason", ""), now=now
        ),
    )  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Cancel a meeting with a reason."""
    user, now = person(request), timezone.now()
    meeting = meeting_to_read(user, meeting_id, now)
    page = MeetingForm(
        title=_("Cancel the meeting"), button=_("Cancel the meeting"), done=_("The meeting is cancelled."),
        back=reverse("reviews:meeting", args=[meeting.pk]), crumb=name_of(meeting),
        why_not=why_not_prepare(meeting_standing(user, meeting, now), meeting),
        intro=_("Everybody who was invited gets a cancellation with the reason."),
    )  # fmt: skip
    form = ReasonForm(sent(request), label=_("Why it is cancelled"))
    return show_form(
        request, page, form,
        lambda: cancel_meeting(actor=user, meeting_id=meeting.pk, reason=form.cleaned_data["reason"], now=now),
    )  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def invite_guest(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Ask a guest to the meeting, or to one of its items."""
    user, now = person(request), timezone.now()
    meeting = meeting_to_read(user, meeting_id, now)
    require(why_not_lead(meeting_standing(user, meeting, now)))
    page = MeetingForm(
        title=_("Ask a guest"), button=_("Ask them"), done=_("The guest is invited."), crumb=name_of(meeting),
        back=reverse("reviews:meeting", args=[meeting.pk]),
        intro=_("Who has an account gets the invitation, and sees when and where, but not what the board deals with."),
    )  # fmt: skip
    items = [(item.pk, title_of(item)) for item in agenda_items(meeting)]
    form = GuestForm(sent(request), items=items)
    return show_form(request, page, form, lambda: _invite(user, meeting.pk, form.cleaned_data, now))


def _invite(user: User, meeting_id: int, given: dict[str, Any], now: datetime) -> None:
    invite(
        actor=user, meeting_id=meeting_id, name=given["name"], now=now,
        person_id=given["person"].pk if given["person"] else None, affiliation=given["affiliation"],
        item_id=given["item"], expert=given["expert"],
    )  # fmt: skip

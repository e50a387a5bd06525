"""A running meeting: started, who comes and goes, its items and their ballots, and its end."""

from datetime import UTC, datetime, timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.dateparse import parse_time
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit.selectors import whole_number
from reviews.models import AgendaItem, Meeting
from reviews.permissions.meetings import meeting_to_read, why_not_run
from reviews.rules.meeting_lifecycle import MeetingState
from reviews.selectors.meetings.page import meeting_page
from reviews.services.meetings import balloting, room, running
from reviews.services.meetings.minutes import approve_minutes
from reviews.views.acting import attempt, forbid, person
from reviews.views.meeting_agenda import back_to, meeting_of_item, refuse_strangers
from reviews.views.meetings import render_there


@require_safe
@login_required
def show_room(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Show what changes by itself while the meeting runs: the ballot of the item in the middle, quorum, attendance."""
    user, now = person(request), timezone.now()
    if meeting_to_read(user, meeting_id, now).state != MeetingState.RUNNING:
        return HttpResponse(status=204)
    page = meeting_page(user, meeting_id, now, item_id=whole_number(request.GET.get("item", "")))
    return render_there(
        request, page.meeting, "reviews/meetings/room.html", {"page": page, "meeting": page.meeting}
    )


@require_POST
@login_required
def start(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Start the meeting."""
    refuse_strangers(request, meeting_id)
    attempt(
        request,
        lambda: running.start_meeting(actor=person(request), meeting_id=meeting_id, now=timezone.now()),
        _("The meeting runs. Write down who is there."),
    )
    return back_to(meeting_id)


@require_POST
@login_required
def attend(request: HttpRequest, meeting_id: int, attendance_id: int) -> HttpResponse:
    """Write down that somebody came or left; `at` is a time of the meeting's day, now when it is left out."""
    refuse_strangers(request, meeting_id)
    user, now = person(request), timezone.now()
    at = _moment(request.POST.get("at", ""), get_object_or_404(Meeting, pk=meeting_id), now)
    if request.POST.get("act") == "leaves":
        attempt(
            request,
            lambda: room.note_departure(
                actor=user, meeting_id=meeting_id, attendance_id=attendance_id, now=now, at=at
            ),
            _("The departure is noted."),
        )
    else:
        attempt(
            request,
            lambda: room.note_arrival(
                actor=user, meeting_id=meeting_id, attendance_id=attendance_id, now=now, at=at,
                how=request.POST.get("how", ""), sits_for=whole_number(request.POST.get("sits_for", "")),
            ),
            _("The arrival is noted."),
        )  # fmt: skip
    return back_to(meeting_id, "attendance-h", whole_number(request.GET.get("item", "")))


def _moment(text: str, meeting: Meeting, now: datetime) -> datetime | None:
    """Return the moment at which the clock where the meeting is held showed this time last; None for no time."""
    clock = parse_time(text) if text else None
    if clock is None:
        return None
    there = now.astimezone(meeting.tz)
    moment = there.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0)
    return (moment if moment <= there else moment - timedelta(days=1)).astimezone(UTC)


@require_POST
@login_required
def take_up(request: HttpRequest, item_id: int) -> HttpResponse:
    """Take an item up."""
    meeting_id = meeting_of_item(request, item_id)
    attempt(
        request,
        lambda: running.take_up(actor=person(request), item_id=item_id, now=timezone.now()),
        _("The item is taken up."),
    )
    return back_to(meeting_id, item=item_id)


@require_POST
@login_required
def finish(request: HttpRequest, item_id: int) -> HttpResponse:
    """Finish the open item."""
    meeting_id = meeting_of_item(request, item_id)
    attempt(
        request,
        lambda: running.finish_item(actor=person(request), item_id=item_id, now=timezone.now()),
        _("The item is finished."),
    )
    return back_to(meeting_id)


@require_POST
@login_required
def table(request: HttpRequest, item_id: int) -> HttpResponse:
    """Table the open item, with its ballot."""
    meeting_id = meeting_of_item(request, item_id)
    why = request.POST.get("why", "")[:2000]
    attempt(
        request,
        lambda: running.table_item(actor=person(request), item_id=item_id, why=why, now=timezone.now()),
        _("The item is tabled."),
    )
    return back_to(meeting_id, item=item_id)


@require_POST
@login_required
def open_ballot(request: HttpRequest, item_id: int, motion_id: int) -> HttpResponse:
    """Open a ballot in the meeting on a motion about the item."""
    meeting_id = meeting_of_item(request, item_id)
    attempt(
        request,
        lambda: balloting.open_in_meeting(
            actor=person(request), item_id=item_id, motion_id=motion_id, now=timezone.now()
        ),
        _("The ballot is open. Who is in the room votes."),
    )
    return back_to(meeting_id, item=item_id)


@require_POST
@login_required
def put_again(request: HttpRequest, item_id: int, ballot_id: int) -> HttpResponse:
    """Put a motion again whose ballot was tabled."""
    meeting_id = meeting_of_item(request, item_id)
    review_id = AgendaItem.objects.filter(pk=item_id).values_list("review_id", flat=True).first() or 0
    attempt(
        request,
        lambda: balloting.put_again(
            actor=person(request), review_id=review_id, ballot_id=ballot_id, now=timezone.now()
        ),
        _("The motion is put again. Open its ballot when quorum is there."),
    )
    return back_to(meeting_id, item=item_id)


@require_POST
@login_required
def approve_at_item(request: HttpRequest, item_id: int) -> HttpResponse:
    """Write down that this meeting approved the minutes of an earlier one."""
    meeting_id = meeting_of_item(request, item_id)
    about = AgendaItem.objects.filter(pk=item_id).values_list("approves_id", flat=True).first() or 0
    attempt(
        request,
        lambda: approve_minutes(
            actor=person(request), meeting_id=about, sha256=request.POST.get("sha256", ""), item_id=item_id,
            now=timezone.now(),
        ),
        _("The minutes are approved."),
    )  # fmt: skip
    return back_to(meeting_id, item=item_id)


@login_required
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Close the meeting; where a ballot is open, it is asked what becomes of it."""
    user, now = person(request), timezone.now()
    if request.method == "POST":
        refuse_strangers(request, meeting_id)
        circulate = {"circulate": True, "table": False}.get(request.POST.get("ballots", ""))
        done = attempt(
            request,
            lambda: running.close_meeting(actor=user, meeting_id=meeting_id, circulate=circulate, now=now),
            _("The meeting is closed. Its minutes are drafted from what happened."),
        )
        return (
            redirect("reviews:minutes", meeting_id) if done else redirect("reviews:close_meeting", meeting_id)
        )
    page = meeting_page(user, meeting_id, now)
    reason = why_not_run(page.standing, page.meeting)
    forbid(reason)
    if reason is not None:
        messages.error(request, reason)
        return back_to(meeting_id)
    return render_there(
        request, page.meeting, "reviews/meetings/close.html", {"page": page, "meeting": page.meeting}
    )

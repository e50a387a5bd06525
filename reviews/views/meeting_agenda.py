"""Preparing a meeting: what stands on its agenda, who is asked, and what they answer."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit.selectors import whole_number
from reviews.forms.meetings import ItemForm
from reviews.models import AgendaItem, Attendance
from reviews.permissions.meetings import (
    meeting_standing,
    meeting_to_read,
    why_not_answer,
    why_not_lead,
)
from reviews.services.meetings import agenda, asking
from reviews.services.meetings.calling import call_meeting
from reviews.views.acting import attempt, forbid, person


def back_to(meeting_id: int, part: str = "", item: int | None = None) -> HttpResponse:
    """Lead back to the page of the meeting, at one of its parts, with an item in the middle."""
    response = redirect("reviews:meeting", meeting_id)
    response["Location"] += (f"?item={item}" if item else "") + (f"#{part}" if part else "")
    return response


def refuse_strangers(request: HttpRequest, meeting_id: int) -> None:
    """Raise Http404 for who doesn't see the meeting, PermissionDenied for who neither chairs nor keeps the board."""
    user, now = person(request), timezone.now()
    meeting = meeting_to_read(user, meeting_id, now)
    forbid(why_not_lead(meeting_standing(user, meeting, now)))


def meeting_of_item(request: HttpRequest, item_id: int) -> int:
    """Return the id of the item's meeting; raises as `refuse_strangers`."""
    meeting_id = AgendaItem.objects.filter(pk=item_id).values_list("meeting_id", flat=True).first() or 0
    refuse_strangers(request, meeting_id)
    return meeting_id


@require_POST
@login_required
def fill(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Put what is ready on the agenda: what was chosen, or all of it."""
    refuse_strangers(request, meeting_id)
    keys = request.POST.getlist("key") or None
    attempt(
        request,
        lambda: agenda.put_on_agenda(
            actor=person(request), meeting_id=meeting_id, keys=keys, now=timezone.now()
        ),
        _("It stands on the agenda."),
    )
    return back_to(meeting_id, "agenda-h")


@require_POST
@login_required
def add_item(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Add an item of one's own."""
    refuse_strangers(request, meeting_id)
    form = ItemForm(request.POST)
    if form.is_valid():
        attempt(
            request,
            lambda: agenda.add_item(
                actor=person(request), meeting_id=meeting_id, now=timezone.now(), **form.cleaned_data
            ),
            _("The item stands on the agenda."),
        )
    else:
        messages.error(request, _("Give the item a title and its minutes, a whole number."))
    return back_to(meeting_id, "agenda-h")


def _on_item(request: HttpRequest, item_id: int, act: Callable[[], object], done: str) -> HttpResponse:
    meeting_id = meeting_of_item(request, item_id)
    attempt(request, act, done)
    return back_to(meeting_id, "agenda-h")


@require_POST
@login_required
def change_item(request: HttpRequest, item_id: int) -> HttpResponse:
    """Change planned minutes and note of an item."""
    takes = whole_number(request.POST.get("takes", ""), digits=4)
    return _on_item(
        request, item_id,
        lambda: agenda.change_item(
            actor=person(request), item_id=item_id, takes=takes if takes is not None else -1,
            note=request.POST.get("note", "")[:2000], title=request.POST.get("title", "")[:200], now=timezone.now(),
        ),
        _("The item is changed."),
    )  # fmt: skip


@require_POST
@login_required
def move_item(request: HttpRequest, item_id: int) -> HttpResponse:
    """Move an item up or down."""
    by = -1 if request.POST.get("by") == "up" else 1
    return _on_item(
        request, item_id,
        lambda: agenda.move_item(actor=person(request), item_id=item_id, by=by, now=timezone.now()),
        _("The agenda has a new order."),
    )  # fmt: skip


@require_POST
@login_required
def remove_item(request: HttpRequest, item_id: int) -> HttpResponse:
    """Take an item off the agenda."""
    why = request.POST.get("why", "")[:2000]
    return _on_item(
        request, item_id,
        lambda: agenda.remove_item(actor=person(request), item_id=item_id, why=why, now=timezone.now()),
        _("The item is taken off."),
    )  # fmt: skip


@require_POST
@login_required
def call(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Send the invitation with the agenda, or what changed since it was sent."""
    refuse_strangers(request, meeting_id)
    why = request.POST.get("why", "")[:2000]
    attempt(
        request,
        lambda: call_meeting(actor=person(request), meeting_id=meeting_id, why=why, now=timezone.now()),
        _("The invitation is sent."),
    )
    return back_to(meeting_id)


@require_POST
@login_required
def answer(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Say whether one comes."""
    user, now = person(request), timezone.now()
    meeting = meeting_to_read(user, meeting_id, now)
    own = Attendance.objects.filter(meeting=meeting, person=user).first()
    forbid(why_not_answer(meeting_standing(user, meeting, now), meeting, own))
    given, reason = request.POST.get("answer", ""), request.POST.get("reason", "")[:2000]
    attempt(
        request,
        lambda: asking.answer_invitation(
            actor=user, meeting_id=meeting_id, answer=given, reason=reason, now=now
        ),
        _("Your answer is noted."),
    )
    return back_to(meeting_id, "answer-h")


@require_POST
@login_required
def uninvite(request: HttpRequest, meeting_id: int, attendance_id: int) -> HttpResponse:
    """Take a guest off the list."""
    refuse_strangers(request, meeting_id)
    attempt(
        request,
        lambda: asking.uninvite_guest(
            actor=person(request), meeting_id=meeting_id, attendance_id=attendance_id, now=timezone.now()
        ),
        _("The guest is taken off the list."),
    )
    return back_to(meeting_id, "people-h")

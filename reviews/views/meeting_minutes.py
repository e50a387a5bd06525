"""Minutes: their page, their texts saved as they are written, circulated, corrected and approved."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from audit.refusal import Refused
from audit.selectors import whole_number
from reviews.models import AgendaItem, Meeting, MinutesPart
from reviews.selectors.meetings.minutes_page import minutes_page
from reviews.selectors.meetings.words import PART_TITLES
from reviews.services.meetings import minutes as services
from reviews.services.meetings.writing import StalePart, save_part
from reviews.views.acting import attempt, person
from reviews.views.meeting_agenda import back_to, meeting_of_item, refuse_strangers
from reviews.views.meetings import render_there


@require_safe
@login_required
def show_minutes(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Show the minutes: what happened, with the texts; for who writes them as they stand now."""
    page = minutes_page(person(request), meeting_id, timezone.now())
    return render_there(
        request, page.meeting, "reviews/meetings/minutes.html", {"page": page, "meeting": page.meeting}
    )


@require_POST
@login_required
def write_of_meeting(request: HttpRequest, meeting_id: int, kind: str) -> HttpResponse:
    """Save a text of the minutes about the meeting as a whole."""
    refuse_strangers(request, meeting_id)
    return _write(request, meeting_id, kind, None)


@require_POST
@login_required
def write_of_item(request: HttpRequest, item_id: int, kind: str) -> HttpResponse:
    """Save a text of the minutes about an item."""
    return _write(request, meeting_of_item(request, item_id), kind, item_id)


def _write(request: HttpRequest, meeting_id: int, kind: str, item_id: int | None) -> HttpResponse:
    """Save the text; answer with the line below it: saved at, or both versions where somebody else wrote, too."""
    text, over = request.POST.get("text", ""), whole_number(request.POST.get("over", ""))
    version = over if over is not None else whole_number(request.POST.get("version", "")) or 0
    part: MinutesPart | None = None
    theirs: MinutesPart | None = None
    refusal = ""
    try:
        part = save_part(
            actor=person(request), meeting_id=meeting_id, item_id=item_id, kind=kind, text=text, version=version,
            now=timezone.now(),
        )  # fmt: skip
    except StalePart as stale:
        theirs, refusal = stale.present, str(stale)
    except Refused as refused:
        refusal = str(refused)
    if getattr(request, "htmx", False) or refusal:
        context: dict[str, object] = {
            "part": part, "theirs": theirs, "refusal": refusal, "version": version, "text": text, "kind": kind,
            "title": PART_TITLES.get(kind, ""), "item_id": item_id, "meeting_id": meeting_id,
        }  # fmt: skip
        alone = not getattr(request, "htmx", False)
        template = "reviews/meetings/part_alone.html" if alone else "reviews/meetings/part_saved.html"
        meeting = get_object_or_404(Meeting, pk=meeting_id)
        return render_there(request, meeting, template, context, 422 if alone else 200)
    running = AgendaItem.objects.filter(pk=item_id or 0, meeting__state="running").exists()
    return back_to(meeting_id, item=item_id) if running else redirect("reviews:minutes", meeting_id)


@require_POST
@login_required
def circulate(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Send the draft to the board."""
    refuse_strangers(request, meeting_id)
    why = request.POST.get("why", "")[:2000]
    attempt(
        request,
        lambda: services.circulate_minutes(
            actor=person(request), meeting_id=meeting_id, why=why, now=timezone.now()
        ),
        _("The minutes are circulated."),
    )
    return redirect("reviews:minutes", meeting_id)


@require_POST
@login_required
def correct(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Take circulated minutes back to correct them."""
    refuse_strangers(request, meeting_id)
    reason = request.POST.get("reason", "")[:2000]
    attempt(
        request,
        lambda: services.correct_minutes(
            actor=person(request), meeting_id=meeting_id, reason=reason, now=timezone.now()
        ),
        _("The minutes can be corrected."),
    )
    return redirect("reviews:minutes", meeting_id)


@require_POST
@login_required
def approve(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Approve the version that was read, as the chair."""
    refuse_strangers(request, meeting_id)
    sha256 = request.POST.get("sha256", "")
    attempt(
        request,
        lambda: services.approve_minutes(
            actor=person(request), meeting_id=meeting_id, sha256=sha256, now=timezone.now()
        ),
        _("The minutes are approved; their record is being sealed."),
    )
    return redirect("reviews:minutes", meeting_id)

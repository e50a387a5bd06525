"""The inbox: what is new, opening it, marking it as read."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from reminders.selectors import inbox_part
from reminders.services import mark_all_read, mark_read


@login_required
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """Show the person's messages, newest first: all, or what is new."""
    assert isinstance(request.user, User)
    only_new = request.GET.get("show") == "new"
    before = request.GET.get("before", "")
    part = inbox_part(request.user, only_new=only_new, before=before)
    keep = {"show": "new"} if only_new else {}
    here = reverse("reminders:inbox")
    return render(
        request,
        "reminders/inbox.html",
        {
            "part": part,
            "only_new": only_new,
            "any_new": any(message.read_at is None for message in part.messages),
            "newer_url": f"{here}?{urlencode(keep)}" if before else "",
            "older_url": f"{here}?{urlencode(keep | {'before': part.older})}" if part.older else "",
        },
    )


@login_required
@require_POST
def open_message(request: HttpRequest, message_id: int) -> HttpResponse:
    """Mark the message as read and go where it leads."""
    assert isinstance(request.user, User)
    return redirect(mark_read(actor=request.user, message_id=message_id, now=timezone.now()).url)


@login_required
@require_POST
def read_message(request: HttpRequest, message_id: int) -> HttpResponse:
    """Mark the message as read and stay."""
    assert isinstance(request.user, User)
    mark_read(actor=request.user, message_id=message_id, now=timezone.now())
    return redirect(_back(request))


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything as read."""
    assert isinstance(request.user, User)
    mark_all_read(actor=request.user, now=timezone.now())
    return redirect("reminders:inbox")


def _back(request: HttpRequest) -> str:
    """Return the part of the inbox from which the person came."""
    here = reverse("reminders:inbox")
    query = request.POST.get("query", "")
    return f"{here}?{query}" if query else here

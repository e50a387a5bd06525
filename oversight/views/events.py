"""Pages of one event: what it says, its exact bytes, and the proof that it stands in the log."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from audit.log import reading
from oversight import permissions
from oversight.event_page import event_page
from oversight.views.acting import person


@require_safe
@login_required
def event(request: HttpRequest, event_id: int) -> HttpResponse:
    """Show an event with its place in the log."""
    user = person(request)
    page = event_page(permissions.sight_of(user, timezone.now()), event_id)
    context = {"page": page, "event": page.told, "may_erase": permissions.is_administrator(user)}
    return render(request, "oversight/event.html", context)


@require_safe
@login_required
def exact_bytes(request: HttpRequest, event_id: int) -> HttpResponse:
    """Hand out the bytes that are hashed of an event."""
    sight = permissions.sight_of(person(request), timezone.now())
    leaf = sight.events().filter(pk=event_id).values_list("leaf", flat=True).first()
    if leaf is None:
        raise Http404
    response = HttpResponse(bytes(leaf), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="event-{event_id}.json"'
    return response


@require_safe
@login_required
def proof(request: HttpRequest, event_id: int) -> HttpResponse:
    """Hand out the proof that the event stands in the log (C2SP, tlog-proof); without one its page says why."""
    sight = permissions.sight_of(person(request), timezone.now())
    if not sight.events().filter(pk=event_id).exists():
        raise Http404
    found = reading.inclusion(event_id)
    if found is None:
        messages.info(request, _("No signed head covers this event yet. Try again in a few seconds."))
        return redirect("oversight:event", event_id)
    response = HttpResponse(found.render(), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="event-{event_id}.tlog-proof"'
    return response

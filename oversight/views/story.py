"""The page of an object's story in the log."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from oversight import permissions
from oversight.story import story
from oversight.views.acting import person


@require_safe
@login_required
def object_story(request: HttpRequest, label: str, object_id: str) -> HttpResponse:
    """Show every event of the object and of what belongs to it, as far as the person may see them."""
    sight = permissions.sight_of(person(request), timezone.now())
    given = request.GET
    found = story(sight, label, object_id, before=given.get("before", ""), after=given.get("after", ""))
    return render(request, "oversight/story.html", {"story": found, "sight": sight})

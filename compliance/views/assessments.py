"""One checklist."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.models import User
from compliance.permissions import assessment_to_read


@login_required
@require_GET
def assessment(request: HttpRequest, assessment_id: int) -> HttpResponse:
    """Show the checklist."""
    assert isinstance(request.user, User)
    found = assessment_to_read(request.user, assessment_id, timezone.now())
    return HttpResponse(str(found))

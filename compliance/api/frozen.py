"""Accepted checklists taken away: the frozen bytes, and the same as OSCAL assessment-results."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from accounts.api.fields import Id
from accounts.api.problems import Code
from accounts.api.rooms import Room
from accounts.api.visit import who
from accounts.rules.scopes import Scope
from compliance.selectors.assessment_record import results_in
from compliance.services.reviewing import download_content

room = Room("Compliance")
BYTES = "application/octet-stream"


@room.get(
    "/assessments/{assessment_id}/content", bytes, Scope.COMPLIANCE_READ, gives=BYTES, tells=(Code.REFUSED,)
)
def read_frozen_content(request: HttpRequest, assessment_id: Id) -> HttpResponse:
    """Download the frozen content of an accepted checklist as JSON, exactly the bytes that its digest is of.

    Each download is an event of the log.
    """
    user, now = who(request)
    found = download_content(actor=user, assessment_id=assessment_id, now=now)
    name = f'attachment; filename="checklist-{found.pk}.json"'
    headers = {"Content-Disposition": name, "X-Content-Type-Options": "nosniff"}
    return HttpResponse(bytes(found.content or b""), content_type=BYTES, headers=headers)


@room.get(
    "/assessments/{assessment_id}/results", dict[str, Any], Scope.COMPLIANCE_READ, tells=(Code.REFUSED,)
)
def read_assessment_results(request: HttpRequest, assessment_id: Id) -> dict[str, Any]:
    """Read an accepted checklist as OSCAL assessment-results; an event of the log, as each download is."""
    user, now = who(request)
    found = download_content(actor=user, assessment_id=assessment_id, now=now)
    return results_in(found, get_language() or "en")

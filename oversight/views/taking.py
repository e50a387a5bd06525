"""Workbooks of an engagement; each download is an event itself, so they come from a button and not from a link."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_POST

from audit.workbooks import workbook_download
from oversight import export, sheets, taking
from oversight.permissions import sight_under
from oversight.views.acting import person


@require_POST
@login_required
def take_events(request: HttpRequest, engagement_id: int) -> HttpResponseBase:
    """Hand out the events in scope as a workbook."""
    engagement, last = taking.take_events(
        actor=person(request), engagement_id=engagement_id, now=timezone.now()
    )
    found = sight_under(engagement).events().filter(pk__lte=last)
    return workbook_download(f"engagement-{engagement.pk}-events", [export.as_sheet(found)])


@require_POST
@login_required
def take_requests(request: HttpRequest, engagement_id: int) -> HttpResponseBase:
    """Hand out the requests in scope as a workbook."""
    engagement, found = taking.take_requests(
        actor=person(request), engagement_id=engagement_id, now=timezone.now()
    )
    return workbook_download(f"engagement-{engagement.pk}-requests", [sheets.of_requests(found)])

"""What auditors take away under an engagement, each an event itself; and the bundles of a request."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import Query

from accounts.api.fields import Id
from accounts.api.pages import PageOut, PageQuery, list_page
from accounts.api.rooms import Room
from accounts.api.visit import tell, who
from accounts.rules.scopes import Scope
from audit.workbooks import CONTENT_TYPE, workbook_download
from oversight import bundling, export, permissions, sheets, taking
from oversight.api.audit import BundleIn, BundleOut, bundle_out
from oversight.bundle_permissions import bundles_in_sight, request_to_bundle
from reviews.api.requests import Reference

room = Room("Audit")
TEXT = "text/plain"


@room.get("/engagements/{engagement_id}/events.xlsx", bytes, Scope.AUDIT_READ, gives=CONTENT_TYPE)
def take_events(request: HttpRequest, engagement_id: Id) -> HttpResponseBase:
    """Download the events in scope as a workbook; that is an event itself."""
    user, now = who(request)
    engagement, last = taking.take_events(actor=user, engagement_id=engagement_id, now=now)
    found = permissions.sight_under(engagement).events().filter(pk__lte=last)
    return workbook_download(f"engagement-{engagement.pk}-events", [export.as_sheet(found)])


@room.get("/engagements/{engagement_id}/requests.xlsx", bytes, Scope.AUDIT_READ, gives=CONTENT_TYPE)
def take_requests(request: HttpRequest, engagement_id: Id) -> HttpResponseBase:
    """Download the requests in scope as a workbook; that is an event itself."""
    user, now = who(request)
    engagement, found = taking.take_requests(actor=user, engagement_id=engagement_id, now=now)
    return workbook_download(f"engagement-{engagement.pk}-requests", [sheets.of_requests(found)])


@room.get("/samples/{sample_id}/sample.xlsx", bytes, Scope.AUDIT_READ, gives=CONTENT_TYPE)
def take_sample(request: HttpRequest, sample_id: Id) -> HttpResponseBase:
    """Download a sample with its draw and what it was drawn from as a workbook; that is an event itself."""
    user, now = who(request)
    sample = taking.take_sample(actor=user, sample_id=sample_id, now=now)
    return workbook_download(f"sample-{sample.pk}", sheets.of_sample(sample))


@room.get("/samples/{sample_id}/drawn-from.txt", bytes, Scope.AUDIT_READ, gives=TEXT)
def read_population(request: HttpRequest, sample_id: Id) -> HttpResponse:
    """Download the list that a sample was drawn from, byte for byte as it was hashed."""
    user, now = who(request)
    sample = permissions.sample_to_read(user, sample_id, now)
    headers = {"Content-Disposition": f'attachment; filename="sample-{sample.pk}-drawn-from.txt"'}
    return HttpResponse(
        sheets.population_lines(sample), content_type=f"{TEXT}; charset=utf-8", headers=headers
    )


@room.get("/requests/{reference}/bundles", PageOut[BundleOut], Scope.AUDIT_READ)
def list_bundles_of_request(
    request: HttpRequest, reference: Reference, asked: Query[PageQuery]
) -> dict[str, Any]:
    """List the bundles of a request that the person may fetch, newest first."""
    user, now = who(request)
    found, _engagement = request_to_bundle(user, reference, now)
    rows = bundles_in_sight(user, now).filter(request=found).select_related("request")
    return list_page(request, rows, asked, bundle_out)


@room.post("/requests/{reference}/bundles", BundleOut, Scope.AUDIT_READ, status=201)
def ask_for_bundle_of_request(request: HttpRequest, reference: Reference, given: BundleIn) -> BundleOut:
    """Ask for a bundle of one request, as auditor, administrator or legal staff; a job makes it."""
    user, now = who(request)
    bundle = bundling.ask_for_request_bundle(
        actor=user, reference=reference, with_disclosures=given.with_disclosures, reason=given.reason, now=now
    )
    tell(request, "Location", f"/api/v1/bundles/{bundle.pk}")
    return bundle_out(bundle)

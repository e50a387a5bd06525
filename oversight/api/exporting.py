"""The log taken away as a file."""

from datetime import UTC
from typing import Annotated

from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from ninja import Field, Query

from accounts.api.fields import In, MomentIn
from accounts.api.rooms import Room
from accounts.api.visit import who
from accounts.rules.scopes import Scope
from audit.models import Event
from audit.selectors import Filter, events
from audit.workbooks import CONTENT_TYPE, workbook_download
from oversight import export, services

room = Room("Log")
CSV, BYTES = "text/csv", "application/octet-stream"


class ExportQuery(In):
    """What of the log is taken away, and whether names and other personal data go along."""

    verb: Annotated[
        str, Field(max_length=80, description="A name, or a family that ends with a full stop.")
    ] = ""
    object_type: Annotated[str, Field(max_length=100, description="`reviews.ballot`")] = ""
    object_id: Annotated[str, Field(max_length=64)] = ""
    since: MomentIn | None = None
    until: MomentIn | None = None
    named: Annotated[bool, Field(description="With names and other personal data; needs a reason.")] = False
    reason: Annotated[str, Field(max_length=2000)] = ""


@room.get("/events/export", bytes, Scope.AUDIT_READ, gives=CSV)
def export_events(request: HttpRequest, asked: Query[ExportQuery]) -> HttpResponseBase:
    """Download the events that the person may see as CSV; that is an event itself.

    No cell can become a formula. Without names a person is their pseudonym.
    """
    found = _begun(request, asked, "csv")
    response = StreamingHttpResponse(
        export.as_csv(found, named=asked.named), content_type=f"{CSV}; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="log.csv"'
    return response


@room.get("/events/export.json", bytes, Scope.AUDIT_READ, gives=BYTES)
def export_events_as_json(request: HttpRequest, asked: Query[ExportQuery]) -> HttpResponseBase:
    """Download them as JSON with the exact text of each leaf, and its hash; that is an event itself.

    With names, `disclosed` holds the personal values that are still there, each with the salt of its commitment.
    """
    found = _begun(request, asked, "json")
    lines = export.as_json(found, now=who(request)[1], named=asked.named)
    response = StreamingHttpResponse(lines, content_type=BYTES)
    response["Content-Disposition"] = 'attachment; filename="log.json"'
    return response


@room.get("/events/export.xlsx", bytes, Scope.AUDIT_READ, gives=CONTENT_TYPE)
def export_events_as_workbook(request: HttpRequest, asked: Query[ExportQuery]) -> HttpResponseBase:
    """Download them as a workbook for Excel; that is an event itself."""
    found = _begun(request, asked, "xlsx")
    name = who(request)[1].astimezone(UTC).strftime("log-%Y%m%d-%H%M%S")
    return workbook_download(name, [export.as_sheet(found, named=asked.named)])


def _begun(request: HttpRequest, asked: ExportQuery, form: str) -> QuerySet[Event]:
    """Leave the event that they are taken away, and return those that go."""
    user, now = who(request)
    wished = Filter(
        verb=asked.verb,
        object_type=asked.object_type,
        object_id=asked.object_id,
        since=asked.since,
        until=asked.until,
    )
    filters = {name: str(value) for name, value in request.GET.items() if name not in {"named", "reason"}}
    sight, last = services.begin_export(
        actor=user, asked=wished, form=form, filters=filters, named=asked.named, reason=asked.reason, now=now
    )
    return (sight.events() & events(wished)).filter(pk__lte=last)

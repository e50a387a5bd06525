"""The log taken away as a file."""

from typing import Annotated

from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from ninja import Field, Query

from accounts.api.fields import In, MomentIn
from accounts.api.rooms import Room
from accounts.api.visit import who
from accounts.rules.scopes import Scope
from audit.selectors import Filter, events
from oversight import export, services

room = Room("Audit")
CSV = "text/csv"


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
        actor=user, asked=wished, form="csv", filters=filters, named=asked.named, reason=asked.reason, now=now
    )
    found = (sight.events() & events(wished)).filter(pk__lte=last)
    response = StreamingHttpResponse(
        export.as_csv(found, named=asked.named), content_type=f"{CSV}; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="log.csv"'
    return response

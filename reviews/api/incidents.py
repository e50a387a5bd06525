"""Incidents: listed with their clocks, raised, told on, classified, reported to authorities, closed."""

from typing import Annotated, Any, Literal

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from ninja import Field, Query
from pydantic import StringConstraints

from accounts.api.bodies import FileBody
from accounts.api.fields import Id, IdIn, In, LikelyMomentIn, Words, WordsOrNone
from accounts.api.pages import PageOut, PageQuery, answer_page, keyset
from accounts.api.rooms import Room
from accounts.api.visit import sent_file, tell, who
from accounts.rules.scopes import Scope
from audit.uploads import largest
from compliance import gates
from reviews.api.after import ReasonIn
from reviews.api.incidents_told import IncidentLineOut, IncidentOut, line_out, told
from reviews.permissions import incidents as permissions
from reviews.permissions.reasons import require
from reviews.rules.incidents import IncidentKind, IncidentState
from reviews.selectors.incident_pages import incident_page, line_of
from reviews.services import incident_filing
from reviews.services import incidents as services

room = Room("Incidents")
BYTES = "application/octet-stream"


class IncidentQuery(PageQuery):
    """What of the incidents is asked for."""

    state: IncidentState | None = None
    project: Annotated[int | None, Field(ge=1, le=2**53 - 1, description="Number of a project.")] = None
    version: Annotated[int | None, Field(ge=1, le=2**53 - 1, description="Number of a version.")] = None


class ToldIn(In):
    """What is known; at least one of the three."""

    text: WordsOrNone = Field("", description="What happened.", examples=["It gave out addresses of users."])
    harm: WordsOrNone = Field("", description="Whom or what it harmed.", examples=["Three people in Izmir."])
    measures: WordsOrNone = Field(
        "", description="What was done about it.", examples=["The endpoint was switched off."]
    )


class IncidentIn(ToldIn):
    """Something that went wrong: with a version, or with a project as a whole."""

    text: Words = Field(description="What happened.", examples=["It gave out addresses of users."])
    version: IdIn | None = Field(None, description="Number of the version.", examples=[9])
    project: IdIn | None = Field(
        None, description="Number of the project; where no version is named.", examples=[None]
    )
    happened_at: LikelyMomentIn = Field(examples=["2026-11-05T08:10:00Z"])
    aware_at: LikelyMomentIn = Field(
        description="When the organisation became aware of it; the clock runs from then.",
        examples=["2026-11-05T09:30:00Z"],
    )


class ClassIn(In):
    """The class of an incident, and why."""

    kind: IncidentKind = Field(examples=["serious"])
    reason: Words = Field(examples=["Personal data of three people were disclosed."])
    aware_at: LikelyMomentIn | None = Field(
        None, description="Corrects since when the organisation knew of it.", examples=[None]
    )


class FilingIn(In):
    """What went to an authority."""

    kind: Literal["initial", "complete", "further"] = Field(
        description="The initial report may be incomplete, so that it is in time; a complete one follows."
    )
    authority: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)] = Field(
        examples=["Market surveillance authority of Norway"]
    )
    filed_at: LikelyMomentIn = Field(examples=["2026-11-06T14:00:00Z"])
    reference: Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)] = Field(
        "", description="Their number.", examples=["NKOM-2026-118"]
    )
    text: Words = Field(
        description="What was reported.", examples=["First report by the form of Article 73."]
    )


class ClosingIn(In):
    """What came of an incident."""

    closing: Words = Field(examples=["Version 2.2 no longer has the data. Nobody was harmed further."])


class IncidentFileQuery(ToldIn):
    """Name of the file that is sent, and what it shows."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=255)] = Field(examples=["server.log"])


@room.get("/incidents", PageOut[IncidentLineOut], Scope.REQUESTS_READ)
def list_incidents(request: HttpRequest, asked: Query[IncidentQuery]) -> dict[str, Any]:
    """List the incidents that the person sees with their clocks, those reported last first."""
    user, now = who(request)
    rows = permissions.visible_incidents(user, now).select_related(
        "incident__version__model", "project", "request", "reporter"
    )
    if asked.state is not None:
        rows = rows.filter(state=asked.state)
    if asked.project is not None:
        rows = rows.filter(project=asked.project)
    if asked.version is not None:
        rows = rows.filter(incident__version=asked.version)
    found, following = keyset(rows, asked, by="-raised_at", salt=request.path)
    opened = gates.opened_for(user, [one.incident_id for one in found], now)
    lines = [line_out(line_of(one, now, opened[one.incident_id])) for one in found]
    return answer_page(request, lines, following)


@room.post("/incidents", IncidentOut, Scope.REQUESTS_WRITE, status=201)
def raise_incident(request: HttpRequest, given: IncidentIn) -> IncidentOut:
    """Report what went wrong with a version, or with a project as a whole.

    Legal staff, the safety lead and the boards are told. Until somebody gives it a class, the shortest clock runs.
    """
    user, now = who(request)
    report = services.raise_incident(
        actor=user, told=_said(given), happened_at=given.happened_at, aware_at=given.aware_at,
        version_id=given.version, project_id=given.project, now=now,
    )  # fmt: skip
    tell(request, "Location", f"/api/v1/incidents/{report.incident_id}")
    return told(incident_page(user, report.incident_id, now))


@room.get("/incidents/{incident}", IncidentOut, Scope.REQUESTS_READ)
def read_incident(request: HttpRequest, incident: Id) -> IncidentOut:
    """Read an incident: its clock, all that was told, its classes, and what went to authorities."""
    user, now = who(request)
    return told(incident_page(user, incident, now))


@room.post("/incidents/{incident}/entries", IncidentOut, Scope.REQUESTS_WRITE, status=201)
def tell_of_incident(request: HttpRequest, incident: Id, given: ToldIn) -> IncidentOut:
    """Tell more about an incident; what was told before stays."""
    user, now = who(request)
    services.tell_more(actor=user, number=incident, told=_said(given), now=now)
    return told(incident_page(user, incident, now))


@room.post(
    "/incidents/{incident}/files", IncidentOut, Scope.REQUESTS_WRITE, status=201, takes=FileBody((BYTES,), largest)
)  # fmt: skip
def add_incident_file(request: HttpRequest, incident: Id, asked: Query[IncidentFileQuery]) -> IncidentOut:
    """Hand in a file as evidence, with what it shows; the body is the file."""
    user, now = who(request)
    services.tell_more(actor=user, number=incident, told=_said(asked), files=[sent_file(request)], now=now)
    return told(incident_page(user, incident, now))


@room.get("/incidents/{incident}/files/{file_id}", bytes, Scope.REQUESTS_READ, gives=BYTES)
def read_incident_file(request: HttpRequest, incident: Id, file_id: Id) -> HttpResponseBase:
    """Download a file of evidence."""
    user, now = who(request)
    file, content = incident_filing.open_incident_file(actor=user, number=incident, file_id=file_id, now=now)
    return FileResponse(content, as_attachment=True, filename=file.name, content_type=BYTES)


@room.post("/incidents/{incident}/classes", IncidentOut, Scope.REQUESTS_WRITE, status=201)
def classify_incident(request: HttpRequest, incident: Id, given: ClassIn) -> IncidentOut:
    """Give an incident a class, also another one later; each keeps the clock that followed from it."""
    user, now = who(request)
    services.classify_incident(
        actor=user, number=incident, kind=given.kind, reason=given.reason, aware_at=given.aware_at, now=now
    )
    return told(incident_page(user, incident, now))


@room.post("/incidents/{incident}/filings", IncidentOut, Scope.REQUESTS_WRITE, status=201)
def file_incident(request: HttpRequest, incident: Id, given: FilingIn) -> IncidentOut:
    """Enter what went to an authority; the first report stops the clock at the moment at which it went out."""
    user, now = who(request)
    incident_filing.file_report(
        actor=user, number=incident, kind=given.kind, authority=given.authority, text=given.text,
        filed_at=given.filed_at, reference=given.reference, now=now,
    )  # fmt: skip
    return told(incident_page(user, incident, now))


@room.post("/incidents/{incident}/closing", IncidentOut, Scope.REQUESTS_WRITE)
def close_incident(request: HttpRequest, incident: Id, given: ClosingIn) -> IncidentOut:
    """Close an incident with what came of it."""
    user, now = who(request)
    services.close_incident(actor=user, number=incident, closing=given.closing, now=now)
    return told(incident_page(user, incident, now))


@room.post("/incidents/{incident}/reopening", IncidentOut, Scope.REQUESTS_WRITE)
def reopen_incident(request: HttpRequest, incident: Id, given: ReasonIn) -> IncidentOut:
    """Take a closed incident up again; what was filed stays."""
    user, now = who(request)
    services.reopen_incident(actor=user, number=incident, reason=given.reason, now=now)
    return told(incident_page(user, incident, now))


@room.post("/incidents/{incident}/suspension", IncidentOut, Scope.RELEASES_WRITE)
def suspend_for_incident(request: HttpRequest, incident: Id, given: ReasonIn) -> IncidentOut:
    """Suspend the approval for an incident, at once; the leading board votes on it."""
    user, now = who(request)
    require(incident_page(user, incident, now).why_not_suspend)
    incident_filing.suspend_for_incident(actor=user, number=incident, reason=given.reason, now=now)
    return told(incident_page(user, incident, now))


def _said(given: ToldIn) -> services.Told:
    return services.Told(given.text, given.harm, given.measures)

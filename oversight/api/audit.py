"""What auditors read and take away: engagements, events of the log in their scope, records, bundles."""

from datetime import datetime
from typing import Annotated, Any

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from ninja import Field, Query

from accounts.api.fields import Flag, Id, In, MomentIn, Out, PersonOut, WordsOrNone, person_out
from accounts.api.pages import PageOut, PageQuery, answer_page, keyset, list_page
from accounts.api.rooms import Room
from accounts.api.visit import tell, who
from accounts.rules.scopes import Scope
from audit.selectors import Filter, events
from audit.telling import Told
from audit.telling import tell as told
from oversight import bundling, permissions, selectors
from oversight.bundle_permissions import bundle_to_fetch, bundles_in_sight
from oversight.models import Bundle, Engagement
from oversight.visiting import note_visit
from oversight.watched import LOG
from records.api.records import RecordOut, record_out

room = Room("Audit")
ZIP = "application/zip"


class EngagementOut(Out):
    """An order to audit: what it covers, and when it may be read."""

    id: int = Field(examples=[2])
    title: str = Field(examples=["Yearly audit"])
    purpose: str = Field(examples=["Whether releases followed the policy"])
    whole: bool = Field(description="The whole organisation.")
    auditors: list[PersonOut]
    projects: list[int] = Field(description="Numbers; empty for the whole organisation.", examples=[[3]])
    boards: list[str] = Field(description="As in addresses; empty for the whole organisation.", examples=[[]])
    starts_at: datetime
    ends_at: datetime
    period_from: datetime | None
    period_until: datetime | None
    ended_at: datetime | None


class EventOut(Out):
    """An event of the log; its leaf is what is hashed. Names that were erased aren't there."""

    id: int = Field(examples=[812])
    at: datetime
    verb: str = Field(examples=["ballot.closed"])
    label: str = Field(examples=["Ballot closed"])
    who: str = Field(examples=["Ingrid Solheim"])
    object_type: str = Field(examples=["reviews.ballot"])
    object_id: str = Field(examples=["14"])
    reason: str = Field(examples=[""])
    leaf_sha256: str = Field(examples=["b1946ac92492d2347c6235b4d2611184" * 2])
    leaf: dict[str, Any] = Field(examples=[{"v": 1}])


class EventQuery(PageQuery):
    """What of the log is asked for."""

    verb: Annotated[
        str, Field(max_length=80, description="A name, or a family that ends with a full stop.")
    ] = ""
    object_type: Annotated[str, Field(max_length=100, description="`reviews.ballot`")] = ""
    object_id: Annotated[str, Field(max_length=64)] = ""
    since: MomentIn | None = None
    until: MomentIn | None = None


class BundleOut(Out):
    """A bundle that was asked for; its file is there when it is ready."""

    id: int = Field(examples=[1])
    state: str = Field(examples=["ready"])
    asked_at: datetime
    expires_at: datetime
    made_at: datetime | None
    failure: str = Field(description="Why the last attempt came to nothing.", examples=[""])
    request: str | None = Field(description="Where it is about one request.", examples=[None])
    with_disclosures: bool
    size: int = Field(description="In bytes.", examples=[1048576])
    sha256: str = Field(examples=["b1946ac92492d2347c6235b4d2611184" * 2])
    tree_size: int = Field(description="Leaves of the log that are in it.", examples=[9001])


class BundleIn(In):
    """Whether names and other personal values go along, and why."""

    with_disclosures: Flag = False
    reason: WordsOrNone = Field("", examples=["Interviews with the signatories"])


def engagement_out(one: Engagement) -> EngagementOut:
    """Return the engagement."""
    return EngagementOut(
        id=one.pk, title=one.title, purpose=one.purpose, whole=one.whole, starts_at=one.starts_at, ends_at=one.ends_at,
        auditors=[person_out(grant.user) for grant in one.grants.all()],
        projects=sorted(project.pk for project in one.projects.all()),
        boards=sorted(board.slug for board in one.boards.all()),
        period_from=one.period_from, period_until=one.period_until, ended_at=one.ended_at,
    )  # fmt: skip


def bundle_out(one: Bundle) -> BundleOut:
    """Return the bundle without its file."""
    return BundleOut(
        id=one.pk, state=one.state, asked_at=one.asked_at, expires_at=one.expires_at, made_at=one.made_at,
        failure=one.failure, request=one.request.reference if one.request else None,
        with_disclosures=one.with_disclosures, size=one.size, sha256=one.sha256, tree_size=one.tree_size,
    )  # fmt: skip


def event_said(one: Told) -> dict[str, Any]:
    """Return what is said of an event wherever one stands."""
    return {
        "id": one.id, "at": one.at, "verb": one.verb, "label": str(one.label), "who": str(one.who),
        "object_type": one.object_type, "object_id": one.object_id, "reason": one.reason, "leaf_sha256": one.hash,
        "leaf": one.leaf,
    }  # fmt: skip


def event_out(one: Told) -> EventOut:
    """Return the event as a line of a list."""
    return EventOut(**event_said(one))


@room.get("/engagements", PageOut[EngagementOut], Scope.AUDIT_READ)
def list_engagements(request: HttpRequest, asked: Query[PageQuery]) -> dict[str, Any]:
    """List the engagements: all of them to administrators, to auditors their own that are in force."""
    user, now = who(request)
    permissions.require_overseer(user)
    return list_page(request, selectors.engagements_with_auditors(user, now), asked, engagement_out)


@room.get("/engagements/{engagement_id}", EngagementOut, Scope.AUDIT_READ)
def read_engagement(request: HttpRequest, engagement_id: Id) -> EngagementOut:
    """Read an engagement."""
    user, now = who(request)
    return engagement_out(permissions.engagement_to_read(user, engagement_id, now))


@room.get("/events", PageOut[EventOut], Scope.AUDIT_READ)
def list_events(request: HttpRequest, asked: Query[EventQuery]) -> dict[str, Any]:
    """List the events of the log that the person may see, newest first; that an auditor looks is an event itself."""
    user, now = who(request)
    sight = permissions.sight_of(user, now)
    note_visit(actor=user, kind=LOG, key="", now=now)
    wished = Filter(
        verb=asked.verb,
        object_type=asked.object_type,
        object_id=asked.object_id,
        since=asked.since,
        until=asked.until,
    )
    found, following = keyset(sight.events() & events(wished), asked, by="-occurred_at", salt=request.path)
    return answer_page(request, [event_out(one) for one in told(found)], following)


@room.get("/engagements/{engagement_id}/bundles", PageOut[BundleOut], Scope.AUDIT_READ)
def list_bundles(request: HttpRequest, engagement_id: Id, asked: Query[PageQuery]) -> dict[str, Any]:
    """List the bundles that were asked for under an engagement."""
    user, now = who(request)
    engagement = permissions.engagement_to_read(user, engagement_id, now)
    rows = bundles_in_sight(user, now).filter(engagement=engagement).select_related("request")
    return list_page(request, rows, asked, bundle_out)


@room.post("/engagements/{engagement_id}/bundles", BundleOut, Scope.AUDIT_READ, status=201)
def ask_for_bundle(request: HttpRequest, engagement_id: Id, given: BundleIn) -> BundleOut:
    """Ask for a bundle of all that the engagement covers; a job makes it, and says so in the inbox."""
    user, now = who(request)
    bundle = bundling.ask_for_bundle(
        actor=user,
        engagement_id=engagement_id,
        with_disclosures=given.with_disclosures,
        reason=given.reason,
        now=now,
    )
    tell(request, "Location", f"/api/v1/bundles/{bundle.pk}")
    return bundle_out(bundle)


@room.get("/bundles/{bundle_id}", BundleOut, Scope.AUDIT_READ)
def read_bundle(request: HttpRequest, bundle_id: Id) -> BundleOut:
    """Read how far a bundle is."""
    user, now = who(request)
    return bundle_out(bundle_to_fetch(user, bundle_id, now))


@room.get("/bundles/{bundle_id}/file", bytes, Scope.AUDIT_READ, gives=ZIP)
def read_bundle_file(request: HttpRequest, bundle_id: Id) -> HttpResponseBase:
    """Download a bundle; `verify.py` in it checks it without trusting us. Each download is an event."""
    user, now = who(request)
    bundle = bundle_to_fetch(user, bundle_id, now)
    file = bundling.fetch_bundle(actor=user, bundle_id=bundle.pk, begins=True, now=now)
    return FileResponse(file, as_attachment=True, filename=f"bundle-{bundle.pk}.zip", content_type=ZIP)


@room.get("/audit/records", PageOut[RecordOut], Scope.AUDIT_READ)
def list_records_in_scope(request: HttpRequest, asked: Query[PageQuery]) -> dict[str, Any]:
    """List the records within what the person audits, newest first."""
    user, now = who(request)
    rows = permissions.sight_of(user, now).records().defer("context", "signatures")
    return list_page(request, rows, asked, record_out)

"""Engagements made and ended by administrators, and the samples of their auditors; in the room of `audit`.

An address has one room, whose methods are all answered there.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Query
from pydantic import StringConstraints

from accounts.api.faults import pointer
from accounts.api.fields import Flag, Id, IdIn, In, LikelyDayIn, Out, PersonOut, Sha256, Words, person_out
from accounts.api.pages import PageOut, PageQuery, list_page
from accounts.api.problems import Code, Problem
from accounts.api.visit import tell, who
from accounts.roles import Role
from accounts.rules.scopes import Scope
from accounts.selectors import people_with_role
from oversight import permissions, sampling, services
from oversight.api.audit import EngagementOut, engagement_out, room
from oversight.draw import SEED
from oversight.models import Sample, SampledState, SampleItem
from oversight.sample_page import sample_page
from oversight.sampling import MOST
from registry.models import Project
from reviews.models import Board

Some = Annotated[list[IdIn], Field(max_length=200)]

__all__ = ["room"]  # where all of it is answered


class EngagementIn(In):
    """Whom the engagement sends where, and until when; days are whole ones in the time zone of the person."""

    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)] = Field(
        examples=["Yearly audit"]
    )
    purpose: Words = Field(examples=["Whether releases followed the policy"])
    auditors: Annotated[list[IdIn], Field(min_length=1, max_length=50)] = Field(
        description="Numbers of people with the role of an auditor.", examples=[[12]]
    )
    whole: Flag = Field(False, description="The whole organisation; else projects and boards.")
    projects: Some = Field([], examples=[[3]])
    boards: Some = Field([], description="Numbers of boards.", examples=[[]])
    period_from: LikelyDayIn | None = Field(
        None,
        description="First day that is looked at; left out: from the beginning.",
        examples=["2026-01-01"],
    )
    period_until: LikelyDayIn | None = Field(
        None, description="Last day that is looked at; left out: to the end.", examples=["2026-12-31"]
    )
    starts_on: LikelyDayIn = Field(
        description="First day on which the auditors read.", examples=["2027-01-11"]
    )
    ends_on: LikelyDayIn = Field(description="Their last day.", examples=["2027-02-26"])


class EndIn(In):
    """Why it ends."""

    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)] = Field(
        examples=["The auditor left the firm."]
    )


class SampleIn(In):
    """How many requests are drawn, and from which seed."""

    size: IdIn = Field(le=MOST, examples=[5])
    seed: Annotated[str, StringConstraints(strip_whitespace=True, max_length=64)] = Field(
        "",
        description="Letters, digits, dots, dashes, underscores; empty: a random one.",
        examples=["lottery-7"],
    )


class SampleLineOut(Out):
    """A draw: anybody can repeat it from its seed and the list that was drawn from."""

    id: int = Field(examples=[1])
    drawn_by: PersonOut
    drawn_at: datetime
    method: str = Field(examples=["sha256-1"])
    seed: str = Field(examples=["lottery-7"])
    size: int = Field(examples=[5])
    population_sha256: Sha256 = Field(description="Of the references drawn from, one a line.")


class SampleItemOut(Out):
    """A request that was drawn, and how far the auditors are with it."""

    id: int = Field(examples=[1])
    place: int = Field(examples=[1])
    request: str = Field(examples=["IMP-2026-0008"])
    state: str = Field(description="open, looked_at or noted.", examples=["open"])
    note: str = Field(examples=[""])
    changed_by: PersonOut | None
    changed_at: datetime | None


class SampleOut(SampleLineOut):
    """A sample with its requests in the order of the draw."""

    population: list[str] = Field(description="What was drawn from.", examples=[["IMP-2026-0008"]])
    repeats: bool = Field(description="The draw, done again just now, gives the same requests.")
    came: list[str] = Field(description="Requests that came into scope since.", examples=[[]])
    left: list[str] = Field(description="Requests that are out of it since.", examples=[[]])
    items: list[SampleItemOut]


class SampleItemIn(In):
    """How far the auditors are with a request; what was noted has a note."""

    state: SampledState
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)] = Field(
        "", examples=["The second signature is missing."]
    )


@room.post("/engagements", EngagementOut, Scope.AUDIT_WRITE, status=201)
def make_engagement(request: HttpRequest, given: EngagementIn) -> EngagementOut:
    """Order an audit, as an administrator; its auditors read from the first day on."""
    user, now = who(request)
    permissions.require_administrator(user)
    made = services.make_engagement(
        actor=user, title=given.title, purpose=given.purpose, whole=given.whole,
        auditors=_all("auditors", people_with_role(Role.AUDITOR), given.auditors),
        projects=_all("projects", Project.objects.all(), given.projects),
        boards=_all("boards", Board.objects.filter(formed_for=None), given.boards),
        period_from=_begin(given.period_from), period_until=_end(given.period_until),
        starts_at=_begin(given.starts_on), ends_at=_end(given.ends_on), now=now,
    )  # fmt: skip
    tell(request, "Location", f"/api/v1/engagements/{made.pk}")
    return engagement_out(made)


@room.post("/engagements/{engagement_id}/end", EngagementOut, Scope.AUDIT_WRITE)
def end_engagement(request: HttpRequest, engagement_id: Id, given: EndIn) -> EngagementOut:
    """End an engagement before its time, as an administrator; its auditors see nothing of it any more."""
    user, now = who(request)
    return engagement_out(
        services.end_engagement(actor=user, engagement_id=engagement_id, reason=given.reason, now=now)
    )


@room.get("/engagements/{engagement_id}/samples", PageOut[SampleLineOut], Scope.AUDIT_READ)
def list_samples(request: HttpRequest, engagement_id: Id, asked: Query[PageQuery]) -> dict[str, Any]:
    """List the samples of an engagement, newest first."""
    user, now = who(request)
    engagement = permissions.engagement_to_read(user, engagement_id, now)
    rows = engagement.samples.select_related("drawn_by").defer("population")
    return list_page(request, rows, asked, lambda one: SampleLineOut(**_line(one)))


@room.post("/engagements/{engagement_id}/samples", SampleOut, Scope.AUDIT_WRITE, status=201)
def draw_sample(request: HttpRequest, engagement_id: Id, given: SampleIn) -> SampleOut:
    """Draw a sample of the requests in scope, as one of the auditors; its seed stands in the log."""
    user, now = who(request)
    permissions.engagement_to_work_on(user, engagement_id, now)
    if given.seed and not SEED.fullmatch(given.seed):
        sentence = _("Use letters, digits, dots, dashes and underscores only.")
        raise Problem(Code.INVALID, sentence, errors=[{"pointer": pointer("seed"), "detail": sentence}])
    made = sampling.draw_sample(
        actor=user, engagement_id=engagement_id, size=given.size, seed=given.seed, now=now
    )
    tell(request, "Location", f"/api/v1/samples/{made.pk}")
    return _told(request, made.pk)


@room.get("/samples/{sample_id}", SampleOut, Scope.AUDIT_READ)
def read_sample(request: HttpRequest, sample_id: Id) -> SampleOut:
    """Read a sample with its requests; the draw is repeated each time."""
    return _told(request, sample_id)


@room.put("/samples/{sample_id}/items/{drawn_id}", SampleOut, Scope.AUDIT_WRITE)
def note_sample_item(request: HttpRequest, sample_id: Id, drawn_id: Id, given: SampleItemIn) -> SampleOut:
    """Write down how far the auditors are with a request of a sample."""
    user, now = who(request)
    sample = permissions.sample_to_read(user, sample_id, now)
    if not sample.items.filter(pk=drawn_id).exists():
        raise Http404
    sampling.note_item(actor=user, item_id=drawn_id, state=given.state, note=given.note, now=now)
    return _told(request, sample_id)


def _all(name: str, rows: Any, numbers: list[int]) -> list[Any]:  # noqa: ANN401  (a queryset of any model)
    """Return the rows of these numbers; raises Problem when one isn't among those that the page offers."""
    found = list(rows.filter(pk__in=numbers))
    if len(found) != len(set(numbers)):
        sentence = _("One of these isn't there to choose.")
        raise Problem(Code.INVALID, sentence, errors=[{"pointer": pointer(name), "detail": sentence}])
    return found


def _begin(day: date | None) -> Any:  # noqa: ANN401  (a moment, None for None)
    """Return the first moment of the day in the person's time zone."""
    midnight = time(tzinfo=timezone.get_current_timezone())
    return datetime.combine(day, midnight).astimezone(UTC) if day else None


def _end(day: date | None) -> Any:  # noqa: ANN401  (a moment, None for None)
    """Return the first moment after the day."""
    return _begin(day + timedelta(days=1)) if day else None


def _line(one: Sample) -> dict[str, Any]:
    return {
        "id": one.pk, "drawn_by": person_out(one.drawn_by), "drawn_at": one.drawn_at, "method": one.method,
        "seed": one.seed, "size": one.size, "population_sha256": one.population_sha256,
    }  # fmt: skip


def _told(request: HttpRequest, sample_id: int) -> SampleOut:
    user, now = who(request)
    page = sample_page(permissions.sample_to_read(user, sample_id, now), user, now)
    return SampleOut(
        **_line(page.sample), population=page.sample.population, repeats=page.repeats, came=page.came, left=page.left,
        items=[_item(one) for one in page.items],
    )  # fmt: skip


def _item(one: SampleItem) -> SampleItemOut:
    return SampleItemOut(
        id=one.pk, place=one.place, request=one.request.reference, state=one.state, note=one.note,
        changed_by=person_out(one.changed_by) if one.changed_by else None, changed_at=one.changed_at,
    )  # fmt: skip

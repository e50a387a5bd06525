"""Projects: listed, opened, shared."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Query

from accounts.api.faults import pointer
from accounts.api.fields import (
    Address,
    Email,
    Id,
    In,
    Line,
    Out,
    PersonOut,
    WordsOrNone,
    page_address,
    person_out,
)
from accounts.api.pages import PageOut, PageQuery, list_page
from accounts.api.problems import Code, Problem
from accounts.api.rooms import Room
from accounts.api.visit import tell, who
from accounts.rules.scopes import Scope
from accounts.selectors import person_by_email
from registry import services
from registry.models import Project, ProjectUserGrant
from registry.permissions import CONTRIBUTE, project_to_view, visible_projects
from registry.selectors import members_of

room = Room("Projects and models")


class ProjectOut(Out):
    """A project: who sees it sees its models and their submitted requests."""

    id: int = Field(examples=[3])
    slug: str = Field(examples=["ferryman"])
    name: str = Field(examples=["Ferryman"])
    description: str = Field(examples=["Translation between eleven languages"])
    created_at: datetime
    address: Address


class ProjectIn(In):
    """A new project."""

    name: Line = Field(examples=["Ferryman"])
    description: WordsOrNone = Field("", examples=["Translation between eleven languages"])


class ProjectQuery(PageQuery):
    """What of the projects is asked for."""

    name: Annotated[str, Field(max_length=200, description="Exactly this name, or this slug.")] = ""


class MemberOut(Out):
    """Who may come into a project, what they may do there, and until when (null: without end)."""

    id: int = Field(examples=[31])
    person: PersonOut
    may: Literal["view", "contribute"]
    until: datetime | None


class MembersOut(Out):
    """Everybody who was let into a project."""

    items: list[MemberOut]


class MemberIn(In):
    """Somebody to let into the project."""

    email: Email
    may: Literal["view", "contribute"]


def project_out(project: Project) -> ProjectOut:
    """Return the project as it is told."""
    return ProjectOut(
        id=project.pk, slug=project.slug, name=project.name, description=project.description,
        created_at=project.created_at, address=page_address("registry:project", project.pk),
    )  # fmt: skip


def _member(grant: ProjectUserGrant) -> MemberOut:
    may: Literal["view", "contribute"] = "contribute" if grant.permission.codename == CONTRIBUTE else "view"
    return MemberOut(id=grant.pk, person=person_out(grant.user), may=may, until=grant.valid_until)


@room.get("/projects", PageOut[ProjectOut], Scope.REGISTRY_READ)
def list_projects(request: HttpRequest, asked: Query[ProjectQuery]) -> dict[str, Any]:
    """List the projects that the person may see, newest first."""
    user, now = who(request)
    rows = visible_projects(user, now)
    if asked.name:
        rows = rows.filter(Q(name=asked.name) | Q(slug=asked.name))
    return list_page(request, rows, asked, project_out)


@room.post("/projects", ProjectOut, Scope.REGISTRY_WRITE, status=201)
def found_project(request: HttpRequest, given: ProjectIn) -> ProjectOut:
    """Open a project; whoever opens it may contribute to it."""
    user, now = who(request)
    project = services.found_project(actor=user, name=given.name, description=given.description, now=now)
    tell(request, "Location", f"/api/v1/projects/{project.pk}")
    return project_out(project)


@room.get("/projects/{project_id}", ProjectOut, Scope.REGISTRY_READ)
def read_project(request: HttpRequest, project_id: Id) -> ProjectOut:
    """Read a project."""
    user, now = who(request)
    return project_out(project_to_view(user, project_id, now))


@room.get("/projects/{project_id}/members", MembersOut, Scope.REGISTRY_READ)
def list_members(request: HttpRequest, project_id: Id) -> dict[str, Any]:
    """List who may come into the project."""
    user, now = who(request)
    project = project_to_view(user, project_id, now)
    return {"items": [_member(grant) for grant in members_of(project, now)]}


@room.post("/projects/{project_id}/members", MemberOut, Scope.REGISTRY_WRITE, status=201)
def share_project(request: HttpRequest, project_id: Id, given: MemberIn) -> MemberOut:
    """Let a person into the project."""
    user, now = who(request)
    project_to_view(user, project_id, now)
    person = person_by_email(given.email)
    if person is None:
        sentence = _("Nobody here has this address. An administrator can invite them.")
        raise Problem(Code.INVALID, sentence, errors=[{"pointer": pointer("email"), "detail": sentence}])
    grant = services.share_project(
        actor=user, project_id=project_id, person=person, may_contribute=given.may == "contribute", now=now
    )
    return _member(grant)


@room.delete("/projects/{project_id}/members/{grant_id}", Scope.REGISTRY_WRITE)
def end_membership(request: HttpRequest, project_id: Id, grant_id: Id) -> None:
    """End what a person may do in the project."""
    user, now = who(request)
    services.end_grant(actor=user, project_id=project_id, grant_id=grant_id, now=now)

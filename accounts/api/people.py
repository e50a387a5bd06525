"""People, for administrators whose token has the scope: found, invited, given roles, let go and in again."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Query
from pydantic import StringConstraints

from accounts.api.faults import pointer
from accounts.api.fields import Email, Id, In, Out, WordsOrNone
from accounts.api.pages import PageOut, PageQuery, list_page
from accounts.api.problems import Code, Problem
from accounts.api.rooms import Room
from accounts.api.visit import tell, who
from accounts.models import PersonState, User
from accounts.permissions import people_visible_to, person_to_administer, require_administrator
from accounts.roles import Role
from accounts.rules.scopes import Scope
from accounts.selectors import person_by_email
from accounts.services import deactivation, invitation, roles

room = Room("People")
RoleName = Annotated[Role, Field(examples=["researcher"])]


class PersonWholeOut(Out):
    """A person as administrators see them."""

    id: int = Field(examples=[12])
    name: str = Field(examples=["Aylin Demir"])
    email: str = Field(examples=["aylin@example.org"])
    state: PersonState
    roles: list[str] = Field(examples=[["researcher"]])
    last_login: datetime | None


class PeopleQuery(PageQuery):
    """What of the people is asked for."""

    email: Annotated[str, Field(max_length=254, description="Exactly this address.")] = ""
    role: Role | None = None


class InvitationIn(In):
    """Whom to invite."""

    email: Email
    name: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = Field(
        "", examples=["Mei Lin"]
    )
    roles: list[RoleName] = Field([], max_length=7)


class PartingIn(In):
    """Why the person is let go."""

    reason: WordsOrNone = Field("", examples=["left in March"])


def _person(user: User) -> PersonWholeOut:
    return PersonWholeOut(
        id=user.pk, name=user.display_name, email=user.email, state=user.state,
        roles=sorted(group.name for group in user.groups.all()), last_login=user.last_login,
    )  # fmt: skip


@room.get("/people", PageOut[PersonWholeOut], Scope.PEOPLE_READ)
def list_people(request: HttpRequest, asked: Query[PeopleQuery]) -> dict[str, Any]:
    """List people, newest first; to everybody but administrators this doesn't exist."""
    user, _now = who(request)
    require_administrator(user)
    rows = people_visible_to(user).prefetch_related("groups")
    if asked.email:
        rows = rows.filter(email=asked.email.strip().lower())
    if asked.role is not None:
        rows = rows.filter(groups__name=asked.role)
    return list_page(request, rows, asked, _person)


@room.get("/people/{person_id}", PersonWholeOut, Scope.PEOPLE_READ)
def read_person(request: HttpRequest, person_id: Id) -> PersonWholeOut:
    """Read a person."""
    return _person(person_to_administer(who(request)[0], person_id))


@room.post("/people", PersonWholeOut, Scope.PEOPLE_WRITE, status=201)
def invite_person(request: HttpRequest, given: InvitationIn) -> PersonWholeOut:
    """Invite a person; they come in by a link in a mail."""
    user, now = who(request)
    require_administrator(user)
    if person_by_email(given.email):
        sentence = _("This address belongs to somebody already.")
        raise Problem(Code.INVALID, sentence, errors=[{"pointer": pointer("email"), "detail": sentence}])
    guest = invitation.Guest(email=given.email.lower(), display_name=given.name, roles=tuple(given.roles))
    invited = invitation.invite(actor=user, guest=guest, now=now)
    tell(request, "Location", f"/api/v1/people/{invited.person_id}")
    return _person(person_to_administer(user, invited.person_id))


@room.put("/people/{person_id}/roles/{role}", PersonWholeOut, Scope.PEOPLE_WRITE, takes=None)
def give_role(request: HttpRequest, person_id: Id, role: RoleName) -> PersonWholeOut:
    """Give a person a role."""
    user, now = who(request)
    roles.give_role(actor=user, person_id=person_id, role=role, now=now)
    return _person(person_to_administer(user, person_id))


@room.delete("/people/{person_id}/roles/{role}", Scope.PEOPLE_WRITE)
def take_role(request: HttpRequest, person_id: Id, role: RoleName) -> None:
    """Take a role from a person."""
    user, now = who(request)
    roles.take_role(actor=user, person_id=person_id, role=role, now=now)


@room.post("/people/{person_id}/deactivation", PersonWholeOut, Scope.PEOPLE_WRITE)
def deactivate_person(request: HttpRequest, person_id: Id, given: PartingIn) -> PersonWholeOut:
    """Let a person go: their sessions and tokens end. Nobody is deleted."""
    user, now = who(request)
    deactivation.deactivate(actor=user, person_id=person_id, reason=given.reason, now=now)
    return _person(person_to_administer(user, person_id))


@room.post("/people/{person_id}/reactivation", PersonWholeOut, Scope.PEOPLE_WRITE, takes=None)
def reactivate_person(request: HttpRequest, person_id: Id) -> PersonWholeOut:
    """Let a deactivated person in again."""
    user, now = who(request)
    deactivation.reactivate(actor=user, person_id=person_id, now=now)
    return _person(person_to_administer(user, person_id))

"""People, for administrators whose token has the scope: found, invited, changed, given roles, let go and in again."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Query
from pydantic import AfterValidator, StringConstraints

from accounts.api.faults import pointer
from accounts.api.fields import Email, Id, IdIn, In, Line, Out, PersonOut, WordsOrNone, person_out
from accounts.api.pages import PageOut, PageQuery, list_page
from accounts.api.problems import Code, Problem
from accounts.api.rooms import Room
from accounts.api.visit import tell, who
from accounts.models import PersonState, User
from accounts.permissions import person_to_administer, require_administrator
from accounts.roles import Role
from accounts.rules.scopes import Scope
from accounts.selectors import active_people, people_who_fit, person_by_email
from accounts.services import deactivation, invitation, profile, roles, sessions, test_mail
from accounts.timezones import time_zones

room = Room("People")
RoleName = Annotated[Role, Field(examples=["researcher"])]


def _time_zone(sent: str) -> str:
    if sent not in time_zones():
        raise ValueError(_("There is no time zone of this name. Write it like Asia/Shanghai."))
    return sent


TimeZone = Annotated[str, StringConstraints(max_length=60), AfterValidator(_time_zone)]


class PersonWholeOut(Out):
    """A person as administrators see them."""

    id: int = Field(examples=[12])
    name: str = Field(examples=["Aylin Demir"])
    email: str = Field(examples=["aylin@example.org"])
    state: PersonState
    roles: list[str] = Field(examples=[["researcher"]])
    last_login: datetime | None
    line_manager: PersonOut | None
    deputy: PersonOut | None
    team: str = Field(examples=["Translation"])


class PeopleQuery(PageQuery):
    """What of the people is asked for."""

    email: Annotated[str, Field(max_length=254, description="Exactly this address.")] = ""
    text: Annotated[str, Field(max_length=100, description="Words of the name or the address.")] = ""
    role: Role | None = None
    state: PersonState | None = None


class InvitationIn(In):
    """Whom to invite."""

    email: Email
    name: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = Field(
        "", examples=["Mei Lin"]
    )
    roles: list[RoleName] = Field([], max_length=7)
    language: Literal["en", "zh-hans"] = "en"
    time_zone: TimeZone = Field("UTC", examples=["Asia/Shanghai"])
    line_manager: IdIn | None = Field(None, description="Number of a person.", examples=[12])


class InvitationsIn(In):
    """Whom to invite: all of them, or, if one can't be, nobody."""

    people: list[InvitationIn] = Field(min_length=1, max_length=1000)


class InvitedOut(Out):
    """Who was invited, in the order in which they were named."""

    people: list[PersonOut]


class PersonIn(In):
    """What an administrator knows about a person; all of it is set anew."""

    name: Line = Field(examples=["Aylin Demir"])
    line_manager: IdIn | None = Field(
        description="Told when something of this person is three days late.", examples=[14]
    )
    deputy: IdIn | None = Field(examples=[None])
    team: Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)] = Field(
        "", examples=["Translation"]
    )


class SessionsOut(Out):
    """How many sessions were ended."""

    count: int = Field(examples=[2])


class MailOut(Out):
    """Where the test mail goes."""

    email: str = Field(examples=["ada@example.org"])


class PartingIn(In):
    """Why the person is let go."""

    reason: WordsOrNone = Field("", examples=["left in March"])


def _person(user: User) -> PersonWholeOut:
    return PersonWholeOut(
        id=user.pk, name=user.display_name, email=user.email, state=user.state,
        roles=sorted(group.name for group in user.groups.all()), last_login=user.last_login,
        line_manager=person_out(user.line_manager) if user.line_manager else None,
        deputy=person_out(user.deputy) if user.deputy else None, team=user.team,
    )  # fmt: skip


def _guest(given: InvitationIn, *place: str | int) -> invitation.Guest:
    """Return whom to invite; raises Problem for an address of somebody, and a line manager who is nobody."""
    if person_by_email(given.email):
        raise _invalid(_("This address belongs to somebody already."), *place, "email")
    return invitation.Guest(
        email=given.email.lower(), display_name=given.name, roles=tuple(given.roles), language=given.language,
        time_zone=given.time_zone, line_manager=_one(given.line_manager, *place, "line_manager"),
    )  # fmt: skip


def _one(number: int | None, *place: str | int) -> User | None:
    """Return the active person of this number; raises Problem when there is none."""
    found = active_people().filter(pk=number).first() if number else None
    if number and found is None:
        raise _invalid(_("There is nobody of this number who can sign in."), *place)
    return found


def _invalid(sentence: str, *place: str | int) -> Problem:
    return Problem(Code.INVALID, sentence, errors=[{"pointer": pointer(*place), "detail": sentence}])


@room.get("/people", PageOut[PersonWholeOut], Scope.PEOPLE_READ)
def list_people(request: HttpRequest, asked: Query[PeopleQuery]) -> dict[str, Any]:
    """List people, newest first; to everybody but administrators this doesn't exist."""
    user, _now = who(request)
    require_administrator(user)
    rows = people_who_fit(user, text=asked.text, role=asked.role or "", state=asked.state or "")
    if asked.email:
        rows = rows.filter(email=asked.email.strip().lower())
    rows = rows.select_related("line_manager", "deputy").prefetch_related("groups")
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
    invited = invitation.invite(actor=user, guest=_guest(given), now=now)
    tell(request, "Location", f"/api/v1/people/{invited.person_id}")
    return _person(person_to_administer(user, invited.person_id))


@room.post("/invitations", InvitedOut, Scope.PEOPLE_WRITE, status=201)
def invite_people(request: HttpRequest, given: InvitationsIn) -> InvitedOut:
    """Invite many people at once: all of them, or nobody when one of them can't be invited."""
    user, now = who(request)
    require_administrator(user)
    guests = [_guest(one, "people", place) for place, one in enumerate(given.people)]
    invited = invitation.invite_many(actor=user, guests=guests, now=now)
    return InvitedOut(people=[person_out(one.person) for one in invited])


@room.put("/people/{person_id}", PersonWholeOut, Scope.PEOPLE_WRITE)
def change_person(request: HttpRequest, person_id: Id, given: PersonIn) -> PersonWholeOut:
    """Change name, line manager, deputy and team of a person."""
    user, now = who(request)
    person_to_administer(user, person_id)
    values = {
        "display_name": given.name, "line_manager": _one(given.line_manager, "line_manager"),
        "deputy": _one(given.deputy, "deputy"), "team": given.team,
    }  # fmt: skip
    profile.change_person(actor=user, person_id=person_id, values=values, now=now)
    return _person(person_to_administer(user, person_id))


@room.post("/people/{person_id}/invitation", PersonWholeOut, Scope.PEOPLE_WRITE, takes=None)
def invite_person_again(request: HttpRequest, person_id: Id) -> PersonWholeOut:
    """Send a new invitation; the link before stops working."""
    user, now = who(request)
    invitation.invite_again(actor=user, person_id=person_id, now=now)
    return _person(person_to_administer(user, person_id))


@room.post("/people/{person_id}/sessions/ending", SessionsOut, Scope.PEOPLE_WRITE, takes=None)
def end_sessions(request: HttpRequest, person_id: Id) -> SessionsOut:
    """End every session of a person; their tokens stay."""
    user, now = who(request)
    return SessionsOut(count=sessions.end_sessions(actor=user, person_id=person_id, now=now))


@room.post("/test-mail", MailOut, Scope.PEOPLE_WRITE, takes=None)
def send_test_mail(request: HttpRequest) -> MailOut:
    """Send a mail to the administrator themself, by the way of every other; if it fails, the list of jobs says why."""
    user, now = who(request)
    test_mail.send_test_mail(actor=user, now=now)
    return MailOut(email=user.email)


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

"""The token that calls, and its person."""

from datetime import datetime

from django.http import HttpRequest
from ninja import Field, Schema

from accounts.api.rooms import Room
from accounts.api.visit import visit_of
from accounts.roles import roles_of

room = Room("Token")


class TokenSaidOut(Schema):
    """A token, without its text."""

    name: str = Field(examples=["Release pipeline"])
    scopes: list[str] = Field(examples=[["requests:read", "requests:write"]])
    created_at: datetime
    expires_at: datetime


class MeOut(Schema):
    """For whom the token acts."""

    id: int = Field(examples=[12])
    name: str = Field(examples=["Aylin Demir"])
    email: str = Field(examples=["aylin@example.org"])
    language: str = Field(examples=["en"])
    time_zone: str = Field(examples=["Europe/Istanbul"])
    roles: list[str] = Field(examples=[["researcher"]])
    token: TokenSaidOut


@room.get("/me", MeOut, None)
def read_me(request: HttpRequest) -> MeOut:
    """Read for whom the token acts, and until when.

    Any token may ask this; a pipeline that does so first is told of an ended token before it sends anything.
    """
    token = visit_of(request).token
    person = token.person
    said = TokenSaidOut(
        name=token.name, scopes=token.scopes, created_at=token.created_at, expires_at=token.expires_at
    )
    return MeOut(
        id=person.pk, name=person.display_name, email=person.email, language=person.language,
        time_zone=person.time_zone, roles=sorted(roles_of(person)), token=said,
    )  # fmt: skip

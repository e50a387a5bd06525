"""Who keeps a board as its secretary, and who reads what it reviews; looked after by administrators."""

from datetime import datetime
from enum import StrEnum

from django.http import HttpRequest
from ninja import Field

from accounts.api.fields import Id, Out, PersonOut, person_out
from accounts.api.rooms import Room
from accounts.api.visit import who
from accounts.rules.scopes import Scope
from reviews.api.boards import BoardName
from reviews.api.standing_boards import managed
from reviews.permissions.boards import board_by_slug
from reviews.permissions.containers import KEEP, READ
from reviews.selectors.boards_page import grants_on
from reviews.services import boards as services

room = Room("Boards")


class BoardPermission(StrEnum):
    """What somebody may do on a board without a seat."""

    KEEP = KEEP
    READ = READ


class BoardGrantOut(Out):
    """Somebody who keeps the board, or reads what it reviews."""

    person: PersonOut
    permission: BoardPermission
    until: datetime | None = Field(description="Null: without an end.", examples=[None])


class BoardGrantsOut(Out):
    """Who keeps the board and who reads with it; secretaries of a standing board keep it by their role, too."""

    items: list[BoardGrantOut]


def _grants(request: HttpRequest, slug: str) -> BoardGrantsOut:
    user, now = who(request)
    return BoardGrantsOut(
        items=[
            BoardGrantOut(
                person=person_out(one.user), permission=BoardPermission(one.permission.codename), until=one.valid_until
            )
            for one in grants_on(board_by_slug(user, slug, now), now)
        ]
    )  # fmt: skip


@room.get("/boards/{board}/grants", BoardGrantsOut, Scope.REQUESTS_READ)
def list_board_grants(request: HttpRequest, board: BoardName) -> BoardGrantsOut:
    """List who keeps the board and who reads what it reviews by a grant of their own."""
    return _grants(request, board)


@room.put("/boards/{board}/grants/{permission}/{person_id}", BoardGrantsOut, Scope.BOARDS_WRITE, takes=None)
def let_keep_board(
    request: HttpRequest, board: BoardName, permission: BoardPermission, person_id: Id
) -> BoardGrantsOut:
    """Let a person keep the board, or read what it reviews; administrators do. Granted already, nothing changes."""
    user, found, now = managed(request, board)
    services.grant_on_board(
        actor=user, board_id=found.pk, person_id=person_id, permission=permission.value, now=now
    )
    return _grants(request, board)


@room.delete("/boards/{board}/grants/{permission}/{person_id}", Scope.BOARDS_WRITE)
def end_board_grant(
    request: HttpRequest, board: BoardName, permission: BoardPermission, person_id: Id
) -> None:
    """End what a person may do on the board by a grant; administrators do."""
    user, found, now = managed(request, board)
    services.end_grant(
        actor=user, board_id=found.pk, person_id=person_id, permission=permission.value, now=now
    )

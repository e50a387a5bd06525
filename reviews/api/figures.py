"""Figures: pictures of all requests as tables, and who of a board carries how much."""

from datetime import datetime
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Field, Query, Schema

from accounts.api.fields import Out
from accounts.api.rooms import Room
from accounts.api.visit import who
from accounts.rules.scopes import Scope
from reviews.api.boards import BoardName
from reviews.permissions.boards import board_by_slug
from reviews.permissions.figures import why_not_see_figures, why_not_see_load
from reviews.permissions.reasons import require
from reviews.selectors.figures.board_load import board_load
from reviews.selectors.figures.picture import Picture
from reviews.selectors.figures.pictures import picture_of

room = Room("Figures")
PictureName = Literal["age", "time", "returns", "load"]


class PeriodQuery(Schema):
    """Of which time."""

    period: Annotated[
        Literal["year", "quarter", "all"],
        Field(description="The last 12 months, the last 90 days, everything."),
    ] = "year"


class FigureRowOut(Out):
    """A line of the table."""

    head: str = Field(examples=["In review"])
    cells: list[str] = Field(examples=[["4", "2", "12.5"]])


class FigureGroupOut(Out):
    """Lines that belong together."""

    title: str = Field(examples=[""])
    rows: list[FigureRowOut]


class FiguresOut(Out):
    """A picture as its table, in the language of the call."""

    says: str = Field(
        description="The fact that it shows.", examples=["Half of all requests were decided in 12.5 days."]
    )
    note: str = Field(description="How it was counted.", examples=["Days until the last signature."])
    columns: list[str] = Field(
        description="The first stands above the heads.", examples=[["State", "Requests"]]
    )
    groups: list[FigureGroupOut]
    counted_at: datetime


def _figures(picture: Picture, now: datetime) -> FiguresOut:
    return FiguresOut(
        says=picture.says, note=str(picture.note), columns=[str(one) for one in picture.columns],
        groups=[
            FigureGroupOut(
                title=str(group.title),
                rows=[
                    FigureRowOut(head=str(row.head), cells=[cell.text for cell in row.cells]) for row in group.rows
                ],
            )
            for group in picture.groups
        ],
        counted_at=now,
    )  # fmt: skip


@room.get("/figures/{picture}", FiguresOut, Scope.REQUESTS_READ)
def read_figures(request: HttpRequest, picture: PictureName, asked: Query[PeriodQuery]) -> FiguresOut:
    """Read a picture of all requests, for who serves every board: states and ages, times, returns, load."""
    user, now = who(request)
    require(why_not_see_figures(user, now))
    return _figures(picture_of(picture, asked.period, user, now), now)


@room.get("/boards/{board}/load", FiguresOut, Scope.REQUESTS_READ)
def read_board_load(request: HttpRequest, board: BoardName) -> FiguresOut:
    """Read who of a board carries how much, for who leads it."""
    user, now = who(request)
    found = board_by_slug(user, board, now)
    require(why_not_see_load(user, found, now))
    return _figures(board_load(found, now), now)

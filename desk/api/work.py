"""What waits for the person for whom the token acts."""

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest
from ninja import Field

from accounts.api.fields import Address, Out
from accounts.api.rooms import Room
from accounts.api.visit import who
from accounts.rules.scopes import Scope
from desk.selectors.work import work_of

room = Room("My work")


class WaitingOut(Out):
    """Something that waits: what it is about, what it needs, until when."""

    title: str = Field(examples=["Ferryman-MT 2.1, IMP-2026-0008"])
    needs: str = Field(examples=["Vote for the ethics board."])
    act: str = Field(examples=["Vote on revision 2"])
    holds_up: str = Field(examples=[""])
    since: datetime
    due: datetime | None
    address: Address


class WorkOut(Out):
    """What waits, the first due first; at most fifty of each part of the page."""

    count: int = Field(description="How many things wait, also those that are left out.", examples=[1])
    late: int = Field(examples=[0])
    items: list[WaitingOut]


@room.get("/work", WorkOut, Scope.REQUESTS_READ)
def read_work(request: HttpRequest) -> WorkOut:
    """Read what waits for the person, as their first page shows it."""
    user, now = who(request)
    work = work_of(user, now)
    things = [placed.thing for section in work.sections for placed in section.items]
    return WorkOut(
        count=work.count, late=work.late,
        items=[
            WaitingOut(
                title=str(one.title), needs=str(one.needs), act=str(one.act), holds_up=str(one.holds_up),
                since=one.since, due=one.due, address=f"{settings.BASE_URL}{one.url}",
            )
            for one in things
        ],
    )  # fmt: skip

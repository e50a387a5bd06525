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
from reviews.selectors.held import Held, held_for

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


class HolderOut(Out):
    """Who may be reminded, by whoever leads the board; and when that was done today."""

    id: int = Field(examples=[12])
    name: str = Field(examples=["Aylin Demir"])
    reminded_at: datetime | None


class HeldOut(Out):
    """A thing that others hold."""

    request: str = Field(examples=["IMP-2026-0008"])
    who: str = Field(description="A person, an office or a board.", examples=["Aylin Demir"])
    what: str = Field(examples=["answers a question of the ethics board"])
    since: datetime
    due: datetime | None
    holders: list[HolderOut] = Field(description="Only for who may remind them.")


class HeldByOthersOut(Out):
    """What others hold, by when it is due."""

    items: list[HeldOut]


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


@room.get("/work/with-others", HeldByOthersOut, Scope.REQUESTS_READ)
def read_work_with_others(request: HttpRequest) -> HeldByOthersOut:
    """Read who holds what the person waits for: of requests that are theirs, or that their boards judge."""
    user, now = who(request)
    return HeldByOthersOut(items=[_held(one) for one in held_for(user, now)])


def _held(one: Held) -> HeldOut:
    holders = [
        HolderOut(id=each.person.pk, name=each.person.display_name, reminded_at=each.reminded_at)
        for each in one.holders
    ]
    return HeldOut(
        request=one.request.reference,
        who=one.who,
        what=one.what,
        since=one.since,
        due=one.due,
        holders=holders,
    )

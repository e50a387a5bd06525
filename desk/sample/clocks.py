"""Steps about working days and readers: where boards sit, when the laboratory is closed, who reads a request first."""

from collections.abc import Iterator
from datetime import date, datetime

from desk.sample.calendar import StoryCalendar
from desk.sample.world import Act, Step, World, speaking
from reviews.models import BoardReview
from reviews.rules.assigning import ReaderRole
from reviews.selectors.readers_proposal import proposal_for
from reviews.services.assigning import assign_reader
from reviews.services.working_days import add_closing, place_board

PLACES = (
    ("ethics", "DE", "BE", "Europe/Berlin"),
    ("safety", "CN", "", "Asia/Shanghai"),
    ("legal", "DE", "BE", "Europe/Berlin"),
)


def clocks(calendar: StoryCalendar) -> Iterator[Step]:
    """Yield the steps: readers of the request that three boards review, then days and places, shortly before today."""
    for minute, role in enumerate(ReaderRole):
        yield Step(
            calendar.moment(f"-14 10:0{minute}"), f"reader/voice/{role}", _reader("voice", "ethics", role)
        )
    yield Step(calendar.moment("-2 10:00"), "closing/new-year", _new_year)
    for minute, place in enumerate(PLACES):
        yield Step(calendar.moment(f"-1 16:0{minute}"), f"place/{place[0]}", _place(*place))


def _reader(request: str, board: str, role: ReaderRole) -> Act:
    def act(world: World, now: datetime) -> None:
        review = BoardReview.objects.select_related("board", "request__version", "request__requester").get(
            request=world.id(f"request:{request}"), board__slug=board
        )
        first = proposal_for(review, role, now).proposal.ranked[0]
        with speaking(world.person("ingrid")) as actor:
            assign_reader(actor=actor, review_id=review.pk, person_id=first.person, role=role, now=now)

    return act


def _new_year(world: World, now: datetime) -> None:
    with speaking(world.person("petra")) as actor:
        add_closing(
            actor=actor, board_id=None, day=date(now.year, 12, 24), until=date(now.year + 1, 1, 1),
            reason="The laboratory is closed over the new year", now=now,
        )  # fmt: skip


def _place(slug: str, country: str, subdivision: str, zone: str) -> Act:
    def act(world: World, now: datetime) -> None:
        with speaking(world.person("petra")) as actor:
            place_board(
                actor=actor, board_id=world.id(f"board:{slug}"), country=country, subdivision=subdivision,
                time_zone=zone, reason="Public holidays count from now on.", now=now,
            )  # fmt: skip

    return act

"""Short forms for tests: days on which the house is closed, or works."""

from datetime import date

from reviews.models import ClosingDay
from reviews.services.working_days import add_closing
from tests.boardrooms import House
from tests.dossiers import NOW


def closed(
    house: House,
    first: date,
    last: date | None = None,
    *,
    board: str = "ethics",
    works: bool = False,
    by: str = "ada",
) -> ClosingDay:
    """Close the days for a board, or for everybody where `board` is empty; `works` opens them instead."""
    return add_closing(
        actor=house.people[by], board_id=house.boards[board].pk if board else None, day=first, until=last or first,
        reason="House closed", works=works, now=NOW,
    )  # fmt: skip

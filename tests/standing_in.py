"""Short forms for tests: a board with alternates, somebody who is away and whom they named."""

import json
from datetime import timedelta
from typing import Any

from accounts.roles import Role
from audit.models import Event
from reviews.models import BoardReview, Decision, Delegation
from reviews.services.boards import seat_person
from reviews.services.delegating import delegate
from tests.boardrooms import House, a_house
from tests.dossiers import NOW, person

WEEK = timedelta(days=7)


def a_house_with_alternates() -> House:
    """Return the house with two alternates on its ethics board, Ugo first, then Alma."""
    house = a_house()
    house.people["alma"] = person("Alma Alternate", Role.RESEARCHER)
    for name in ("ugo", "alma"):
        seat_person(
            actor=house.ada, board_id=house.boards["ethics"].pk, person_id=house.people[name].pk, role="alternate",
            attributes=["lay"], now=NOW,
        )  # fmt: skip
    return house


def away(house: House, giver: str, deputy: str, **given: Any) -> Delegation:
    """Let somebody name who stands in for them for a week, on the ethics board; `board` None: as legal staff."""
    board = given.pop("board", house.boards["ethics"])
    usual: dict[str, Any] = {"since": NOW, "until": NOW + WEEK, "reason": "On leave.", "now": NOW}
    return delegate(
        actor=house.people[giver], board_id=board.pk if board else None, deputy_id=house.people[deputy].pk,
        **usual | given,
    )  # fmt: skip


def acted(verb: str) -> tuple[str, str]:
    """Return who did what the event tells, and for whom, by pseudonym."""
    leaf = json.loads(bytes(Event.objects.get(verb=verb).leaf))
    return leaf["actor"], leaf["on_behalf_of"]


def decision_of(review: BoardReview) -> Decision:
    """Return the last decision of the request of a review."""
    return review.request.decisions.latest("number")

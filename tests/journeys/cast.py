"""Who and what is there before a story begins: people, boards with a policy, a project. The rest happens on pages."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.test import override_settings
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from accounts.services.sample import SAMPLE_PASSWORD, make_sample_person
from reviews.models import Board
from reviews.services.boards import make_board, seat_person
from tests.boardrooms import House

PASSWORD = SAMPLE_PASSWORD
POLICY: dict[str, Any] = {
    "quorum": {"kind": "majority_of_seats"},
    "composition": [{"at_least": 1, "any_of": ["lay", "external"]}],
    "threshold": {"numerator": 1, "denominator": 2, "strict": True, "of": "present_and_eligible"},
    "ballot_days": 3,
}


def somebody(story: str, name: str, display_name: str, *roles: Role, **fields: Any) -> User:
    """Return somebody with these roles, a password and one-time codes."""
    given = {"language": "en", "time_zone": "UTC", "line_manager": None} | fields
    with override_settings(SAMPLE=True):
        return make_sample_person(
            email=f"{name}@{story}.example",
            display_name=display_name,
            roles=roles,
            now=timezone.now(),
            **given,
        )


def a_board(
    house: House,
    slug: str,
    names: tuple[str, str],
    seats: Iterable[tuple[str, str, list[str]]],
    policy: Mapping[str, Any] = POLICY,
    kind: str = "ethics",
) -> Board:
    """Return a board with its seats; `names` in English and Chinese, `seats` as (person, role, attributes)."""
    now = timezone.now() - timedelta(days=30)
    board = make_board(
        actor=house.ada, slug=slug, name_en=names[0], name_zh=names[1], kind=kind, policy=policy, now=now
    )
    house.boards[kind] = board
    for name, role, attributes in seats:
        seat_person(
            actor=house.ada, board_id=board.pk, person_id=house.people[name].pk, role=role, attributes=attributes,
            now=now,
        )  # fmt: skip
    return board

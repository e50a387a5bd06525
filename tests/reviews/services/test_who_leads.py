"""Who hears of a late check of a board or of a project: whoever chairs or keeps a board that has to do with it."""

import pytest

from compliance.models.boards import heads_of
from tests.boardrooms import House, a_house, in_review
from tests.dossiers import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_review")]


@pytest.fixture
def house() -> House:
    return a_house()


def names(house: House, board: int | None, project: int | None) -> set[str]:
    by_id = {user.pk: name for name, user in house.people.items()}
    return {by_id[pk] for pk in heads_of(board, project, NOW)}


def test_a_board_is_led_by_its_chair_and_its_secretaries_and_by_no_other_member(house: House) -> None:
    board = house.boards["ethics"]
    assert names(house, board.pk, None) == {"chloe", "sena"}


def test_a_project_has_the_boards_that_review_its_requests(house: House) -> None:
    project = in_review(house).project_id
    assert names(house, None, project) == {"chloe", "sena"}
    assert names(house, None, project + 1000) == set()
    assert names(house, None, None) == set()

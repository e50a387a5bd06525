"""The pages of procedures: an exemption is determined, a doubt sends a request on, and the counts stand in words."""

import pytest

from reviews.models import Decision, Policy, ReviewRequest
from reviews.rules.exemption import ExemptionGround
from reviews.rules.policy_presets import PRESETS
from reviews.services.boards import set_policy
from tests.boardrooms import House, a_ballot, a_house, all_vote, in_review
from tests.dossiers import NOW

from .visits import get, post, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_house")]
COUNTED = "5 seats, 1 recused, 4 present of 3 needed, 4 of 4 for, more than half needed: passed."


@pytest.fixture
def house() -> House:
    return a_house()


def test_a_member_finds_the_exemption_on_the_request_and_determines_it(house: House) -> None:
    request = in_review(house, procedure="exempt")
    at = f"/requests/{request.reference}/"
    assert "Determine that it is exempt" in words(get(house, "milo", at))
    assert "Determine that it is exempt" not in words(get(house, "ravi", at))
    path = f"{at}boards/ethics/exempt/"
    assert f"{at}boards/ethics/doubt/" in get(house, "milo", path)
    get(house, "ravi", path, 403)
    post(house, "rex", path, {"grounds": "internal", "reason": "Yes."}, 403)
    post(house, "milo", path, {"grounds": "internal", "reason": "Yes."}, 422)
    assert not Decision.objects.exists()
    post(
        house,
        "milo",
        path,
        {"grounds": [ground.value for ground in ExemptionGround], "reason": "Inside only."},
    )
    said = words(get(house, "milo", at))
    assert "Exempt determined without a ballot" in said
    assert "Determined to be exempt by Milo Member, member of Ethics board" in said


def test_a_doubt_is_told_on_the_page_of_the_board_and_the_count_where_it_belongs(house: House) -> None:
    request = in_review(house, procedure="expedited")
    at = f"/requests/{request.reference}/"
    path = f"{at}boards/ethics/doubt/"
    post(house, "lena", path, {"procedure": "full", "reason": ""}, 422)
    post(house, "lena", path, {"procedure": "emergency", "reason": "Hm."}, 422)
    post(house, "lena", path, {"procedure": "full", "reason": "Children use it."})
    assert ReviewRequest.objects.get(pk=request.pk).procedure == "full"
    said = words(get(house, "milo", f"{at}boards/ethics/"))
    assert "Sent from expedited procedure to full procedure by Lena Lay" in said
    assert "Children use it." in said
    all_vote(house, a_ballot(house, house.ethics_review(ReviewRequest.objects.get(pk=request.pk))))
    for page in ("", "boards/ethics/", "ballots/1/"):
        assert COUNTED in words(get(house, "milo", f"{at}{page}")), page
    assert "4 of 4 for" not in words(get(house, "ravi", at)), "what boards say among themselves stays there"


def test_a_policy_tells_where_a_setting_comes_from_and_what_changed(house: House) -> None:
    board = house.boards["ethics"]
    content = dict(PRESETS["us-irb"].content)
    set_policy(actor=house.ada, board_id=board.pk, content=content, reason="By the rules.", now=NOW)
    said = words(get(house, "milo", "/boards/ethics/policy/2/"))
    assert "began as: Board in the style of a US IRB" in said
    assert "Law, read in the text 45 CFR 46.108: a majority of the members is present." in said
    assert "From memory: full review takes place at convened meetings." in said
    assert "Compared with version 1" in said
    assert "Ballots outside meetings allowed not allowed" in said
    assert "Set by this organisation, without a preset." in words(
        get(house, "milo", "/boards/ethics/policy/1/")
    )
    filled = get(house, "ada", "/boards/ethics/policy/?preset=cn-ethics-2023")
    assert "Trial measures 2023, article 7: at least seven members." in words(filled)
    assert Policy.objects.filter(board=board).count() == 2

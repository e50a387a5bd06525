"""A blocking position holds what has its votes: its holder reads what settles it, clears it, and the motion passes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from reviews.models import Ballot, Block, Decision
from tests.boardrooms import House, a_ballot, in_review, vote
from tests.dossiers import a_version
from tests.journeys.cast import PASSWORD, a_lab
from tests.journeys.conftest import Visit
from tests.journeys.place import Place

pytestmark = [pytest.mark.journey, pytest.mark.long]
TEXT = "Berth pictures show faces. Say that none is matched."


@pytest.fixture
def house(place: Place) -> House:
    return a_lab("block")


@pytest.fixture
def ballot(house: House) -> Ballot:
    """A ballot with all its votes, held by the blocking position that Lena took with hers."""
    now = timezone.now() - timedelta(hours=2)
    request = in_review(house, ("ethics",), version=a_version(house.ravi, now=now), now=now)
    ballot = a_ballot(house, house.ethics_review(request), now=now)
    for name in ("chloe", "milo", "mara"):
        vote(house, ballot, name, now=now)
    return vote(house, ballot, "lena", "against", block_text=TEXT, now=now)


def test_a_block_is_cleared_by_its_holder_alone_and_then_the_motion_passes(
    house: House, ballot: Ballot, visit: Visit
) -> None:
    assert ballot.state == "held"
    page = f"/requests/{ballot.request.reference}/"
    chloe = visit(house.chloe)
    chloe.signs_in(PASSWORD)
    chloe.goes(page)
    assert TEXT in chloe.text()
    assert not chloe.page.get_by_label("What settles it").count(), "only its holder clears it"
    lena = visit(house.lena)
    lena.signs_in(PASSWORD)
    lena.goes(page)
    lena.page.get_by_text("Clear my blocking position").first.click()
    lena.page.get_by_label("What settles it").first.fill("The vendor's contract forbids matching.")
    lena.presses("Clear it")
    ballot.refresh_from_db()
    assert (ballot.state, ballot.result) == ("closed", "passed")
    assert (Block.objects.get(ballot=ballot).state, Decision.objects.get(request=ballot.request).outcome) == (
        "cleared",
        "approved",
    )
    chloe.goes(f"{page}ballots/{ballot.number}/")
    assert "The vendor's contract forbids matching." in chloe.text()

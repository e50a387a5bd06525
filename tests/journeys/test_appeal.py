"""A rejected request: its requester appeals, a panel is formed of people who took no part, and the panel approves."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from reviews.models import Appeal, Ballot, Board, Decision, ReviewRequest
from tests.boardrooms import House, decided, in_review
from tests.dossiers import a_version
from tests.journeys.cast import PASSWORD, a_lab, somebody
from tests.journeys.conftest import Visit
from tests.journeys.place import Place
from tests.journeys.visitor import Visitor
from tests.panels import panel_ballot, panel_votes

pytestmark = [pytest.mark.journey, pytest.mark.long]


@pytest.fixture
def house(place: Place) -> House:
    return a_lab("appeal")


@pytest.fixture
def decision(house: House) -> Decision:
    now = timezone.now() - timedelta(days=1)
    return decided(
        house, in_review(house, version=a_version(house.ravi, now=now), now=now), "reject", now=now
    )


def test_a_requester_appeals_and_a_panel_of_people_who_did_not_vote_approves(
    house: House, decision: Decision, visit: Visit
) -> None:
    request = decision.request
    people = [
        somebody("appeal", name, shown)
        for name, shown in (("eva", "Eva Lind"), ("bai", "白雪"), ("tom", "Tom Ade"))
    ]
    files(visit(house.ravi), request)
    forms(visit(house.sena), request, people, house.milo)
    ballot = panel_ballot(house, panel_of(request), people, now=timezone.now())
    panel_votes(ballot, people[1:], now=timezone.now())
    votes(visit(people[0], width=390), ballot)
    request.refresh_from_db()
    assert (request.state, Appeal.objects.get(request=request).outcome) == ("decided", "approved")


def files(ravi: Visitor, request: ReviewRequest) -> None:
    """The grounds are written once, and stand on a page of their own."""
    ravi.signs_in(PASSWORD)
    ravi.goes(f"/requests/{request.reference}/appeal/")
    ravi.writes(grounds="The risk was read from an **older** table.")
    ravi.presses("File the appeal")
    assert "The risk was read from an older table." in ravi.text()


def forms(sena: Visitor, request: ReviewRequest, people: list[User], voter: User) -> None:
    """Who voted is listed with the reason, and can't be chosen."""
    sena.signs_in(PASSWORD)
    sena.follows(to=f"/{request.reference}/appeals/1/panel/")
    sena.goes(f"/requests/{request.reference}/appeals/1/panel/?q=appeal.example")
    assert f"{voter.display_name}: voted on this request" in sena.text()
    assert not sena.page.locator(f'input[name="people"][value="{voter.pk}"]').count()
    chosen = {"people": [one.pk for one in people], "chair": people[0].pk, f"is_{people[1].pk}": ["lay"]}
    sena.writes(**chosen)
    sena.presses("Form the panel")
    request.refresh_from_db()
    assert (request.state, panel_of(request).kind) == ("in_review", "ethics")


def panel_of(request: ReviewRequest) -> Board:
    panel = Appeal.objects.select_related("panel").get(request=request).panel
    assert panel is not None
    return panel


def votes(eva: Visitor, ballot: Ballot) -> None:
    """The chair's is the last vote out, on a phone."""
    eva.signs_in(PASSWORD)
    eva.goes(f"/requests/{ballot.request.reference}/ballots/{ballot.number}/")
    eva.writes(position="for", reason="The newer table is right.")
    eva.presses("Cast my vote on revision %(number)s", number=1)

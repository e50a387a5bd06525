"""An emergency: routed with its ground, approved provisionally, and the full review stands on the page by itself."""

from datetime import timedelta

import pytest
from django.utils import timezone

from reviews.models import Decision, ReviewRequest, Triage
from reviews.services.triage import accept_request
from tests.boardrooms import House, a_ballot, all_vote
from tests.dossiers import a_version, submitted
from tests.journeys.cast import PASSWORD, a_lab, signed
from tests.journeys.conftest import Visit
from tests.journeys.place import Place
from tests.journeys.visitor import Visitor

pytestmark = [pytest.mark.journey, pytest.mark.long]


@pytest.fixture
def house(place: Place) -> House:
    return a_lab("emergency")


@pytest.fixture
def request_(house: House) -> ReviewRequest:
    """A request that the secretary found complete."""
    now = timezone.now() - timedelta(hours=2)
    revision = submitted(house.ravi, a_version(house.ravi, now=now), now=now)
    return accept_request(actor=house.sena, request_id=revision.request_id, now=now)


def test_a_critical_fix_is_approved_provisionally_and_its_full_review_schedules_itself(
    house: House, request_: ReviewRequest, visit: Visit
) -> None:
    routes(visit(house.sena), request_, house)
    ballot = a_ballot(house, house.ethics_review(request_), now=timezone.now())
    assert ballot.deadline <= timezone.now() + timedelta(hours=72)
    all_vote(house, ballot, now=timezone.now())
    decision = Decision.objects.get(request=request_)
    signed(house, decision, "legal", "lex")
    signs(visit(house.chloe, width=390, dark=True), request_)


def routes(sena: Visitor, request: ReviewRequest, house: House) -> None:
    """Without its ground an emergency is none."""
    board = house.boards["ethics"]
    sena.signs_in(PASSWORD)
    sena.goes(f"/requests/{request.reference}/triage/")
    why = "A customer's data shows in answers."
    sena.writes(tier=2, procedure="emergency", boards=[board.pk], leading=board.pk, override_reason=why)
    sena.presses("Give it to the boards", status=422)
    assert not Triage.objects.filter(request=request).exists()
    sena.writes(ground="active_harm")
    sena.presses("Give it to the boards")
    assert Triage.objects.get(request=request).ground == "active_harm"


def signs(chloe: Visitor, request: ReviewRequest) -> None:
    """With the chair's signature the full review is there, before the same board, and both pages name each other."""
    chloe.signs_in(PASSWORD)
    chloe.goes(f"/requests/{request.reference}/sign/")
    chloe.writes(read=True, password=PASSWORD, code=chloe.code())
    chloe.presses("Sign the approval")
    child = ReviewRequest.objects.get(amends=request, is_full_review=True)
    assert (child.state, child.procedure) == ("in_review", "full")
    chloe.goes(f"/requests/{request.reference}/")
    assert "Provisional" in chloe.text()
    chloe.follows(child.reference)
    assert "Full review" in chloe.text()
    chloe.follows(request.reference)

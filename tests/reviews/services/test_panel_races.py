"""Two clicks at the same moment, with real commits: one panel, one appeal, one full review."""

from typing import Any

import pytest

from accounts import totp
from accounts.signing import Proof
from audit.models import Event
from audit.refusal import IllegalTransition
from reviews.models import Appeal, Board, ReviewRequest
from reviews.services.signing import sign_decision
from tests.boardrooms import House, a_house, decided, in_review, sign
from tests.dossiers import NOW, PASSWORD, a_version
from tests.panels import an_appeal, experts, heard, outsiders
from tests.reviews.at_once import at_once

pytestmark = pytest.mark.usefixtures("standing_house")


@pytest.fixture
def house(committed: None) -> House:
    return a_house()


def once(raised: list[BaseException | None], verb: str) -> None:
    """One did it, and the other was told that it is done."""
    assert [type(one) for one in raised if one] == [IllegalTransition]
    assert Event.objects.filter(verb=verb).count() == 1


def test_two_clicks_make_one_panel_one_appeal_and_one_full_review(house: House) -> None:
    people = outsiders()
    house.boards["safety"].seats.create(
        person=people[0], role="member", attributes=["lay"], since=NOW, until=NOW
    )
    request = in_review(house, procedure="expert")
    once(at_once(*[lambda: experts(house, request, people)] * 2), "panel.formed")
    assert Board.objects.filter(purpose="experts").count() == 1

    rejected = decided(house, in_review(house, version=a_version(house.ravi, number="3.1")), "reject").request
    once(at_once(*[lambda: an_appeal(house, rejected)] * 2), "appeal.filed")
    appeal = Appeal.objects.get()
    once(at_once(*[lambda: heard(house, appeal, people[:3])] * 2), "appeal.heard")
    assert Board.objects.filter(purpose="appeal").count() == 1

    urgent = in_review(house, version=a_version(house.ravi, number="3.2"), procedure="emergency")
    decision = decided(house, urgent)
    sign(house, decision, "legal", "lex")
    assert decision.record is not None
    code = totp.next_code(house.chloe, NOW)
    assert code is not None
    signing: dict[str, Any] = {
        "actor": house.chloe, "decision_id": decision.pk, "role": "chair", "now": NOW,
        "record_sha256": decision.record.context_sha256, "proof": Proof(password=PASSWORD, code=code.code),
    }  # fmt: skip
    at_once(*[lambda: sign_decision(**signing)] * 2)
    assert ReviewRequest.objects.filter(amends=urgent).count() == 1
    assert Event.objects.filter(verb="request.full_review_scheduled").count() == 1

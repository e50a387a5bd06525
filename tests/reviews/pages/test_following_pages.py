"""Continuing reviews, amendments and renewals in the browser."""

from typing import Any

import pytest

from reviews.models import ContinuingReview, Decision, ReviewRequest
from reviews.services.continuing import open_continuing_review
from tests.boardrooms import POLICY, House, a_house, approved, in_review
from tests.dossiers import NOW

from .visits import client_of, get, post, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_review")]
LONG = {**POLICY, "validity_months": 24, "continuing_months": 1, "continuing_ahead_days": 60}
SAID = {"changes": "Nothing.", "incidents": "One complaint.", "monitoring": "As before.", "conditions": ""}


@pytest.fixture
def decision() -> Decision:
    house = a_house(LONG)
    return approved(house, in_review(house))


@pytest.fixture
def house(decision: Decision) -> House:
    return a_house()


def test_the_requester_reports_and_the_boards_people_read_or_return_it(
    house: House, decision: Decision, django_assert_max_num_queries: Any
) -> None:
    assert open_continuing_review(decision_id=decision.pk, now=NOW)
    own = f"/requests/{decision.request.reference}/"
    at = f"{own}continuing/1/"
    assert "Report to the board" in words(get(house, "ravi", own))
    get(house, "ugo", at, 404)
    get(house, "ravi", f"{own}continuing/2/", 404)
    post(house, "milo", at, SAID, 403)
    post(house, "ravi", at, SAID | {"monitoring": ""}, 422)
    post(house, "ravi", at, SAID)
    for name in ("ravi", "milo", "sena"):
        client = client_of(house, name)
        with django_assert_max_num_queries(15):
            assert "One complaint." in client.get(at).content.decode()
    assert "Continuing review of the approval" in words(get(house, "milo", own))
    post(house, "milo", f"{at}return/", {"reason": "Which?"}, 403)
    post(house, "sena", f"{at}return/", {"reason": ""})
    assert ContinuingReview.objects.get().state == "reported", "without a reason nothing is returned"
    post(house, "sena", f"{at}return/", {"reason": "Which complaint?"})
    assert "Which complaint?" in words(get(house, "ravi", at))


def test_an_amendment_and_a_renewal_begin_from_the_page_of_the_approval(
    house: House, decision: Decision
) -> None:
    own = f"/requests/{decision.request.reference}/"
    assert "Ask for an amendment" in words(get(house, "ravi", own))
    assert "Ask for an amendment" not in words(get(house, "milo", own))
    for name, status in (("milo", 403), ("ugo", 404)):
        post(house, name, f"{own}amend/", {"purpose": "More."}, status)
        post(house, name, f"{own}renew/", {}, status)
    post(house, "ravi", f"{own}amend/", {"purpose": ""}, 422)
    post(house, "ravi", f"{own}amend/", {"purpose": "Another contact."})
    child = ReviewRequest.objects.get(amends=decision.request)
    assert child.purpose == "Another contact."
    get(house, "ravi", f"/requests/{child.reference}/approved/", 404)
    post(house, "ravi", f"{own}renew/", {})
    assert not ReviewRequest.objects.filter(renews=decision.request).exists(), "one open request of a version"
    post(house, "ravi", f"/requests/{child.reference}/withdraw/", {"sure": "on"})
    post(house, "ravi", f"{own}renew/", {})
    renewal = ReviewRequest.objects.get(renews=decision.request)
    assert renewal.reference in get(house, "ravi", own)
    get(house, "milo", f"/requests/{renewal.reference}/", 404)

"""Requests like one: what asks for the same, precedents, and only what the reader may see, on both databases."""

import pytest

from accounts.models import User
from reviews.models import ReviewRequest
from reviews.selectors.similar import Similar, similar_requests
from reviews.services.drafting import draft_request
from tests.boardrooms import House, a_house, decided, in_review
from tests.dossiers import NOW, a_project, a_version

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines, pytest.mark.usefixtures("standing_house")]


@pytest.fixture
def house() -> House:
    return a_house()


def like(request: ReviewRequest, reader: User) -> dict[str, Similar]:
    return {one.request.reference: one for one in similar_requests(request, reader=reader, now=NOW)}


def test_precedents_and_duplicates_have_reasons_and_only_who_may_see_them_finds_them(
    house: House, django_assert_max_num_queries: object
) -> None:
    precedent = in_review(house, purpose="Release to the port office as an assistant for pilots")
    decided(house, precedent, "reject")
    elsewhere = a_version(house.ravi, project=a_project(house.ravi, "Parcels"), name="Parcel-Sorter", number="7",
                          channel="device", modalities=["image"])  # fmt: skip
    unlike = draft_request(
        actor=house.ravi, version_id=elsewhere.pk, purpose="Sort parcels by weight in the yard", now=NOW
    )
    newer = in_review(
        house, boards=["safety"], version=a_version(house.ravi, number="2.2"),
        purpose="Release to the port office as an assistant of pilots",
    )  # fmt: skip

    with django_assert_max_num_queries(10):  # type: ignore[operator]
        found = like(newer, house.ravi)
    assert set(found) == {precedent.reference}
    one = found[precedent.reference]
    assert one.is_duplicate
    assert one.decision is not None
    assert str(one.decision.label) == "Rejected"
    assert "It asks for nearly the same in the same words." in one.reasons
    assert "The same model, version 2.1." in one.reasons
    assert unlike.reference not in like(newer, house.ravi)

    assert set(like(newer, house.mara)) == {precedent.reference}  # sits on both boards
    assert set(like(newer, house.lex)) == {precedent.reference}
    assert like(newer, house.ugo) == {}
    kept = like(newer, house.rex)[
        precedent.reference
    ]  # recused from what was decided there, but sees the request
    assert kept.decision is None
    assert str(kept.badge.label) == "Rejected"


def test_nothing_is_like_a_request_that_stands_alone(house: House) -> None:
    assert like(in_review(house), house.ravi) == {}

"""The emergency procedure: provisional, and its full review schedules itself."""

from datetime import timedelta

import pytest
from django.db import transaction

from audit.models import Event
from audit.refusal import Refused
from reviews.models import (
    Answer,
    BoardReview,
    Contributor,
    Decision,
    Recusal,
    ReviewRequest,
    Revision,
    Suspension,
    Triage,
)
from reviews.rules.lifecycle import RequestState
from reviews.services.full_review import follow_full_review, schedule_full_review
from reviews.services.superseding import expire, lock_requests_of_version
from reviews.services.suspending import suspend_approval
from reviews.services.triage import route_request
from tests.boardrooms import (
    House,
    a_ballot,
    a_house,
    all_vote,
    approved,
    decided,
    in_review,
    sign,
    verbs_about,
)
from tests.dossiers import NOW
from tests.panels import told_apart, waits_for

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_house")]


@pytest.fixture
def house() -> House:
    return a_house()


@pytest.fixture
def request_(house: House) -> ReviewRequest:
    return in_review(house, procedure="emergency")


def child_of(request: ReviewRequest) -> ReviewRequest:
    return ReviewRequest.objects.get(amends=request, is_full_review=True)


def test_a_decision_is_due_in_72_hours_and_the_standard_is_not_lowered(
    house: House, request_: ReviewRequest
) -> None:
    review, later = house.ethics_review(request_), NOW + timedelta(hours=24)
    assert review.due_at == NOW + timedelta(hours=72)
    with pytest.raises(Refused, match="No quorum"):
        a_ballot(house, review, now=later, absent=("chloe", "milo", "mara"))
    assert a_ballot(house, review, now=later).deadline == review.due_at


@pytest.mark.both_engines
def test_its_approval_is_provisional_and_the_same_boards_review_the_same_revision_in_full(
    house: House, request_: ReviewRequest
) -> None:
    decision = approved(house, request_)
    assert decision.provisional
    assert decision.valid_until == NOW.date() + timedelta(days=29)
    assert "critical fix" in told_apart(decision)["provisional"]
    meaning = decision.signatures.get(role="chair").meaning
    assert meaning.startswith("Provisional approval until ")
    child = child_of(request_)
    assert schedule_full_review(decision, NOW) == child
    parent, own = Revision.objects.get(request=request_), Revision.objects.get(request=child)
    assert (child.state, child.procedure, child.tier) == ("in_review", "full", request_.tier)
    assert (own.sha256, bytes(own.content)) == (parent.sha256, bytes(parent.content))
    review = BoardReview.objects.get(request=child)
    assert (review.board, review.leading, review.state) == (house.boards["ethics"], True, "assigned")
    assert review.due_at.date() < decision.valid_until
    assert Answer.objects.filter(request=child).count() == Answer.objects.filter(request=request_).count() > 0
    triage = Triage.objects.get(request=child)
    assert (triage.confirmed_by, triage.procedure, triage.ground) == (None, "full", "")
    assert Recusal.objects.filter(request=child, person=house.rex).exists()
    assert not Contributor.objects.filter(request=child).exclude(added_by=house.ravi).exists()
    assert verbs_about(request_).count("request.full_review_scheduled") == 1
    assert waits_for("review.provisional") == {"ravi", "sena"}
    assert waits_for("review.expiry") == set()
    assert verbs_about(child)[:2] == ["request.full_review_made", "review.assigned"]
    assert Event.objects.get(verb="request.full_review_made").actor == ""


def test_an_ordinary_approval_is_not_provisional_and_nothing_follows_it(house: House) -> None:
    request = in_review(house)
    assert not approved(house, request).provisional
    assert not ReviewRequest.objects.filter(amends=request).exists()


def test_a_full_review_that_passes_takes_the_place_of_the_provisional_approval(
    house: House, request_: ReviewRequest
) -> None:
    first = approved(house, request_)
    later = NOW + timedelta(days=10)
    second = approved(house, child_of(request_), now=later)
    request_.refresh_from_db()
    first.refresh_from_db()
    assert request_.state == RequestState.SUPERSEDED
    assert (first.superseded_by, first.status) == (second, "in_force")
    assert not second.provisional
    assert told_apart(second) == {"full_review_of": request_.reference}
    assert not ReviewRequest.objects.filter(amends=child_of(request_)).exists()


def test_a_full_review_that_rejects_ends_the_provisional_approval_at_once(
    house: House, request_: ReviewRequest
) -> None:
    first = approved(house, request_)
    suspension = suspend_approval(actor=house.lex, decision_id=first.pk, reason="A leak.", now=NOW)
    later = NOW + timedelta(days=1)
    decision = decided(house, child_of(request_), "reject", now=later)
    first.refresh_from_db()
    request_.refresh_from_db()
    assert (first.status, first.ended_at, request_.state) == ("ended", later, RequestState.WITHDRAWN)
    assert Suspension.objects.get(pk=suspension.pk).ending == "withdrawn"
    assert house.ethics_review(request_).state == "closed"
    follow_full_review(decision, later)
    assert Event.objects.filter(verb="decision.overturned").count() == 1


def test_a_full_review_that_rejects_after_the_date_overturns_nothing(
    house: House, request_: ReviewRequest
) -> None:
    first = approved(house, request_)
    assert first.expires_at is not None
    late = first.expires_at + timedelta(days=1)
    decided(house, child_of(request_), "reject", now=late)
    assert not Event.objects.filter(verb="decision.overturned").exists()
    assert expire(decision_id=first.pk, now=late)
    first.refresh_from_db()
    request_.refresh_from_db()
    assert (first.ended_at, request_.state) == (first.expires_at, RequestState.EXPIRED)


def test_who_signs_for_the_same_version_waits_for_no_review_and_no_review_for_them(
    house: House, request_: ReviewRequest
) -> None:
    decision = approved(house, request_)
    child = child_of(request_)
    with transaction.atomic():
        assert lock_requests_of_version(decision.pk) == [request_.pk], (
            "and not its full review, which is in review"
        )
    decided(house, child)
    with transaction.atomic():
        assert lock_requests_of_version(decision.pk) == [request_.pk, child.pk]


@pytest.mark.parametrize("how", ["returned", "undecided"])
def test_without_an_answer_the_provisional_approval_ends_at_its_date_by_itself(
    house: House, request_: ReviewRequest, how: str
) -> None:
    first = approved(house, request_)
    child = child_of(request_)
    if how == "returned":
        decided(house, child, "return")
    first.refresh_from_db()
    assert first.status == "in_force"
    assert first.expires_at is not None
    assert not expire(decision_id=first.pk, now=first.expires_at - timedelta(minutes=1))
    assert expire(decision_id=first.pk, now=first.expires_at)
    request_.refresh_from_db()
    assert request_.state == RequestState.EXPIRED


def test_an_emergency_needs_its_ground_and_nothing_else_has_one(house: House) -> None:
    request = in_review(house, procedure="emergency")
    assert Triage.objects.get(request=request).ground == "critical_fix"
    returned = decided(house, request, "return").request
    returned.state = RequestState.TRIAGE
    returned.save()
    for procedure, ground in (("emergency", ""), ("emergency", "in_a_hurry"), ("full", "critical_fix")):
        with pytest.raises(Refused):
            route_request(
                actor=house.sena, request_id=returned.pk, tier=2, procedure=procedure, ground=ground, now=NOW,
                boards=[house.boards["ethics"]], leading=house.boards["ethics"], override_reason="Urgent.",
            )  # fmt: skip
    assert Triage.objects.get(request=request).ground == "critical_fix"


def test_every_board_of_the_emergency_reviews_in_full_and_nothing_is_scheduled_before_all_signed(
    house: House,
) -> None:
    request = in_review(house, ("ethics", "safety"), procedure="emergency")
    all_vote(house, a_ballot(house, house.ethics_review(request)))
    all_vote(house, a_ballot(house, house.safety_review(request), mover="sid"), names=("sid", "mara"))
    decision = Decision.objects.get(request=request)
    sign(house, decision, "legal", "lex")
    assert not ReviewRequest.objects.filter(amends=request).exists()
    sign(house, decision, "chair", "chloe")
    assert set(child_of(request).board_reviews.values_list("board__slug", "leading")) == {
        ("ethics", True),
        ("safety", False),
    }

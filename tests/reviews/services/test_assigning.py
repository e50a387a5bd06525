"""Readers of a board's review: proposed with reasons, chosen, given back, ended by a recusal; an event for each act."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from audit.models import Event
from audit.refusal import Refused
from reminders.models import Message
from reminders.waiting import waiting_for
from reviews.models import Assignment, BoardReview, Delegation, ReviewRequest
from reviews.rules.assigning import Excluded, Fact, ReaderRole
from reviews.selectors.reader_words import left_out_lines, ranked_lines
from reviews.selectors.readers_proposal import proposal_for, readers_of
from reviews.services.assigning import assign_reader, decline_reading
from reviews.services.interests import declare_interest, recuse
from reviews.services.positions import take_position
from tests.boardrooms import House, a_house, in_review
from tests.dossiers import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_review")]


@pytest.fixture
def house() -> House:
    return a_house()


@pytest.fixture
def review(house: House) -> BoardReview:
    return house.ethics_review(in_review(house))


def order(house: House, review: BoardReview, role: ReaderRole = ReaderRole.LEAD) -> list[str]:
    names = {person.pk: name for name, person in house.people.items()}
    return [names[one.person] for one in proposal_for(review, role, NOW).proposal.ranked]


def assign(
    house: House, review: BoardReview, name: str, *, by: str = "sena", role: str = "lead", reason: str = ""
) -> Assignment:
    return assign_reader(
        actor=house.people[by],
        review_id=review.pk,
        person_id=house.people[name].pk,
        role=role,
        reason=reason,
        now=NOW,
    )


def another(review: BoardReview, number: int) -> BoardReview:
    """Return a review of another request about the same model, at tier 3; rows without services."""
    request = ReviewRequest.objects.get(pk=review.request_id)
    request.pk, request.reference, request.tier = None, f"IMP-2026-9{number:03d}", 3
    request.save(force_insert=True)
    other = BoardReview.objects.get(pk=review.pk)
    other.pk, other.request = None, request
    other.save(force_insert=True)
    return other


def kinds(house: House, name: str) -> set[str]:
    return {source.kind for source, _thing in waiting_for(house.people[name].pk, NOW)}


def test_the_expert_is_proposed_first_and_the_requesters_manager_never(
    house: House, review: BoardReview
) -> None:
    assert order(house, review) == ["mara", "milo", "lena", "chloe"]
    found = proposal_for(review, ReaderRole.LEAD, NOW)
    lines = {line.name: line.reasons for line in left_out_lines(found)}
    assert set(lines) == {"Rex Recused"}
    first = ranked_lines(found)[0]
    assert first.name == "Mara Member"
    assert "Sits as an expert. (+3)" in first.reasons


def test_load_absence_interest_and_experience_change_the_proposal(house: House, review: BoardReview) -> None:
    other = another(review, 1)
    assign(house, other, "mara")
    take_position(actor=house.milo, review_id=other.pk, position="for", reason="Sound.", now=NOW)
    declare_interest(
        actor=house.lena, request_id=review.request_id, kind="financial", text="Shares.", now=NOW
    )
    Delegation.objects.create(
        kind="seat", board=review.board, giver=house.chloe, deputy=house.ugo, since=NOW - timedelta(days=1),
        until=NOW + timedelta(days=9), reason="Leave", made_by=house.chloe, made_at=NOW,
    )  # fmt: skip
    found = proposal_for(review, ReaderRole.LEAD, NOW)
    facts = {
        one.person: {reason.fact: reason.number for reason in one.reasons} for one in found.proposal.ranked
    }
    assert order(house, review) == ["milo", "mara"]
    assert facts[house.milo.pk][Fact.SAME_MODEL] == 1
    assert facts[house.mara.pk][Fact.LOAD] == 3
    out = {one.person: one.excluded for one in found.proposal.left_out}
    assert out[house.lena.pk] == (Excluded.INTEREST,)
    assert out[house.chloe.pk] == (Excluded.AWAY,)
    assert any("Is away until" in reason for line in left_out_lines(found) for reason in line.reasons)


@pytest.mark.both_engines
def test_the_secretary_chooses_with_one_event_and_another_than_the_first_with_a_reason(
    house: House, review: BoardReview
) -> None:
    with pytest.raises(Refused, match="first of the proposal"):
        assign(house, review, "lena")
    with pytest.raises(Refused, match="can't read"):
        assign(house, review, "rex")
    with pytest.raises(Refused, match="no seat"):
        assign(house, review, "sid")
    for name in ("milo", "ada", "lex"):
        with pytest.raises((PermissionDenied, Http404)):
            assign(house, review, "mara", by=name)
    before = Event.objects.count()
    kept = assign(house, review, "lena", reason="She knows the users.")
    (event,) = Event.objects.order_by("pk")[before:]
    assert event.verb == "reader.assigned"
    assert (kept.place, kept.choice_reason) == (3, "She knows the users.")
    assert next(one["person"] for one in kept.reasons["ranked"]) == house.mara.pk
    assert Message.objects.get(kind="reader.assigned").person == house.lena
    assign(house, review, "mara")
    former = Assignment.objects.get(pk=kept.pk)
    assert (former.ending, former.ended_by) == ("reassigned", house.sena)
    assert readers_of(review)["lead"].person == house.mara
    assert Assignment.objects.filter(review=review, ended_at__isnull=True).count() == 1


def test_a_second_reader_is_another_than_the_lead(house: House, review: BoardReview) -> None:
    assign(house, review, "mara")
    names = order(house, review, ReaderRole.SECOND)
    assert "mara" not in names
    assert names[0] == "lena", "the lay member sees with other eyes than the expert"
    with pytest.raises(Refused, match="can't read"):
        assign(house, review, "mara", role="second", reason="Both.")


def test_my_work_says_who_reads_first_until_they_take_a_position(house: House, review: BoardReview) -> None:
    assert "review.position" in kinds(house, "mara")
    assign(house, review, "mara")
    assert "review.reader" in kinds(house, "mara")
    assert "review.position" not in kinds(house, "mara"), "it isn't asked twice"
    assert "review.reader" not in kinds(house, "milo")
    (thing,) = [thing for source, thing in waiting_for(house.mara.pk, NOW) if source.kind == "review.reader"]
    assert thing.needs.startswith("You read this first for Ethics board")
    assert thing.due == review.due_at
    take_position(actor=house.mara, review_id=review.pk, position="for", reason="Sound.", now=NOW)
    assert "review.reader" not in kinds(house, "mara")


def test_a_reading_is_given_back_with_a_reason_and_not_proposed_again(
    house: House, review: BoardReview
) -> None:
    kept = assign(house, review, "mara")
    with pytest.raises(Refused, match="Say why"):
        decline_reading(actor=house.mara, assignment_id=kept.pk, reason=" ", now=NOW)
    with pytest.raises(Http404):
        decline_reading(actor=house.milo, assignment_id=kept.pk, reason="Not mine.", now=NOW)
    decline_reading(actor=house.mara, assignment_id=kept.pk, reason="Too close to a deadline.", now=NOW)
    assert readers_of(review) == {}
    assert "mara" not in order(house, review)
    assert "review.reader" not in kinds(house, "mara")
    assert "review.position" in kinds(house, "mara")
    with pytest.raises(Refused):
        decline_reading(actor=house.mara, assignment_id=kept.pk, reason="Again.", now=NOW)


def test_who_is_recused_reads_no_longer(house: House, review: BoardReview) -> None:
    kept = assign(house, review, "mara")
    recuse(actor=house.mara, request_id=review.request_id, kind="personal", reason="A friend.", now=NOW)
    kept.refresh_from_db()
    assert (kept.ending, kept.ended_by) == ("recused", None)
    found = proposal_for(review, ReaderRole.LEAD, NOW)
    assert {one.person: one.excluded for one in found.proposal.left_out}[house.mara.pk] == (Excluded.RECUSED,)


def test_the_proposal_costs_the_same_however_many_reviews_there_are(
    house: House, review: BoardReview, django_assert_max_num_queries: Any
) -> None:
    for number in range(5):
        assign(house, another(review, number), "milo", reason="Next.")
    with django_assert_max_num_queries(8):
        proposal_for(review, ReaderRole.LEAD, NOW)

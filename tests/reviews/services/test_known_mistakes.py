"""Mistakes that systems of this kind made (process.md, section 8): none of them is possible here."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.db.models import Model, ProtectedError
from django.http import Http404

from audit.models import Event
from audit.refusal import IllegalTransition, Refused
from records.permissions import record_to_read
from records.sealing import advance
from reviews.models import Ballot, Block, Decision, Vote
from reviews.services.blocks import clear_block, raise_block
from reviews.services.motions import move_motion
from reviews.services.signing import refuse_to_sign
from reviews.tasks import meet_deadlines
from tests.boardrooms import House, a_ballot, a_house, approved, decided, in_review, sign, vote
from tests.dossiers import NOW, a_version

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_review")]


@pytest.fixture
def house() -> House:
    return a_house()


def test_a_requester_can_not_approve_their_own_request_not_even_from_a_seat_of_the_board(
    house: House,
) -> None:
    house.boards["ethics"].seats.create(person=house.ravi, role="member", attributes=[], since=NOW)
    request = in_review(house)
    ballot = a_ballot(house, house.ethics_review(request))
    assert ballot.seats.get(person=house.ravi).recused
    with pytest.raises(PermissionDenied):
        vote(house, ballot, "ravi")
    with pytest.raises(PermissionDenied):
        move_motion(
            actor=house.ravi, review_id=house.ethics_review(request).pk, kind="approve", text="Mine.", now=NOW
        )
    assert not Vote.objects.exists()


def test_who_came_to_the_request_after_the_ballot_opened_can_not_vote_any_more(house: House) -> None:
    request = in_review(house)
    ballot = a_ballot(house, house.ethics_review(request))
    request.parts.create(person=house.milo, added_at=NOW, added_by=house.ravi)
    with pytest.raises(PermissionDenied):
        vote(house, ballot, "milo")


@pytest.mark.parametrize("name", ["ravi", "sena", "milo", "rita", "ugo"])
def test_somebody_who_does_not_sign_can_not_refuse_to_sign_either(house: House, name: str) -> None:
    decision = decided(house, in_review(house))
    for role in ("legal", "chair"):
        with pytest.raises((PermissionDenied, Http404)):
            refuse_to_sign(
                actor=house.people[name], decision_id=decision.pk, role=role, reason="No.", now=NOW
            )
    decision.refresh_from_db()
    assert decision.status == "to_sign"


def test_deleting_what_a_decision_points_to_is_refused(house: House) -> None:
    decision = decided(house, in_review(house))
    ballot = Ballot.objects.get()
    pointed_to: list[Model] = [
        house.ravi, house.milo, house.chloe, house.boards["ethics"], decision.revision, decision.request, ballot,
        ballot.motion, ballot.review,
    ]  # fmt: skip
    for row in pointed_to:
        with pytest.raises((ProtectedError, IntegrityError)), transaction.atomic():
            row.delete()
    assert (Vote.objects.count(), Decision.objects.count()) == (4, 1)


def test_an_event_says_cleared_only_when_something_was_cleared(house: House) -> None:
    review = house.ethics_review(in_review(house))
    block = raise_block(actor=house.lena, review_id=review.pk, text="Not yet.", now=NOW)
    clear_block(actor=house.lena, block_id=block.pk, reason="Now.", now=NOW)
    with pytest.raises(IllegalTransition):
        clear_block(actor=house.lena, block_id=block.pk, reason="Again.", now=NOW)
    assert Event.objects.filter(verb="block.cleared").count() == 1


def test_no_outcome_comes_by_default_when_nobody_votes_until_the_deadline(house: House) -> None:
    request = in_review(house)
    ballot = a_ballot(house, house.ethics_review(request))
    assert meet_deadlines(ballot.deadline + timedelta(days=40)) == 1, "a missed run catches up"
    assert meet_deadlines(ballot.deadline + timedelta(days=40)) == 0, "once"
    ballot.refresh_from_db()
    assert ballot.result == "failed"
    assert not Decision.objects.exists()


def test_one_deadline_that_fails_does_not_keep_the_others(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    ballot = a_ballot(house, house.ethics_review(in_review(house)))
    monkeypatch.setattr("reviews.tasks.running_ballots", lambda _now: [ballot.pk + 1000, ballot.pk])
    assert meet_deadlines(ballot.deadline) == 1
    ballot.refresh_from_db()
    assert ballot.state == "closed"


def test_an_expedited_review_can_not_reject(house: House) -> None:
    review = house.ethics_review(in_review(house, procedure="expedited"))
    with pytest.raises(Refused, match="expedited review can't reject"):
        move_motion(actor=house.milo, review_id=review.pk, kind="reject", text="No.", now=NOW)


def test_the_record_is_printed_from_what_was_frozen_and_read_by_who_sees_the_request(
    house: House, settings: Any, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path  # the journeys' authority is younger than this decision
    decision = approved(house, in_review(house))
    house.milo.display_name = "Changed Name"
    house.milo.save()
    assert decision.record is not None
    advance(record_id=decision.record.pk, now=NOW + timedelta(minutes=1))
    for name in ("ravi", "chloe", "lex", "rita"):
        record = record_to_read(house.people[name], decision.record.pk, NOW)
        assert record.state == "sealed"
        assert b"Milo Member" in bytes(record.context)
    for name in ("ugo", "rex", "ada"):
        with pytest.raises(Http404):
            record_to_read(house.people[name], decision.record.pk, NOW)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE reviews_ballot SET state = 'closed'",
        "UPDATE reviews_ballot SET state = 'open', result = 'passed'",
        "UPDATE reviews_ballot SET state = 'closed', result = 'passed', closed_at = opened_at, because = ''",
        "UPDATE reviews_block SET text = ''",
        "UPDATE reviews_block SET state = 'cleared'",
        "UPDATE reviews_boardreview SET passed = 'approve'",
        "UPDATE reviews_motion SET seconded_by_id = moved_by_id",
    ],
)
@pytest.mark.both_engines
def test_the_database_itself_refuses_what_must_never_be(house: House, change: str) -> None:
    review = house.ethics_review(in_review(house))
    raise_block(actor=house.lena, review_id=review.pk, text="Not yet.", now=NOW)
    a_ballot(house, review)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert Ballot.objects.get().state == "open"
    assert Block.objects.get().state == "standing"


@pytest.mark.both_engines
def test_the_database_knows_one_open_ballot_one_signature_a_role_and_one_standing_decision(
    house: House,
) -> None:
    decision = decided(house, in_review(house))
    sign(house, decision, "legal", "lex")
    signature = decision.signatures.get()
    for role in ("legal", "chair"):
        signature.pk, signature.role, signature.nonce = None, role, role
        with pytest.raises(IntegrityError), transaction.atomic():
            signature.save(force_insert=True)
    decision.pk, decision.number = None, 2
    with pytest.raises(IntegrityError), transaction.atomic():
        decision.save(force_insert=True)
    ballot = a_ballot(
        house, house.ethics_review(in_review(house, version=a_version(house.ravi, number="2.2")))
    )
    ballot.pk, ballot.number = None, 9
    ballot.motion = house.ethics_review(ballot.request).motions.create(
        kind="approve", text="x", revision=ballot.revision, moved_by=house.milo, moved_at=NOW
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        ballot.save(force_insert=True)
    assert Ballot.objects.filter(state="open").count() == 1

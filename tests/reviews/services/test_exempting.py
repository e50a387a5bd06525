"""An exempt request is determined by a member, with a reason, and signed like any approval; a doubt sends it on."""

import json
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from audit.models import Event
from audit.refusal import IllegalTransition, Refused
from reviews.models import Ballot, BoardReview, Decision, ProcedureChange
from reviews.rules.exemption import ExemptionGround
from reviews.selectors.waiting import waiting_about
from reviews.services.boards import seat_person
from reviews.services.escalating import send_on
from reviews.services.exempting import determine_exempt
from reviews.services.motions import move_motion
from reviews.services.reading import ask_question
from reviews.services.signing import refuse_to_sign
from tests.boardrooms import House, a_ballot, a_house, all_vote, in_review, sign, verbs_about
from tests.dossiers import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_house")]
ALL = [ground.value for ground in ExemptionGround]


@pytest.fixture
def house() -> House:
    return a_house()


@pytest.fixture
def review(house: House) -> BoardReview:
    return house.ethics_review(in_review(house, procedure="exempt"))


def determine(house: House, review: BoardReview, name: str = "milo", **given: object) -> Decision:
    found = {"grounds": ALL, "reason": "It stays inside."} | given
    return determine_exempt(actor=house.people[name], review_id=review.pk, now=NOW, **found)  # type: ignore[arg-type]


def test_a_member_determines_it_and_the_decision_waits_for_both_signatures(
    house: House, review: BoardReview
) -> None:
    decision = determine(house, review)
    request = decision.request
    assert (decision.basis, decision.outcome, decision.status) == ("determination", "approved", "to_sign")
    assert (request.state, decision.valid_until) == ("decided", date(2027, 11, 23))
    assert not Ballot.objects.exists()
    kept = decision.determination
    assert (kept.person, kept.capacity, kept.grounds) == (house.milo, "member", ALL)
    assert kept.policy_sha256
    assert kept.revision_sha256 == decision.revision_sha256
    assert decision.record is not None
    said = json.loads(bytes(decision.record.context))
    assert said["request"]["procedure"] == "exempt"
    assert said["decision"]["reasons"] == "It stays inside."
    assert "Determined to be exempt by Milo Member, member of Ethics board" in said["boards"][0]["note"]
    assert (said["boards"][0]["ballots"], said["boards"][0]["motion_passed"]) == ([], None)
    sign(house, decision, "legal", "lex")
    sign(house, decision, "chair", "chloe")
    request.refresh_from_db()
    assert request.state == "approved"
    meaning = decision.signatures.get(role="chair").meaning
    assert "exempt" in meaning
    assert "boards passed it" not in meaning
    assert verbs_about(request).count("request.exempted") == 1
    leaf = json.loads(bytes(Event.objects.get(verb="request.exempted").leaf))
    assert leaf["actor"] == str(house.milo.pseudonym)
    assert leaf["data"]["grounds"] == ALL


def test_it_waits_for_the_members_of_the_leading_board_and_asks_nobody_for_a_position(
    house: House, review: BoardReview
) -> None:
    found = waiting_about(frozenset({review.request_id}), NOW)
    asked = {thing.person_id for kind, thing in found if kind == "review.exemption"}
    assert asked == {house.people[name].pk for name in ("chloe", "milo", "mara", "lena")}
    assert not {kind for kind, _thing in found} & {"review.position", "review.motion"}
    determine(house, review)
    assert not [
        kind for kind, _thing in waiting_about(frozenset({review.request_id}), NOW) if "exemption" in kind
    ]


def test_nobody_with_a_part_no_secretary_and_not_who_routed_it_determines_it(
    house: House, review: BoardReview
) -> None:
    for name, sentence in {
        "ravi": "members of this board", "rex": "line manager", "sena": "members of this board",
        "lex": "members of this board",
    }.items():  # fmt: skip
        with pytest.raises(PermissionDenied, match=sentence):
            determine(house, review, name)
    seat_person(
        actor=house.ada,
        board_id=review.board_id,
        person_id=house.sena.pk,
        role="member",
        attributes=[],
        now=NOW,
    )
    with pytest.raises(PermissionDenied, match="You gave the request this way"):
        determine(house, review, "sena")
    assert not Decision.objects.exists()


def test_it_needs_every_ground_a_reason_no_open_question_and_no_block(
    house: House, review: BoardReview
) -> None:
    with pytest.raises(Refused, match="no change of the weights"):
        determine(house, review, grounds=ALL[:3])
    with pytest.raises(Refused, match="Say why"):
        determine(house, review, reason="  ")
    with pytest.raises(Refused, match="Nothing is put to the vote"):
        move_motion(actor=house.milo, review_id=review.pk, kind="approve", text="Yes.", now=NOW)
    ask_question(actor=house.milo, review_id=review.pk, text="Who uses it?", now=NOW)
    with pytest.raises(Refused, match="question is open"):
        determine(house, review)
    assert not Decision.objects.exists()


def test_a_doubt_sends_it_to_full_where_the_board_votes_and_nothing_is_determined_any_more(
    house: House, review: BoardReview
) -> None:
    with pytest.raises(Refused, match="Say what the doubt is"):
        send_on(actor=house.milo, review_id=review.pk, procedure="full", reason="", now=NOW)
    with pytest.raises(Refused, match="stricter"):
        send_on(actor=house.milo, review_id=review.pk, procedure="emergency", reason="Hm.", now=NOW)
    with pytest.raises(PermissionDenied):
        send_on(actor=house.lex, review_id=review.pk, procedure="full", reason="Hm.", now=NOW)
    change = send_on(
        actor=house.milo, review_id=review.pk, procedure="full", reason="Outside users.", now=NOW
    )
    assert (change.before, change.after, change.capacity) == ("exempt", "full", "member")
    review.refresh_from_db()
    assert (
        review.request.procedure == "full"
        or BoardReview.objects.get(pk=review.pk).request.procedure == "full"
    )
    with pytest.raises(IllegalTransition):
        determine(house, BoardReview.objects.get(pk=review.pk))
    with pytest.raises(IllegalTransition):
        send_on(actor=house.milo, review_id=review.pk, procedure="full", reason="Again.", now=NOW)
    assert ProcedureChange.objects.count() == 1
    ballot = a_ballot(house, BoardReview.objects.get(pk=review.pk))
    all_vote(house, ballot)
    assert Decision.objects.get().basis == "ballots"


def test_when_legal_will_not_sign_it_is_determined_or_sent_on_again(
    house: House, review: BoardReview
) -> None:
    decision = determine(house, review)
    refuse_to_sign(actor=house.lex, decision_id=decision.pk, role="legal", reason="Unclear.", now=NOW)
    decision.refresh_from_db()
    assert (decision.outcome, decision.basis) == ("refused", "determination")
    send_on(actor=house.sena, review_id=review.pk, procedure="full", reason="Legal has doubts.", now=NOW)
    after = BoardReview.objects.get(pk=review.pk)
    assert (after.state, after.note, after.request.procedure) == ("deliberating", "", "full")
    assert ProcedureChange.objects.get().capacity == "secretary"

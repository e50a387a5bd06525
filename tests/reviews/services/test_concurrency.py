"""Acts at the same moment, with real commits: one decision, one vote, nothing counted from an old picture."""

import pytest

from accounts import totp
from accounts.signing import Proof
from audit.models import Event
from audit.refusal import Refused
from reviews.models import Ballot, Block, Decision, Signature, Vote
from reviews.rules.lifecycle import RequestState
from reviews.services.blocks import clear_block
from reviews.services.closing import close_at_deadline
from reviews.services.signing import sign_decision
from reviews.services.voting import cast_vote
from tests.boardrooms import House, a_ballot, a_house, all_vote, decided, in_review, verbs_about, vote
from tests.dossiers import NOW, PASSWORD
from tests.reviews.at_once import Act, at_once

pytestmark = pytest.mark.usefixtures("standing_review")


@pytest.fixture
def house(committed: None) -> House:
    return a_house()


def voting(
    house: House, ballot: Ballot, name: str, position: str = "for", reason: str = "So I think."
) -> Act:
    return lambda: cast_vote(
        actor=house.people[name], ballot_id=ballot.pk, position=position, reason=reason,
        revision_sha256=ballot.revision_sha256, now=NOW,
    )  # fmt: skip


def only_decision(ballot: Ballot) -> Decision:
    story = verbs_about(ballot.request)
    for verb in ("ballot.closed", "decision.made", "request.decided", "record.frozen"):
        assert story.count(verb) <= 1, verb
    return Decision.objects.get()


@pytest.mark.both_engines
def test_two_last_votes_at_once_give_one_decision(house: House) -> None:
    ballot = a_ballot(house, house.ethics_review(in_review(house)))
    all_vote(house, ballot, names=("chloe", "milo"))
    assert at_once(voting(house, ballot, "mara"), voting(house, ballot, "lena")) == [None, None]
    ballot.refresh_from_db()
    assert (ballot.result, ballot.closing["threshold"]["votes_for"]) == ("passed", 4)
    assert only_decision(ballot).outcome == "approved"
    assert Vote.objects.count() == 4


def test_all_votes_at_once_give_one_decision(house: House) -> None:
    ballot = a_ballot(house, house.ethics_review(in_review(house)))
    acts = [voting(house, ballot, name) for name in ("chloe", "milo", "mara", "lena")]
    assert at_once(*acts) == [None] * 4
    assert only_decision(ballot).outcome == "approved"


@pytest.mark.both_engines
def test_a_vote_and_the_closing_at_the_deadline_give_one_result(house: House) -> None:
    ballot = a_ballot(house, house.ethics_review(in_review(house)))
    all_vote(house, ballot, names=("chloe", "milo", "mara"))
    raised = at_once(
        voting(house, ballot, "lena"), lambda: close_at_deadline(ballot_id=ballot.pk, now=ballot.deadline)
    )
    ballot.refresh_from_db()
    assert raised[1] is None
    votes = Vote.objects.count()
    if raised[0] is None:
        assert (votes, ballot.because) == (4, "all_voted")
    else:
        assert isinstance(raised[0], Refused)
        assert (votes, ballot.because) == (3, "deadline")
    assert ballot.closing["threshold"]["votes_for"] == votes
    assert only_decision(ballot).outcome == "approved"


def test_the_deadline_met_by_two_workers_closes_once(house: House) -> None:
    ballot = a_ballot(house, house.ethics_review(in_review(house)))
    vote(house, ballot, "chloe")
    act = lambda: close_at_deadline(ballot_id=ballot.pk, now=ballot.deadline)  # noqa: E731
    assert at_once(act, act, act) == [None] * 3
    assert Event.objects.filter(verb="ballot.closed").count() == 1


@pytest.mark.both_engines
def test_a_repeated_click_gives_one_vote(house: House) -> None:
    ballot = a_ballot(house, house.ethics_review(in_review(house)))
    all_vote(house, ballot, names=("chloe", "milo", "mara"))
    assert at_once(*[voting(house, ballot, "lena")] * 4) == [None] * 4
    assert Vote.objects.filter(seat__person=house.lena).count() == 1
    assert Event.objects.filter(verb="vote.cast").count() == 4
    assert only_decision(ballot).outcome == "approved"


def test_two_boards_that_decide_in_one_moment_give_one_decision(house: House) -> None:
    request = in_review(house, ["ethics", "safety"])
    ethics = a_ballot(house, house.ethics_review(request))
    safety = a_ballot(house, house.safety_review(request), "return", mover="sid")
    all_vote(house, ethics, names=("chloe", "milo", "mara"))
    vote(house, safety, "sid")
    raised = at_once(voting(house, ethics, "lena"), voting(house, safety, "mara"))
    assert raised[1] is None
    assert raised[0] is None or isinstance(raised[0], Refused)
    request.refresh_from_db()
    assert request.state == RequestState.DRAFT
    assert Decision.objects.get().outcome == "returned"


def test_clearing_the_last_block_and_the_deadline_give_one_result(house: House) -> None:
    ballot = a_ballot(house, house.ethics_review(in_review(house)))
    vote(house, ballot, "lena", "against", block_text="Not yet.")
    all_vote(house, ballot, names=("chloe", "milo", "mara"))
    block = Block.objects.get()
    at_once(
        lambda: clear_block(actor=house.lena, block_id=block.pk, reason="Answered.", now=NOW),
        lambda: close_at_deadline(ballot_id=ballot.pk, now=ballot.deadline),
    )
    ballot.refresh_from_db()
    assert ballot.state == "closed"
    assert Decision.objects.count() == (1 if ballot.result == "passed" else 0)
    assert Event.objects.filter(verb="ballot.closed").count() == 1


def test_a_signature_sent_twice_at_once_is_one(house: House) -> None:
    decision = decided(house, in_review(house))
    shown = totp.next_code(house.lex, NOW)
    assert shown is not None
    assert decision.record is not None
    digest = decision.record.context_sha256

    def act() -> object:
        return sign_decision(
            actor=house.lex, decision_id=decision.pk, role="legal", record_sha256=digest, now=NOW,
            proof=Proof(password=PASSWORD, code=shown.code),
        )  # fmt: skip

    assert at_once(act, act) == [None, None]
    assert Signature.objects.count() == 1
    assert Event.objects.filter(verb="decision.signed").count() == 1


def test_the_commit_of_a_decision_has_its_events_as_the_guard_of_the_database_asks(house: House) -> None:
    ballot = a_ballot(house, house.ethics_review(in_review(house)))
    all_vote(house, ballot)
    assert only_decision(ballot).record is not None

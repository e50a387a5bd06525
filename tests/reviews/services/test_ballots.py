"""A ballot from its opening to its closing."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from accounts.models import User
from accounts.roles import Role
from accounts.services.roles import give_role
from audit.leaf import decode
from audit.models import Disclosure, Event
from audit.refusal import IllegalTransition, Refused
from reviews.models import Ballot, Decision, Vote
from reviews.rules.lifecycle import RequestState
from reviews.rules.review_lifecycle import ReviewState
from reviews.services.closing import close_at_deadline, close_ballot
from reviews.services.opening import open_ballot
from reviews.services.voting import cast_vote, enter_vote
from tests.boardrooms import House, a_ballot, a_house, a_motion, all_vote, in_review, verbs_about, vote
from tests.dossiers import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines, pytest.mark.usefixtures("standing_review")]


@pytest.fixture
def house() -> House:
    return a_house()


def test_the_last_vote_out_closes_the_ballot_and_decides_the_request(house: House) -> None:
    request = in_review(house)
    ballot = a_ballot(house, house.ethics_review(request))
    for name in ("chloe", "milo", "mara"):
        ballot = vote(house, ballot, name)
        assert ballot.state == "open", "reaching the threshold alone closes nothing"
    ballot = vote(house, ballot, "lena", "against")
    assert (ballot.state, ballot.result, ballot.because) == ("closed", "passed", "all_voted")
    request.refresh_from_db()
    decision = Decision.objects.get(request=request)
    assert (request.state, decision.outcome, decision.status) == (RequestState.DECIDED, "approved", "to_sign")
    assert decision.revision_sha256 == ballot.revision_sha256
    assert house.ethics_review(request).state == ReviewState.CLOSED
    story = verbs_about(request)
    assert story.count("vote.cast") == 4
    assert story.count("ballot.closed") == story.count("decision.made") == story.count("request.decided") == 1


def test_a_recused_member_may_not_vote_and_does_not_count_towards_quorum(house: House) -> None:
    request = in_review(house)
    ballot = a_ballot(house, house.ethics_review(request))
    assert ballot.opening["quorum"] == {"seats": 5, "recused": 1, "needed": 3, "present": 4}
    with pytest.raises(PermissionDenied):
        vote(house, ballot, "rex")
    assert not Vote.objects.exists()


@pytest.mark.parametrize("name", ["ravi", "sena", "lex", "rita", "sid"])
def test_whoever_has_no_seat_can_not_vote_also_if_they_see_the_request(house: House, name: str) -> None:
    ballot = a_ballot(house, house.ethics_review(in_review(house)))
    with pytest.raises((PermissionDenied, Http404)):
        vote(house, ballot, name)
    assert not Vote.objects.exists()


@pytest.mark.parametrize("name", ["ugo", "ada"])
def test_for_an_outsider_there_is_no_ballot(house: House, name: str) -> None:
    ballot = a_ballot(house, house.ethics_review(in_review(house)))
    with pytest.raises(Http404):
        vote(house, ballot, name)
    assert not Vote.objects.exists()


def test_a_changed_mind_is_a_new_row_and_the_last_one_counts(house: House) -> None:
    request = in_review(house)
    ballot = a_ballot(house, house.ethics_review(request))
    vote(house, ballot, "milo", "against")
    vote(house, ballot, "milo", "for")
    ballot = all_vote(house, ballot, names=("chloe", "mara", "lena"))
    assert ballot.closing["threshold"]["votes_for"] == 4
    assert Vote.objects.filter(seat__person=house.milo).count() == 2


def test_a_repeated_click_gives_one_vote_also_after_it_closed_the_ballot(house: House) -> None:
    request = in_review(house)
    ballot = a_ballot(house, house.ethics_review(request))
    ballot = all_vote(house, ballot)
    events = Event.objects.count()
    vote(house, ballot, "lena")
    assert Vote.objects.count() == 4
    assert Decision.objects.count() == 1
    assert Event.objects.count() == events


def test_nothing_is_accepted_after_closing(house: House) -> None:
    request = in_review(house)
    ballot = all_vote(house, a_ballot(house, house.ethics_review(request)))
    with pytest.raises(IllegalTransition):
        vote(house, ballot, "lena", "against", reason="I changed my mind.")
    assert Vote.objects.count() == 4


def test_a_vote_needs_a_reason_and_the_revision_that_was_read(house: House) -> None:
    ballot = a_ballot(house, house.ethics_review(in_review(house)))
    given: dict[str, Any] = {"actor": house.milo, "ballot_id": ballot.pk, "position": "for", "now": NOW}
    with pytest.raises(Refused):
        cast_vote(reason="  ", revision_sha256=ballot.revision_sha256, **given)
    with pytest.raises(Refused):
        cast_vote(reason="Good.", revision_sha256="0" * 64, **given)
    assert not Vote.objects.exists()
    assert "vote.cast" not in verbs_about(ballot.request)


def test_no_ballot_opens_without_quorum(house: House) -> None:
    motion = a_motion(house, house.ethics_review(in_review(house)))
    with pytest.raises(Refused, match="No quorum: 2 of 5"):
        open_ballot(actor=house.sena, motion_id=motion.pk, absent=[house.milo.pk, house.mara.pk], now=NOW)
    assert not Ballot.objects.exists()


def test_no_ballot_opens_without_the_people_whom_the_policy_asks_for(house: House) -> None:
    motion = a_motion(house, house.ethics_review(in_review(house)))
    with pytest.raises(Refused, match="lay, external"):
        open_ballot(actor=house.sena, motion_id=motion.pk, absent=[house.lena.pk], now=NOW)
    assert not Ballot.objects.exists()


def test_only_the_secretary_or_the_chair_opens_a_ballot_and_only_on_a_seconded_motion(house: House) -> None:
    review = house.ethics_review(in_review(house))
    motion = a_motion(house, review)
    for name in ("milo", "rex", "lex"):
        with pytest.raises(PermissionDenied):
            open_ballot(actor=house.people[name], motion_id=motion.pk, now=NOW)
    motion.seconded_by = None
    motion.save()
    with pytest.raises(Refused, match="seconder"):
        open_ballot(actor=house.chloe, motion_id=motion.pk, now=NOW)


def test_one_ballot_of_a_board_is_open_at_a_time(house: House) -> None:
    review = house.ethics_review(in_review(house))
    first = a_motion(house, review)
    second = a_motion(house, review, "return")
    open_ballot(actor=house.sena, motion_id=first.pk, now=NOW)
    with pytest.raises(Refused):
        open_ballot(actor=house.sena, motion_id=second.pk, now=NOW)
    assert Ballot.objects.count() == 1


def test_at_its_deadline_a_ballot_closes_with_the_votes_it_has_and_who_did_not_vote_stays_in_the_base(
    house: House,
) -> None:
    request = in_review(house)
    ballot = a_ballot(house, house.ethics_review(request))
    vote(house, ballot, "chloe")
    vote(house, ballot, "milo")
    late = ballot.deadline + timedelta(hours=5)
    with pytest.raises(IllegalTransition):
        vote(house, ballot, "mara", now=late)
    assert close_at_deadline(ballot_id=ballot.pk, now=late)
    assert not close_at_deadline(ballot_id=ballot.pk, now=late), "twice does nothing"
    ballot.refresh_from_db()
    assert (ballot.result, ballot.because, ballot.closed_at) == ("failed", "deadline", ballot.deadline)
    assert (
        ballot.closing["threshold"] | {"base": 4, "votes_for": 2, "passed": False}
        == ballot.closing["threshold"]
    )
    request.refresh_from_db()
    assert request.state == RequestState.IN_REVIEW, "a failed motion decides nothing else"
    assert house.ethics_review(request).state == ReviewState.DELIBERATING
    assert not Decision.objects.exists(), "no outcome by default"


def test_the_secretary_closes_early_only_when_the_result_is_certain(house: House) -> None:
    ballot = a_ballot(house, house.ethics_review(in_review(house)))
    vote(house, ballot, "chloe", "against")
    with pytest.raises(Refused, match="can still change"):
        close_ballot(actor=house.sena, ballot_id=ballot.pk, now=NOW)
    vote(house, ballot, "milo", "against")
    with pytest.raises(PermissionDenied):
        close_ballot(actor=house.chloe, ballot_id=ballot.pk, now=NOW)
    close_ballot(actor=house.sena, ballot_id=ballot.pk, now=NOW)
    ballot.refresh_from_db()
    assert (ballot.result, ballot.because, ballot.closed_by) == ("failed", "result_certain", house.sena)


def test_a_vote_entered_by_proxy_keeps_both_names_and_replaces_no_vote_of_the_person(house: House) -> None:
    ballot = a_ballot(house, house.ethics_review(in_review(house)))
    given: dict[str, Any] = {"actor": house.sena, "ballot_id": ballot.pk, "position": "for", "now": NOW}
    entered = enter_vote(person_id=house.lena.pk, reason="Said on the telephone.", **given)
    assert (entered.entered_by, entered.seat.person) == (house.sena, house.lena)
    event = Event.objects.get(verb="vote.entered")
    assert "position" not in decode(bytes(event.leaf))["data"]  # in the leaf it stands behind a commitment
    assert Disclosure.objects.get(event=event, path="position").value == "for"
    assert b'"on_behalf_of":"%s"' % str(house.lena.pseudonym).encode() in bytes(event.leaf)
    vote(house, ballot, "milo")
    with pytest.raises(Refused):
        enter_vote(person_id=house.milo.pk, reason="Told me otherwise.", **given)
    with pytest.raises(Refused):
        enter_vote(person_id=house.rex.pk, reason="Recused people too.", **given)
    with pytest.raises(PermissionDenied):
        enter_vote(**{**given, "actor": house.milo}, person_id=house.mara.pk, reason="For a friend.")


def test_no_vote_is_entered_for_an_administrator_who_kept_a_seat(house: House) -> None:
    ballot = a_ballot(house, house.ethics_review(in_review(house)))
    for name in ("chloe", "lena"):
        give_role(actor=house.ada, person_id=house.people[name].pk, role=Role.ADMINISTRATOR, now=NOW)
    chair = User.objects.get(pk=house.chloe.pk)
    for person_id in (house.chloe.pk, house.lena.pk):
        with pytest.raises(Refused):
            enter_vote(
                actor=chair,
                ballot_id=ballot.pk,
                person_id=person_id,
                position="for",
                reason="As said.",
                now=NOW,
            )
    assert not Vote.objects.exists()

"""Appeals: filed once and in time, heard by a panel of nobody who voted, decided in a new round."""

from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from accounts.roles import Role
from audit.models import Event
from audit.refusal import IllegalTransition, Refused
from reviews.models import Appeal, BoardReview, Decision, Policy
from reviews.services.appeals import file_appeal, form_appeal_panel
from reviews.services.signing import refuse_to_sign
from reviews.services.voting import enter_vote
from reviews.services.withdrawal import withdraw_request
from tests.boardrooms import House, a_ballot, a_house, all_vote, in_review, sign, verbs_about
from tests.dossiers import NOW, person
from tests.panels import (
    an_appeal,
    heard,
    letters,
    panel_ballot,
    panel_votes,
    panelists,
    rejected,
    state,
    told_apart,
    waits_for,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_house")]
DAY = timedelta(days=1)


@pytest.fixture
def house() -> House:
    return a_house()


@pytest.mark.both_engines
def test_a_panel_that_approves_reverses_the_rejection_and_its_chair_signs(house: House) -> None:
    request = rejected(house).request
    appeal = an_appeal(house, request, now=NOW + DAY)
    assert (state(request), appeal.state, request.state_since) == ("rejected", "filed", NOW)
    assert waits_for("review.panel") == {"sena"}
    people = panelists()
    panel = heard(house, appeal, people, now=NOW + DAY)
    assert state(request) == "in_review"
    review = BoardReview.objects.get(board=panel)
    first = house.ethics_review(request)
    assert (review.round, review.leading, review.revision) == (2, True, first.revision)
    assert (first.state, first.leading, first.passed) == ("closed", False, "reject")
    panel_votes(panel_ballot(house, panel, people, now=NOW + DAY), people, now=NOW + DAY)
    decision = Decision.objects.filter(request=request).latest("number")
    appeal.refresh_from_db()
    assert (appeal.state, appeal.outcome, appeal.led_to) == ("decided", "approved", decision)
    assert state(request) == "decided"
    told = told_apart(decision)["appeal"]
    assert (told["against"], told["grounds"], told["panel"]) == (
        1,
        "The risk was read wrongly.",
        panel.name_en,
    )
    assert letters(request) == ["rejected", "appeal_received"]
    people[0].refresh_from_db()
    sign(house, decision, "legal", "lex", now=NOW + DAY)
    house.people["eva"] = people[0]
    TOTP.activate(people[0], generate_totp_secret())
    sign(house, decision, "chair", "eva", now=NOW + DAY)
    assert state(request) == "approved"
    assert letters(request) == ["rejected", "appeal_received", "approved", "appeal_decided"]
    assert [verb for verb in verbs_about(request) if verb.startswith(("appeal.", "panel."))] == [
        "appeal.filed", "panel.formed", "appeal.heard", "appeal.decided",
    ]  # fmt: skip


def test_a_panel_that_rejects_again_is_final(house: House) -> None:
    request = rejected(house).request
    people = panelists()
    panel = heard(house, an_appeal(house, request), people)
    panel_votes(panel_ballot(house, panel, people, "reject"), people)
    decision = Decision.objects.filter(request=request).latest("number")
    assert (state(request), decision.appeal_until) == ("rejected", None)
    with pytest.raises(IllegalTransition, match="final"):
        an_appeal(house, request)
    assert Appeal.objects.get(request=request).outcome == "rejected"
    assert letters(request) == ["rejected", "appeal_received", "appeal_decided"]


def test_a_panel_that_returns_sends_it_back_to_draft(house: House) -> None:
    request = rejected(house).request
    people = panelists()
    panel = heard(house, an_appeal(house, request), people)
    panel_votes(panel_ballot(house, panel, people, "return"), people)
    assert state(request) == "draft"
    assert Appeal.objects.get(request=request).outcome == "returned"


def test_it_is_filed_with_grounds_by_the_requester_until_its_last_day_and_once(house: House) -> None:
    decision = rejected(house)
    request, last = decision.request, NOW + timedelta(days=28)
    assert decision.appeal_until == last.date()
    with pytest.raises(Refused, match="grounds"):
        file_appeal(actor=house.ravi, request_id=request.pk, grounds="  ", now=NOW)
    with pytest.raises(PermissionDenied):
        file_appeal(actor=house.sena, request_id=request.pk, grounds="No.", now=NOW)
    with pytest.raises(Refused, match=r"Dec\. \d+, 2026|December"):
        an_appeal(house, request, now=last + DAY)
    assert not Appeal.objects.exists()
    appeal = an_appeal(house, request, now=last)
    with pytest.raises(IllegalTransition, match="once"):
        an_appeal(house, request, now=last)
    names = [field.attname for field in Appeal._meta.fields if not field.primary_key]
    copy = {name: getattr(appeal, name) for name in names}
    with pytest.raises(IntegrityError), transaction.atomic():
        Appeal.objects.create(**copy | {"number": 2, "state": "ended", "ending_reason": "x"})
    assert Event.objects.filter(verb="appeal.filed").count() == 1


def test_nobody_who_voted_or_has_a_part_sits_on_the_panel(house: House) -> None:
    request = rejected(house).request
    appeal, others = an_appeal(house, request), panelists(2)
    for name in ("milo", "chloe", "rex", "ravi", "sena", "ada"):
        with pytest.raises(Refused, match=house.people[name].display_name):
            heard(house, appeal, [*others, house.people[name]])
    appeal.refresh_from_db()
    assert (appeal.state, state(request)) == ("filed", "rejected")


def test_who_entered_a_vote_for_somebody_had_a_word_in_it_too(house: House) -> None:
    request = in_review(house)
    ballot = a_ballot(house, house.ethics_review(request), "reject")
    all_vote(house, ballot, names=("chloe", "milo", "lena"))
    enter_vote(
        actor=house.sena, ballot_id=ballot.pk, person_id=house.mara.pk, position="for", reason="On paper.", now=NOW,
    )  # fmt: skip
    appeal = an_appeal(house, request)
    other = person("Sven Secretary", Role.SECRETARY)
    with pytest.raises(Refused, match="Sena Secretary: voted"):
        form_appeal_panel(
            actor=other, appeal_id=appeal.pk, people=[*(p.pk for p in panelists(2)), house.sena.pk],
            chair=house.sena.pk, now=NOW,
        )  # fmt: skip


def test_the_standard_is_the_board_s_and_a_panel_that_could_not_meet_it_is_not_formed(house: House) -> None:
    request = rejected(house).request
    appeal = an_appeal(house, request)
    with pytest.raises(Refused, match="needs 3 people"):
        heard(house, appeal, panelists(2))
    plain = [person(f"{name} Plain") for name in ("P", "Q", "R")]
    with pytest.raises(Refused, match="other kinds"):
        heard(house, appeal, plain)
    panel = form_appeal_panel(
        actor=house.sena, appeal_id=appeal.pk, people=[one.pk for one in plain], chair=plain[0].pk, now=NOW,
        attributes={plain[1].pk: frozenset({"lay", "wise"})},
    )  # fmt: skip
    assert panel.seats.get(person=plain[1]).attributes == ["lay"]
    kept = Policy.objects.get(board=panel).content
    ours = Policy.objects.get(board=house.boards["ethics"]).content
    assert [kept[key] for key in ("quorum", "threshold", "composition")] == [
        ours[key] for key in ("quorum", "threshold", "composition")
    ]


def test_a_panel_weighs_the_word_of_one_kind_and_the_others_still_judge(house: House) -> None:
    request = in_review(house, ("ethics", "safety"))
    all_vote(
        house, a_ballot(house, house.safety_review(request), "reject", mover="sid"), names=("sid", "mara")
    )
    assert (state(request), house.ethics_review(request).state) == ("rejected", "closed")
    people = panelists()
    panel = heard(house, an_appeal(house, request), people)
    assert panel.kind == "safety"
    ethics = house.ethics_review(request)
    assert (ethics.state, ethics.round, ethics.leading) == ("assigned", 2, True)
    panel_votes(panel_ballot(house, panel, people), people)
    assert state(request) == "in_review"
    all_vote(house, a_ballot(house, ethics))
    assert state(request) == "decided"
    assert Appeal.objects.get(request=request).outcome == "approved"


def test_an_approval_that_a_board_gave_on_the_same_revision_stands(house: House) -> None:
    request = in_review(house, ("ethics", "safety"))
    all_vote(house, a_ballot(house, house.ethics_review(request)))
    all_vote(
        house, a_ballot(house, house.safety_review(request), "reject", mover="sid"), names=("sid", "mara")
    )
    people = panelists()
    panel = heard(house, an_appeal(house, request), people)
    ethics = house.ethics_review(request)
    assert (ethics.state, ethics.passed, ethics.round, ethics.leading) == ("closed", "approve", 2, True)
    panel_votes(panel_ballot(house, panel, people), people)
    assert state(request) == "decided"


def test_a_refusal_to_sign_lets_the_panel_deliberate_again(house: House) -> None:
    request = rejected(house).request
    people = panelists()
    panel = heard(house, an_appeal(house, request), people)
    panel_votes(panel_ballot(house, panel, people), people)
    decision = Decision.objects.filter(request=request).latest("number")
    refuse_to_sign(actor=house.lex, decision_id=decision.pk, role="legal", reason="Too broad.", now=NOW)
    appeal = Appeal.objects.get(request=request)
    assert (appeal.state, appeal.outcome, appeal.led_to, state(request)) == ("heard", "", None, "in_review")
    panel_votes(panel_ballot(house, panel, people, "reject"), people)
    appeal.refresh_from_db()
    assert (appeal.state, appeal.outcome) == ("decided", "rejected")


def test_a_request_that_is_withdrawn_ends_its_appeal(house: House) -> None:
    request = rejected(house).request
    heard(house, an_appeal(house, request), panelists())
    withdraw_request(actor=house.ravi, request_id=request.pk, now=NOW)
    appeal = Appeal.objects.get(request=request)
    assert (appeal.state, appeal.outcome) == ("ended", "")
    assert appeal.ending_reason

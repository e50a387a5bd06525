"""The second review by experts: their panel, its denominator, and that nothing is approved without it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404

from accounts.models import User
from audit.models import Event
from audit.refusal import IllegalTransition, Refused
from reviews.models import Answer, Ballot, Board, BoardReview, Decision, Policy, ReviewRequest, Seat
from reviews.permissions.sight import visible_to
from reviews.rules.lifecycle import RequestState
from reviews.services.boards import end_seat, seat_person, set_policy
from reviews.services.closing import close_at_deadline
from reviews.services.second_review import form_expert_panel
from reviews.services.submission import submit_revision
from reviews.services.triage import accept_request, route_request
from tests.boardrooms import House, a_ballot, a_house, all_vote, in_review, sign, verbs_about
from tests.dossiers import NOW, person
from tests.panels import experts, outsiders, panel_ballot, panel_votes, waits_for

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_house")]


@pytest.fixture
def house() -> House:
    return a_house()


@pytest.fixture
def request_(house: House) -> ReviewRequest:
    return in_review(house, procedure="expert")


def boards_approve(house: House, request: ReviewRequest) -> None:
    all_vote(house, a_ballot(house, house.ethics_review(request)))
    request.refresh_from_db()


@pytest.mark.both_engines
def test_the_boards_alone_approve_nothing_and_the_panel_after_them_does(
    house: House, request_: ReviewRequest
) -> None:
    boards_approve(house, request_)
    assert request_.state == RequestState.IN_REVIEW
    assert waits_for("review.panel") == {"sena"}
    people = outsiders()
    panel = experts(house, request_, people)
    assert waits_for("review.panel") == set()
    assert waits_for("review.position") == {"eva", "ezra", "elif", "emil", "enid"}
    review = BoardReview.objects.get(board=panel)
    assert (review.round, review.leading, review.state) == (1, False, "assigned")
    ballot = panel_ballot(house, panel, people)
    assert ballot.opening["quorum"]["needed"] == 3
    panel_votes(ballot, people[:4])
    assert panel_votes(ballot, people[4:], "against").result == "passed"
    decision = Decision.objects.get(request=request_)
    sign(house, decision, "legal", "lex")
    sign(house, decision, "chair", "chloe")
    request_.refresh_from_db()
    assert request_.state == RequestState.APPROVED


def test_two_thirds_of_all_experts_are_needed_also_of_those_who_are_away(
    house: House, request_: ReviewRequest
) -> None:
    boards_approve(house, request_)
    people = outsiders()
    panel = experts(house, request_, people)
    ballot = panel_votes(panel_ballot(house, panel, people), people[:3])
    assert ballot.state == "open"
    close_at_deadline(ballot_id=ballot.pk, now=ballot.deadline)
    closed = Ballot.objects.get(pk=ballot.pk)
    assert (closed.result, closed.closing["threshold"]["of"], closed.closing["threshold"]["base"]) == (
        "failed", "all_seated", 5,
    )  # fmt: skip
    request_.refresh_from_db()
    assert request_.state == RequestState.IN_REVIEW


def test_the_panel_reads_beside_the_boards_and_votes_after_them(
    house: House, request_: ReviewRequest
) -> None:
    people = outsiders()
    panel = experts(house, request_, people)
    assert request_ in visible_to(people[0], NOW)
    with pytest.raises(Refused, match="vote when the boards have approved"):
        panel_ballot(house, panel, people)
    assert not Ballot.objects.filter(review__board=panel).exists()


def test_a_panel_that_rejects_rejects_the_request(house: House, request_: ReviewRequest) -> None:
    boards_approve(house, request_)
    people = outsiders()
    panel = experts(house, request_, people)
    panel_votes(panel_ballot(house, panel, people, "reject"), people)
    request_.refresh_from_db()
    assert request_.state == RequestState.REJECTED


def test_the_panel_is_formed_with_one_event_its_policy_its_keepers_and_its_seats(
    house: House, request_: ReviewRequest
) -> None:
    people = outsiders()
    panel = experts(house, request_, people)
    assert (panel.purpose, panel.formed_for, panel.kind) == ("experts", request_, "ethics")
    policy = Policy.objects.get(board=panel)
    assert policy.content["threshold"]["of"] == "all_seated"
    assert policy.content["composition"] == []
    seats = Seat.objects.filter(board=panel)
    assert sorted(seats.values_list("role", flat=True)) == ["chair", *["member"] * 4]
    assert all({"expert", "external"} <= set(seat.attributes) for seat in seats)
    event = Event.objects.get(verb="panel.formed")
    assert event.actor == str(house.sena.pseudonym)
    assert verbs_about(request_).count("panel.formed") == 1


def test_a_panel_is_formed_once(house: House, request_: ReviewRequest) -> None:
    panel = experts(house, request_, outsiders())
    with pytest.raises(IllegalTransition, match="formed already"):
        experts(house, request_, [person(f"{name} Other") for name in ("A", "B", "C", "D", "E")])
    with pytest.raises(IntegrityError), transaction.atomic():
        Board.objects.create(
            slug="another", name_en="Another", name_zh="另", kind="ethics", created_at=NOW, purpose="experts",
            formed_for=request_,
        )  # fmt: skip
    assert Board.objects.filter(formed_for=request_).get() == panel


def test_who_is_on_a_reviewing_board_or_has_a_part_is_not_chosen_and_is_named(house: House) -> None:
    request = in_review(house, ("ethics", "safety"), procedure="expert")
    others = outsiders(4)
    for name in ("milo", "ravi", "rex", "sena", "ada", "sid"):
        with pytest.raises(Refused, match=house.people[name].display_name):
            experts(house, request, [*others, house.people[name]])
    assert not Board.objects.filter(purpose="experts").exists()


def test_fewer_than_five_a_chair_from_elsewhere_or_a_colleague_make_no_panel(
    house: House, request_: ReviewRequest
) -> None:
    with pytest.raises(Refused, match="needs 5 people"):
        experts(house, request_, outsiders(4))
    people = [User.objects.get(display_name=f"{name} Expert") for name in ("Eva", "Ezra", "Elif", "Emil")]
    keys = [one.pk for one in (*people, person("Enid Expert"))]
    with pytest.raises(Refused, match="chairs the panel"):
        form_expert_panel(actor=house.sena, request_id=request_.pk, people=keys, chair=house.ugo.pk, now=NOW)
    User.objects.filter(pk__in=[house.ravi.pk, keys[2]]).update(team="Harbor")
    with pytest.raises(Refused, match="Elif Expert: works on the project, in the requester's team"):
        form_expert_panel(actor=house.sena, request_id=request_.pk, people=keys, chair=keys[0], now=NOW)


def test_only_the_secretary_forms_it(house: House, request_: ReviewRequest) -> None:
    people = [one.pk for one in outsiders()]
    for name in ("chloe", "ravi", "lex", "ada"):
        with pytest.raises((PermissionDenied, Http404)):
            form_expert_panel(
                actor=house.people[name], request_id=request_.pk, people=people, chair=people[0], now=NOW
            )
    assert not Board.objects.filter(purpose="experts").exists()


def test_another_procedure_has_no_panel(house: House) -> None:
    with pytest.raises(IllegalTransition, match="isn't reviewed by experts"):
        experts(house, in_review(house), outsiders())


def test_who_takes_the_place_of_an_expert_is_screened_as_all_were(
    house: House, request_: ReviewRequest
) -> None:
    panel = experts(house, request_, outsiders())
    end_seat(actor=house.ada, seat_id=Seat.objects.filter(board=panel)[4].pk, reason="Ill.", now=NOW)
    with pytest.raises(Refused, match="Milo Member"):
        seat_person(
            actor=house.ada, board_id=panel.pk, person_id=house.milo.pk, role="member", attributes=[], now=NOW
        )
    seat_person(
        actor=house.ada,
        board_id=panel.pk,
        person_id=house.ugo.pk,
        role="member",
        attributes=["expert"],
        now=NOW,
    )
    assert Seat.objects.filter(board=panel, until__isnull=True).count() == 5
    with pytest.raises(Refused, match="with which it was formed"):
        set_policy(
            actor=house.ada,
            board_id=panel.pk,
            content=Policy.objects.get(board=panel).content,
            reason="Less.",
            now=NOW,
        )


def again(house: House, request: ReviewRequest, procedure: str, boards: list[str], now: object) -> None:
    submit_revision(actor=house.ravi, request_id=request.pk, why="Mended.", now=now)  # type: ignore[arg-type]
    accept_request(actor=house.sena, request_id=request.pk, now=now)  # type: ignore[arg-type]
    chosen = [house.boards[name] for name in boards]
    route_request(
        actor=house.sena, request_id=request.pk, tier=2, procedure=procedure, boards=chosen, leading=chosen[0],
        override_reason="As agreed.", now=now,  # type: ignore[arg-type]
    )  # fmt: skip


@pytest.mark.parametrize(("procedure", "stays"), [("expert", True), ("full", False)])
def test_the_panel_goes_along_when_the_request_is_routed_again_as_long_as_it_is_asked_for(
    house: House, request_: ReviewRequest, procedure: str, stays: bool
) -> None:
    panel = experts(house, request_, outsiders())
    all_vote(house, a_ballot(house, house.ethics_review(request_), "return"))
    assert BoardReview.objects.get(board=panel).state == "closed"
    later = NOW + timedelta(days=1)
    Answer.objects.filter(request=request_, question="harmed").update(value="Something else.")
    again(house, request_, procedure, ["ethics"], later)
    panel.refresh_from_db()
    review = BoardReview.objects.get(board=panel)
    assert (panel.closed_at is None, review.round == 2, review.state == "assigned") == (stays, stays, stays)

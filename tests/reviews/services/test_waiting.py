"""What waits for whom, as "my work" and the reminders ask."""

from datetime import date, timedelta

import pytest

from reminders import waiting
from reminders.waiting import Waiting
from reviews.models import BoardReview, Comment, Condition, Revision
from reviews.services.conditions import report_condition
from reviews.services.interests import declare_interest
from reviews.services.motions import ConditionDraft, move_motion, second_motion
from reviews.services.opening import open_ballot
from reviews.services.positions import take_position
from reviews.services.reading import ask_question, begin_deliberation
from reviews.services.suspending import suspend_approval
from tests.boardrooms import House, a_ballot, a_house, approved, decided, in_review, sign, vote
from tests.dossiers import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines, pytest.mark.usefixtures("standing_review")]


@pytest.fixture
def house() -> House:
    return a_house()


def asked(kind: str, *people: int) -> list[Waiting]:
    return list(waiting.get(kind).ask(NOW, frozenset(people) or None))


def names(house: House, kind: str) -> set[str]:
    by_id = {user.pk: name for name, user in house.people.items()}
    return {by_id[item.person_id] for item in asked(kind)}


def test_an_open_question_waits_for_the_requester(house: House) -> None:
    request = in_review(house)
    assert asked("review.question") == []
    question = ask_question(actor=house.milo, review_id=house.ethics_review(request).pk, text="Who?", now=NOW)
    item = asked("review.question")[0]
    assert (item.person_id, item.due, item.object_id) == (house.ravi.pk, question.due_at, str(question.pk))
    assert item.title == f"Harbor-7B 2.1, {request.reference}"
    assert request.reference in item.url
    assert asked("review.question", house.milo.pk) == []


def test_a_ballot_waits_for_who_may_vote_and_has_not(house: House) -> None:
    ballot = a_ballot(house, house.ethics_review(in_review(house)), absent=("mara",))
    vote(house, ballot, "milo")
    assert names(house, "review.vote") == {"chloe", "lena"}
    assert {item.due for item in asked("review.vote")} == {ballot.deadline}
    assert {item.escalates_to for item in asked("review.vote")} == {house.chloe.pk}


def test_a_motion_waits_for_the_chair_until_a_ballot_opens(house: House) -> None:
    review = house.ethics_review(in_review(house))
    assert asked("review.motion") == []
    begin_deliberation(actor=house.sena, review_id=review.pk, now=NOW)
    assert names(house, "review.motion") == {"chloe"}
    motion = move_motion(actor=house.milo, review_id=review.pk, kind="approve", text="Approve it.", now=NOW)
    assert names(house, "review.motion") == set()
    assert names(house, "review.second") == {"chloe", "mara", "lena"}
    second_motion(actor=house.mara, motion_id=motion.pk, now=NOW)
    assert names(house, "review.second") == set()
    assert names(house, "review.opening") == {"chloe", "sena"}
    assert (
        asked("review.opening")[0].url == f"/requests/{review.request.reference}/motions/{motion.pk}/ballot/"
    )
    open_ballot(actor=house.sena, motion_id=motion.pk, now=NOW)
    assert names(house, "review.opening") == names(house, "review.motion") == set()


def test_a_signature_waits_for_legal_staff_then_for_the_chair_then_for_nobody(house: House) -> None:
    decision = decided(house, in_review(house))
    assert names(house, "review.signature") == {"lex"}
    sign(house, decision, "legal", "lex")
    assert names(house, "review.signature") == {"chloe"}
    sign(house, decision, "chair", "chloe")
    assert names(house, "review.signature") == set()


def test_conditions_wait_for_their_owner_and_reports_for_their_verifier(house: House) -> None:
    draft = ConditionDraft("Name the sources.", house.ravi.pk, date(2026, 12, 31), house.lena.pk, True)
    approved(house, in_review(house), kind="approve_with_conditions", conditions=[draft])
    condition = Condition.objects.get()
    assert names(house, "review.condition") == {"ravi"}
    assert asked("review.condition")[0].due == condition.due_at
    assert names(house, "review.verification") == set()
    report_condition(actor=house.ravi, condition_id=condition.pk, text="Done.", files=[], now=NOW)
    assert (names(house, "review.condition"), names(house, "review.verification")) == (set(), {"lena"})


def test_an_approval_about_to_expire_waits_for_the_requester_from_ninety_days_before(house: House) -> None:
    decision = approved(house, in_review(house))
    source = waiting.get("review.expiry")
    assert source.days_before == (90, 60, 30, 7)
    assert decision.expires_at is not None
    assert list(source.ask(decision.expires_at - timedelta(days=91), None)) == []
    items = list(source.ask(decision.expires_at - timedelta(days=89), None))
    assert [(item.person_id, item.due) for item in items] == [(house.ravi.pk, decision.expires_at)]


def test_members_are_asked_for_their_position_without_being_reminded_of_it(house: House) -> None:
    request = in_review(house)
    review = house.ethics_review(request)
    assert names(house, "review.position") == {"chloe", "milo", "mara", "lena"}
    assert not waiting.get("review.position").reminds
    for member in (house.chloe, house.milo, house.mara, house.lena):
        take_position(actor=member, review_id=review.pk, position="for", reason="It is sound.", now=NOW)
    assert names(house, "review.position") == names(house, "review.stale") == set()
    assert names(house, "review.motion") == {"chloe"}
    newer = Revision.objects.create(
        request=request, number=2, frozen_at=NOW, frozen_by=house.ravi, content=b"{}", sha256="c" * 64,
        manifest_sha256="d" * 64, questionnaire="2026-1",
    )  # fmt: skip
    Comment.objects.create(
        request=request, review=review, revision=review.revision, audience="everyone", finding="must_fix",
        text="Name the sources.", author=house.mara, made_at=NOW,
    )  # fmt: skip
    assert (names(house, "review.finding"), names(house, "review.finding_check")) == ({"ravi"}, set())
    BoardReview.objects.filter(pk=review.pk).update(revision=newer)
    assert (names(house, "review.finding"), names(house, "review.finding_check")) == (set(), {"mara"})
    assert names(house, "review.stale") == {"chloe", "milo", "mara", "lena"}


def test_an_interest_waits_for_chair_and_secretary_but_not_for_who_declared_it(house: House) -> None:
    request = in_review(house)
    declare_interest(actor=house.chloe, request_id=request.pk, kind="financial", text="Shares.", now=NOW)
    assert names(house, "review.interest") == {"sena"}


def test_an_approval_waits_for_the_release_manager_until_its_blocking_conditions_are_met(
    house: House,
) -> None:
    draft = ConditionDraft("Name the sources.", house.ravi.pk, date(2026, 12, 31), house.lena.pk, True)
    decision = approved(house, in_review(house), kind="approve_with_conditions", conditions=[draft])
    assert names(house, "review.release") == set()
    Condition.objects.update(state="met", met_at=NOW)
    assert names(house, "review.release") == {"rita"}
    assert asked("review.release")[0].due == decision.expires_at
    suspend_approval(actor=house.chloe, decision_id=decision.pk, reason="It leaks.", now=NOW)
    assert names(house, "review.release") == set()
    assert names(house, "review.ratification") == {"chloe", "sena"}, "they hold the ballot"


def test_a_ballot_that_cannot_pass_any_more_waits_for_the_secretary_to_close_it(house: House) -> None:
    ballot = a_ballot(house, house.ethics_review(in_review(house)))
    vote(house, ballot, "milo", "against")
    assert names(house, "review.closing") == set()
    vote(house, ballot, "mara", "against")
    assert names(house, "review.closing") == {"sena"}


def test_only_people_of_the_board_hear_that_somebody_has_not_voted(house: House) -> None:
    a_ballot(house, house.ethics_review(in_review(house)))
    for item in asked("review.vote"):
        assert item.insiders is not None
        assert {house.chloe.pk, house.lena.pk, house.sena.pk} <= item.insiders
        assert not {house.rex.pk, house.ravi.pk, house.ugo.pk, house.rita.pk} & item.insiders

"""A date is moved with a reason: whom it concerns is told, and the old date stays in the history."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from audit.models import Event
from audit.refusal import IllegalTransition, Refused
from audit.selectors import timeline
from reminders.models import Message
from reviews.models import BoardReview, Condition, ReviewRequest
from reviews.services.deadlines import move_date
from reviews.services.motions import ConditionDraft
from reviews.services.reading import answer_question, ask_question
from tests.boardrooms import House, a_ballot, a_house, all_vote, approved, in_review
from tests.dossiers import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines, pytest.mark.usefixtures("standing_review")]
FAR = date(2027, 1, 20)


@pytest.fixture
def house() -> House:
    return a_house()


@pytest.fixture
def request_(house: House) -> ReviewRequest:
    return in_review(house)


def move(
    house: House, by: str, request: ReviewRequest, kind: str, key: int, *, day: date = FAR, at: time | None = None,
    reason: str = "Two members are ill.", now: datetime = NOW,
) -> None:  # fmt: skip
    move_date(
        actor=house.people[by],
        request_id=request.pk,
        kind=kind,
        key=key,
        day=day,
        at=at,
        reason=reason,
        now=now,
    )


def told() -> set[str]:
    rows = Message.objects.filter(kind="deadline.moved").select_related("person")
    return {row.person.display_name.split()[0].lower() for row in rows}


def test_the_date_of_a_review_moves_and_board_and_requester_hear_of_it(
    house: House, request_: ReviewRequest
) -> None:
    review = house.ethics_review(request_)
    old = review.due_at
    move(house, "sena", request_, "review", review.pk)
    assert BoardReview.objects.get(pk=review.pk).due_at == datetime(2027, 1, 20, 17, tzinfo=UTC)
    assert told() == {"chloe", "milo", "mara", "lena", "ravi"}
    message = Message.objects.get(kind="deadline.moved", person=house.ravi)
    assert "Two members are ill." in message.body
    assert "Wed 20 Jan 2027, 17:00" in message.body
    (event,) = [told for told in timeline(request_) if told.verb == "deadline.moved"]
    assert event.reason == "Two members are ill."
    assert f"{old:%Y-%m-%d %H:%M} UTC → 2027-01-20 17:00 UTC" in event.summary


def test_a_date_needs_a_reason_and_lies_ahead(house: House, request_: ReviewRequest) -> None:
    review = house.ethics_review(request_)
    with pytest.raises(Refused, match="Say why"):
        move(house, "sena", request_, "review", review.pk, reason=" ")
    with pytest.raises(Refused, match="lie ahead"):
        move(house, "sena", request_, "review", review.pk, day=NOW.date() - timedelta(days=1))
    with pytest.raises(Refused, match="lie ahead"):
        move(house, "sena", request_, "review", review.pk, day=date.min)
    with pytest.raises(Refused, match="five years"):
        move(house, "sena", request_, "review", review.pk, day=date.max)
    assert BoardReview.objects.get(pk=review.pk).due_at == review.due_at
    assert not Event.objects.filter(verb="deadline.moved").exists()
    assert told() == set()


def test_only_chair_and_secretary_of_the_board_move_its_dates(house: House, request_: ReviewRequest) -> None:
    review = house.ethics_review(request_)
    for name in ("mara", "ravi", "lex", "rex"):
        with pytest.raises(PermissionDenied):
            move(house, name, request_, "review", review.pk)
    for name in ("ugo", "ada"):
        with pytest.raises(Http404):
            move(house, name, request_, "review", review.pk)
    with pytest.raises(Http404):
        move(house, "sena", request_, "review", review.pk + 100)
    move(house, "chloe", request_, "review", review.pk)


def test_a_ballot_only_gets_longer_and_never_after_its_closing(house: House, request_: ReviewRequest) -> None:
    ballot = a_ballot(house, house.ethics_review(request_))
    with pytest.raises(Refused, match="only gets longer"):
        move(house, "sena", request_, "ballot", ballot.pk, day=ballot.deadline.date() - timedelta(days=1))
    move(house, "sena", request_, "ballot", ballot.pk, day=ballot.deadline.date(), at=time(18))
    assert told() == {"chloe", "milo", "mara", "lena"}
    ballot.refresh_from_db()
    all_vote(house, ballot)
    with pytest.raises(IllegalTransition):
        move(house, "sena", request_, "ballot", ballot.pk)


def test_a_question_gets_another_date_until_it_is_answered(house: House, request_: ReviewRequest) -> None:
    question = ask_question(
        actor=house.milo, review_id=house.ethics_review(request_).pk, text="Who?", now=NOW
    )
    move(house, "chloe", request_, "question", question.pk)
    assert told() == {"ravi"}
    answer_question(actor=house.ravi, question_id=question.pk, text="We.", now=NOW)
    with pytest.raises(IllegalTransition):
        move(house, "chloe", request_, "question", question.pk)


def test_a_condition_gets_another_day_and_owner_verifier_and_requester_hear_of_it(house: House) -> None:
    draft = ConditionDraft("Name the sources.", house.ravi.pk, date(2026, 12, 31), house.lena.pk, True)
    request = in_review(house)
    approved(house, request, kind="approve_with_conditions", conditions=[draft])
    condition = Condition.objects.get()
    move(house, "sena", request, "condition", condition.pk)
    condition.refresh_from_db()
    assert (condition.due, condition.due_at) == (FAR, datetime(2027, 1, 21, tzinfo=UTC))
    assert told() == {"ravi", "lena"}
    Condition.objects.update(state="met", met_at=NOW)
    with pytest.raises(IllegalTransition):
        move(house, "sena", request, "condition", condition.pk)

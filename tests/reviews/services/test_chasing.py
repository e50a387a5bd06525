"""A secretary reminds somebody now: inbox and mail at once, once a day for each thing and person."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from audit.models import Event
from audit.refusal import Refused
from reminders.models import Mail, Message
from reviews.models import Ballot, ReviewRequest
from reviews.selectors.held import held_for
from reviews.services.chasing import remind_now
from reviews.services.reading import ask_question
from tests.boardrooms import House, a_ballot, a_house, in_review, vote
from tests.dossiers import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines, pytest.mark.usefixtures("standing_review")]


@pytest.fixture
def house() -> House:
    return a_house()


@pytest.fixture
def request_(house: House) -> ReviewRequest:
    return in_review(house)


@pytest.fixture
def ballot(house: House, request_: ReviewRequest) -> Ballot:
    return a_ballot(house, house.ethics_review(request_))


def remind(house: House, by: str, whom: str, ballot: Ballot, days: float = 0) -> None:
    remind_now(
        actor=house.people[by], request_id=ballot.request_id, kind="review.vote", object_id=str(ballot.pk),
        person_id=house.people[whom].pk, now=NOW + timedelta(days=days),
    )  # fmt: skip


def test_it_stands_in_the_inbox_and_a_mail_leaves_also_to_who_wants_one_a_day(
    house: House, ballot: Ballot
) -> None:
    house.milo.reminder_mode = "daily"
    house.milo.save()
    remind(house, "sena", "milo", ballot)
    message = Message.objects.get(person=house.milo)
    assert "Vote for Ethics board." in message.body
    assert "Sena Secretary reminds you of it." in message.body
    assert message.url == f"/requests/{ballot.request.reference}/ballots/1/"
    assert Mail.objects.get(person=house.milo).digest_at is None
    event = Event.objects.get(verb="person.reminded")
    assert event.actor == str(house.sena.pseudonym)
    assert not Message.objects.exclude(person=house.milo).filter(kind="review.vote").exists()


def test_once_a_day_for_each_thing_and_person(house: House, ballot: Ballot) -> None:
    remind(house, "sena", "milo", ballot)
    with pytest.raises(Refused, match="Once a day is the most"):
        remind(house, "chloe", "milo", ballot, days=0.3)
    remind(house, "sena", "mara", ballot)
    remind(house, "sena", "milo", ballot, days=1)
    assert Message.objects.filter(person=house.milo, kind="review.vote").count() == 2
    assert Event.objects.filter(verb="person.reminded").count() == 3


def test_what_waits_no_longer_is_not_reminded_of(house: House, ballot: Ballot) -> None:
    vote(house, ballot, "milo")
    for name in ("milo", "rex", "ugo"):
        with pytest.raises(Refused, match="no longer"):
            remind(house, "sena", name, ballot)
    assert not Event.objects.filter(verb="person.reminded").exists()


def test_only_who_leads_a_board_of_the_request_reminds(house: House, ballot: Ballot) -> None:
    for name in ("mara", "ravi", "lex"):
        with pytest.raises(PermissionDenied):
            remind(house, name, "milo", ballot)
    for name in ("ugo", "ada"):
        with pytest.raises(Http404):
            remind(house, name, "milo", ballot)
    remind(house, "chloe", "milo", ballot)


def told(house: House, name: str) -> set[tuple[str, str, tuple[str, ...]]]:
    return {
        (held.who, held.what, tuple(holder.person.display_name for holder in held.holders))
        for held in held_for(house.people[name], NOW)
    }


def test_the_secretary_sees_who_has_not_voted_and_the_requester_only_the_board(
    house: House, ballot: Ballot
) -> None:
    vote(house, ballot, "milo")
    waiting = ("Chloe Chair", "Mara Member", "Lena Lay")
    assert told(house, "sena") == {("Chloe Chair, Mara Member, Lena Lay", "vote", waiting)}
    assert told(house, "chloe") == {("Mara Member, Lena Lay", "vote", waiting[1:])}
    assert told(house, "milo") == {("Chloe Chair, Mara Member, Lena Lay", "vote", ())}
    assert told(house, "ravi") == {("Ethics board", "review", ())}
    assert told(house, "rex") == {("Ethics board", "review", ())}
    assert told(house, "ugo") == set()


def test_the_board_sees_whose_answer_it_waits_for_and_until_when(
    house: House, request_: ReviewRequest
) -> None:
    question = ask_question(
        actor=house.milo, review_id=house.ethics_review(request_).pk, text="Who?", now=NOW
    )
    answer = next(held for held in held_for(house.sena, NOW) if held.kind == "review.question")
    assert (answer.who, answer.what, answer.due) == (
        "Ravi Requester",
        "answer to question 1",
        question.due_at,
    )
    assert [holder.person for holder in answer.holders] == [house.ravi]
    assert told(house, "ravi") == set()

"""Who stands in for whom: alternates when a ballot opens, and delegation during absence."""

from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404

from accounts.roles import Role
from audit.models import Event
from audit.refusal import IllegalTransition, Refused
from reminders.models import Message
from reminders.waiting import Round, Waiting
from reviews.models import Ballot, BoardReview, Delegation, Seat
from reviews.permissions.delegating import still_away
from reviews.selectors.record.boards import boards_of
from reviews.selectors.waiting import waiting_about
from reviews.selectors.waiting.absence import deputies_of_reviews
from reviews.services.alternates import name_alternate
from reviews.services.attendance import mark_attendance
from reviews.services.delegating import end_delegation
from reviews.services.interests import recuse
from tests.boardrooms import House, a_ballot, all_vote, in_review, vote
from tests.dossiers import NOW, person
from tests.standing_in import WEEK, a_house_with_alternates, away, decision_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_review")]


@pytest.fixture
def house() -> House:
    """The house with two alternates on its ethics board."""
    return a_house_with_alternates()


@pytest.fixture
def review(house: House) -> BoardReview:
    return house.ethics_review(in_review(house))


def sits(ballot: Ballot) -> dict[str, tuple[str, str]]:
    seats = ballot.seats.filter(sits_for__isnull=False).select_related("person", "sits_for")
    return {
        seat.name.split()[0]: (seat.sits_for.display_name.split()[0], seat.sits_by)
        for seat in seats
        if seat.sits_for is not None
    }


@pytest.mark.both_engines
def test_alternates_sit_for_who_is_recused_or_absent_when_a_ballot_opens(
    house: House, review: BoardReview
) -> None:
    milo = Seat.objects.get(person=house.milo, board=review.board)
    name_alternate(actor=house.ada, seat_id=milo.pk, person_id=house.alma.pk, now=NOW)
    ballot = a_ballot(house, review, absent=("milo",), mover="chloe", seconder="mara")
    assert sits(ballot) == {"Alma": ("Milo", "named"), "Ugo": ("Rex", "order")}
    assert ballot.opening["quorum"] == {"seats": 5, "recused": 1, "needed": 3, "present": 5}
    ballot = all_vote(house, ballot, names=("chloe", "mara", "lena", "ugo", "alma"))
    assert ballot.result == "passed"


def test_an_alternate_with_a_part_in_the_request_doesnt_sit_and_the_next_one_does(
    house: House, review: BoardReview
) -> None:
    recuse(actor=house.ugo, request_id=review.request_id, kind="personal", reason="A cousin.", now=NOW)
    assert sits(a_ballot(house, review)) == {"Alma": ("Rex", "order")}


def test_only_an_alternate_of_the_board_is_named_for_a_seat_and_by_an_administrator(house: House) -> None:
    seats = {seat.person_id: seat for seat in Seat.objects.filter(board=house.boards["ethics"])}
    chair, alternate = seats[house.chloe.pk], seats[house.ugo.pk]
    for seat, whom in ((chair, house.milo), (alternate, house.alma)):
        with pytest.raises(Refused):
            name_alternate(actor=house.ada, seat_id=seat.pk, person_id=whom.pk, now=NOW)
    with pytest.raises(PermissionDenied):
        name_alternate(actor=house.chloe, seat_id=chair.pk, person_id=house.ugo.pk, now=NOW)
    assert not Seat.objects.filter(alternate__isnull=False).exists()
    name_alternate(actor=house.ada, seat_id=chair.pk, person_id=house.ugo.pk, now=NOW)
    assert Event.objects.filter(verb="seat.alternate_named").count() == 1


@pytest.mark.both_engines
def test_who_is_away_is_replaced_by_whom_they_named_with_both_names_in_roster_and_record(
    house: House, review: BoardReview
) -> None:
    made = away(house, "milo", "alma")
    assert Event.objects.filter(verb="delegation.made").count() == 1
    assert Message.objects.filter(person=house.alma, kind="delegation.made").exists()
    ballot = a_ballot(house, review, mover="chloe", seconder="mara")
    assert sits(ballot) == {"Alma": ("Milo", "delegation"), "Ugo": ("Rex", "order")}
    seat = ballot.seats.get(person=house.milo)
    assert (seat.present, seat.delegation) == (False, made)
    with pytest.raises(Refused):
        vote(house, ballot, "milo")
    all_vote(house, ballot, names=("chloe", "mara", "lena", "ugo", "alma"))
    rows = {row["name"]: row for row in boards_of(decision_of(review))[0]["ballots"][0]["seats"]}
    assert rows["Milo Member"]["attendance"] == "absent"
    assert "Alma Alternate" in rows["Milo Member"]["attendance_note"]
    assert "Milo Member" in rows["Alma Alternate"]["attendance_note"]


def test_a_delegation_that_ended_or_has_not_begun_changes_no_roster(
    house: House, review: BoardReview
) -> None:
    end_delegation(actor=house.milo, delegation_id=away(house, "milo", "alma").pk, now=NOW)
    away(house, "mara", "alma", since=NOW + WEEK, until=NOW + 2 * WEEK)
    ballot = a_ballot(house, review)
    assert sits(ballot) == {"Ugo": ("Rex", "order")}
    assert not ballot.seats.filter(delegation__isnull=False).exists()
    assert [event.verb for event in Event.objects.filter(verb="delegation.ended")] == ["delegation.ended"]
    assert Message.objects.filter(person=house.alma, kind="delegation.ended").count() == 1


def test_who_is_back_ends_the_delegation_before_the_secretary_marks_their_arrival(
    house: House, review: BoardReview
) -> None:
    made = away(house, "milo", "alma")
    ballot = a_ballot(house, review, mover="chloe", seconder="mara")
    arrived: dict[str, Any] = {
        "actor": house.sena, "ballot_id": ballot.pk, "person_id": house.milo.pk, "present": True, "note": "",
        "now": NOW,
    }  # fmt: skip
    with pytest.raises(Refused, match="Milo Member"):
        mark_attendance(**arrived)
    end_delegation(actor=house.milo, delegation_id=made.pk, now=NOW)
    mark_attendance(**arrived)
    assert "Alma" not in sits(Ballot.objects.get(pk=ballot.pk))
    vote(house, ballot, "milo", "against")


@pytest.mark.parametrize(
    ("giver", "deputy", "why"),
    [("milo", "mara", "a seat of their own"), ("milo", "sid", "Only an alternate"), ("ugo", "alma", "no seat"),
     ("sena", "ugo", "no seat"), ("milo", "milo", "for themself")],
)  # fmt: skip
def test_a_seat_is_delegated_by_a_member_to_an_alternate_of_the_board_only(
    house: House, giver: str, deputy: str, why: str
) -> None:
    with pytest.raises(Refused, match=why):
        away(house, giver, deputy)
    assert not Delegation.objects.exists()
    assert not Event.objects.filter(verb="delegation.made").exists()


def test_an_alternate_stands_in_for_one_member_at_a_time(house: House) -> None:
    away(house, "milo", "alma")
    for giver, deputy in (("mara", "alma"), ("milo", "ugo")):
        with pytest.raises(Refused):
            away(house, giver, deputy)
    away(house, "mara", "alma", since=NOW + WEEK, until=NOW + 2 * WEEK)
    assert Delegation.objects.count() == 2


def test_only_who_is_away_ends_their_delegation_and_once(house: House) -> None:
    made = away(house, "milo", "alma")
    for name in ("alma", "ada", "sena"):
        with pytest.raises(Http404):
            end_delegation(actor=house.people[name], delegation_id=made.pk, now=NOW)
    end_delegation(actor=house.milo, delegation_id=made.pk, now=NOW)
    with pytest.raises(IllegalTransition):
        end_delegation(actor=house.milo, delegation_id=made.pk, now=NOW)


def test_the_database_keeps_a_delegation_whole(house: House) -> None:
    made = away(house, "milo", "alma")
    for change in (
        {"deputy": house.milo},
        {"board": None},
        {"until": NOW},
        {"reason": ""},
        {"ended_at": NOW},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Delegation.objects.filter(pk=made.pk).update(**change)


@pytest.fixture
def lawyers(house: House) -> House:
    """The house with a second one of the legal staff, who can sign."""
    house.people["lia"] = person("Lia Legal", Role.LEGAL)
    TOTP.activate(house.lia, generate_totp_secret())
    return house


def test_reminders_of_a_board_go_to_who_has_the_seat_and_of_signing_to_who_signs(
    lawyers: House, review: BoardReview
) -> None:
    away(lawyers, "milo", "alma")
    away(lawyers, "lex", "lia", board=None)
    of = deputies_of_reviews(Round(NOW, None))
    found = {
        item.person_id: of(kind, item)
        for kind, item in waiting_about(frozenset({review.request_id}), NOW)
        if kind == "review.position"
    }
    assert found.pop(lawyers.milo.pk) == lawyers.alma.pk
    assert set(found.values()) == {None}
    ballot = a_ballot(lawyers, review, mover="chloe", sitting={lawyers.alma.pk: lawyers.milo.pk})
    all_vote(lawyers, ballot, names=("chloe", "mara", "lena", "alma"))
    signatures = [
        (item.person_id, of(kind, item))
        for kind, item in waiting_about(frozenset({review.request_id}), NOW)
        if kind == "review.signature"
    ]
    assert (lawyers.lex.pk, lawyers.lia.pk) in signatures
    assert deputies_of_reviews(Round(NOW + 2 * WEEK, None))("review.signature", _any(lawyers.lex.pk)) is None


def _any(person_id: int) -> Waiting:
    return Waiting(
        person_id=person_id, object_type="x", object_id="1", since=NOW, due=NOW, title="", needs="", act="", url="/"
    )  # fmt: skip


def test_a_member_of_a_roster_is_away_until_the_delegation_ends(house: House, review: BoardReview) -> None:
    made = away(house, "milo", "alma")
    ballot = a_ballot(house, review, mover="chloe", seconder="mara")
    seats = list(ballot.seats.all())
    assert still_away(seats, NOW) == {house.milo.pk}, "not the alternate, who has the same delegation"
    assert still_away(seats, made.until) == frozenset()
    end_delegation(actor=house.milo, delegation_id=made.pk, now=NOW)
    assert still_away(seats, NOW) == frozenset()

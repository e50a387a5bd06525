"""Boards, seats and policies are looked after by administrators."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.second_factor import needs_second_factor
from audit.models import Event
from audit.refusal import Refused
from reviews.models import Policy, Seat, Vote
from reviews.permissions.sight import visible_to
from reviews.permissions.standing import boards_granted
from reviews.services.boards import end_grant, end_seat, grant_on_board, make_board, seat_person, set_policy
from tests.boardrooms import POLICY, House, a_ballot, a_house, in_review, vote
from tests.dossiers import NOW, PASSWORD, person

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines, pytest.mark.usefixtures("standing_house")]


@pytest.fixture
def house() -> House:
    return a_house()


@pytest.mark.parametrize("name", ["sena", "chloe", "milo", "ravi", "ugo"])
def test_nobody_but_an_administrator_changes_boards(house: House, name: str) -> None:
    actor, board = house.people[name], house.boards["ethics"]
    before = Event.objects.count()
    with pytest.raises(PermissionDenied):
        make_board(actor=actor, slug="x", name_en="X", name_zh="X", kind="legal", policy=POLICY, now=NOW)
    with pytest.raises(PermissionDenied):
        seat_person(
            actor=actor, board_id=board.pk, person_id=house.ugo.pk, role="member", attributes=[], now=NOW
        )
    with pytest.raises(PermissionDenied):
        set_policy(actor=actor, board_id=board.pk, content=POLICY, reason="Mine.", now=NOW)
    assert Event.objects.count() == before
    assert Policy.objects.filter(board=board).count() == 1


def test_a_changed_policy_is_a_new_version_and_the_old_one_stays_as_it_was(house: House) -> None:
    board = house.boards["ethics"]
    first = board.policies.get()
    second = set_policy(
        actor=house.ada, board_id=board.pk, content={**POLICY, "ballot_days": 5}, reason="More time.", now=NOW
    )
    assert (second.version, second.content["ballot_days"]) == (2, 5)
    again = Policy.objects.get(pk=first.pk)
    assert (again.version, again.content, again.sha256) == (1, first.content, first.sha256)
    assert first.sha256 != second.sha256


@pytest.mark.parametrize(
    "wrong",
    [
        {"threshold": {"numerator": 1, "denominator": 2, "of": "present_and_eligible"}},
        {"threshold": {"numerator": 2, "denominator": 3, "of": "everybody"}},
        {"ballot_days": 0},
        {"quroum": {}},
    ],
)
def test_a_policy_that_can_not_be_used_is_refused_by_name(house: House, wrong: dict[str, Any]) -> None:
    with pytest.raises(Refused, match=next(iter(wrong))):
        set_policy(
            actor=house.ada,
            board_id=house.boards["ethics"].pk,
            content={**POLICY, **wrong},
            reason="Why not.",
            now=NOW,
        )
    assert Policy.objects.filter(board=house.boards["ethics"]).count() == 1


def test_a_person_has_one_seat_on_a_board_and_a_board_one_chair(house: House) -> None:
    board = house.boards["ethics"]
    given: dict[str, Any] = {"actor": house.ada, "board_id": board.pk, "attributes": [], "now": NOW}
    with pytest.raises(Refused):
        seat_person(person_id=house.milo.pk, role="member", **given)
    with pytest.raises(Refused):
        seat_person(person_id=house.ugo.pk, role="chair", **given)
    with pytest.raises(PermissionDenied):
        seat_person(person_id=house.ada.pk, role="member", **given)
    with pytest.raises(IntegrityError), transaction.atomic():
        Seat.objects.create(board=board, person=house.milo, role="member", since=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Seat.objects.create(board=board, person=house.ugo, role="chair", since=NOW)


def test_a_seat_that_ended_lets_its_holder_see_nothing_more_but_keeps_their_votes(house: House) -> None:
    request = in_review(house)
    ballot = a_ballot(house, house.ethics_review(request))
    vote(house, ballot, "milo")
    seat = Seat.objects.get(board=house.boards["ethics"], person=house.milo)
    end_seat(actor=house.ada, seat_id=seat.pk, reason="Moved.", now=NOW)
    assert not visible_to(house.milo, NOW).exists()
    assert Vote.objects.filter(seat__person=house.milo).count() == 1
    assert ballot.seats.filter(person=house.milo).exists()


def test_a_grant_to_read_ends_with_its_date_or_when_it_is_ended(house: House) -> None:
    reader, board = person("Rhea Reader"), house.boards["ethics"]
    request = in_review(house)
    assert not visible_to(reader, NOW).exists()
    grant_on_board(
        actor=house.ada, board_id=board.pk, person_id=reader.pk, permission="read_board", now=NOW,
        valid_until=NOW + timedelta(days=7),
    )  # fmt: skip
    assert list(visible_to(reader, NOW)) == [request]
    assert not visible_to(reader, NOW + timedelta(days=8)).exists()
    end_grant(actor=house.ada, board_id=board.pk, person_id=reader.pk, permission="read_board", now=NOW)
    assert not visible_to(reader, NOW + timedelta(seconds=1)).exists()
    assert boards_granted(reader, "keep_board", NOW) == frozenset()


@pytest.mark.parametrize("act", ["UPDATE reviews_{t} SET id = id", "DELETE FROM reviews_{t}"])
@pytest.mark.parametrize("table", ["vote", "policy", "revision"])
def test_rows_that_are_only_added_can_be_neither_changed_nor_deleted(
    house: House, act: str, table: str
) -> None:
    vote(house, a_ballot(house, house.ethics_review(in_review(house))), "milo")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(act.format(t=table))
    assert Vote.objects.count() == 1


def test_who_is_made_chair_signs_and_so_sets_up_a_second_factor_at_the_next_step(house: House) -> None:
    chair, member = person("Cora Chair"), person("Mio Member")
    board = make_board(
        actor=house.ada, slug="second", name_en="Second board", name_zh="第二", kind="legal", policy=POLICY,
        now=NOW,
    )  # fmt: skip
    browsers = [_signed_in(who) for who in (chair, member)]
    for who, role in ((chair, "chair"), (member, "member")):
        assert not needs_second_factor(who, NOW)
        seat_person(actor=house.ada, board_id=board.pk, person_id=who.pk, role=role, attributes=[], now=NOW)
    assert [needs_second_factor(who, NOW) for who in (chair, member)] == [True, False]
    assert [browser.get("/me/").status_code for browser in browsers] == [302, 200], "a member goes on working"
    assert _signed_in(chair).get("/me/").headers["Location"] == reverse("mfa_activate_totp")
    end_seat(actor=house.ada, seat_id=chair.seats.get().pk, reason="Moved on.", now=NOW)
    assert not needs_second_factor(chair, NOW)


def _signed_in(who: User) -> Client:
    browser = Client()
    browser.post(reverse("account_login"), {"login": who.email, "password": PASSWORD})
    return browser

"""Boards: who sits, the rules in words and their versions; only administrators change anything."""

from typing import Any

import pytest

from reviews.forms.policies import PolicyForm
from reviews.models import Board, BoardUserGrant, Policy, Seat
from reviews.rules.policy import BoardPolicy
from tests.boardrooms import House, a_house, in_review

from .visits import client_of, get, post, words

FIRST = BoardPolicy()
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_house")]


@pytest.fixture
def house() -> House:
    return a_house()


def a_policy(policy: BoardPolicy = FIRST, **more: Any) -> dict[str, Any]:
    """Return what a browser sends of the form of a policy, with some of it written anew."""
    form = PolicyForm(policy=policy)
    sent = {name: form[name].value() for name in form.fields}
    filled = {name: value for name, value in sent.items() if value not in (None, []) and value is not False}
    filled.pop("threshold_strict", None)
    return filled | {
        "quorum_kind": "fraction", "quorum_numerator": "2", "quorum_denominator": "3",
        "threshold_numerator": "2", "threshold_denominator": "3", "threshold_of": "seated_minus_recused",
        "override_numerator": "3", "override_denominator": "4", "override_of": "seated_minus_recused",
        "ballot_days": "5", "gates": "release-readiness",
        "validity_months": "6", "appeal_days": "14", "present_1": "1", "kinds_1": "lay", "reason": "Experience.",
        **more,
    }  # fmt: skip


def test_a_board_shows_its_seats_and_its_rules_in_words(house: House) -> None:
    in_review(house)
    said = words(get(house, "milo", "/boards/ethics/"))
    assert "5 seats" in said
    assert "Chloe Chair chair" in said
    assert "Quorum is more than half of the seats, present and not recused." in said
    assert "At least 1 member is present who is lay or external." in said
    assert "A motion passes with more than 1/2 of those who are present and may vote." in said
    assert "Harbor-7B 2.1 IMP-2026-0001" in said
    assert "Give a seat" not in said


def test_who_sees_no_board_finds_none(house: House) -> None:
    assert "There is no board that you could see." in words(get(house, "ugo", "/boards/"))
    for part in ("ethics/", "ethics/policy/1/", "ethics/policy/"):
        get(house, "ugo", f"/boards/{part}", 404)
    assert "Ethics board" in words(get(house, "milo", "/boards/"))
    assert "Safety board" not in words(get(house, "milo", "/boards/"))
    get(house, "milo", "/boards/safety/", 404)


def test_a_new_policy_is_a_new_version_and_the_old_one_stays(house: House) -> None:
    assert 'value="2"' in get(house, "ada", "/boards/ethics/policy/")
    post(house, "ada", "/boards/ethics/policy/", a_policy())
    latest = Policy.objects.filter(board=house.boards["ethics"]).first()
    assert latest is not None
    assert latest.version == 2
    assert latest.content["threshold"] == {
        "numerator": 2, "denominator": 3, "strict": False, "of": "seated_minus_recused"
    }  # fmt: skip
    assert latest.content["composition"] == [{"at_least": 1, "any_of": ["lay"]}]
    assert latest.content["gates"] == ["release-readiness"]
    said = words(get(house, "milo", "/boards/ethics/policy/2/"))
    assert "A motion passes with two thirds of all seats but the recused ones" in said
    assert "A blocking position is overridden with three quarters of all seats but the recused ones" in said
    assert "A motion passes with more than half" in words(get(house, "milo", "/boards/ethics/policy/1/"))
    get(house, "milo", "/boards/ethics/policy/3/", 404)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            {"threshold_numerator": "1", "threshold_denominator": "2"},
            "A tie fails, so more than half is needed.",
        ),
        ({"quorum_numerator": ""}, "Quorum: give the number of people, or both parts of a fraction"),
        ({"present_1": ""}, "Who is present: a rule needs a number and at least one kind of member."),
        ({"reason": ""}, "This field is required."),
        ({"ballot_days": "0"}, "Ensure this value is greater than or equal to 1."),
    ],
)
def test_a_policy_that_can_not_be_used_is_refused_with_a_sentence(
    house: House, change: dict[str, Any], sentence: str
) -> None:
    response = post(house, "ada", "/boards/ethics/policy/", a_policy(**change), 422)
    assert sentence in words(response.content.decode())
    assert Policy.objects.filter(board=house.boards["ethics"]).count() == 1


def test_an_administrator_makes_a_board_gives_a_seat_and_ends_it(house: House) -> None:
    data = {
        "name_en": "Legal board",
        "name_zh": "法务委员会",
        "slug": "legal",
        "kind": "legal",
        "time_zone": "Asia/Shanghai",
    }
    post(house, "ada", "/boards/new/", {**data, **a_policy(), "time_zone": "Mars/Olympus"}, 422)
    post(house, "ada", "/boards/new/", {**data, **a_policy()})
    board = Board.objects.get(slug="legal")
    assert board.time_zone == "Asia/Shanghai"
    post(
        house,
        "ada",
        "/boards/legal/seats/",
        {"person": str(house.milo.pk), "role": "chair", "attributes": "expert"},
    )
    seat = Seat.objects.get(board=board)
    assert (seat.person, seat.role, seat.attributes) == (house.milo, "chair", ["expert"])
    post(house, "ada", "/boards/legal/seats/", {"person": str(house.mara.pk), "role": "chair"})
    assert Seat.objects.filter(board=board).count() == 1
    post(house, "ada", f"/boards/legal/seats/{seat.pk}/end/")
    seat.refresh_from_db()
    assert seat.until is not None


def test_an_administrator_lets_somebody_read_a_board_and_ends_it(house: House) -> None:
    post(house, "ada", "/boards/ethics/grants/", {"person": str(house.ugo.pk), "permission": "read_board"})
    assert BoardUserGrant.objects.filter(user=house.ugo).exists()
    request = in_review(house)
    get(house, "ugo", f"/requests/{request.reference}/")
    post(house, "ada", f"/boards/ethics/grants/{house.ugo.pk}/read_board/end/")
    get(house, "ugo", f"/requests/{request.reference}/", 404)


@pytest.mark.parametrize(
    ("name", "status"), [("chloe", 403), ("sena", 403), ("lex", 403), ("ugo", 404), ("rita", 403)]
)
def test_nobody_else_changes_a_board(house: House, name: str, status: int) -> None:
    seat = Seat.objects.filter(board=house.boards["ethics"]).first()
    assert seat is not None
    get(house, name, "/boards/ethics/policy/", status)
    post(house, name, "/boards/ethics/policy/", a_policy(), status)
    post(house, name, "/boards/ethics/seats/", {"person": str(house.ugo.pk), "role": "member"}, status)
    post(house, name, f"/boards/ethics/seats/{seat.pk}/end/", status=status)
    post(
        house,
        name,
        "/boards/ethics/grants/",
        {"person": str(house.ugo.pk), "permission": "read_board"},
        status,
    )
    post(house, name, f"/boards/ethics/grants/{house.ugo.pk}/read_board/end/", status=status)
    post(house, name, "/boards/new/", a_policy(), 403)
    assert Policy.objects.count() == 2
    assert not Seat.objects.exclude(until=None).exists()


def test_the_pages_take_at_most_fifteen_queries(house: House, django_assert_max_num_queries: Any) -> None:
    in_review(house)
    for name, page in (
        ("milo", ""),
        ("ada", "ethics/"),
        ("ada", "ethics/policy/"),
        ("milo", "ethics/policy/1/"),
    ):
        client = client_of(house, name)
        with django_assert_max_num_queries(15):
            assert client.get(f"/boards/{page}").status_code == 200

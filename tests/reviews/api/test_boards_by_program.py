"""Boards by calls: administrators seat people and write policies, as on the page; others read."""

import pytest

from accounts.roles import Role
from audit.models import Event
from reviews.models import Board, Policy, Seat
from tests.boardrooms import POLICY, House, events
from tests.calling import Caller, as_, problem
from tests.dossiers import person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_house")]
BOARD = {
    "board": "privacy", "name_en": "Privacy board", "name_zh": "隐私委员会", "kind": "legal", "policy": POLICY,
}  # fmt: skip


def test_boards_are_read_by_who_may_open_their_page(house: House, ada: Caller) -> None:
    assert [one["board"] for one in ada.get("/boards")["items"]] == ["ethics", "safety"]
    first = ada.get("/boards?limit=1")
    assert [one["board"] for one in ada.get(f"/boards?limit=1&after={first['next']}")["items"]] == ["safety"]
    assert [one["board"] for one in as_(house.milo).get("/boards")["items"]] == ["ethics"]
    told = as_(house.milo).get("/boards/ethics")
    assert [one["role"] for one in told["seats"]] == ["chair", "member", "member", "member", "member"]
    assert told["in_words"]
    assert "administrators" in told["why_not_manage"]
    assert as_(house.milo).get("/boards/ethics/policies/1")["content"]["ballot_days"] == 3
    for path in ("/boards/ethics", "/boards/ethics/policies/1"):
        problem(as_(house.ugo)("GET", path), 404, "not-found")
    problem(ada("GET", "/boards/ethics/policies/99"), 404, "not-found")


def test_a_seat_is_given_ended_and_its_alternate_named(house: House, ada: Caller) -> None:
    path, alma = "/boards/ethics/seats", person("Alma Alternate", Role.RESEARCHER)
    given = {"person": alma.pk, "role": "alternate", "attributes": ["lay"]}
    told = problem(as_(house.milo)("POST", path, given), 403, "forbidden")
    assert told["detail"] == as_(house.milo).get("/boards/ethics")["why_not_manage"]
    problem(as_(house.ugo)("POST", path, given), 404, "not-found")
    told = problem(ada("POST", path, {"person": house.milo.pk, "role": "member"}), 422, "refused")
    assert "Milo Member has a seat" in told["detail"]
    problem(ada("POST", path, {"person": house.ada.pk, "role": "member"}), 403, "forbidden")
    problem(ada("POST", path, {"person": alma.pk, "role": "chair"}), 422, "refused")
    seats = ada.post(path, given, idempotency_key="seat")["seats"]
    assert ada.post(path, given, idempotency_key="seat")["seats"] == seats
    assert Seat.objects.filter(person=alma).count() == 1
    milo = next(one for one in seats if one["person"]["id"] == house.milo.pk)
    alternate = f"{path}/{milo['id']}/alternate"
    problem(ada("PUT", alternate, {"person": house.lena.pk}), 422, "refused")
    told = ada.put(alternate, {"person": alma.pk})
    (named,) = (one["alternate"] for one in told["seats"] if one["id"] == milo["id"])
    assert named["id"] == alma.pk
    problem(ada("POST", f"/boards/safety/seats/{milo['id']}/ending", {}), 404, "not-found")
    told = ada.post(f"{path}/{milo['id']}/ending", {"reason": "Left."})
    assert milo["id"] in [one["id"] for one in told["former"]]
    problem(ada("POST", f"{path}/{milo['id']}/ending", {}), 422, "refused")
    assert (events("seat.ended"), events("seat.alternate_named")) == (1, 1)


def test_a_policy_is_written_as_a_new_version_with_a_reason(house: House, ada: Caller) -> None:
    path, longer = "/boards/ethics/policies", {**POLICY, "ballot_days": 5}
    problem(as_(house.sena)("POST", path, {"content": longer, "reason": "x"}), 403, "forbidden")
    problem(ada("POST", path, {"content": longer, "reason": " "}), 422, "invalid")
    told = problem(ada("POST", path, {"content": {"ballot_days": -1}, "reason": "x"}), 422, "refused")
    assert "ballot_days" in told["detail"]
    count = Policy.objects.count()
    written = ada.post(path, {"content": longer, "reason": "Five days are fairer."})
    assert written["content"]["ballot_days"] == 5
    board = ada.get("/boards/ethics")
    assert (board["policy"], board["versions"][0]["reason"]) == (written["version"], "Five days are fairer.")
    assert Policy.objects.count() == count + 1


def test_a_board_is_made_by_an_administrator(house: House, ada: Caller) -> None:
    problem(as_(house.sena)("POST", "/boards", BOARD), 403, "forbidden")
    problem(ada("POST", "/boards", BOARD | {"time_zone": "Mars/Olympus"}), 422, "invalid")
    problem(ada("POST", "/boards", BOARD | {"board": "ethics"}), 422, "refused")
    problem(ada("POST", "/boards", BOARD | {"policy": {"no_such": 1}}), 422, "refused")
    assert not Board.objects.filter(slug="privacy").exists()
    made = ada.post("/boards", BOARD)
    assert (made["board"], made["policy"], made["seats"]) == ("privacy", 1, [])
    assert Event.objects.filter(
        verb="board.made", object_id=str(Board.objects.get(slug="privacy").pk)
    ).exists()


def test_who_keeps_a_board_is_granted_and_ended_by_an_administrator(house: House, ada: Caller) -> None:
    nora = person("Nora Newcomer", Role.SECRETARY)
    path = f"/boards/ethics/grants/keep_board/{nora.pk}"
    problem(as_(house.milo)("PUT", path), 403, "forbidden")
    problem(as_(house.ugo)("PUT", path), 404, "not-found")
    problem(ada("PUT", "/boards/ethics/grants/keep_board/99999"), 404, "not-found")
    problem(ada("PUT", f"/boards/ethics/grants/own_board/{nora.pk}"), 404, "not-found")
    assert ada.get("/boards/ethics/grants")["items"] == []
    (granted,) = ada("PUT", path).json()["items"]
    assert (granted["person"]["id"], granted["permission"], granted["until"]) == (nora.pk, "keep_board", None)
    assert ada("PUT", path).json()["items"] == [granted]
    assert events("board.granted") == 1, "what is granted already is granted once"
    assert as_(house.milo).get("/boards/ethics/grants")["items"] == [granted]
    problem(as_(house.milo)("DELETE", path), 403, "forbidden")
    assert ada("DELETE", path).status_code == 204
    assert ada.get("/boards/ethics/grants")["items"] == []
    problem(ada("DELETE", path), 404, "not-found")
    assert events("board.grant_ended") == 1

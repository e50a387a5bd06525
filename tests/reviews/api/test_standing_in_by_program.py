"""Dates, readers and standing in by calls: as on the pages, refused with the same reasons."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from reviews.models import Assignment, Delegation
from reviews.rules.assigning import ReaderRole
from reviews.selectors.readers_proposal import proposal_for
from tests.boardrooms import House, events, in_review
from tests.calling import as_, problem
from tests.standing_in import a_house_with_alternates

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_review")]


def test_a_date_is_moved_with_a_reason_by_who_leads_the_board(house: House) -> None:
    request = in_review(house)
    path = f"/requests/{request.reference}/dates"
    review = house.ethics_review(request)
    move = f"{path}/review/{review.pk}/move"
    day = (timezone.now() + timedelta(days=60)).date().isoformat()
    given = {"day": day, "at": "12:00", "reason": "Two are ill."}
    (line,) = as_(house.milo).get(path)["items"]
    assert (line["kind"], line["id"]) == ("review", review.pk)
    assert "secretary" in line["why_not_move"]
    assert problem(as_(house.milo)("POST", move, given), 403, "forbidden")["detail"] == line["why_not_move"]
    problem(as_(house.ugo)("POST", move, given), 404, "not-found")
    sena = as_(house.sena)
    problem(sena("POST", move, given | {"day": "2020-01-01"}), 422, "refused")
    problem(sena("POST", move, given | {"at": "25:00"}), 422, "invalid")
    assert events("deadline.moved") == 0
    (moved,) = sena.post(move, given, idempotency_key="move")["items"]
    assert moved["due"].startswith(day)
    assert sena.post(move, given, idempotency_key="move")["items"] == [moved]
    assert events("deadline.moved") == 1


def test_a_reader_is_chosen_from_the_proposal_and_gives_it_back(house: House) -> None:
    request = in_review(house)
    path = f"/requests/{request.reference}/boards/ethics"
    sena = as_(house.sena)
    proposal = sena.get(f"{path}/readers/lead/proposal")
    ranked = proposal_for(house.ethics_review(request), ReaderRole.LEAD, timezone.now()).proposal.ranked
    assert [one["person"]["id"] for one in proposal["ranked"]] == [one.person for one in ranked]
    assert all(one["reasons"] for one in proposal["ranked"])
    assert "Rex Recused" in [one["name"] for one in proposal["left_out"]]
    first, second = (one["person"]["id"] for one in proposal["ranked"][:2])
    problem(as_(house.ravi)("GET", f"{path}/readers"), 403, "forbidden")
    problem(as_(house.ugo)("GET", f"{path}/readers"), 404, "not-found")
    problem(as_(house.milo)("POST", f"{path}/readers/lead", {"person": first}), 403, "forbidden")
    told = problem(sena("POST", f"{path}/readers/lead", {"person": second}), 422, "refused")
    assert "isn't the first" in told["detail"]
    problem(sena("POST", f"{path}/readers/lead", {"person": house.rex.pk, "reason": "x"}), 422, "refused")
    assert not Assignment.objects.exists()
    chosen = sena.post(f"{path}/readers/lead", {"person": first})
    assert chosen["items"][0]["person"]["id"] == first
    reader = next(one for one in house.people.values() if one.pk == first)
    problem(as_(house.lena)("POST", f"{path}/reading/return", {"reason": "Not me."}), 404, "not-found")
    back = as_(reader).post(f"{path}/reading/return", {"reason": "Travelling."})
    assert [one["person"] for one in back["items"]] == [None, None]
    assert (events("reader.assigned"), events("reader.declined")) == (1, 1)


def test_who_is_away_names_an_alternate_and_ends_it(house: House) -> None:
    house = a_house_with_alternates()
    milo, today = as_(house.milo), timezone.now().date()
    offers = milo.get("/away")["offers"]
    assert [one["board"] for one in offers] == ["ethics"]
    assert [one["id"] for one in offers[0]["people"]] == [house.ugo.pk, house.alma.pk]
    given: dict[str, Any] = {
        "board": "ethics", "deputy": house.ugo.pk, "first_day": today.isoformat(),
        "last_day": (today + timedelta(days=5)).isoformat(), "reason": "On leave.",
    }  # fmt: skip
    told = problem(milo("POST", "/away", given | {"deputy": house.lena.pk}), 422, "refused")
    assert "alternate" in told["detail"]
    problem(milo("POST", "/away", given | {"board": "safety"}), 422, "refused")
    problem(milo("POST", "/away", given | {"board": None}), 422, "refused")
    problem(milo("POST", "/away", given | {"last_day": "9999-12-31"}), 422, "invalid")
    assert not Delegation.objects.exists()
    named = milo.post("/away", given, idempotency_key="leave")["given"]
    assert milo.post("/away", given, idempotency_key="leave")["given"] == named
    (told,) = as_(house.sena).get("/boards/ethics")["away"]
    assert (told["person"]["id"], told["deputy"]["id"]) == (house.milo.pk, house.ugo.pk)
    assert "reason" not in told
    problem(milo("POST", "/away", given), 422, "refused")
    ugo = as_(house.ugo)
    assert [one["giver"]["id"] for one in ugo.get("/away")["received"]] == [house.milo.pk]
    end = f"/away/{named[0]['id']}/ending"
    problem(ugo("POST", end), 404, "not-found")
    told_ = milo.post(end)
    assert (told_["given"], told_["past"][0]["id"]) == ([], named[0]["id"])
    problem(milo("POST", end), 409, "wrong-state")
    assert (events("delegation.made"), events("delegation.ended")) == (1, 1)

"""The search by calls: what the page finds for this person, and nothing else."""

from typing import Any

import pytest

from accounts.models import User
from accounts.roles import Role
from reviews.services.drafting import state_purpose
from tests.calling import Caller, as_, problem
from tests.dossiers import NOW, a_draft, a_version, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def ravi() -> User:
    return person("Ravi Requester", Role.RESEARCHER)


@pytest.fixture
def call(ravi: User) -> Caller:
    return as_(ravi)


def drafts(ravi: User, count: int) -> list[str]:
    found = []
    for number in range(count):
        draft = a_draft(ravi, a_version(ravi, number=f"3.{number}"))
        state_purpose(actor=ravi, request_id=draft.pk, purpose="Ferry timetables", now=NOW)
        found.append(draft.reference)
    return found


def test_requests_are_found_by_words_and_by_their_number(call: Caller, ravi: User) -> None:
    (reference,) = drafts(ravi, 1)
    found = call.get("/search?q=timetables")
    assert [(one["reference"], one["purpose"]) for one in found["items"]] == [(reference, "Ferry timetables")]
    assert found["number"] is None
    assert call.get(f"/search?q={reference.lower()}")["number"] == reference
    assert call.get("/search?q=timetables&kind=decisions")["items"] == []
    stranger = as_(person("Ugo Outsider", Role.RESEARCHER))
    assert stranger.get("/search?q=timetables")["items"] == []
    assert stranger.get(f"/search?q={reference}")["number"] is None
    problem(call("GET", "/search?q="), 422, "invalid")
    problem(call("GET", "/search?q=x&kind=everything"), 422, "invalid")


def test_whoever_pages_finds_everything_once(
    call: Caller, ravi: User, django_assert_max_num_queries: Any
) -> None:
    made = drafts(ravi, 22)
    first = call.get("/search?q=timetables")
    second = call.get(f"/search?q=timetables&after={first['next']}")
    assert [one["reference"] for one in first["items"] + second["items"]] == made[::-1]
    assert second["next"] is None
    problem(call("GET", f"/search?q=Harbor&after={first['next']}"), 422, "invalid")
    with django_assert_max_num_queries(18):
        call.get("/search?q=timetables")


def test_people_are_found_by_name_and_by_address_only_for_administrators(call: Caller, ravi: User) -> None:
    assert [one["id"] for one in call.get("/search/people?q=ravi")["items"]] == [ravi.pk]
    address = ravi.email.split("@")[0]
    ravi.display_name = "Somebody Else"
    ravi.save()
    assert call.get(f"/search/people?q={address}")["items"] == []

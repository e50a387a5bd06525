"""What holds for every call: problems, limits, pages, and that a repeated call acts once."""

from datetime import timedelta
from typing import Any
from unittest.mock import ANY

import pytest
from django.test import Client
from django.utils import timezone

from accounts.api_tokens import KeptAnswer
from accounts.models import User
from accounts.roles import Role
from accounts.services.api_tokens import forget_answers
from registry.models import Project
from tests.accounts.conftest import MakePerson
from tests.calling import Caller, as_, problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def researcher(make_person: MakePerson) -> User:
    return make_person("Ravi Requester", Role.RESEARCHER)


@pytest.fixture
def call(researcher: User) -> Caller:
    return as_(researcher)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "malformed"),
        (b'{"name": NaN}', 400, "malformed"),
        (b'{"name": "a", "name": "b"}', 400, "malformed"),
        (b'{"name": "a\\u0000"}', 400, "malformed"),
        (b'{"name": "\\ud800"}', 400, "malformed"),
        (b'{"name": "\xff"}', 400, "malformed"),
        (b'{"name": 1e999}', 400, "malformed"),
        (b"[" * 100_000, 400, "malformed"),
        (b"[]", 422, "invalid"),
        (b"null", 422, "invalid"),
        (b"{}", 422, "invalid"),
        (b'{"name": 7}', 422, "invalid"),
        (b'{"name": " "}', 422, "invalid"),
        (b'{"name": "a", "nmae": "b"}', 422, "invalid"),
    ],
)
def test_a_body_that_is_not_what_is_asked_for_changes_nothing(
    call: Caller, body: bytes, status: int, code: str
) -> None:
    problem(call("POST", "/projects", body), status, code)
    assert not Project.objects.exists()


def test_each_wrong_field_is_named_by_a_pointer_and_each_wrong_parameter_by_its_name(call: Caller) -> None:
    told = problem(call("POST", "/projects", {"nmae": "b"}), 422, "invalid")
    assert told["errors"] == [
        {"pointer": "#/name", "detail": "This is missing."},
        {"pointer": "#/nmae", "detail": "There is no field of this name."},
    ]
    told = problem(call("GET", "/projects?limit=1000&after=x"), 422, "invalid")
    assert told["errors"] == [{"parameter": "limit", "detail": "This may be at most 200."}]
    told = problem(call("GET", "/projects?after=x"), 422, "invalid")
    assert told["errors"] == [{"parameter": "after", "detail": ANY}]


def test_a_parameter_that_nobody_asked_for_is_named_and_nothing_is_done(call: Caller) -> None:
    for method, path in (("GET", "/projects?nmae=Harbor&limit=2"), ("POST", "/projects?nmae=Harbor")):
        told = problem(call(method, path, {"name": "Harbor"} if method == "POST" else None), 422, "invalid")
        assert told["errors"] == [{"parameter": "nmae", "detail": "There is no such parameter here."}]
    assert not Project.objects.exists()


def test_another_media_type_than_json_is_refused(call: Caller) -> None:
    answer = call("POST", "/projects", b"name=a", content_type="application/x-www-form-urlencoded")
    problem(answer, 415, "wrong-media-type")
    assert answer["Accept-Post"] == "application/json"


def test_a_body_that_is_too_large_is_refused(call: Caller, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1024**2
    problem(call("POST", "/projects", {"name": "a", "description": "b" * 1024**2}), 413, "too-large")


def test_what_is_at_no_address_or_by_no_method_is_a_problem_too(call: Caller, client: Client) -> None:
    problem(call("GET", "/nothing"), 404, "not-found")
    problem(call("GET", "/projects/99999999999999999999"), 404, "not-found")
    problem(call("GET", "/projects/x"), 404, "not-found")
    answer = call("PUT", "/projects", {})
    problem(answer, 405, "method-not-allowed")
    assert "POST" in answer["Allow"]
    problem(client.get("/api/v2/me"), 404, "not-found")
    problem(call("GET", "/projects?name=%00"), 400, "malformed")


def test_answers_are_never_cached_and_say_how_many_calls_are_left(call: Caller, settings: Any) -> None:
    settings.API_CALLS_OF_TOKEN = 2
    first = call("GET", "/me")
    assert first["Cache-Control"] == "private, no-store"
    assert first["RateLimit-Policy"] == '"token";q=2;w=60'
    assert first["RateLimit"].startswith('"token";r=1;t=')
    call("GET", "/me")
    last = call("GET", "/me")
    if last.status_code == 200:  # a minute ended in between
        call("GET", "/me")
        last = call("GET", "/me")
    problem(last, 429, "too-many")
    assert 1 <= int(last["Retry-After"]) <= 60


def test_an_address_is_limited_whatever_tokens_it_sends(client: Client, settings: Any) -> None:
    settings.API_CALLS_OF_ADDRESS = 1
    answers = [client.get("/api/v1/me") for _each in range(3)]
    assert answers[-1].status_code == 429
    assert answers[-1]["Retry-After"]


def test_a_customer_of_ipv6_is_one_address_and_a_neighbour_is_another(client: Client, settings: Any) -> None:
    settings.API_CALLS_OF_ADDRESS = 1
    own = [client.get("/api/v1/me", REMOTE_ADDR=f"2001:db8:7:8::{host}") for host in range(1, 4)]
    assert own[-1].status_code == 429
    assert client.get("/api/v1/me", REMOTE_ADDR="2001:db8:7:9::1").status_code == 401


def test_a_list_is_paged_without_losing_or_repeating_anything(call: Caller) -> None:
    for number in range(5):
        call.post("/projects", {"name": f"Project {number}"})
    seen: list[str] = []
    answer = call("GET", "/projects?limit=2")
    while True:
        page = answer.json()
        seen += [each["name"] for each in page["items"]]
        if len(seen) == 2:
            call.post("/projects", {"name": "Meanwhile"})
        if page["next"] is None:
            assert "Link" not in answer
            break
        link = answer["Link"]
        assert link.endswith('; rel="next"')
        answer = call("GET", link[1:].split(">")[0].removeprefix("http://testserver/api/v1"))
    assert seen == [f"Project {number}" for number in (4, 3, 2, 1, 0)]


def test_a_cursor_of_another_list_is_refused(call: Caller) -> None:
    for number in range(2):
        call.post("/projects", {"name": f"Project {number}"})
    following = call.get("/projects?limit=1")["next"]
    problem(call("GET", f"/models?after={following}"), 422, "invalid")


def test_a_repeated_call_acts_once_and_is_answered_alike(call: Caller) -> None:
    sent = {"name": "Harbor"}
    first = call("POST", "/projects", sent, idempotency_key='"one"')
    again = call("POST", "/projects", sent, idempotency_key="one")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again["Location"] == first["Location"]
    assert again["Idempotency-Replayed"] == "true"
    assert Project.objects.count() == 1


def test_a_key_belongs_to_one_call_and_to_one_token(call: Caller, researcher: User) -> None:
    call.post("/projects", {"name": "Harbor"}, idempotency_key="one")
    problem(call("POST", "/projects", {"name": "Other"}, idempotency_key="one"), 422, "key-reused")
    assert Project.objects.count() == 1
    as_(researcher).post("/projects", {"name": "Other"}, idempotency_key="one")
    assert Project.objects.count() == 2


def test_what_was_refused_leaves_its_key_free(call: Caller) -> None:
    problem(call("POST", "/projects", {}, idempotency_key="one"), 422, "invalid")
    call.post("/projects", {"name": "Harbor"}, idempotency_key="one")
    assert Project.objects.count() == 1


@pytest.mark.parametrize("key", ["", "x" * 256, "ü", "a b"])
def test_a_key_that_is_none_is_refused(call: Caller, key: str) -> None:
    told = problem(call("POST", "/projects", {"name": "a"}, idempotency_key=key), 422, "invalid")
    assert told["errors"][0]["parameter"] == "Idempotency-Key"
    assert not Project.objects.exists()


def test_answers_are_kept_for_a_day(call: Caller) -> None:
    call.post("/projects", {"name": "Harbor"}, idempotency_key="one")
    now = timezone.now()
    assert forget_answers(now) == 0
    KeptAnswer.objects.update(made_at=now - timedelta(hours=24))
    call.post("/projects", {"name": "Harbor"}, idempotency_key="one")
    assert Project.objects.count() == 2
    KeptAnswer.objects.update(made_at=now - timedelta(hours=25))
    assert forget_answers(now) == 1


def test_a_list_asks_the_database_as_often_for_many_as_for_one(
    call: Caller, django_assert_num_queries: Any
) -> None:
    call.post("/projects", {"name": "One"})
    call.get("/projects")
    with django_assert_num_queries(4):  # the token, roles, its boards, the page
        assert len(call.get("/projects")["items"]) == 1
    for number in range(4):
        call.post("/projects", {"name": f"Project {number}"})
    with django_assert_num_queries(4):
        assert len(call.get("/projects")["items"]) == 5

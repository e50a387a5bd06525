"""The sample's one-click entrance, and that it exists nowhere else."""

from typing import Any

import pytest
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from accounts.services.sample import SAMPLE_PASSWORD, make_sample_person
from accounts.signing import Proof
from audit.refusal import Refused
from tests.accounts.conftest import NOW, MakePerson, code_of, events_of, last_event, text_of
from tests.proofs import signed


@pytest.fixture
def hanna(db: None, settings: Any) -> User:
    settings.SAMPLE = True
    return make_sample_person(
        email="hanna@tidewater.example", display_name="Hanna Lindqvist", roles=[Role.LEGAL], language="en",
        time_zone="Europe/Stockholm", line_manager=None, now=NOW, place=1,
    )  # fmt: skip


def enter(client: Client, person: User) -> Any:
    return client.post("/sample/sign-in/", {"person": str(person.pk)})


def test_one_click_signs_in_as_an_invented_person(client: Client, hanna: User) -> None:
    page = text_of(client.get("/accounts/login/"))
    assert "Hanna Lindqvist" in page
    assert code_of(hanna) in page
    assert SAMPLE_PASSWORD in page
    assert enter(client, hanna).headers["Location"] == "/"
    assert client.session["_auth_user_id"] == str(hanna.pk)
    assert last_event(hanna)["data"] == {"methods": ["sample"]}
    assert client.get("/me/").status_code == 200


def test_password_and_code_work_too(client: Client, hanna: User) -> None:
    client.post("/accounts/login/", {"login": hanna.email, "password": SAMPLE_PASSWORD})
    client.post("/accounts/2fa/authenticate/", {"code": code_of(hanna)})
    assert client.session["_auth_user_id"] == str(hanna.pk)


def test_the_used_code_is_not_shown_again_but_the_next_one(client: Client, hanna: User) -> None:
    enter(client, hanna)
    now = timezone.now()
    first = code_of(hanna, now)
    assert first in text_of(client.get("/sample/code/"))
    signed(hanna, Proof(password=SAMPLE_PASSWORD, code=first), now)
    page = text_of(client.get("/sample/code/"))
    assert first not in page
    second = code_of(hanna)
    assert second in page
    signed(hanna, Proof(password=SAMPLE_PASSWORD, code=second), timezone.now())
    assert "the next stands here" in text_of(client.get("/sample/code/"))


def test_outside_a_sample_nothing_of_it_exists(client: Client, hanna: User, settings: Any) -> None:
    settings.SAMPLE = False
    assert enter(client, hanna).status_code == 404
    assert "_auth_user_id" not in client.session
    assert client.get("/sample/cast/").status_code == 404
    assert "Hanna" not in text_of(client.get("/accounts/login/"))
    client.force_login(hanna)
    assert client.get("/sample/code/").status_code == 404
    with pytest.raises(Refused):
        make_sample_person(
            email="x@y.zz",
            display_name="X",
            roles=[],
            language="en",
            time_zone="UTC",
            line_manager=None,
            now=NOW,
        )


def test_real_people_can_not_be_entered_as_in_a_sample(
    client: Client, hanna: User, make_person: MakePerson
) -> None:
    real = make_person("Real", Role.ADMINISTRATOR, codes=True)
    assert enter(client, real).status_code == 404
    assert "_auth_user_id" not in client.session
    assert "Real" not in text_of(client.get("/sample/cast/"))
    client.force_login(real)
    assert client.get("/sample/code/").status_code == 404
    assert events_of(real) == []


@pytest.mark.parametrize("person", ["", "x", "-1", "0", "²", "9" * 40])
def test_nobody_is_not_entered(client: Client, hanna: User, person: str) -> None:
    assert client.post("/sample/sign-in/", {"person": person}).status_code == 404


def test_entering_needs_a_post_with_a_token(hanna: User) -> None:
    careful = Client(enforce_csrf_checks=True)
    assert careful.get("/sample/sign-in/").status_code == 405
    assert enter(careful, hanna).status_code == 403


def test_a_deactivated_sample_person_is_not_entered(client: Client, hanna: User) -> None:
    User.objects.filter(pk=hanna.pk).update(is_active=False)
    assert enter(client, hanna).status_code == 404


def rendered(person: User) -> str:
    request = RequestFactory().get("/")
    request.user = person
    return Template("{% load sample %}{% sample_code %}").render(Context({"request": request})).strip()


def test_the_component_shows_the_code_to_invented_people_only(
    hanna: User, make_person: MakePerson, settings: Any
) -> None:
    assert code_of(hanna) in rendered(hanna)
    assert rendered(make_person("Real", codes=True)) == ""
    settings.SAMPLE = False
    assert rendered(hanna) == ""


def test_a_sample_person_is_in_the_trail_by_one_event(hanna: User) -> None:
    assert events_of(hanna) == ["person.created"]
    assert "Hanna" not in str(last_event(hanna))


def test_the_sign_in_page_costs_few_queries(
    client: Client, hanna: User, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(8):
        client.get("/accounts/login/")

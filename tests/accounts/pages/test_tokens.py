"""People make tokens on their account's page and revoke them; administrators see and revoke everybody's."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.api_tokens import ApiToken
from accounts.models import User
from audit.models import Event
from tests.accounts.conftest import PASSWORD, text_of
from tests.calling import Caller, a_token, problem

NEW = "/me/tokens/new/"
GIVEN = {"name": "Release pipeline", "scopes": ["requests:read", "registry:write"], "days": "30"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def entered(client: Client, member: User) -> Client:
    """A browser in which the member said a moment ago who they are."""
    client.post("/accounts/login/", {"login": member.email, "password": PASSWORD})
    client.get("/accounts/reauthenticate/")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def events() -> list[str]:
    return list(
        Event.objects.filter(object_type="accounts.apitoken").order_by("id").values_list("verb", flat=True)
    )


def test_a_token_is_shown_once_and_works(entered: Client) -> None:
    made = entered.post(NEW, GIVEN)
    assert "no-store" in made["Cache-Control"]
    found = re.search(r"imp_[0-9A-Za-z]{49}", text_of(made))
    assert found
    text = found[0]
    assert Caller(text).get("/me")["token"]["name"] == "Release pipeline"
    listed = text_of(entered.get("/me/tokens/"))
    assert text[:8] in listed
    assert text not in listed
    token = ApiToken.objects.get()
    assert token.scopes == ["registry:write", "requests:read"]
    assert token.expires_at - token.created_at == timedelta(days=30)
    assert events() == ["token.created"]
    assert "1 token works" in text_of(entered.get("/me/"))


def test_making_one_asks_again_who_it_is_when_signing_in_was_long_ago(client: Client, member: User) -> None:
    client.force_login(member)  # in a session that says nothing of when
    for answer in (client.get(NEW), client.post(NEW, GIVEN)):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert not ApiToken.objects.exists()


def test_what_is_missing_is_said_and_nothing_is_made(entered: Client) -> None:
    page = entered.post(NEW, {"name": "", "days": "30"})
    assert text_of(page).count('_error"') >= 2
    assert "people:write" not in text_of(page)
    assert entered.post(NEW, GIVEN | {"scopes": ["people:write"]}).status_code == 200
    assert entered.post(NEW, GIVEN | {"days": "4000"}).status_code == 200
    assert not ApiToken.objects.exists()


def test_one_revokes_ones_own_and_nobody_elses(entered: Client, member: User, legal: User) -> None:
    own, other = a_token(member), a_token(legal)
    ids = list(ApiToken.objects.order_by("pk").values_list("pk", flat=True))
    assert entered.post(f"/me/tokens/{ids[1]}/revoke/").status_code == 404
    assert Caller(other).get("/me")
    entered.post(f"/me/tokens/{ids[0]}/revoke/")
    problem(Caller(own)("GET", "/me"), 401, "unauthenticated")
    assert events() == ["token.created", "token.created", "token.revoked"]
    entered.post(f"/me/tokens/{ids[0]}/revoke/")
    assert events()[3:] == []


def test_an_administrator_sees_and_revokes_everybodys(
    office: Client, member: User, administrator: User
) -> None:
    text = a_token(member)
    token = ApiToken.objects.get()
    stranger = Client()
    stranger.force_login(member)
    assert stranger.get("/people/tokens/").status_code == 404
    page = text_of(office.get("/people/tokens/"))
    assert "Hanna Lindqvist" in page
    assert token.start in page
    answer = office.post(f"/me/tokens/{token.pk}/revoke/", {"from": "all"})
    assert answer["Location"] == "/people/tokens/"
    problem(Caller(text)("GET", "/me"), 401, "unauthenticated")
    token.refresh_from_db()
    assert token.revoked_by == administrator
    assert token.revoked_at is not None
    assert token.revoked_at <= timezone.now()

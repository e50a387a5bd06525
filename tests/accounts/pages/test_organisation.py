"""People come in through their organisation's provider, over HTTP, with real tokens; what doesn't hold is refused."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.test import Client

from accounts.models import User
from tests.accounts import provider as provider_module
from tests.accounts.conftest import events_of, last_event, text_of
from tests.accounts.provider import Provider, es256, rs256
from tests.accounts.through_provider import CALLBACK, ENTER, come, go, is_in

pytestmark = pytest.mark.django_db


def test_the_sign_in_page_has_the_button_of_the_organisation(client: Client, provider: Provider) -> None:
    assert "Sign in with Lanternfield" in text_of(client.get("/accounts/login/"))


def test_without_a_provider_there_is_no_button_and_no_address(client: Client) -> None:
    assert ENTER not in text_of(client.get("/accounts/login/"))
    assert client.post(ENTER).status_code == 404
    assert client.get(CALLBACK).status_code == 404


@pytest.mark.parametrize("sign", [rs256, es256])
def test_who_is_here_comes_in_and_is_linked_with_one_event(
    client: Client, provider: Provider, member: User, sign: Callable[..., str]
) -> None:
    provider.sign = sign
    assert come(client)["Location"] == "/"
    assert is_in(client, member)
    assert events_of(member) == ["organisation_account.linked", "person.signed_in"]
    assert last_event(member)["data"] == {"methods": ["organisation"]}
    linked = SocialAccount.objects.get()
    assert linked.extra_data == {"issuer": provider.issuer}, "nothing of what it tells about people is kept"
    assert not SocialToken.objects.exists()
    other = Client()
    come(other)
    assert is_in(other, member)
    assert events_of(member).count("organisation_account.linked") == 1


def test_what_the_browser_is_sent_with_is_bound_to_it(client: Client, provider: Provider) -> None:
    asked = parse_qs(urlsplit(client.post(ENTER)["Location"]).query)
    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["nonce"][0]) >= 32
    again = parse_qs(urlsplit(client.post(ENTER)["Location"]).query)
    for name in ("nonce", "state", "code_challenge"):
        assert again[name] != asked[name]


@pytest.mark.parametrize(
    ("claims", "sign"),
    [
        ({"nonce": "of another browser"}, "rs256"),
        ({"iss": "https://evil.example"}, "rs256"),
        ({"aud": "another client"}, "rs256"),
        ({"exp": int(time.time()) - 120}, "rs256"),
        ({}, "unsigned"),
        ({}, "by_another"),
    ],
    ids=["nonce", "issuer", "audience", "expired", "alg none", "another key"],
)
def test_a_token_that_does_not_hold_lets_nobody_in(
    client: Client, provider: Provider, member: User, claims: dict[str, Any], sign: str
) -> None:
    provider.lie, provider.sign = lambda said: said | claims, getattr(provider_module, sign)
    answer = come(client)
    assert answer.status_code == 401
    assert "did not confirm who you are" in text_of(answer)
    assert not is_in(client, member)
    assert not SocialAccount.objects.exists()
    assert events_of(member) == []


def test_no_token_at_all_and_a_broken_one_let_nobody_in(
    client: Client, provider: Provider, member: User
) -> None:
    for token in ("", "a.b.c", "nonsense"):
        provider.sign = partial(lambda token, _claims: token, token)
        assert come(client).status_code == 401
    assert not is_in(client, member)


def test_an_answer_comes_back_once_and_to_the_browser_that_asked(
    client: Client, provider: Provider, member: User
) -> None:
    back, other = go(client), Client()
    assert other.get(back).status_code == 401
    assert not is_in(other, member)
    assert client.get(back).status_code == 302
    assert other.get(back).status_code == 401
    assert Client().get(CALLBACK, {"code": "x", "state": "y"}).status_code == 401
    refused = Client()
    there = parse_qs(urlsplit(refused.post(ENTER)["Location"]).query)
    answer = refused.get(CALLBACK, {"error": "access_denied", "state": there["state"][0]})
    assert answer.status_code == 401


def test_a_provider_that_speaks_for_another_issuer_is_not_believed(
    client: Client, provider: Provider, member: User
) -> None:
    provider.discovered = {"issuer": "https://evil.example"}
    assert client.post(ENTER).status_code in {401, 503}
    assert not is_in(client, member)


def test_a_provider_that_is_away_is_said_to_be(client: Client, set_up: Callable[..., None]) -> None:
    set_up("http://127.0.0.1:9")
    answer = client.post(ENTER)
    assert answer.status_code == 503
    assert "be reached now" in text_of(answer)


def test_signing_out_ends_the_session_there_too(client: Client, provider: Provider, member: User) -> None:
    come(client)
    there = urlsplit(client.post("/accounts/logout/")["Location"])
    assert f"{there.scheme}://{there.netloc}{there.path}" == f"{provider.issuer}/end"
    asked = parse_qs(there.query)
    assert asked["post_logout_redirect_uri"] == ["http://localhost:8000/accounts/login/"]
    assert asked["id_token_hint"]
    assert not is_in(client, member)
    client.force_login(member)
    assert client.post("/accounts/logout/")["Location"] == "/accounts/login/", "who came in otherwise"


@pytest.mark.parametrize("given", ["https://evil.example/", "//evil.example", "/me/"])
def test_it_leads_on_to_pages_of_ours_only(
    client: Client, provider: Provider, member: User, given: str
) -> None:
    assert come(client, next=given)["Location"] == ("/me/" if given == "/me/" else "/")


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[str]:
    """Somebody else's provider, as a process of its own: its address."""
    free = Provider()
    port = free.server_port
    free.server_close()
    command = [
        sys.executable,
        "-m",
        "oidc_provider_mock",
        "--port",
        str(port),
        "--host",
        "127.0.0.1",
        "-n",
        "true",
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        for line in process.stderr:
            if "running on" in line:
                break
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def test_a_provider_that_is_not_ours_lets_people_in(
    client: Client, set_up: Callable[..., None], member: User, elsewhere: str
) -> None:
    set_up(elsewhere)
    told: Any = {"email": member.email, "email_verified": True, "name": "Hanna"}
    requests.put(f"{elsewhere}/users/h-1", json=told, timeout=5).raise_for_status()
    there = client.post(ENTER)["Location"]
    back = requests.post(there, data={"sub": "h-1"}, allow_redirects=False, timeout=5)
    path = urlsplit(back.headers["Location"])
    client.get(f"{path.path}?{path.query}")
    assert is_in(client, member)
    assert client.post("/accounts/logout/")["Location"].startswith(elsewhere)

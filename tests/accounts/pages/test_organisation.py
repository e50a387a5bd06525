"""People come in through their organisation's provider, over HTTP, with real tokens; what doesn't hold is refused."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role, roles_of
from accounts.services.deactivation import deactivate
from accounts.services.invitation import Guest, invite
from accounts.signing import Proof
from audit.models import Event
from audit.refusal import Refused
from config.organisation import social_providers
from tests.accounts import provider as provider_module
from tests.accounts.conftest import Answer, MakePerson, events_of, last_event, text_of
from tests.accounts.provider import CLIENT, SECRET, Provider, es256, rs256, running
from tests.proofs import signed

pytestmark = pytest.mark.django_db
ENTER, CALLBACK = "/accounts/organisation/", "/accounts/organisation/callback/"
OIDC = {
    "client_id": CLIENT, "secret": SECRET, "name": "Lanternfield", "email_claim": "email", "name_claim": "name",
    "trusts_addresses": False, "creates": False, "scopes": ["openid", "profile", "email"],
}  # fmt: skip


@pytest.fixture(scope="module")
def served() -> Iterator[Provider]:
    with running() as provider:
        yield provider


@pytest.fixture
def set_up(settings: Any) -> Callable[..., None]:
    """Tell the product of a provider."""

    def set_up(issuer: str, **other: Any) -> None:
        settings.OIDC = OIDC | {"issuer": issuer} | other
        settings.SOCIALACCOUNT_PROVIDERS = social_providers(settings.OIDC)

    return set_up


@pytest.fixture
def provider(served: Provider, set_up: Callable[..., None], member: User) -> Provider:
    """A provider that says the truth about Hanna."""
    set_up(served.issuer)
    served.claims = {"sub": "h-1", "email": member.email, "email_verified": True, "name": "Hanna"}
    served.lie, served.sign, served.told_later, served.discovered = dict, rs256, {}, {}
    return served


def go(client: Client, **given: str) -> str:
    """Press the button, be let through by the provider, and return the address to which it leads back."""
    there = client.post(ENTER, given)
    assert there.status_code == 302, text_of(there)
    back = requests.get(there["Location"], allow_redirects=False, timeout=5)
    assert back.status_code == 302, back.text
    path = urlsplit(back.headers["Location"])
    assert f"{path.scheme}://{path.netloc}" == "http://localhost:8000"
    return f"{path.path}?{path.query}"


def come(client: Client, **given: str) -> Answer:
    return client.get(go(client, **given))


def is_in(client: Client, user: User) -> bool:
    return client.session.get("_auth_user_id") == str(user.pk)


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


@pytest.mark.parametrize("verified", [False, None, "true"])
def test_an_address_that_nobody_verified_lets_nobody_in(
    client: Client, provider: Provider, member: User, verified: object
) -> None:
    provider.claims["email_verified"] = verified
    answer = come(client)
    assert answer.status_code == 403
    assert not is_in(client, member)
    assert events_of(member) == ["organisation_account.refused"]


def test_a_provider_that_is_trusted_with_addresses_needs_no_such_claim(
    client: Client, provider: Provider, member: User, set_up: Callable[..., None]
) -> None:
    set_up(provider.issuer, trusts_addresses=True)
    del provider.claims["email_verified"]
    come(client)
    assert is_in(client, member)


def test_claims_are_named_by_settings_and_asked_for_where_the_token_lacks_them(
    client: Client, provider: Provider, member: User, set_up: Callable[..., None]
) -> None:
    set_up(provider.issuer, email_claim="upn")
    provider.claims = {"sub": "h-1"}
    provider.told_later = {"upn": member.email.upper(), "email_verified": True}
    come(client)
    assert is_in(client, member)


def test_what_is_told_of_another_person_is_not_believed(
    client: Client, provider: Provider, member: User
) -> None:
    provider.claims = {"sub": "h-1"}
    provider.told_later = {"sub": "somebody else", "email": member.email, "email_verified": True}
    assert come(client).status_code == 401
    assert not is_in(client, member)


def test_an_invited_person_joins_by_it(
    client: Client, provider: Provider, make_person: MakePerson, administrator: User
) -> None:
    invitation = invite(
        actor=administrator, guest=Guest("lin@example.org", roles=(Role.RESEARCHER,)), now=timezone.now()
    )
    provider.claims |= {"email": "Lin@Example.org", "sub": "l-2"}
    come(client)
    lin = User.objects.get(email="lin@example.org")
    assert is_in(client, lin)
    assert roles_of(lin) == {Role.RESEARCHER}
    invitation.refresh_from_db()
    assert invitation.accepted_at is not None
    assert "person.joined" in events_of(lin)


def test_an_invitation_that_is_too_old_opens_nothing_here_either(
    client: Client, provider: Provider, administrator: User
) -> None:
    long_ago = timezone.now() - timedelta(days=30)
    invite(actor=administrator, guest=Guest("lin@example.org"), now=long_ago)
    provider.claims |= {"email": "lin@example.org", "sub": "l-2"}
    assert come(client).status_code == 403
    assert not User.objects.get(email="lin@example.org").is_active


def test_deactivated_people_stay_out_also_when_they_were_in_before(
    client: Client, provider: Provider, member: User, administrator: User
) -> None:
    come(client)
    deactivate(actor=administrator, person_id=member.pk, reason="left", now=timezone.now())
    other = Client()
    answer = come(other)
    assert answer.status_code == 403
    assert "deactivated" in text_of(answer)
    assert not is_in(other, member)


def test_whom_nobody_invited_stays_out_and_is_not_made(client: Client, provider: Provider) -> None:
    provider.claims |= {"email": "stranger@example.org", "sub": "s-3"}
    before = User.objects.count()
    answer = come(client)
    assert answer.status_code == 403
    assert "Nobody invited stranger@example.org" in text_of(answer)
    assert User.objects.count() == before
    assert "_auth_user_id" not in client.session


def test_where_a_setting_says_so_strangers_are_made_without_a_role(
    client: Client, provider: Provider, set_up: Callable[..., None]
) -> None:
    set_up(provider.issuer, creates=True)
    provider.claims |= {"email": "stranger@example.org", "sub": "s-3", "name": "Stella Stranger"}
    come(client)
    made = User.objects.get(email="stranger@example.org")
    assert is_in(client, made)
    assert (made.display_name, made.has_usable_password()) == ("Stella Stranger", False)
    assert not roles_of(made)
    assert Event.objects.get(verb="person.created").actor == ""


def test_an_address_that_went_to_somebody_else_there_opens_no_account_here(
    client: Client, provider: Provider, member: User
) -> None:
    come(client)
    provider.claims["sub"] = "h-2"
    other = Client()
    assert come(other).status_code == 403
    assert not is_in(other, member)
    assert SocialAccount.objects.count() == 1


def test_who_was_in_before_is_known_by_subject_whatever_address_they_have(
    client: Client, provider: Provider, member: User, legal: User
) -> None:
    come(client)
    provider.claims["email"] = legal.email
    other = Client()
    come(other)
    assert is_in(other, member)


def test_who_has_a_second_factor_here_is_asked_for_it(
    client: Client, provider: Provider, legal: User
) -> None:
    provider.claims |= {"email": legal.email, "sub": "s-4"}
    assert come(client)["Location"] == "/accounts/2fa/authenticate/"
    assert not is_in(client, legal)


def test_an_office_needs_a_factor_of_its_own_and_the_provider_signs_nothing(
    client: Client, provider: Provider, make_person: MakePerson
) -> None:
    """The session at the provider is no component of a signature."""
    secretary = make_person("Ines Duarte", Role.SECRETARY)
    provider.claims |= {"email": secretary.email, "sub": "i-5"}
    come(client)
    assert client.get("/")["Location"] == "/accounts/2fa/totp/activate/"
    assert client.get("/accounts/2fa/webauthn/add/").status_code == 200
    with pytest.raises(Refused, match="Signing needs a passkey or one-time codes"):
        signed(secretary, Proof(session=client.session.session_key or ""), timezone.now())


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

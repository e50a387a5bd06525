"""Who comes in through the organisation's provider, who joins, and who stays out."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role, roles_of
from accounts.services.deactivation import deactivate
from accounts.services.invitation import Guest, invite
from accounts.signing import Proof
from audit.models import Event
from audit.refusal import Refused
from tests.accounts.conftest import MakePerson, events_of, text_of
from tests.accounts.provider import Provider
from tests.accounts.through_provider import come, is_in
from tests.proofs import signed

pytestmark = pytest.mark.django_db


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

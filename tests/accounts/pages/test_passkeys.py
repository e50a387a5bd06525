"""People set up passkeys, sign in with one, rename and remove them; each leaves its event."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from accounts.models import User
from accounts.proofs import Passkey
from accounts.roles import Role
from accounts.second_factor import has_second_factor
from audit.models import Event
from tests.accounts.conftest import PASSWORD, Answer, MakePerson, code_of, events_of, last_event, text_of
from tests.passkeys import Device

ADD, ENTER, STEP = (
    "/accounts/2fa/webauthn/add/",
    "/accounts/2fa/webauthn/login/",
    "/accounts/2fa/authenticate/",
)
pytestmark = pytest.mark.django_db


def asked_of_device(page: Answer) -> dict[str, Any]:
    """What the page tells its script to ask the device."""
    found = re.search(r'<script id="asked-of-device" type="application/json">(.*?)</script>', text_of(page))
    assert found
    options: dict[str, Any] = json.loads(found[1])
    return options


def enter(client: Client, user: User) -> None:
    """Sign in by password, as who may touch the account for some minutes."""
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    if "_auth_user_id" not in client.session:
        client.post(STEP, {"code": code_of(user)})
    client.get("/accounts/reauthenticate/")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})


def set_up(client: Client, device: Device, name: str = "Phone") -> Answer:
    return client.post(ADD, {"name": name, "credential": device.create(asked_of_device(client.get(ADD)))})


def sign_in(client: Client, device: Device) -> Answer:
    options = client.get(ENTER, headers={"accept": "application/json"}).json()["request_options"]
    return client.post(ENTER, {"credential": device.get(options)}, follow=True)


@pytest.fixture
def device() -> Device:
    return Device()


@pytest.fixture
def owner(client: Client, member: User, device: Device) -> User:
    """Somebody with one passkey, signed in."""
    enter(client, member)
    set_up(client, device)
    return member


def test_the_device_is_asked_for_a_passkey_that_verifies_its_user(client: Client, member: User) -> None:
    enter(client, member)
    asked = asked_of_device(client.get(ADD))["publicKey"]
    assert asked["rp"]["id"] == "localhost"
    assert asked["authenticatorSelection"]["residentKey"] == "required"
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    assert "attestation" not in asked, "we ask no device what it is"


@pytest.mark.both_engines
def test_a_passkey_is_set_up_with_one_event_that_has_its_public_key(
    client: Client, owner: User, device: Device
) -> None:
    passkey = Passkey.objects.get()
    assert (passkey.person, passkey.name, bytes(passkey.public_key)) == (owner, "Phone", device.public_key)
    assert events_of(owner).count("passkey.registered") == 1
    assert "second_factor.added" not in events_of(owner)
    assert has_second_factor(owner)
    assert "Phone" in text_of(client.get("/me/"))


@pytest.mark.parametrize(
    "strange",
    [{"verifies": False}, {"origin": "http://sub.localhost:8000"}, {"rp_id": "evil.example"}],
)
def test_a_device_without_verification_and_another_site_set_up_nothing(
    client: Client, member: User, device: Device, strange: dict[str, Any]
) -> None:
    enter(client, member)
    answer = set_up(client, replace(device, **strange))
    assert answer.status_code == 200
    assert not Passkey.objects.exists()
    assert not Authenticator.objects.exists()
    assert "passkey.registered" not in events_of(member)


def test_when_the_event_fails_nothing_is_set_up(
    client: Client, member: User, device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(client, member)

    def fail(*_given: object, **_more: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("accounts.passkeys.record", fail)
    with pytest.raises(ZeroDivisionError):
        set_up(client, device)
    assert not Passkey.objects.exists()
    assert not Authenticator.objects.exists()


def test_one_signs_in_with_a_passkey_alone(client: Client, owner: User, device: Device) -> None:
    other = Client()
    sign_in(other, device)
    assert other.session["_auth_user_id"] == str(owner.pk)
    assert last_event(owner)["data"] == {"methods": ["mfa"]}


@pytest.mark.parametrize(
    "strange",
    [
        {"origin": "https://evil.example"},
        {"rp_id": "evil.example"},
        {"verifies": False},
        {"key": Device().key},
    ],
)
def test_an_answer_of_another_site_or_key_or_without_verification_signs_nobody_in(
    owner: User, device: Device, strange: dict[str, Any]
) -> None:
    other = Client()
    sign_in(other, replace(device, **strange))
    assert "_auth_user_id" not in other.session


def test_an_answer_does_not_sign_in_twice(owner: User, device: Device) -> None:
    one, two = Client(), Client()
    options = one.get(ENTER, headers={"accept": "application/json"}).json()["request_options"]
    answer = {"credential": device.get(options)}
    two.get(ENTER, headers={"accept": "application/json"})
    two.post(ENTER, answer)
    assert "_auth_user_id" not in two.session, "its challenge is another"
    one.post(ENTER, answer)
    assert "_auth_user_id" in one.session


def test_a_copied_passkey_does_not_sign_in(client: Client, owner: User, device: Device) -> None:
    sign_in(Client(), device)
    other = Client()
    page = sign_in(other, replace(device, count=0, key=device.key))
    assert "_auth_user_id" not in other.session
    assert "may be a copy" in text_of(page)


@pytest.mark.parametrize("credential", ["[]", "{}", '"x"', "null", '{"response": 1}', ""])
def test_nonsense_signs_nobody_in(owner: User, credential: str) -> None:
    other = Client()
    other.get(ENTER, headers={"accept": "application/json"})
    assert other.post(ENTER, {"credential": credential}).status_code < 500
    assert "_auth_user_id" not in other.session


def test_a_deactivated_person_does_not_come_in(owner: User, device: Device) -> None:
    User.objects.filter(pk=owner.pk).update(is_active=False)
    other = Client()
    sign_in(other, device)
    assert "_auth_user_id" not in other.session


def test_the_password_alone_is_not_enough_for_who_has_a_passkey(owner: User, device: Device) -> None:
    other = Client()
    other.post("/accounts/login/", {"login": owner.email, "password": PASSWORD})
    assert "_auth_user_id" not in other.session
    page = other.get(STEP)
    other.post(STEP, {"credential": device.get(asked_of_device(page))})
    assert other.session["_auth_user_id"] == str(owner.pk)


def test_several_have_names_and_are_renamed_and_removed(client: Client, owner: User) -> None:
    set_up(client, Device(), "Key on the ring")
    first, second = Authenticator.objects.filter(type="webauthn").order_by("id")
    answer = client.post(f"/accounts/2fa/webauthn/keys/{second.pk}/edit/", {"name": "Blue key"}, follow=True)
    assert "Blue key" in text_of(answer)
    assert last_event(owner)["verb"] == "passkey.renamed"
    client.post(f"/accounts/2fa/webauthn/keys/{first.pk}/remove/")
    assert [one.name for one in Passkey.objects.filter(removed_at=None)] == ["Blue key"]
    assert Passkey.objects.count() == 2, "it may have signed, so its row stays"
    assert Event.objects.filter(verb="passkey.removed").count() == 1
    assert "Phone" not in text_of(client.get("/me/"))


def test_the_last_factor_of_who_needs_one_stays(client: Client, make_person: MakePerson) -> None:
    secretary = make_person("Ines Duarte", Role.SECRETARY)
    enter(client, secretary)
    set_up(client, Device())
    only = Authenticator.objects.get(type="webauthn")
    answer = client.post(f"/accounts/2fa/webauthn/keys/{only.pk}/remove/", follow=True)
    assert "this is the last" in text_of(answer)
    set_up(client, Device(), "Second")
    client.post(f"/accounts/2fa/webauthn/keys/{only.pk}/remove/")
    assert [one.name for one in Passkey.objects.filter(removed_at=None)] == ["Second"]


def test_a_passkey_is_the_second_factor_that_an_office_needs(client: Client, make_person: MakePerson) -> None:
    secretary = make_person("Ines Duarte", Role.SECRETARY)
    client.post("/accounts/login/", {"login": secretary.email, "password": PASSWORD})
    assert client.get("/")["Location"] == "/accounts/2fa/totp/activate/"
    assert ADD in text_of(client.get("/accounts/2fa/totp/activate/"))
    set_up(client, Device())
    assert client.get("/").status_code == 200


def test_nobody_touches_the_passkey_of_somebody_else(owner: User, legal: User) -> None:
    theirs, other = Authenticator.objects.get(type="webauthn"), Client()
    enter(other, legal)
    for what in ("edit", "remove"):
        assert (
            other.post(f"/accounts/2fa/webauthn/keys/{theirs.pk}/{what}/", {"name": "x"}).status_code == 404
        )
    assert Passkey.objects.get().name == "Phone"


def test_an_administrator_resets_a_lost_passkey(owner: User, device: Device, administrator: User) -> None:
    office = Client()
    office.force_login(administrator)
    office.post(f"/people/{owner.pk}/second-factor/reset/", {"reset-reason": "Lost, by phone."})
    assert Passkey.objects.get().removed_at is not None
    assert not has_second_factor(owner)
    other = Client()
    sign_in(other, device)
    assert "_auth_user_id" not in other.session


def test_what_touches_the_account_may_be_asked_of_the_passkey(owner: User, device: Device) -> None:
    other = Client()
    sign_in(other, device)
    page = other.get("/accounts/2fa/webauthn/reauthenticate/", {"next": "/me/"})
    assert "Use your password instead" in text_of(page)
    answer = other.post(
        "/accounts/2fa/webauthn/reauthenticate/",
        {"credential": device.get(asked_of_device(page)), "next": "/me/"},
    )
    assert answer["Location"] == "/me/"


def test_a_credential_that_was_here_before_is_not_set_up_again(
    client: Client, owner: User, device: Device
) -> None:
    other = Client()
    sign_in(other, device)
    only = Authenticator.objects.get(type="webauthn")
    client.post(f"/accounts/2fa/webauthn/keys/{only.pk}/remove/")
    answer = set_up(client, device)
    assert "was registered here before" in text_of(answer)
    assert Passkey.objects.count() == 1

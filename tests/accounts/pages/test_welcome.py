"""An invited person comes in."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts.invitations import path_of
from accounts.models import Invitation, User
from accounts.roles import Role
from accounts.services.deactivation import deactivate
from accounts.services.invitation import Guest, invite
from tests.accounts.conftest import events_of, text_of

CHOSEN = {
    "display_name": "林雨晴 Lin Yuqing", "password": "a quiet lighthouse", "password_again": "a quiet lighthouse",
    "language": "zh-hans", "time_zone": "Asia/Shanghai",
}  # fmt: skip


@pytest.fixture
def invitation(administrator: User) -> Invitation:
    guest = Guest(
        email="lin@example.org", display_name="Lin", roles=(Role.RESEARCHER,), time_zone="Asia/Shanghai"
    )
    return invite(actor=administrator, guest=guest, now=timezone.now())


def test_the_page_says_who_invited_and_begins_with_what_is_known(
    client: Client, invitation: Invitation
) -> None:
    page = text_of(client.get(path_of(invitation)))
    assert "Ada Mensah invited lin@example.org" in page
    assert 'value="Lin"' in page


def test_who_comes_in_is_signed_in(client: Client, invitation: Invitation) -> None:
    assert client.post(path_of(invitation), CHOSEN).headers["Location"] == "/"
    person = invitation.person
    person.refresh_from_db()
    assert person.display_name == "林雨晴 Lin Yuqing"
    assert client.session["_auth_user_id"] == str(person.pk)
    assert events_of(person) == ["person.invited", "person.joined", "person.signed_in"]


def test_the_link_works_once(client: Client, invitation: Invitation) -> None:
    client.post(path_of(invitation), CHOSEN)
    answer = Client().get(path_of(invitation))
    assert answer.status_code == 404
    assert "opens nothing" in text_of(answer)
    assert Client().post(path_of(invitation), CHOSEN | {"password": "x" * 20}).status_code == 404


def test_somebody_else_who_is_signed_in_here_is_signed_out(
    client: Client, invitation: Invitation, member: User
) -> None:
    client.force_login(member)
    client.post(path_of(invitation), CHOSEN)
    assert client.session["_auth_user_id"] == str(invitation.person_id)


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": "short", "password_again": "short"},
        {"password_again": "something else"},
        {"password": "lin@example.org", "password_again": "lin@example.org"},
        {"password": "林雨晴 Lin Yuqing", "password_again": "林雨晴 Lin Yuqing"},
        {"display_name": ""},
        {"time_zone": "Moon/Base"},
    ],
)
def test_a_weak_password_or_a_missing_name_does_not_use_up_the_link(
    client: Client, invitation: Invitation, wrong: dict[str, str]
) -> None:
    assert client.post(path_of(invitation), CHOSEN | wrong).status_code == 200
    invitation.refresh_from_db()
    assert invitation.accepted_at is None
    assert client.post(path_of(invitation), CHOSEN).status_code == 302


@pytest.mark.parametrize("path", ["/welcome/1/abc/", "/welcome/999999/" + "0" * 64 + "/"])
def test_a_mistyped_link_opens_nothing(client: Client, db: None, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_withdrawn_invitation_opens_nothing(
    client: Client, administrator: User, invitation: Invitation
) -> None:
    deactivate(actor=administrator, person_id=invitation.person_id, reason="", now=timezone.now())
    assert client.post(path_of(invitation), CHOSEN).status_code == 404
    assert "_auth_user_id" not in client.session

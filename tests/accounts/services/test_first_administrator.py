"""How the first person of an empty installation comes in."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import User
from accounts.roles import Role, has_role
from accounts.services.first_administrator import first_link, is_valid
from tests.accounts.conftest import events_of

CHOSEN = {
    "email": "first@example.org", "display_name": "First", "password": "a quiet lighthouse",
    "password_again": "a quiet lighthouse", "language": "en", "time_zone": "Europe/Prague",
}  # fmt: skip


def path_of_link() -> str:
    out = StringIO()
    call_command("first_administrator", stdout=out)
    return "/" + out.getvalue().strip().split("/", 3)[3]


def test_the_link_makes_an_administrator_once(client: Client, db: None) -> None:
    path = path_of_link()
    assert client.get(path).status_code == 200
    client.post(path, CHOSEN)
    person = User.objects.get()
    assert has_role(person, Role.ADMINISTRATOR)
    assert events_of(person)[0] == "person.created"
    assert Client().get(path).status_code == 404
    assert Client().post(path, CHOSEN | {"email": "second@example.org"}).status_code == 404
    assert User.objects.count() == 1


def test_it_is_sent_to_set_up_one_time_codes_at_once(client: Client, db: None) -> None:
    client.post(path_of_link(), CHOSEN)
    assert client.get("/people/").headers["Location"] == "/accounts/2fa/totp/activate/"
    assert client.get("/accounts/2fa/totp/activate/").status_code == 200


def test_with_people_there_is_no_link(member: User) -> None:
    assert first_link() is None
    with pytest.raises(CommandError, match="people already"):
        call_command("first_administrator", stdout=StringIO())


@pytest.mark.parametrize("token", ["first", "first:abc:def", ""])
def test_a_link_that_was_not_printed_here_opens_nothing(db: None, token: str) -> None:
    assert not is_valid(token)
    assert Client().get(f"/welcome/first/{token or 'x'}/").status_code == 404


def test_a_weak_password_is_refused(client: Client, db: None) -> None:
    answer = client.post(
        path_of_link(), CHOSEN | {"password": "password1234", "password_again": "password1234"}
    )
    assert answer.status_code == 200
    assert not User.objects.exists()

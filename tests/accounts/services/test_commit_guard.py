"""Every change of a person leaves an event: where the database watches the commits, nothing is refused."""

import re
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, connection
from django.test import Client
from django.utils import timezone

from accounts.invitations import path_of
from accounts.models import User
from accounts.roles import Role
from accounts.services.deactivation import deactivate, reactivate
from accounts.services.first_administrator import first_link
from accounts.services.invitation import Guest, invite, invite_again
from accounts.services.profile import change_person
from accounts.services.roles import give_role
from accounts.services.sample import make_sample_person
from audit import guards
from tests.accounts.conftest import deliver, events_of

pytestmark = pytest.mark.engine("postgresql")
WORD = "a quiet lighthouse"
CHOSEN = {
    "display_name": "First", "password": WORD, "password_again": WORD, "language": "en", "time_zone": "UTC",
}  # fmt: skip


@pytest.fixture
def guarded(committed: None) -> None:
    guards.install(connection, commit_guard=True)


@pytest.fixture
def first(guarded: None) -> User:
    """The first administrator, who came in by the printed link."""
    link = first_link()
    assert link
    answer = Client().post("/" + link.split("/", 3)[3], CHOSEN | {"email": "first@example.org"})
    assert answer.status_code == 302
    return User.objects.get()


def test_a_person_comes_in_signs_in_changes_leaves_and_comes_back(first: User) -> None:
    now = timezone.now()
    invitation = invite(actor=first, guest=Guest(email="lin@example.org", roles=(Role.RESEARCHER,)), now=now)
    invitation = invite_again(actor=first, person_id=invitation.person_id, now=now)
    browser = Client()
    assert browser.post(path_of(invitation), CHOSEN).status_code == 302
    person = invitation.person
    browser.post("/accounts/logout/")
    browser.post("/accounts/login/", {"login": person.email, "password": WORD})
    profile = {
        "display_name": "Lin",
        "language": "en",
        "time_zone": "Asia/Shanghai",
        "reminder_mode": "daily",
        "weekly_mail": "fr",
    }
    assert browser.post("/me/", profile).status_code == 302
    passwords = {"oldpassword": WORD, "password1": "another lighthouse", "password2": "another lighthouse"}
    assert browser.post("/accounts/password/change/", passwords).status_code == 302
    give_role(actor=first, person_id=person.pk, role=Role.AUDITOR, now=now)
    change_person(actor=first, person_id=person.pk, values={"line_manager": first}, now=now)
    deactivate(actor=first, person_id=person.pk, reason="", now=now)
    reactivate(actor=first, person_id=person.pk, now=now)
    assert events_of(person) == [
        "person.invited", "person.invited", "person.joined", "person.signed_in", "person.signed_out",
        "person.signed_in", "person.profile_changed", "password.changed", "person.role_given", "person.changed",
        "person.deactivated", "person.reactivated",
    ]  # fmt: skip


def test_a_password_is_reset_by_mail(first: User) -> None:
    browser = Client()
    browser.post("/accounts/password/reset/", {"email": first.email})
    deliver()
    found = re.search(r"http://[^/]+(/accounts/password/reset/key/\S+)", str(mail.outbox[-1].body))
    assert found
    page = browser.get(found.group(1)).headers["Location"]
    assert (
        browser.post(page, {"password1": "another lighthouse", "password2": "another lighthouse"}).status_code
        == 302
    )
    assert events_of(first)[-1] == "password.reset"


def test_a_sample_person_is_made_and_entered(guarded: None, settings: Any) -> None:
    settings.SAMPLE = True
    person = make_sample_person(
        email="hanna@tidewater.example", display_name="Hanna", roles=[Role.LEGAL], language="en", time_zone="UTC",
        line_manager=None, now=timezone.now(),
    )  # fmt: skip
    browser = Client()
    assert browser.post("/sample/sign-in/", {"person": str(person.pk)}).status_code == 302
    assert events_of(person) == ["person.created", "person.signed_in"]


def test_a_change_behind_the_services_is_refused(first: User) -> None:
    with pytest.raises(IntegrityError, match="needs an event"):
        User.objects.filter(pk=first.pk).update(email="thief@example.org")
    assert User.objects.get().email == "first@example.org"

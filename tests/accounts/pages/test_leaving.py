"""Signing out."""

import pytest
from django.test import Client

from accounts.models import User
from audit.models import Event


@pytest.mark.both_engines
def test_who_signs_out_leaves_an_event_and_is_a_visitor(db: None) -> None:
    person = User.objects.create_user("leaver@example.org", "a long password", display_name="Lea Ver")
    client = Client()
    client.force_login(person)
    client.post("/accounts/logout/")
    assert Event.objects.filter(verb="person.signed_out", actor=str(person.pseudonym)).count() == 1
    assert client.get("/me/")["Location"].startswith("/accounts/login/")

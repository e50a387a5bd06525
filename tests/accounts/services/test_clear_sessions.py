"""Sessions that ended by themselves are cleared away."""

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.tasks import clear_sessions
from tests.accounts.conftest import PASSWORD


def test_only_sessions_that_ended_are_cleared_away(member: User) -> None:
    here, gone = Client(), Client()
    for browser in (here, gone):
        browser.post("/accounts/login/", {"login": member.email, "password": PASSWORD})
    ended = gone.session.session_key
    Session.objects.filter(session_key=ended).update(expire_date=timezone.now() - timedelta(seconds=1))
    clear_sessions()
    clear_sessions()
    assert [row.session_key for row in UserSession.objects.all()] == [here.session.session_key]
    assert here.get("/me/").status_code == 200
    assert not Session.objects.filter(session_key=ended).exists()

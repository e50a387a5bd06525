"""A lost second factor is reset by somebody else, with a reason."""

from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.management import CommandError, call_command
from django.http import Http404
from django.utils import timezone

from accounts import second_factor
from accounts.models import User
from accounts.roles import Role
from accounts.services.second_factor import reset_second_factor
from audit.refusal import Refused
from tests.accounts.conftest import NOW, MakePerson, deliver, events_of, last_event


def test_a_reset_removes_the_codes_tells_the_person_and_keeps_the_reason(
    administrator: User, legal: User
) -> None:
    reset_second_factor(
        actor=administrator, person_id=legal.pk, reason="phone in the river; called back", now=NOW
    )
    assert not Authenticator.objects.filter(user=legal).exists()
    assert events_of(legal) == ["second_factor.reset"]
    assert "reason" in last_event(legal)["personal"]
    deliver()
    assert [letter.to for letter in mail.outbox] == [[legal.email]]
    assert "reset your one-time codes" in mail.outbox[0].subject


@pytest.mark.parametrize("reason", ["", "   \n"])
def test_without_a_reason_nothing_is_reset(administrator: User, legal: User, reason: str) -> None:
    with pytest.raises(Refused, match="Say why"):
        reset_second_factor(actor=administrator, person_id=legal.pk, reason=reason, now=NOW)
    assert Authenticator.objects.filter(user=legal).exists()
    assert events_of(legal) == []


def test_administrators_do_not_reset_their_own(administrator: User) -> None:
    with pytest.raises(Refused, match="your own"):
        reset_second_factor(actor=administrator, person_id=administrator.pk, reason="lost", now=NOW)
    assert Authenticator.objects.filter(user=administrator).exists()


def test_where_there_is_none_there_is_nothing_to_reset(administrator: User, member: User) -> None:
    with pytest.raises(Refused, match="has not set up"):
        reset_second_factor(actor=administrator, person_id=member.pk, reason="lost", now=NOW)


def test_others_do_not_reset(legal: User, member: User) -> None:
    with pytest.raises(Http404):
        reset_second_factor(actor=member, person_id=legal.pk, reason="lost", now=NOW)
    assert Authenticator.objects.filter(user=legal).exists()


def test_whoever_runs_the_server_resets_the_last_administrators(administrator: User) -> None:
    call_command("reset_second_factor", administrator.email, reason="only administrator", stdout=StringIO())
    assert not Authenticator.objects.filter(user=administrator).exists()
    assert last_event(administrator)["actor"] is None
    with pytest.raises(CommandError, match="Nobody has"):
        call_command("reset_second_factor", "who@example.org", reason="x", stdout=StringIO())


@pytest.mark.parametrize(
    ("role", "needed"),
    [(Role.ADMINISTRATOR, True), (Role.LEGAL, True), (Role.RESEARCHER, False), (Role.AUDITOR, False)],
)
def test_who_signs_or_administers_needs_one(make_person: MakePerson, role: Role, needed: bool) -> None:
    assert second_factor.needs_second_factor(make_person("Somebody", role), timezone.now()) is needed


def test_an_app_above_can_name_a_reason_of_its_own(member: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_factor, "_reasons", [])
    assert not second_factor.needs_second_factor(member, NOW)
    second_factor.register(lambda user, now: user == member)
    assert second_factor.needs_second_factor(member, NOW)

"""People leave and come back; nobody is deleted."""

import uuid

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.http import Http404
from django.test import Client

from accounts.models import PersonState, User
from accounts.roles import Role
from accounts.services.deactivation import deactivate, reactivate
from accounts.services.invitation import Guest, invite, invite_again
from accounts.services.sessions import end_sessions
from audit.reconciling.running import reconcile
from audit.refusal import IllegalTransition, Refused
from tests.accounts.conftest import NOW, PASSWORD, MakePerson, deliver, events_of, last_event


def sign_in(person: User) -> Client:
    client = Client()
    answer = client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def test_deactivation_ends_sessions_and_leaves_one_event_with_the_reason(
    administrator: User, member: User
) -> None:
    browser = sign_in(member)
    assert browser.get("/me/").status_code == 200
    before = len(events_of(member))
    deactivate(actor=administrator, person_id=member.pk, reason="left in March", now=NOW)
    assert browser.get("/me/").status_code == 302
    assert events_of(member)[before:] == ["person.deactivated"]
    assert last_event(member)["data"] == {"sessions": 1, "tokens": 0}
    assert "reason" in last_event(member)["personal"]
    member.refresh_from_db()
    assert member.state == PersonState.DEACTIVATED


def test_a_deactivated_person_does_not_sign_in_and_gets_no_link(administrator: User, member: User) -> None:

    deactivate(actor=administrator, person_id=member.pk, reason="", now=NOW)
    client = Client()
    answer = client.post("/accounts/login/", {"login": member.email, "password": PASSWORD})
    assert answer.headers["Location"] == "/accounts/inactive/"
    assert "_auth_user_id" not in client.session
    client.post("/accounts/password/reset/", {"email": member.email})
    deliver()
    assert mail.outbox == []


def test_who_comes_back_signs_in_with_roles_as_before(administrator: User, legal: User) -> None:
    deactivate(actor=administrator, person_id=legal.pk, reason="", now=NOW)
    reactivate(actor=administrator, person_id=legal.pk, now=NOW)
    legal.refresh_from_db()
    assert legal.state == PersonState.ACTIVE
    assert list(legal.groups.values_list("name", flat=True)) == ["legal"]


def test_twice_is_an_illegal_transition(administrator: User, member: User) -> None:
    with pytest.raises(IllegalTransition, match="not deactivated"):
        reactivate(actor=administrator, person_id=member.pk, now=NOW)
    deactivate(actor=administrator, person_id=member.pk, reason="", now=NOW)
    with pytest.raises(IllegalTransition, match="deactivated already"):
        deactivate(actor=administrator, person_id=member.pk, reason="", now=NOW)


def test_nobody_deactivates_themself_and_the_last_administrator_stays(
    administrator: User, make_person: MakePerson
) -> None:
    with pytest.raises(Refused, match="yourself"):
        deactivate(actor=administrator, person_id=administrator.pk, reason="", now=NOW)
    second = make_person("Second", Role.ADMINISTRATOR)
    deactivate(actor=second, person_id=administrator.pk, reason="", now=NOW)
    with pytest.raises(Http404):
        deactivate(actor=User.objects.get(pk=administrator.pk), person_id=second.pk, reason="", now=NOW)


def test_deactivating_an_invited_person_ends_their_link(administrator: User) -> None:
    invitation = invite(actor=administrator, guest=Guest(email="lin@example.org"), now=NOW)
    deactivate(actor=administrator, person_id=invitation.person_id, reason="", now=NOW)
    invitation.refresh_from_db()
    assert not invitation.is_open(NOW)
    with pytest.raises(Refused, match="never came in"):
        reactivate(actor=administrator, person_id=invitation.person_id, now=NOW)
    again = invite_again(actor=administrator, person_id=invitation.person_id, now=NOW)
    assert again.is_open(NOW)
    assert again.person.state == PersonState.INVITED


def test_only_administrators_let_people_go_or_end_sessions(member: User, legal: User) -> None:
    with pytest.raises(Http404):
        deactivate(actor=member, person_id=legal.pk, reason="", now=NOW)
    with pytest.raises(Http404):
        end_sessions(actor=member, person_id=legal.pk, now=NOW)
    legal.refresh_from_db()
    assert legal.is_active


def test_an_administrator_ends_all_sessions_of_a_person(administrator: User, member: User) -> None:
    browsers = [sign_in(member), sign_in(member)]
    assert end_sessions(actor=administrator, person_id=member.pk, now=NOW) == 2
    assert [browser.get("/me/").status_code for browser in browsers] == [302, 302]
    assert last_event(member)["verb"] == "person.sessions_ended"


@pytest.mark.both_engines
def test_the_database_refuses_an_active_person_with_a_day_of_leaving(member: User) -> None:
    member.deactivated_at = NOW
    with pytest.raises(IntegrityError), transaction.atomic():
        member.save()


@pytest.mark.both_engines
@pytest.mark.parametrize("relation", ["deputy", "line_manager"])
def test_the_database_refuses_somebody_as_their_own(member: User, relation: str) -> None:
    setattr(member, relation, member)
    with pytest.raises(IntegrityError), transaction.atomic():
        member.save()


def test_an_account_whose_pseudonym_is_exchanged_is_named(administrator: User, member: User) -> None:
    """Its acts would be somebody else's then."""
    deactivate(actor=administrator, person_id=member.pk, reason="", now=NOW)
    table = User._meta.db_table
    assert not [found for found in reconcile().first if (found.table, found.id) == (table, str(member.pk))]
    User.objects.filter(pk=member.pk).update(pseudonym=uuid.uuid4(), is_superuser=True)
    found = next(one for one in reconcile().first if (one.table, one.id) == (table, str(member.pk)))
    assert found.fields == ("is_superuser", "pseudonym")

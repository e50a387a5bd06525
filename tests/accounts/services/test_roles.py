"""Roles are given and taken; the last administrator stays."""

import threading
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connections
from django.http import Http404
from django.test import Client

from accounts.models import User
from accounts.roles import Role, has_role, roles_of
from accounts.services.roles import give_role, take_role
from audit.reconciling.running import reconcile
from audit.refusal import Refused
from tests.accounts.conftest import NOW, PASSWORD, MakePerson, events_of, last_event


def test_a_role_is_given_with_one_event(administrator: User, member: User) -> None:
    give_role(actor=administrator, person_id=member.pk, role=Role.RESEARCHER, now=NOW)
    assert roles_of(User.objects.get(pk=member.pk)) == {"researcher"}
    assert events_of(member) == ["person.role_given"]
    assert last_event(member)["data"] == {"role": "researcher"}
    assert last_event(member)["actor"] == str(administrator.pseudonym)


def test_a_role_is_taken_with_one_event(administrator: User, legal: User) -> None:
    take_role(actor=administrator, person_id=legal.pk, role=Role.LEGAL, now=NOW)
    assert not has_role(User.objects.get(pk=legal.pk), Role.LEGAL)
    assert events_of(legal) == ["person.role_taken"]


@pytest.mark.both_engines
def test_a_role_that_was_slipped_in_or_taken_past_the_services_is_named(
    administrator: User, member: User
) -> None:
    for role in (Role.RESEARCHER, Role.LEGAL):
        give_role(actor=administrator, person_id=member.pk, role=role, now=NOW)
    own = {str(row.pk) for row in member.groups.through.objects.filter(user=member)}
    assert not own & {found.id for found in reconcile().first if found.type == "accounts.user_groups"}
    member.groups.add(Group.objects.get(name=Role.ADMINISTRATOR.value))
    member.groups.remove(Group.objects.get(name=Role.LEGAL.value))
    slipped_in = member.groups.through.objects.exclude(pk__in=own).get(user=member)
    found = {(found.kind, found.id) for found in reconcile().first if found.table == "accounts_user_groups"}
    assert ("inserted", str(slipped_in.pk)) in found
    assert len({kind for kind, key in found if key in own}) == 1


def test_what_is_the_case_already_is_refused_without_an_event(administrator: User, legal: User) -> None:
    with pytest.raises(Refused, match="has this role already"):
        give_role(actor=administrator, person_id=legal.pk, role=Role.LEGAL, now=NOW)
    with pytest.raises(Refused, match="does not have this role"):
        take_role(actor=administrator, person_id=legal.pk, role=Role.AUDITOR, now=NOW)
    assert events_of(legal) == []


def test_the_last_administrator_stays(administrator: User, make_person: MakePerson) -> None:
    make_person("Gone", Role.ADMINISTRATOR, is_active=False)  # one who can't sign in doesn't count
    with pytest.raises(Refused, match="last administrator"):
        take_role(actor=administrator, person_id=administrator.pk, role=Role.ADMINISTRATOR, now=NOW)
    make_person("Second", Role.ADMINISTRATOR)
    take_role(actor=administrator, person_id=administrator.pk, role=Role.ADMINISTRATOR, now=NOW)
    assert not has_role(User.objects.get(pk=administrator.pk), Role.ADMINISTRATOR)


def test_only_administrators_give_roles_and_nobody_gives_one_to_themself(member: User, legal: User) -> None:
    for actor in (member, legal):
        with pytest.raises(Http404):
            give_role(actor=actor, person_id=member.pk, role=Role.ADMINISTRATOR, now=NOW)
    assert roles_of(User.objects.get(pk=member.pk)) == set()


def test_who_needs_a_second_factor_with_the_new_role_signs_in_again(
    administrator: User, member: User
) -> None:
    browser = Client()
    browser.post("/accounts/login/", {"login": member.email, "password": PASSWORD})
    give_role(actor=administrator, person_id=member.pk, role=Role.RESEARCHER, now=NOW)
    assert browser.get("/me/").status_code == 200
    give_role(actor=administrator, person_id=member.pk, role=Role.LEGAL, now=NOW)
    assert browser.get("/me/").status_code == 302
    browser.post("/accounts/login/", {"login": member.email, "password": PASSWORD})
    assert browser.get("/me/").headers["Location"] == "/accounts/2fa/totp/activate/"


@pytest.mark.engine("postgresql")
def test_two_administrators_who_leave_at_the_same_moment_do_not_leave_nobody(committed: None) -> None:

    group = Group.objects.get(name="administrator")
    pair = [User.objects.create_user(f"{n}@example.org", None, display_name=n) for n in ("one", "two")]
    for person in pair:
        person.groups.add(group)
    barrier, outcomes = threading.Barrier(2), []

    def leave(person: Any) -> None:
        barrier.wait()
        try:
            take_role(actor=person, person_id=person.pk, role=Role.ADMINISTRATOR, now=NOW)
            outcomes.append("left")
        except Refused:
            outcomes.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=leave, args=[person]) for person in pair]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(outcomes) == ["left", "refused"]
    assert User.objects.filter(groups=group).count() == 1

"""People are invited, and come in once."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.http import Http404

from accounts.invitations import LASTS, open_invitation, path_of, token_of
from accounts.models import Invitation, PersonState, User
from accounts.roles import Role, has_role
from accounts.services.invitation import Guest, accept_invitation, invite, invite_again, invite_many
from audit.refusal import IllegalTransition, Refused
from jobs.models import Job
from tests.accounts.conftest import NOW, MakePerson, deliver, events_of, last_event

GUEST = Guest(
    email="Lin@Example.org", display_name="Lin Yuqing", roles=(Role.RESEARCHER,), language="zh-hans"
)


def accept(invitation: Invitation, **over: object) -> User:
    chosen = {
        "invitation_id": invitation.pk, "token": token_of(invitation), "display_name": "林雨晴 Lin Yuqing",
        "password": "a quiet lighthouse", "language": "zh-hans", "time_zone": "Asia/Shanghai", "now": NOW,
    }  # fmt: skip
    return accept_invitation(**chosen | over)  # type: ignore[arg-type]


def test_an_invited_person_is_there_but_can_do_nothing_yet(administrator: User) -> None:
    person = invite(actor=administrator, guest=GUEST, now=NOW).person
    assert (person.email, person.state) == ("lin@example.org", PersonState.INVITED)
    assert not has_role(person, Role.RESEARCHER)
    assert not person.has_usable_password()
    assert events_of(person) == ["person.invited"]
    assert last_event(person)["data"] == {"invitation": 1, "again": False, "roles": ["researcher"]} | {
        "invitation": person.invitations.get().pk
    }


def test_the_invitation_is_a_mail_in_the_guests_language_with_one_message_id(administrator: User) -> None:
    invitation = invite(actor=administrator, guest=GUEST, now=NOW)
    invitation.expires_at = NOW + timedelta(days=9999)  # the mail is sent by the real clock
    invitation.save()
    deliver()
    [letter] = mail.outbox
    assert letter.to == ["lin@example.org"]
    assert path_of(invitation) in letter.body
    assert letter.extra_headers["Message-ID"] == f"<accounts.invitation.{invitation.pk}@example.org>"
    assert "\n" not in letter.subject


def test_the_link_stands_in_no_job_and_no_table(administrator: User) -> None:

    invitation = invite(actor=administrator, guest=GUEST, now=NOW)
    assert token_of(invitation) not in str(list(Job.objects.values_list("payload", "key")))
    assert token_of(invitation) not in str(Invitation.objects.values())


def test_who_accepts_comes_in_with_what_they_chose_and_the_roles_they_were_given(administrator: User) -> None:
    person = accept(invite(actor=administrator, guest=GUEST, now=NOW))
    assert person.state == PersonState.ACTIVE
    assert (person.display_name, person.time_zone) == ("林雨晴 Lin Yuqing", "Asia/Shanghai")
    assert person.check_password("a quiet lighthouse")
    assert has_role(User.objects.get(pk=person.pk), Role.RESEARCHER)
    assert events_of(person) == ["person.invited", "person.joined"]


def test_a_link_works_once(administrator: User) -> None:
    invitation = invite(actor=administrator, guest=GUEST, now=NOW)
    accept(invitation)
    with pytest.raises(Refused, match="used already"):
        accept(invitation, password="another password")
    assert not User.objects.get(email="lin@example.org").check_password("another password")


def test_a_link_expires(administrator: User) -> None:
    invitation = invite(actor=administrator, guest=GUEST, now=NOW)
    assert open_invitation(invitation.pk, token_of(invitation), NOW + LASTS - timedelta(seconds=1))
    with pytest.raises(Refused):
        accept(invitation, now=NOW + LASTS)


def test_a_link_with_another_token_opens_nothing(administrator: User) -> None:
    first = invite(actor=administrator, guest=GUEST, now=NOW)
    second = invite(actor=administrator, guest=Guest(email="other@example.org"), now=NOW)
    with pytest.raises(Refused):
        accept(first, token=token_of(second))
    with pytest.raises(Refused):
        accept(first, token="")


def test_a_new_invitation_ends_the_link_before_it(administrator: User) -> None:
    first = invite(actor=administrator, guest=GUEST, now=NOW)
    second = invite_again(actor=administrator, person_id=first.person_id, now=NOW)
    with pytest.raises(Refused):
        accept(first)
    assert accept(second).state == PersonState.ACTIVE


def test_who_came_in_is_not_invited_again(administrator: User, member: User) -> None:
    with pytest.raises(IllegalTransition, match="came in already"):
        invite_again(actor=administrator, person_id=member.pk, now=NOW)
    assert not Invitation.objects.exists()


def test_an_address_that_belongs_to_somebody_is_not_invited(administrator: User, member: User) -> None:
    with pytest.raises(Refused, match="belongs to somebody"):
        invite(actor=administrator, guest=Guest(email=member.email.upper()), now=NOW)


def test_many_are_invited_all_or_nobody(administrator: User, member: User) -> None:
    guests = [Guest(email="one@example.org"), Guest(email=member.email), Guest(email="two@example.org")]
    with pytest.raises(Refused), transaction.atomic():
        invite_many(actor=administrator, guests=guests, now=NOW)
    assert not User.objects.filter(email="one@example.org").exists()
    assert len(invite_many(actor=administrator, guests=[guests[0], guests[2]], now=NOW)) == 2


def test_only_administrators_invite(member: User, make_person: MakePerson) -> None:
    for nobody in (member, make_person("Secretary", Role.SECRETARY)):
        with pytest.raises(Http404):
            invite(actor=nobody, guest=GUEST, now=NOW)
    assert not User.objects.filter(email="lin@example.org").exists()


@pytest.mark.both_engines
def test_the_database_refuses_two_open_invitations_of_one_person(administrator: User) -> None:
    invitation = invite(actor=administrator, guest=GUEST, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.create(person=invitation.person, made_at=NOW, expires_at=NOW)

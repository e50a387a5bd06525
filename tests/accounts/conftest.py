"""People for the tests of accounts: an administrator, somebody to administer, and ways to come in."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from accounts import totp
from accounts.models import User
from accounts.roles import Role
from audit.leaf import decode
from audit.models import Event
from jobs import registry
from jobs.models import Job, JobState

NOW = datetime(2026, 3, 2, 9, 0, 10, tzinfo=UTC)
PASSWORD = "a harbour in the fog"

MakePerson = Callable[..., User]
Answer = Any  # the test client's response, which the stubs give no public name


@pytest.fixture
def make_person(db: None) -> MakePerson:
    """Make a person who can sign in, with roles, and with one-time codes if asked."""

    def make(name: str = "Ada Mensah", *roles: Role, codes: bool = False, **fields: Any) -> User:
        email = name.lower().replace(" ", ".") + "@example.org"
        person = User.objects.create_user(email, PASSWORD, display_name=name, **fields)
        person.groups.set(Group.objects.filter(name__in=[role.value for role in roles]))
        if codes:
            TOTP.activate(person, generate_totp_secret())
        return person

    return make


@pytest.fixture
def administrator(make_person: MakePerson) -> User:
    return make_person("Ada Mensah", Role.ADMINISTRATOR, codes=True)


@pytest.fixture
def member(make_person: MakePerson) -> User:
    return make_person("Hanna Lindqvist")


@pytest.fixture
def legal(make_person: MakePerson) -> User:
    return make_person("Sun Yiran", Role.LEGAL, codes=True)


@pytest.fixture
def office(client: Client, administrator: User) -> Client:
    """A browser in which the administrator is signed in."""
    client.force_login(administrator)
    return client


def code_of(person: User, now: datetime | None = None) -> str:
    shown = totp.next_code(person, now or timezone.now())
    assert shown is not None
    return shown.code


def events_of(person: User) -> list[str]:
    """Names of the events about the person, oldest first."""
    found = Event.objects.filter(object_type="accounts.user", object_id=str(person.pk)).order_by("id")
    return list(found.values_list("verb", flat=True))


def last_event(person: User) -> dict[str, Any]:
    event = Event.objects.filter(object_type="accounts.user", object_id=str(person.pk)).latest("id")
    return decode(bytes(event.leaf))


def text_of(answer: Answer) -> str:
    content: str = answer.content.decode()
    return content


def deliver() -> None:
    """Do what the worker would: hand every job that is due to its handler."""
    for job in Job.objects.filter(state=JobState.DUE).order_by("id"):
        registry.get(job.kind).handler(job.payload)
        job.state = JobState.DONE
        job.save()

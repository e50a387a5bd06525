"""Every address of the product, asked for by everybody: who is shown what, and who is told nothing.

A new address without a line in the table fails, so nobody adds one without saying who may see it.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from zlib import crc32

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import User
from desk.sample.making import make_sample
from tests.addresses.asking import addresses, newest, outcome, visitors
from tests.addresses.cast import IN_REVIEW, NAMED, ROLES, arguments, people
from tests.addresses.secrets import kept_from, seen_by
from tests.addresses.table import EXPECTED, NOTHING_PRIVATE
from tests.conftest import own_database

ADDRESSES = dict(addresses())
TELLS_OF_REQUESTS = {
    "desk:my_work", "desk:around", "desk:with_others", "reviews:requests", "reviews:board", "reviews:meetings",
    "reviews:meeting", "reviews:figures", "reviews:figures_csv", "reminders:inbox", "registry:version",
}  # fmt: skip
Asked = tuple[Mapping[str, Client], Mapping[str, Mapping[str, Any]], int]


@pytest.fixture(scope="module")
def asked(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Asked]:
    """The sample organisation in a database of its own: the cast and the arguments of addresses."""
    now = datetime.now(UTC)  # the pages ask the real clock, and the story of the sample ends now
    with pytest.MonkeyPatch.context() as patch, own_database(django_db_blocker, "addresses"):
        patch.setattr(settings, "SAMPLE", True)
        patch.setattr(settings, "DATA_DIR", tmp_path_factory.mktemp("addresses"))
        patch.setattr(settings, "LOG_SIGNER", str(tmp_path_factory.mktemp("signer")))
        patch.setattr("jobs.queue.send", lambda job_id: True)  # no worker of this test listens
        patch.setattr("django.test.client.store_rendered_templates", lambda *_given, **_rendered: None)
        make_sample(now=now)
        cast = people(now)
        given = arguments(cast, now)
        yield visitors(cast), given, newest()


def test_every_address_says_who_may_see_it() -> None:
    assert set(EXPECTED) == set(ADDRESSES)


ALWAYS = {"outsider", "anonymous"}


def asked_by(address: str, expected: str, *, everybody: bool) -> Collection[str]:
    """Return who asks: some, where the address itself refuses the method before it looks who asks.

    Unless `everybody` does, of those who find the same one asks, by turns; who acts, the outsider and the anonymous
    always do.
    """
    if set(expected) == {"m"}:
        return ("requester", "outsider", "anonymous")
    if everybody:
        return ROLES
    alike: dict[str, list[str]] = {}
    for role, found in zip(ROLES, expected, strict=True):
        if role not in ALWAYS and found != "a":
            alike.setdefault(found, []).append(role)
    turn = crc32(address.encode())
    asking = {roles[turn % len(roles)] for roles in alike.values()}
    spared = {role for roles in alike.values() for role in roles} - asking
    return [role for role in ROLES if role not in spared]


@pytest.mark.parametrize("everybody", [False, pytest.param(True, marks=pytest.mark.long)])
@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_everybody_gets_what_the_table_says(asked: Asked, name: str, everybody: bool) -> None:
    clients, given, events = asked
    values = given.get(name, given[""])
    path = reverse(name, kwargs={wanted: values[wanted] for wanted in ADDRESSES[name]})
    expected = dict(zip(("GET", "POST"), EXPECTED[name].split(), strict=True))
    for method, letters in expected.items():
        who = asked_by(f"{method} {name}", letters, everybody=everybody)
        told = {role: letter for role, letter in zip(ROLES, letters, strict=True) if role in who}
        assert {role: outcome(clients[role], method, path, events) for role in told} == told, (
            f"{method} {path}"
        )


def test_who_has_no_part_is_told_nothing_about_anything_in_particular() -> None:
    """An address with an id or a reference is 404 for the outsider and the auditor without an engagement."""
    outside, outsider, anonymous = (ROLES.index(role) for role in ("outside", "outsider", "anonymous"))
    for name, wanted in ADDRESSES.items():
        if not wanted or name in NOTHING_PRIVATE:
            continue
        for answers in EXPECTED[name].split():
            assert answers[outside] in "-m", name
            assert answers[outsider] in "-m", name
            assert answers[anonymous] in "sm", name


def test_who_is_recused_reads_at_no_address_what_the_boards_say_among_themselves(asked: Asked) -> None:
    """Pages, parts of pages, exports and calendars, each with the words that a member of the board finds there."""
    clients, given, _events = asked
    recused = User.objects.get(email=f"{NAMED['recused']}@lanternfield.example")
    kept = kept_from(recused, IN_REVIEW)
    place = ROLES.index("recused")
    told: set[tuple[str, str]] = set()
    found: set[str] = set()
    for name in sorted(EXPECTED.keys() & ADDRESSES.keys()):
        answers = EXPECTED[name]
        if answers[place] not in "vr" or not ("reference" in ADDRESSES[name] or name in TELLS_OF_REQUESTS):
            continue
        values = given.get(name, given[""])
        path = reverse(name, kwargs={wanted: values[wanted] for wanted in ADDRESSES[name]})
        seen = seen_by(clients["recused"], path)
        told |= {(path, passage) for passage in kept if passage in seen}
        if answers[place] == "r" and len(found) < 3:
            found |= {passage for passage in kept if passage in seen_by(clients["member"], path)}
    for words in sorted(kept, key=len)[:3]:
        page = seen_by(clients["recused"], reverse("desk:search") + f"?q={words}")
        told |= {("search", words)} if page.count(words) > 1 else set()  # the field has what was looked for
    assert not told
    assert len(found) >= 3, "a member reads there what the recused one doesn't"

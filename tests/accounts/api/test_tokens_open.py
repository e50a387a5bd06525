"""Who comes in by a token, what it opens, and what it doesn't."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.api_tokens import ApiToken
from accounts.models import User
from accounts.roles import Role
from accounts.services.api_tokens import make_token, revoke_token
from accounts.services.deactivation import deactivate
from audit.models import Event
from audit.refusal import Refused
from imprimatur.api_token import is_well_formed, new_token
from tests.accounts.conftest import MakePerson
from tests.calling import Caller, a_token, as_, problem

pytestmark = pytest.mark.django_db


def test_a_token_says_for_whom_it_acts_and_until_when(member: User) -> None:
    said = as_(member, "requests:read").get("/me")
    assert (said["name"], said["email"]) == ("Hanna Lindqvist", member.email)
    assert said["token"]["scopes"] == ["requests:read"]
    assert ApiToken.objects.get().last_used_on == timezone.now().date()
    assert not Event.objects.filter(verb__startswith="api").exists()


def test_nobody_comes_in_without_a_token_nor_with_a_wrong_one(client: Client) -> None:
    for sent in ({}, {"authorization": "Bearer "}, {"authorization": f"Bearer {new_token()}"},
                 {"authorization": f"Basic {new_token()}"}, {"authorization": "Bearer imp_x"}):  # fmt: skip
        answer = client.get("/api/v1/me", headers=sent)
        problem(answer, 401, "unauthenticated")
        assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_session_opens_nothing(client: Client, member: User) -> None:
    client.force_login(member)
    problem(client.get("/api/v1/me"), 401, "unauthenticated")


def test_a_token_ends_by_its_time_by_being_revoked_and_with_its_person(
    member: User, administrator: User
) -> None:
    now = timezone.now()
    texts = {name: a_token(member) for name in ("ended", "revoked", "left")}
    ids = dict(zip(texts, ApiToken.objects.order_by("pk").values_list("pk", flat=True), strict=True))
    ApiToken.objects.filter(pk=ids["ended"]).update(
        created_at=now - timedelta(days=9), expires_at=now - timedelta(seconds=1)
    )
    revoke_token(actor=member, token_id=ids["revoked"], now=now)
    for name in ("ended", "revoked"):
        problem(Caller(texts[name])("GET", "/me"), 401, "unauthenticated")
    Caller(texts["left"]).get("/me")
    deactivate(actor=administrator, person_id=member.pk, reason="", now=now)
    problem(Caller(texts["left"])("GET", "/me"), 401, "unauthenticated")
    assert not ApiToken.objects.filter(person=member, revoked_at__isnull=True).exists()
    assert Event.objects.latest("id").verb == "person.deactivated"


def test_a_token_opens_only_what_it_was_made_for(member: User) -> None:
    answer = as_(member, "requests:read")("GET", "/projects")
    told = problem(answer, 403, "missing-scope")
    assert "registry:read" in told["detail"]
    assert 'scope="registry:read"' in answer["WWW-Authenticate"]


def test_who_needs_a_second_factor_and_has_none_is_told_to_set_it_up(make_person: MakePerson) -> None:
    legal = make_person("Sun Yiran", Role.LEGAL)
    told = problem(as_(legal)("GET", "/me"), 403, "forbidden")
    assert "passkey" in told["detail"]


def test_sentences_come_in_the_language_that_is_asked_for_or_in_the_persons_own(member: User) -> None:
    call = as_(member)
    english = problem(call("GET", "/projects/9"), 404, "not-found")["title"]
    User.objects.filter(pk=member.pk).update(language="zh-hans")
    own = problem(call("GET", "/projects/9"), 404, "not-found")
    asked = problem(call("GET", "/projects/9", accept_language="en"), 404, "not-found")
    assert asked["title"] == english
    assert own["code"] == asked["code"]


def test_the_text_of_a_token_is_long_random_and_checks_itself(member: User) -> None:
    text = a_token(member)
    assert len(text) == 53
    assert text.startswith("imp_")
    assert is_well_formed(text)
    assert not is_well_formed(text[:-1] + ("a" if text[-1] != "a" else "b"))
    assert not is_well_formed(text[:-1])
    assert text[8:] not in str(ApiToken.objects.values().get())
    assert len({new_token() for _each in range(100)}) == 100


@pytest.mark.parametrize(
    ("scopes", "days", "words"),
    [
        ([], 30, "what the token is for"),
        (["requests:sign"], 30, "no such scope"),
        (["people:write"], 30, "administrators"),
        (["organisation:read"], 30, "administrators"),
        (["organisation:write"], 30, "administrators"),
        (["requests:read"], 0, "within 365 days"),
        (["requests:read"], 366, "within 365 days"),
    ],
)
def test_no_token_is_made_for(member: User, scopes: list[str], days: int, words: str) -> None:
    now = timezone.now()
    with pytest.raises(Refused, match=words):
        make_token(actor=member, name="x", scopes=scopes, expires_at=now + timedelta(days=days), now=now)
    assert not ApiToken.objects.exists()
    assert not Event.objects.filter(verb="token.created").exists()

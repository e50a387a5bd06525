"""Two people in one dossier see each other, and which answers of their page somebody has changed since."""

from typing import Any

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from accounts.roles import Role
from reviews.models import ReviewRequest
from reviews.selectors.presence import SECONDS, others_at
from reviews.services.answers import save_answer
from reviews.services.drafting import add_contributor
from tests.dossiers import NOW, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def contributor(request_: ReviewRequest, requester: User) -> User:
    found = person("Lin Wei")
    add_contributor(actor=requester, request_id=request_.pk, person=found, now=NOW)
    return found


def looks(user: User, request: ReviewRequest, **sent: str) -> HttpResponse:
    """What the page of this person asks while it is open."""
    client = Client()
    client.force_login(user)
    address = f"/requests/{request.reference}/dossier/here/"
    response: Any = client.post(
        address, {"topic": "data_acquisition", **sent}, headers={"HX-Request": "true"}
    )
    return response  # type: ignore[no-any-return]


def test_who_writes_at_a_question_is_shown_there_to_the_other_and_not_to_themselves(
    request_: ReviewRequest, requester: User, contributor: User
) -> None:
    alone = looks(contributor, request_, at="data_rights", **{"v-data_rights": "0"}).content.decode()
    assert "is writing" not in alone
    text = looks(requester, request_, **{"v-data_rights": "0", "v-opt_outs": "0"}).content.decode()
    assert "Lin Wei is writing at 1.1" in text
    assert text.count("Lin Wei is writing here") == 2  # said, and shown
    assert 'id="w-opt_outs" hx-swap-oob="true"' in text
    assert (
        "Ravi Requester has this dossier open"
        in looks(contributor, request_, at="data_rights").content.decode()
    )


def test_an_answer_that_somebody_changed_since_is_named_where_it_stands(
    request_: ReviewRequest, requester: User, contributor: User
) -> None:
    save_answer(
        actor=contributor, request_id=request_.pk, question="data_rights", raw=["Theirs."], version=0, now=NOW
    )
    text = looks(requester, request_, **{"v-data_rights": "0", "v-opt_outs": "0"}).content.decode()
    assert text.count("Lin Wei changed this answer, 09:00") == 2
    assert "Theirs." not in text
    assert "changed this answer" not in looks(requester, request_, **{"v-data_rights": "1"}).content.decode()


def test_nothing_is_sent_again_that_the_page_says_already(
    request_: ReviewRequest, requester: User, contributor: User
) -> None:
    looks(contributor, request_)
    text = looks(requester, request_).content.decode()
    told = text.partition('name="told" value="')[2].partition('"')[0]
    assert looks(requester, request_, told=told).status_code == 204
    looks(contributor, request_, at="opt_outs")
    assert looks(requester, request_, told=told).status_code == 200


def test_who_closed_the_page_is_forgotten_by_itself(
    request_: ReviewRequest, requester: User, contributor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[int] = []
    monkeypatch.setattr(cache, "set", lambda _key, _value, timeout: kept.append(timeout))
    looks(contributor, request_)
    assert kept == [SECONDS]
    assert others_at(request_, requester) == {}


def test_readers_are_not_shown_and_outsiders_learn_nothing(request_: ReviewRequest, requester: User) -> None:
    assert looks(person("Oto Outsider", Role.RESEARCHER), request_).status_code == 404
    assert looks(requester, request_, topic="no_such_topic").status_code == 404
    assert others_at(request_, requester) == {}


def test_a_page_whose_session_ended_is_told_so_instead_of_given_the_page_of_signing_in(
    request_: ReviewRequest,
) -> None:
    address = f"/requests/{request_.reference}/dossier/answers/need/"
    part = Client().post(address, {"a-need": "x", "v-need": "0"}, headers={"HX-Request": "true"})
    assert (part.status_code, part.content.decode()) == (401, "You are signed out.")
    assert Client().get(address).status_code == 302
    assert not request_.answers.exists()

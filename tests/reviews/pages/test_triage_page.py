"""The secretary's page: what the rules propose and why, return, accept, route."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.roles import Role
from reviews.models import Board, BoardReview, Notice, Revision
from reviews.rules.lifecycle import RequestState
from reviews.services.triage import accept_request
from tests.dossiers import NOW, a_version, person, submitted
from tests.reviews.pages.drafting import entered

pytestmark = pytest.mark.django_db


@pytest.fixture
def secretary() -> User:
    return person("Sena Secretary", Role.SECRETARY)


@pytest.fixture
def board() -> Board:
    return Board.objects.create(
        slug="ethics", name_en="Ethics", name_zh="伦理", kind="ethics", created_at=NOW
    )


@pytest.fixture
def revision(board: Board) -> Revision:
    requester = person("Ravi Requester", Role.RESEARCHER)
    return submitted(requester, a_version(requester, channel="api"), answers={"need": "A **plain** reason."})


def at(revision: Revision, part: str = "") -> str:
    return f"/requests/{revision.request.reference}/triage/{part}"


def test_the_page_shows_dossier_proposal_and_reasons(
    revision: Revision, secretary: User, django_assert_max_num_queries: Any
) -> None:
    client = entered(secretary)
    with django_assert_max_num_queries(15):
        page = client.get(at(revision))
    text = page.content.decode()
    assert page.status_code == 200
    assert "<strong>plain</strong>" in text
    assert "People outside the organisation use it." in text
    assert "Accept as complete" in text
    assert "The request isn&#x27;t in triage." in text


def test_the_page_is_in_the_language_of_the_reader(revision: Revision, secretary: User) -> None:
    client = entered(secretary)
    client.cookies["django_language"] = "zh-hans"
    assert "哪些需求是更简单的模型无法满足的？" in client.get(at(revision)).content.decode()


def test_gaps_go_back_in_one_notice(revision: Revision, secretary: User) -> None:
    client = entered(secretary)
    assert client.post(at(revision, "return/"), {"questions": ["need"]}).status_code == 422
    page = client.post(at(revision, "return/"), {"questions": ["need"], "text": "Say more."}, follow=True)
    assert page.status_code == 200
    assert Notice.objects.get().questions == ["need"]
    requester = entered(User.objects.get(display_name="Ravi Requester"))
    assert b"Say more." in requester.get(f"/requests/{revision.request.reference}/dossier/").content


def test_an_accepted_request_is_routed_as_proposed(revision: Revision, secretary: User, board: Board) -> None:
    client = entered(secretary)
    assert client.post(at(revision, "accept/"))["Location"] == at(revision)
    assert b"Give it to the boards" in client.get(at(revision)).content
    sent = {"tier": 2, "procedure": "full", "boards": [board.pk], "leading": board.pk}
    assert client.post(at(revision, "route/"), sent).status_code == 302
    assert BoardReview.objects.get().board == board


def test_another_route_asks_for_its_reason(revision: Revision, secretary: User, board: Board) -> None:
    accept_request(actor=secretary, request_id=revision.request_id, now=NOW)
    client = entered(secretary)
    sent = {"tier": 1, "procedure": "full", "boards": [board.pk], "leading": board.pk}
    page = client.post(at(revision, "route/"), sent)
    assert page.status_code == 422
    assert b"This is another route than the rules propose" in page.content
    assert not BoardReview.objects.exists()
    assert (
        client.post(at(revision, "route/"), sent | {"override_reason": "Internal pilot."}).status_code == 302
    )


def test_a_leading_board_is_one_of_the_boards(revision: Revision, secretary: User, board: Board) -> None:
    accept_request(actor=secretary, request_id=revision.request_id, now=NOW)
    other = Board.objects.create(slug="legal", name_en="Legal", name_zh="法务", kind="legal", created_at=NOW)
    sent = {"tier": 2, "procedure": "full", "boards": [board.pk], "leading": other.pk}
    page = entered(secretary).post(at(revision, "route/"), sent)
    assert b"The leading board is one of the boards." in page.content
    assert not BoardReview.objects.exists()


def test_who_has_a_part_is_refused_with_the_reason(revision: Revision, secretary: User) -> None:
    requester = User.objects.get(display_name="Ravi Requester")
    requester.line_manager = secretary
    requester.save()
    page = entered(secretary).get(at(revision))
    assert page.status_code == 403
    assert entered(secretary).post(at(revision, "accept/")).status_code == 403
    revision.request.refresh_from_db()
    assert revision.request.state == RequestState.SUBMITTED


def test_the_page_closes_when_triage_is_over(revision: Revision, secretary: User, board: Board) -> None:
    accept_request(actor=secretary, request_id=revision.request_id, now=NOW)
    client = entered(secretary)
    sent = {"tier": 2, "procedure": "full", "boards": [board.pk], "leading": board.pk}
    client.post(at(revision, "route/"), sent)
    page = client.get(at(revision))
    assert page.status_code in (302, 404)


@pytest.mark.parametrize("part", ["", "POST return/", "POST accept/", "POST route/"])
def test_others_do_not_come_in(revision: Revision, part: str) -> None:
    method, _blank, path = part.rpartition(" ")
    ask, address = "post" if method else "get", at(revision, path)
    assert getattr(entered(person("Oto Outsider", Role.RESEARCHER)), ask)(address).status_code == 404
    assert getattr(entered(person("Lea Legal", Role.LEGAL)), ask)(address).status_code == 403
    assert getattr(entered(User.objects.get(display_name="Ravi Requester")), ask)(address).status_code == 403
    assert "/accounts/login/" in getattr(Client(), ask)(address)["Location"]
    revision.request.refresh_from_db()
    assert revision.request.state == RequestState.SUBMITTED

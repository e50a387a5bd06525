"""Answers in rows on the page of a dossier: with scripts as one text, without them cell by cell."""

import json
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.roles import Role
from reviews.models import Answer, ReviewRequest
from reviews.services.answers import save_answer
from reviews.services.drafting import add_contributor
from tests.dossiers import NOW, a_draft, person
from tests.reviews.pages.drafting import HTMX, at, entered

pytestmark = pytest.mark.django_db
FULL = {
    "name": "Port log", "right": "Contract 7", "source": "partner", "size": "2.5", "personal": "none",
}  # fmt: skip
OTHER = {"name": "Forum", "right": "CC BY 4.0", "source": "crawled", "personal": "personal"}


@pytest.fixture
def request_(requester: User) -> ReviewRequest:
    return a_draft(requester, questions="2026-2")


@pytest.fixture
def client(requester: User) -> Client:
    return entered(requester)


def save(request: ReviewRequest, actor: User, *rows: dict[str, Any], version: int = 0) -> None:
    save_answer(
        actor=actor,
        request_id=request.pk,
        question="datasets",
        raw=[json.dumps(rows)],
        version=version,
        now=NOW,
    )


def cells(place: int, row: dict[str, str]) -> dict[str, str]:
    return {f"r-datasets-{place}-{key}": value for key, value in row.items()}


def kept(request: ReviewRequest) -> Any:
    return Answer.objects.get(request=request, question="datasets").value


def test_the_page_shows_each_row_with_its_cells_and_a_blank_one(
    client: Client, request_: ReviewRequest, requester: User, django_assert_max_num_queries: Any
) -> None:
    save(request_, requester, FULL, {"name": "Forum"})
    with django_assert_max_num_queries(15):
        page = client.get(at(request_), {"topic": "data_acquisition"})
    text = page.content.decode()
    assert 'name="r-datasets-1-name" maxlength="500" autocomplete="off" value="Port log"' in text
    assert '<option value="partner" selected>From a partner</option>' in text
    assert 'name="r-datasets-3-name"' in text
    assert "Row 2, Right to use: it is required and empty." in text
    assert 'style="' not in text


def test_with_scripts_the_rows_are_saved_as_one_text(client: Client, request_: ReviewRequest) -> None:
    sent = {"a-datasets": json.dumps([FULL, {}, OTHER]), "v-datasets": "0", "b-datasets": ""}
    answer = client.post(at(request_, "answers/datasets/"), sent, **HTMX)
    assert answer.status_code == 200
    assert kept(request_) == [FULL, OTHER]


def test_a_wrong_cell_is_named_by_row_and_column_and_nothing_is_saved(
    client: Client, request_: ReviewRequest
) -> None:
    sent = {"a-datasets": json.dumps([FULL, OTHER | {"size": "much"}]), "v-datasets": "0"}
    answer = client.post(at(request_, "answers/datasets/"), sent, **HTMX)
    assert "Row 2, Size: Write a number with a point" in answer.content.decode()
    assert not Answer.objects.exists()


def test_without_scripts_rows_are_added_moved_and_taken_out_by_the_button(
    client: Client, request_: ReviewRequest, requester: User
) -> None:
    save(request_, requester, FULL, OTHER)
    third = OTHER | {"name": "Tide tables"}
    sent = {
        "topic": "data_acquisition", "v-datasets": "1", "x-datasets-1": "1", "o-datasets-1": "1",
        "o-datasets-2": "2", "o-datasets-3": "1",
        **cells(1, FULL), **cells(2, OTHER), **cells(3, third), **cells(4, {"name": "", "source": ""}),
    }  # fmt: skip
    assert client.post(at(request_), sent).status_code == 302
    assert kept(request_) == [third, OTHER]


def test_without_scripts_a_wrong_cell_is_shown_where_it_is_and_keeps_what_was_written(
    client: Client, request_: ReviewRequest
) -> None:
    sent = {
        "topic": "data_acquisition", "v-datasets": "0",
        **cells(1, FULL), **cells(2, OTHER | {"size": "much", "source": "stolen"}), **cells(3, {"name": ""}),
    }  # fmt: skip
    page = client.post(at(request_), sent)
    text = page.content.decode()
    assert page.status_code == 422
    assert 'id="e-r-datasets-2-size"' in text
    assert 'value="much"' in text
    assert 'name="r-datasets-4-name"' not in text
    assert not Answer.objects.exists()


def test_two_people_on_one_table_are_told_and_nothing_is_overwritten(
    client: Client, request_: ReviewRequest, requester: User
) -> None:
    other = person("Cara Contributor", Role.RESEARCHER)
    add_contributor(actor=requester, request_id=request_.pk, person=other, now=NOW)
    save(request_, other, OTHER)
    sent = {"a-datasets": json.dumps([FULL]), "v-datasets": "0", "b-datasets": ""}
    answer = client.post(at(request_, "answers/datasets/"), sent, **HTMX)
    text = answer.content.decode()
    assert "Cara Contributor" in text
    assert "Name: Forum" in text
    assert "Port log" in text
    assert kept(request_) == [OTHER]

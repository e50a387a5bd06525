"""Proposals beside their questions: taken or dismissed in place, with and without scripts."""

import json
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.roles import Role
from imprimatur.dossier.questionnaire import Row
from reviews.models import Answer, Proposal, ReviewRequest
from reviews.rules.proposals import Found
from reviews.services.proposals import propose
from tests.dossiers import NOW, a_draft, person
from tests.reviews.pages.drafting import HTMX, at, entered

pytestmark = pytest.mark.django_db
ROW: Row = {"name": "Port log", "right": "CC BY 4.0", "source": "public", "personal": "none"}


@pytest.fixture
def request_(requester: User) -> ReviewRequest:
    return a_draft(requester, questions="2026-2")


@pytest.fixture
def client(requester: User) -> Client:
    return entered(requester)


def offer(request: ReviewRequest, actor: User, *found: Found, name: str = "README.md") -> Proposal:
    made = propose(
        actor=actor, request_id=request.pk, found=found, source="model_card", source_name=name, now=NOW
    )
    return made[0]


def test_a_proposal_stands_beside_its_question_with_source_place_and_quote(
    client: Client, request_: ReviewRequest, requester: User
) -> None:
    offer(request_, requester, Found("need", "A **need** <b>.", "line 12, intended use", "needs & wishes"))
    text = client.get(at(request_), {"topic": "algorithm_choice"}).content.decode()
    assert "Proposed from README.md, line 12, intended use" in text
    assert "needs &amp; wishes" in text
    assert "<strong>need</strong>" in text
    assert "<b>.</b>" not in text
    assert "Take as my answer" in text
    assert not Answer.objects.exists()


def test_it_is_taken_in_place_and_the_questions_come_anew(
    client: Client, request_: ReviewRequest, requester: User
) -> None:
    proposal = offer(request_, requester, Found("minors", "intended", "audience"))
    answer = client.post(at(request_, f"proposals/{proposal.pk}/"), {"v-minors": "0"}, **HTMX)
    text = answer.content.decode()
    assert Answer.objects.get().value == "intended"
    assert 'value="intended" checked' in text
    assert "How are children and teenagers protected" in text
    assert f'id="p-{proposal.pk}"' not in text


def test_a_stale_page_is_told_and_overwrites_nothing(
    client: Client, request_: ReviewRequest, requester: User
) -> None:
    proposal = offer(request_, requester, Found("need", "From the card."))
    client.post(at(request_, "answers/need/"), {"a-need": "By hand.", "v-need": "0"}, **HTMX)
    answer = client.post(at(request_, f"proposals/{proposal.pk}/"), {"v-need": "0"}, **HTMX)
    assert "This answer was changed in the meantime" in answer.content.decode()
    assert Answer.objects.get().value == "By hand."


def test_without_scripts_what_was_written_is_saved_before_a_proposal_is_taken_or_dismissed(
    client: Client, request_: ReviewRequest, requester: User
) -> None:
    taken = offer(request_, requester, Found("need", "From the card."))
    put_away = offer(request_, requester, Found("subgroups", "All."), name="OTHER.md")
    sent = {"topic": "algorithm_choice", "v-need": "0", "a-need": "", "v-known_failures": "0"}
    client.post(
        at(request_), {**sent, "take-proposal": str(taken.pk), "v-subgroups": "0", "a-subgroups": "Mine."}
    )
    client.post(at(request_), {"topic": "algorithm_choice", "dismiss-proposal": str(put_away.pk)})
    assert dict(Answer.objects.values_list("question", "value")) == {
        "need": "From the card.", "subgroups": "Mine.",
    }  # fmt: skip
    put_away.refresh_from_db()
    assert put_away.state == "dismissed"


def test_proposed_rows_join_those_that_are_there(
    client: Client, request_: ReviewRequest, requester: User
) -> None:
    client.post(
        at(request_, "answers/datasets/"),
        {"a-datasets": json.dumps([ROW | {"name": "Forum"}]), "v-datasets": "0"}, **HTMX,
    )  # fmt: skip
    proposal = offer(request_, requester, Found("datasets", [ROW]))
    text = client.get(at(request_), {"topic": "data_acquisition"}).content.decode()
    assert "Add these rows" in text
    client.post(at(request_, f"proposals/{proposal.pk}/"), {"v-datasets": "1"}, **HTMX)
    assert [row["name"] for row in Answer.objects.get().value or []] == ["Forum", "Port log"]


def test_all_of_a_topic_are_taken_at_once(client: Client, request_: ReviewRequest, requester: User) -> None:
    offer(
        request_,
        requester,
        Found("minors", "intended"),
        Found("minors_protection", "Limits."),
        Found("need", "x"),
    )
    answer = client.post(at(request_, "proposals/"), {"topic": "ethics_review"}, **HTMX)
    assert "2 answers taken." in answer.content.decode()
    assert set(Answer.objects.values_list("question", flat=True)) == {"minors", "minors_protection"}
    assert client.post(at(request_, "proposals/"), {"topic": "nonsense"}).status_code == 404


def test_two_hundred_proposals_and_every_question_take_fifteen_queries(
    client: Client, request_: ReviewRequest, requester: User, django_assert_max_num_queries: Any
) -> None:
    found = [Found("need", f"Need {number}.", f"line {number}") for number in range(100)]
    found += [Found("datasets", [ROW | {"name": f"Set {number}"}]) for number in range(100)]
    offer(request_, requester, *found)
    for topic in ("data_acquisition", "algorithm_choice"):
        with django_assert_max_num_queries(15):
            page = client.get(at(request_), {"topic": topic})
        assert page.status_code == 200
        assert page.content.count(b"proposal") > 100


def test_what_an_outsider_asks_for_is_not_there(request_: ReviewRequest, requester: User) -> None:
    proposal = offer(request_, requester, Found("need", "Mine."))
    outsider = entered(person("Oto Outsider", Role.RESEARCHER))
    assert outsider.post(at(request_, f"proposals/{proposal.pk}/")).status_code == 404
    other = a_draft(person("Nora Neighbour", Role.RESEARCHER))
    neighbour = entered(other.requester)
    assert neighbour.post(at(other, f"proposals/{proposal.pk}/")).status_code == 404
    assert not Answer.objects.exists()

"""Answers of the last dossier of the same model are proposed: to who may read it, and never as answers."""

from typing import Any

import pytest
from django.http import Http404

from accounts.models import User
from accounts.roles import Role
from audit.leaf import decode
from audit.models import Event
from registry.services import share_project
from reviews.models import Proposal, ReviewRequest
from reviews.selectors.dossier import dossier_of
from reviews.selectors.shown_proposals import shown_proposals
from reviews.services.answers import save_answer
from reviews.services.drafting import add_contributor
from reviews.services.proposals import take_all, take_proposal
from tests.dossiers import NOW, a_draft, a_version, person, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]
ANSWERS = {"minors": "possible", "change": "first", "public_opinion": "no"}


@pytest.fixture
def requester() -> User:
    return person("Ravi Requester", Role.RESEARCHER)


@pytest.fixture
def first(requester: User) -> ReviewRequest:
    return submitted(requester, answers=ANSWERS).request


def again(requester: User, first: ReviewRequest, **given: Any) -> ReviewRequest:
    version = a_version(requester, project=first.project, number="2.2")
    return a_draft(requester, version, **{"questions": "2026-2"} | given)


def test_the_answers_of_the_same_model_are_proposed_to_the_questions_that_are_still_asked(
    requester: User, first: ReviewRequest
) -> None:
    second = again(requester, first)
    proposals = {one.question: one for one in Proposal.objects.filter(request=second).all()}
    assert proposals["minors"].value == "possible"
    assert (proposals["minors"].source, proposals["minors"].source_name) == ("last_dossier", first.reference)
    assert proposals["minors"].place == "1"
    assert not {"change", "refusals", "datasets"} & proposals.keys(), "asked afresh, or not asked then"
    assert not second.answers.exists()
    event = Event.objects.filter(verb="request.drafted").latest("id")
    assert decode(bytes(event.leaf))["data"]["proposals"] == len(proposals)
    shown = shown_proposals(second, dossier_of(second), requester, NOW)
    assert shown["minors"][0].origin == f"Proposed from {first.reference}, revision 1"


def test_a_draft_and_another_model_propose_nothing_and_a_colleague_s_request_does(
    requester: User, first: ReviewRequest
) -> None:
    mine = a_draft(requester, a_version(requester, name="Atoll"))
    assert not Proposal.objects.filter(request=mine).exists()
    other = a_draft(requester, a_version(requester, name="Atoll", number="2"))
    assert not Proposal.objects.filter(request=other).exists()
    colleague = person("Cole Colleague", Role.RESEARCHER)
    share_project(
        actor=requester, project_id=first.project_id, person=colleague, may_contribute=True, now=NOW
    )
    theirs = a_draft(colleague, a_version(requester, number="3"))
    assert set(Proposal.objects.filter(request=theirs).values_list("source_name", flat=True)) == {
        first.reference
    }


def test_all_of_a_topic_are_taken_where_no_answer_is_and_only_there(
    requester: User, first: ReviewRequest
) -> None:
    second = again(requester, first)
    save_answer(
        actor=requester, request_id=second.pk, question="minors", raw=["excluded"], version=0, now=NOW
    )
    count = take_all(actor=requester, request_id=second.pk, topic="ethics_review", now=NOW)
    answers = dict(second.answers.values_list("question", "value"))
    assert answers["minors"] == "excluded"
    assert answers["public_opinion"] == "no"
    assert "need" not in answers
    assert count == len(answers) - 1
    assert Event.objects.filter(verb="proposal.taken").count() == count
    assert take_all(actor=requester, request_id=second.pk, topic="ethics_review", now=NOW) == 0


def test_a_contributor_who_may_not_see_the_earlier_request_is_shown_nothing_of_it(
    requester: User, first: ReviewRequest
) -> None:
    second = again(requester, first)
    contributor = person("Cora Contributor")
    add_contributor(actor=requester, request_id=second.pk, person=contributor, now=NOW)
    assert shown_proposals(second, dossier_of(second), contributor, NOW) == {}
    proposal = Proposal.objects.filter(request=second).get(question="minors")
    with pytest.raises(Http404):
        take_proposal(actor=contributor, proposal_id=proposal.pk, expected_version=0, now=NOW)
    assert not second.answers.exists()

"""Proposals: nothing counts until it is taken, a stale one overwrites nothing, outsiders find none."""

import pytest
from django.http import Http404

from accounts.models import User
from accounts.roles import Role
from audit.refusal import Refused
from registry.services import share_project
from reviews.models import Answer, Proposal, ReviewRequest
from reviews.rules.proposals import MOST, Found
from reviews.selectors.dossier import dossier_of
from reviews.services.answers import StaleAnswer, save_answer
from reviews.services.proposals import dismiss_proposal, propose, take_proposal
from tests.boardrooms import events
from tests.dossiers import NOW, a_draft, person

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


@pytest.fixture
def requester() -> User:
    return person("Ravi Requester", Role.RESEARCHER)


def offer(request: ReviewRequest, actor: User, *found: Found, name: str = "README.md") -> list[Proposal]:
    return propose(
        actor=actor, request_id=request.pk, found=found, source="model_card", source_name=name, now=NOW
    )


def take(proposal: Proposal, actor: User, version: int = 0) -> Answer:
    return take_proposal(actor=actor, proposal_id=proposal.pk, expected_version=version, now=NOW)


def test_a_proposal_is_no_answer_until_it_is_taken(requester: User) -> None:
    request = a_draft(requester)
    (proposal,) = offer(request, requester, Found("minors", "excluded", "line 12, audience", "adults only"))
    assert not dossier_of(request).answers
    answer = take(proposal, requester)
    assert (answer.question, answer.value, answer.version) == ("minors", "excluded", 1)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.settled_by) == ("taken", requester)
    assert (events("proposals.made"), events("proposal.taken"), events("answer.saved")) == (1, 1, 0)
    with pytest.raises(Refused):
        take(proposal, requester, version=1)


def test_what_fits_no_question_is_left_out(requester: User) -> None:
    request = a_draft(requester)
    save_answer(
        actor=requester, request_id=request.pk, question="minors", raw=["excluded"], version=0, now=NOW
    )
    made = offer(
        request, requester,
        Found("minors", "excluded"), Found("no_such", "x"), Found("public_opinion", "perhaps"), Found("need", None),
        Found("need", "A need."), Found("need", "A need.", "elsewhere"),
    )  # fmt: skip
    assert [(one.question, one.value) for one in made] == [("need", "A need.")]
    with pytest.raises(Refused):
        offer(request, requester, *[Found("need", str(number)) for number in range(MOST + 1)])


def test_the_same_file_again_replaces_what_it_proposed_and_another_does_not(requester: User) -> None:
    request = a_draft(requester)
    offer(request, requester, Found("need", "One."))
    offer(request, requester, Found("need", "Two."), name="OTHER.md")
    offer(request, requester, Found("need", "Three."))
    assert list(Proposal.objects.values_list("value", "state")) == [
        ("One.", "replaced"), ("Two.", "open"), ("Three.", "open"),
    ]  # fmt: skip


def test_a_proposal_does_not_overwrite_an_answer_that_came_in_the_meantime(requester: User) -> None:
    request = a_draft(requester)
    (proposal,) = offer(request, requester, Found("need", "From the card."))
    save_answer(actor=requester, request_id=request.pk, question="need", raw=["By hand."], version=0, now=NOW)
    with pytest.raises(StaleAnswer):
        take(proposal, requester, version=0)
    assert request.answers.get().value == "By hand."
    assert take(proposal, requester, version=1).version == 2
    assert events("proposal.taken") == 1


def test_what_is_the_answer_already_is_settled_without_writing_it_again(requester: User) -> None:
    request = a_draft(requester)
    (one,) = offer(request, requester, Found("need", "The same."))
    (other,) = offer(request, requester, Found("need", "The same."), name="OTHER.md")
    assert take(one, requester).version == 1
    other.refresh_from_db()
    assert other.state == "replaced"


def test_a_dismissed_proposal_stays_dismissed(requester: User) -> None:
    request = a_draft(requester)
    (proposal,) = offer(request, requester, Found("need", "No."))
    assert dismiss_proposal(actor=requester, proposal_id=proposal.pk, now=NOW).state == "dismissed"
    assert events("proposal.dismissed") == 1
    with pytest.raises(Refused):
        take(proposal, requester)
    assert not request.answers.exists()


def test_who_does_not_write_the_dossier_takes_nothing(requester: User) -> None:
    request = a_draft(requester)
    (proposal,) = offer(request, requester, Found("need", "Mine."))
    somebody = person("Oto Outsider", Role.RESEARCHER)
    share_project(
        actor=requester, project_id=request.project_id, person=somebody, may_contribute=False, now=NOW
    )
    with pytest.raises(Http404):
        take(proposal, somebody)
    with pytest.raises(Http404):
        dismiss_proposal(actor=somebody, proposal_id=proposal.pk, now=NOW)
    with pytest.raises(Http404):
        offer(request, somebody, Found("need", "Theirs."))
    proposal.refresh_from_db()
    assert proposal.state == "open"

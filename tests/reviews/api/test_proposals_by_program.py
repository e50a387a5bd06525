"""Proposals of a dossier by calls: nothing counts until it is taken, and a stale one overwrites nothing."""

import pytest

from accounts.models import User
from accounts.roles import Role
from audit.models import Event
from reviews.models import Answer, Proposal, ReviewRequest
from reviews.rules.proposals import Found
from reviews.selectors.questionnaires import questionnaire
from reviews.services.proposals import propose
from tests.calling import as_, problem
from tests.dossiers import NOW, a_draft, person

pytestmark = [pytest.mark.django_db]
EMPTY = {"version": 0}


@pytest.fixture
def requester() -> User:
    return person("Ravi Requester", Role.RESEARCHER)


@pytest.fixture
def draft(requester: User) -> ReviewRequest:
    return a_draft(requester)


def offer(draft: ReviewRequest, *found: Found, name: str = "README.md") -> list[Proposal]:
    return propose(
        actor=draft.requester, request_id=draft.pk, found=found, source="model_card", source_name=name, now=NOW
    )  # fmt: skip


def test_a_proposal_is_taken_as_the_answer_once(requester: User, draft: ReviewRequest) -> None:
    (one,) = offer(draft, Found("minors", "excluded", "line 12, audience", "adults only"))
    ravi, path = as_(requester), f"/requests/{draft.reference}/proposals"
    (shown,) = ravi.get(path)["items"]
    assert (shown["id"], shown["question"], shown["version"]) == (one.pk, "minors", 0)
    assert "line 12" in shown["origin"]
    stranger = as_(person("Ugo Outsider"))
    problem(stranger("GET", path), 404, "not-found")
    problem(stranger("POST", f"{path}/{one.pk}/acceptance", EMPTY), 404, "not-found")
    problem(ravi("POST", f"{path}/{one.pk + 1}/acceptance", EMPTY), 404, "not-found")
    assert not Answer.objects.exists()
    answer = ravi.post(f"{path}/{one.pk}/acceptance", EMPTY, idempotency_key="take")
    assert (answer["question"], answer["value"], answer["version"]) == ("minors", "excluded", 1)
    assert ravi.post(f"{path}/{one.pk}/acceptance", EMPTY, idempotency_key="take") == answer
    told = problem(ravi("POST", f"{path}/{one.pk}/acceptance", {"version": 1}), 422, "refused")
    assert "taken" in told["detail"]
    assert Event.objects.filter(verb="proposal.taken").count() == 1


def test_a_proposal_overwrites_nothing_unseen_and_is_put_away(requester: User, draft: ReviewRequest) -> None:
    ravi, path = as_(requester), f"/requests/{draft.reference}/proposals"
    ravi.put(f"/requests/{draft.reference}/answers/minors", {"value": "possible"})
    (one,) = offer(draft, Found("minors", "excluded"))
    told = problem(ravi("POST", f"{path}/{one.pk}/acceptance", EMPTY), 412, "stale")
    assert told["present"] == {"value": "possible", "version": 1}
    assert ravi.post(f"{path}/{one.pk}/dismissal")["items"] == []
    problem(ravi("POST", f"{path}/{one.pk}/dismissal"), 422, "refused")
    assert Answer.objects.get().value == "possible"
    assert Event.objects.filter(verb="proposal.dismissed").count() == 1


def test_what_is_proposed_for_a_topic_is_taken_together(requester: User, draft: ReviewRequest) -> None:
    offer(draft, Found("minors", "excluded"))
    topic = questionnaire(draft.questionnaire).topic_of("minors")
    assert topic is not None
    ravi, path = as_(requester), f"/requests/{draft.reference}/proposals/acceptance"
    problem(ravi("POST", path, {"topic": "no_such"}), 404, "not-found")
    told = ravi.post(path, {"topic": topic.key})
    assert (told["taken"], told["items"]) == (1, [])
    assert ravi.post(path, {"topic": topic.key})["taken"] == 0

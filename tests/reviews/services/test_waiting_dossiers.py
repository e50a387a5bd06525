"""What waits: submitted requests for secretaries who may act on them, drafts for their requesters."""

from datetime import UTC, datetime

import pytest

from accounts.models import User
from accounts.roles import Role
from compliance.services.libraries import load_libraries
from reminders import waiting
from reviews.services.drafting import add_contributor
from reviews.services.triage import accept_request, return_request
from reviews.services.withdrawal import withdraw_request
from tests.dossiers import NOW, a_draft, a_version, person, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


@pytest.fixture
def requester() -> User:
    return person("Ravi Requester", Role.RESEARCHER)


def ask(kind: str, *people: User) -> list[waiting.Waiting]:
    return list(waiting.get(kind).ask(NOW, frozenset(p.pk for p in people) if people else None))


def test_a_submitted_request_waits_three_working_days_for_each_secretary(requester: User) -> None:
    secretaries = [person("Sena Secretary", Role.SECRETARY), person("Sun Secretary", Role.SECRETARY)]
    revision = submitted(requester)
    found = ask("request.triage")
    assert {item.person_id for item in found} == {secretary.pk for secretary in secretaries}
    assert found[0].due == datetime(2026, 11, 27, 17, 0, tzinfo=UTC)
    assert found[0].url == f"/requests/{revision.request.reference}/triage/"
    assert [item.person_id for item in ask("request.triage", secretaries[0])] == [secretaries[0].pk]
    accept_request(actor=secretaries[0], request_id=revision.request_id, now=NOW)
    assert {item.act for item in ask("request.triage")} == {"Route the request"}


def test_a_secretary_with_a_part_in_it_is_not_asked(requester: User) -> None:
    manager = person("Mia Manager", Role.SECRETARY)
    contributor = person("Cora Contributor", line_manager=manager)
    request = a_draft(requester)
    add_contributor(actor=requester, request_id=request.pk, person=contributor, now=NOW)
    request.state, request.submitted_at = "submitted", NOW
    request.save()
    assert ask("request.triage") == []


def test_a_draft_waits_for_its_requester_without_being_due(requester: User) -> None:
    a_draft(requester)
    (item,) = ask("request.draft", requester)
    assert (item.due, item.act) == (None, "Go on with the dossier")
    assert ask("request.draft", person("Oto Outsider", Role.RESEARCHER)) == []


def test_a_returned_request_waits_for_its_requester_again(requester: User) -> None:
    secretary = person("Sena Secretary", Role.SECRETARY)
    revision = submitted(requester, a_version(requester))
    return_request(actor=secretary, request_id=revision.request_id, text="Say more.", now=NOW)
    (item,) = ask("request.draft")
    assert (item.person_id, item.act) == (requester.pk, "Fill the gaps")
    assert ask("request.triage") == []


def test_the_checklist_of_a_version_that_was_given_up_waits_for_nobody(requester: User) -> None:
    load_libraries(now=NOW)
    version = a_version(requester)
    request = a_draft(requester, version)
    assert [item.person_id for item in ask("checklist", requester)] == [requester.pk]
    withdraw_request(actor=requester, request_id=request.pk, now=NOW)
    assert ask("checklist", requester) == ask("checklist") == []
    a_draft(requester, version)
    assert len(ask("checklist", requester)) == 1

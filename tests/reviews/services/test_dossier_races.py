"""Two at the same moment, with real commits: two writers of one answer, two drafts of one version, two submissions.

Each commit also passes the guard that asks for an event of the same transaction.
"""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, connections

from accounts.roles import Role
from audit.models import Event
from audit.refusal import Refused
from reviews.models import Answer, ReviewRequest, Revision
from reviews.services.answers import save_answer
from reviews.services.drafting import attach_manifest, draft_request
from reviews.services.submission import submit_revision
from reviews.services.triage import accept_request, return_request
from reviews.services.withdrawal import withdraw_request
from tests.dossiers import MANIFEST, NOW, a_draft, a_version, fill, person, submitted

pytestmark = pytest.mark.usefixtures("committed")


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Run the acts in threads that start together; return "done" or the name of the refusal of each."""
    barrier, said = threading.Barrier(len(acts)), [""] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(30)
            act()
            said[place] = "done"
        except Refused as refusal:
            said[place] = type(refusal).__name__
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(said)


def test_of_two_writers_of_one_answer_the_second_is_told() -> None:
    requester = person("Ravi Requester", Role.RESEARCHER)
    request = a_draft(requester)
    acts = [
        lambda text=text: save_answer(
            actor=requester, request_id=request.pk, question="need", raw=[text], version=0, now=NOW
        )
        for text in ("One.", "Two.")
    ]
    assert at_once(*acts) == ["StaleAnswer", "done"]
    assert Answer.objects.get().version == 1
    assert Event.objects.filter(verb="answer.saved").count() == 1


def test_of_two_drafts_of_one_version_there_is_one_request() -> None:
    requester = person("Ravi Requester", Role.RESEARCHER)
    version = a_version(requester)
    acts = [
        lambda: draft_request(actor=requester, version_id=version.pk, purpose="For the port", now=NOW)
    ] * 2
    assert at_once(*acts) == ["Refused", "done"]
    assert ReviewRequest.objects.count() == 1


def test_two_drafts_of_different_versions_get_different_numbers() -> None:
    requester = person("Ravi Requester", Role.RESEARCHER)
    versions = [a_version(requester, number=str(number)) for number in range(2)]
    acts = [
        lambda version=version: draft_request(
            actor=requester, version_id=version.pk, purpose="For the port", now=NOW
        )
        for version in versions
    ]
    assert at_once(*acts) == ["done", "done"]
    assert set(ReviewRequest.objects.values_list("reference", flat=True)) == {
        "IMP-2026-0001",
        "IMP-2026-0002",
    }


def test_a_repeated_click_submits_one_revision() -> None:
    requester = person("Ravi Requester", Role.RESEARCHER)
    request = a_draft(requester)
    fill(request, requester)
    attach_manifest(actor=requester, request_id=request.pk, text=MANIFEST, now=NOW)
    acts = [lambda: submit_revision(actor=requester, request_id=request.pk, now=NOW)] * 2
    assert at_once(*acts) == ["IllegalTransition", "done"]
    assert Revision.objects.count() == 1
    assert Event.objects.filter(verb="request.submitted").count() == 1


def test_of_returning_and_accepting_at_once_one_happens() -> None:
    requester, secretary = person("Ravi Requester", Role.RESEARCHER), person("Sena Secretary", Role.SECRETARY)
    revision = submitted(requester)
    at_once(
        lambda: return_request(actor=secretary, request_id=revision.request_id, text="Say more.", now=NOW),
        lambda: accept_request(actor=secretary, request_id=revision.request_id, now=NOW),
    )
    revision.request.refresh_from_db()
    verbs = set(Event.objects.values_list("verb", flat=True))
    assert len({"request.sent_back", "request.accepted"} & verbs) == 1
    withdraw_request(actor=requester, request_id=revision.request_id, now=NOW)
    revision.request.refresh_from_db()
    assert revision.request.state == "withdrawn"

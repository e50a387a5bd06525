"""Whether a library applies is asked of the newest submitted dossier too, and the reason names it."""

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.roles import Role
from compliance.models import Library
from compliance.rules.applicability import Outcome
from compliance.selectors.applicability import verdict_of
from compliance.selectors.applicability_words import why
from compliance.selectors.subjects import Subject
from compliance.services.libraries import load_library
from reviews.selectors.dossier_facts import facts_of_versions
from reviews.services.drafting import attach_manifest
from reviews.services.submission import submit_revision
from reviews.services.triage import return_request
from tests.dossiers import MANIFEST, NOW, a_draft, fill, person

pytestmark = pytest.mark.django_db
CHILDREN = """
code: children
name: {en: Children, zh: 未成年人}
source: Ours
applies:
  to: version
  when: [{fact: people, has_any: [minors]}, {fact: data, has_any: [personal, sensitive]}]
  reason: {en: Children may use it and it learned from people., zh: 未成年人可能使用，且含个人信息。}
controls:
  - {number: C1, title: {en: Told, zh: 已告知}, text: {en: It is told., zh: 已告知。}, confidence: P}
"""


def test_the_newest_submitted_revision_is_asked_and_named(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    load_library(content=CHILDREN.encode(), now=NOW)
    library = Library.objects.get(code="children")
    requester, secretary = person("Dana Data", Role.RESEARCHER), person("Silke Second", Role.SECRETARY)
    request = a_draft(requester, questions="2026-2")
    version = request.version
    subject = Subject(version.model.project, version.model, version)
    attach_manifest(actor=requester, request_id=request.pk, text=MANIFEST, now=NOW)
    fill(request, requester, {"minors": "intended", "personal_data": "personal"})
    assert verdict_of(requester, library, subject, NOW).outcome is Outcome.UNKNOWN, "a draft says nothing"
    submit_revision(actor=requester, request_id=request.pk, now=NOW)
    told = verdict_of(requester, library, subject, NOW)
    assert told.outcome is Outcome.YES
    assert (
        f"The people affected: children or teenagers may use it (dossier {request.reference}, revision 1, "
        "people affected)."
    ) in why(told)
    return_request(actor=secretary, request_id=request.pk, text="Say more.", now=NOW)
    fill(request, requester, {"minors": "excluded"})
    assert verdict_of(requester, library, subject, NOW).outcome is Outcome.YES, "it isn't submitted yet"
    submit_revision(actor=requester, request_id=request.pk, why="Kept out.", now=NOW)
    told = verdict_of(requester, library, subject, NOW)
    assert told.outcome is Outcome.NO
    assert "revision 2" in why(told)[0]
    with django_assert_num_queries(1):
        facts_of_versions([version.pk])  # the content of a revision is read once

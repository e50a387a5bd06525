"""Drafting: numbers, answers saved one by one, two writers, contributors; each act leaves one event."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.http import Http404

from accounts.models import User
from accounts.roles import Role
from audit.refusal import IllegalTransition, Refused
from imprimatur.dossier.answers import WrongAnswer
from imprimatur.manifest import ManifestInvalid
from registry.services import share_project
from reviews.models import Answer, Contributor, ReviewRequest
from reviews.services.answers import StaleAnswer, save_answer
from reviews.services.drafting import (
    add_contributor,
    attach_manifest,
    draft_request,
    remove_contributor,
    state_purpose,
)
from reviews.services.evidence import add_file
from tests.boardrooms import events
from tests.dossiers import MANIFEST, NOW, a_draft, a_version, person, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


@pytest.fixture
def requester() -> User:
    return person("Ravi Requester", Role.RESEARCHER)


@pytest.fixture
def outsider() -> User:
    return person("Oto Outsider", Role.RESEARCHER)


def save(request: ReviewRequest, actor: User, question: str, *raw: str, version: int = 0) -> Answer | None:
    return save_answer(
        actor=actor, request_id=request.pk, question=question, raw=list(raw), version=version, now=NOW
    )


def test_requests_are_numbered_within_their_year(requester: User) -> None:
    references = [a_draft(requester, a_version(requester, number=str(n))).reference for n in range(3)]
    later = a_draft(requester, a_version(requester, number="later"), now=NOW.replace(year=2027))
    assert references == ["IMP-2026-0001", "IMP-2026-0002", "IMP-2026-0003"]
    assert later.reference == "IMP-2027-0001"
    assert events("request.drafted") == 4


def test_a_version_has_one_open_request(requester: User) -> None:
    request = a_draft(requester)
    with pytest.raises(Refused):
        a_draft(requester, request.version)
    assert ReviewRequest.objects.count() == 1


def test_who_only_sees_the_project_drafts_nothing_in_it_and_an_outsider_finds_no_version(
    requester: User, outsider: User
) -> None:
    version = a_version(requester)
    with pytest.raises(Http404):
        a_draft(outsider, version)
    share_project(
        actor=requester, project_id=version.model.project_id, person=outsider, may_contribute=False, now=NOW
    )
    with pytest.raises(PermissionDenied):
        a_draft(outsider, version)
    assert not ReviewRequest.objects.exists()


def test_a_request_continues_one_of_the_same_project_only(requester: User, outsider: User) -> None:
    first = a_draft(requester)
    second = a_draft(requester, a_version(requester, number="2.2"), amends_id=first.pk)
    assert second.amends == first
    with pytest.raises(Refused):
        a_draft(outsider, a_version(outsider), amends_id=first.pk)


def test_a_request_says_what_is_asked(requester: User) -> None:
    with pytest.raises(Refused):
        draft_request(actor=requester, version_id=a_version(requester).pk, purpose="  ", now=NOW)
    request = a_draft(requester, a_version(requester, number="2"))
    state_purpose(actor=requester, request_id=request.pk, purpose=" Weights for partners ", now=NOW)
    state_purpose(actor=requester, request_id=request.pk, purpose="Weights for partners", now=NOW)
    request.refresh_from_db()
    assert request.purpose == "Weights for partners"
    assert events("request.purpose_stated") == 1


def test_an_answer_is_saved_by_itself_and_leaves_one_event(requester: User) -> None:
    request = a_draft(requester)
    answer = save(request, requester, "need", "A reason.")
    assert answer is not None
    assert (answer.value, answer.version, answer.updated_by) == ("A reason.", 1, requester)
    assert events("answer.saved") == 1


def test_the_same_answer_again_changes_nothing(requester: User) -> None:
    request = a_draft(requester)
    save(request, requester, "need", "A reason.")
    again = save(request, requester, "need", "A reason.\r\n", version=1)
    assert again is not None
    assert again.version == 1
    assert save(request, requester, "subgroups", "  ") is None
    assert events("answer.saved") == 1


def test_an_answer_can_be_emptied(requester: User) -> None:
    request = a_draft(requester)
    save(request, requester, "need", "A reason.")
    answer = save(request, requester, "need", "", version=1)
    assert answer is not None
    assert (answer.value, answer.version) == (None, 2)


def test_a_stale_answer_is_told_and_overwrites_nothing(requester: User) -> None:
    request, contributor = a_draft(requester), person("Cora Contributor")
    add_contributor(actor=requester, request_id=request.pk, person=contributor, now=NOW)
    save(request, contributor, "need", "Theirs.")
    with pytest.raises(StaleAnswer) as caught:
        save(request, requester, "need", "Mine.")
    assert caught.value.present is not None
    assert caught.value.present.value == "Theirs."
    assert Answer.objects.get().value == "Theirs."
    save(request, requester, "need", "Both.", version=1)
    assert Answer.objects.get().value == "Both."
    assert events("answer.saved") == 2


def test_two_writers_of_the_same_answer_do_not_quarrel(requester: User) -> None:
    request = a_draft(requester)
    save(request, requester, "opt_outs", "all")
    assert save(request, requester, "opt_outs", "all", version=0)
    assert events("answer.saved") == 1


def test_a_wrong_answer_is_not_saved(requester: User) -> None:
    request = a_draft(requester)
    with pytest.raises(WrongAnswer):
        save(request, requester, "error_after_cleaning", "200")
    with pytest.raises(Refused):
        save(request, requester, "no_such_question", "x")
    assert not Answer.objects.exists()
    assert events("answer.saved") == 0


def test_a_contributor_writes_from_when_they_are_named_until_they_are_not(
    requester: User, outsider: User
) -> None:
    request = a_draft(requester)
    with pytest.raises(Http404):
        save(request, outsider, "need", "Mine.")
    add_contributor(actor=requester, request_id=request.pk, person=outsider, now=NOW)
    add_contributor(actor=requester, request_id=request.pk, person=outsider, now=NOW)
    assert events("contributor.added") == 1
    remove_contributor(actor=requester, request_id=request.pk, person_id=outsider.pk, now=NOW)
    with pytest.raises(Http404):
        save(request, outsider, "need", "Mine.")
    assert events("contributor.removed") == 1


def test_whoever_has_written_keeps_their_part(requester: User, outsider: User) -> None:
    request = a_draft(requester)
    add_contributor(actor=requester, request_id=request.pk, person=outsider, now=NOW)
    save(request, outsider, "need", "Mine.")
    with pytest.raises(Refused):
        remove_contributor(actor=requester, request_id=request.pk, person_id=outsider.pk, now=NOW)
    assert Contributor.objects.count() == 1


def give_a_file(request: ReviewRequest, actor: User) -> None:
    upload = ContentFile(b"what was tried", "report.txt")
    add_file(actor=actor, request_id=request.pk, question="need", upload=upload, now=NOW)


def write_what_the_requester_then_writes_anew(request: ReviewRequest, actor: User) -> None:
    save(request, actor, "need", "Theirs.")
    save(request, request.requester, "need", "Mine.", version=1)


def state_another_purpose(request: ReviewRequest, actor: User) -> None:
    state_purpose(actor=actor, request_id=request.pk, purpose="For everybody", now=NOW)


def attach_bytes(request: ReviewRequest, actor: User) -> None:
    attach_manifest(actor=actor, request_id=request.pk, text=MANIFEST, now=NOW)


@pytest.mark.parametrize(
    "work", [give_a_file, write_what_the_requester_then_writes_anew, state_another_purpose, attach_bytes]
)
def test_nobody_who_worked_on_a_dossier_is_freed_to_judge_it(
    requester: User, outsider: User, work: Callable[[ReviewRequest, User], None]
) -> None:
    request = a_draft(requester)
    add_contributor(actor=requester, request_id=request.pk, person=outsider, now=NOW)
    work(request, outsider)
    with pytest.raises(Refused):
        remove_contributor(actor=requester, request_id=request.pk, person_id=outsider.pk, now=NOW)
    assert Contributor.objects.count() == 1
    assert events("contributor.removed") == 0


def test_only_the_requester_names_contributors_and_only_in_a_draft(requester: User, outsider: User) -> None:
    revision = submitted(requester)
    with pytest.raises(IllegalTransition):
        add_contributor(actor=requester, request_id=revision.request_id, person=outsider, now=NOW)
    request, contributor = a_draft(requester, a_version(requester, number="3")), person("Cora Contributor")
    add_contributor(actor=requester, request_id=request.pk, person=contributor, now=NOW)
    with pytest.raises(PermissionDenied):
        add_contributor(actor=contributor, request_id=request.pk, person=outsider, now=NOW)
    assert not Contributor.objects.filter(person=outsider).exists()


def test_the_requester_is_no_contributor_of_their_own(requester: User) -> None:
    with pytest.raises(Refused):
        add_contributor(actor=requester, request_id=a_draft(requester).pk, person=requester, now=NOW)
    assert not Contributor.objects.exists()


def test_a_contributor_attaches_the_manifest_without_a_permission_on_the_project(requester: User) -> None:
    request, contributor = a_draft(requester), person("Cora Contributor")
    add_contributor(actor=requester, request_id=request.pk, person=contributor, now=NOW)
    with pytest.raises(ManifestInvalid):
        attach_manifest(actor=contributor, request_id=request.pk, text=b"no manifest", now=NOW)
    attach_manifest(actor=contributor, request_id=request.pk, text=MANIFEST, now=NOW)
    request.version.refresh_from_db()
    assert request.version.manifest is not None
    assert events("manifest.attached") == 1

"""Files of a dossier: two of one name are two, names are harmless, revisions keep them, outsiders find nothing."""

import hashlib

import pytest
from django.core.files.base import ContentFile
from django.http import Http404

from accounts.models import User
from accounts.roles import Role
from audit.files import open_file
from audit.models import Event
from audit.refusal import IllegalTransition, Refused
from registry.services import share_project
from reviews.models import AnswerFile, ReviewRequest
from reviews.selectors.revisions import changes, content_of
from reviews.services.drafting import attach_manifest
from reviews.services.evidence import add_file, open_dossier_file, remove_file
from reviews.services.submission import submit_revision
from reviews.services.triage import return_request
from tests.dossiers import MANIFEST, NOW, a_draft, fill, person

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


@pytest.fixture
def requester() -> User:
    return person("Ravi Requester", Role.RESEARCHER)


def give(
    request: ReviewRequest, actor: User, content: bytes = b"a,b", name: str = "report.csv"
) -> AnswerFile:
    upload = ContentFile(content, name)
    return add_file(actor=actor, request_id=request.pk, question="need", upload=upload, now=NOW)


def test_a_file_is_kept_under_its_digest(requester: User) -> None:
    file = give(a_draft(requester), requester, b"what was tried")
    assert (file.name, file.size, file.sha256) == (
        "report.csv",
        14,
        hashlib.sha256(b"what was tried").hexdigest(),
    )
    assert open_file(file.sha256).read() == b"what was tried"
    assert Event.objects.filter(verb="dossier_file.added").count() == 1


def test_two_files_of_one_name_are_two_files(requester: User) -> None:
    request = a_draft(requester)
    first, second = give(request, requester, b"one"), give(request, requester, b"two")
    assert first.name == second.name
    assert first.sha256 != second.sha256
    assert AnswerFile.objects.count() == 2


def test_the_name_is_made_harmless(requester: User) -> None:
    file = give(a_draft(requester), requester, name="invoice\u202efdp.exe")
    assert file.name == "invoicefdp.exe"


@pytest.mark.parametrize("content", [b""])
def test_an_empty_file_is_refused_and_never_a_digest_of_nothing(requester: User, content: bytes) -> None:
    with pytest.raises(Refused):
        give(a_draft(requester), requester, content)
    assert not AnswerFile.objects.exists()


def test_a_file_that_did_not_arrive_whole_is_refused(requester: User) -> None:
    upload = ContentFile(b"half", "report.csv")
    upload.size = 8
    with pytest.raises(Refused):
        add_file(actor=requester, request_id=a_draft(requester).pk, question="need", upload=upload, now=NOW)
    assert not AnswerFile.objects.exists()


def test_a_question_without_evidence_takes_no_file(requester: User) -> None:
    upload = ContentFile(b"x", "x.txt")
    with pytest.raises(Refused):
        add_file(actor=requester, request_id=a_draft(requester).pk, question="minors", upload=upload, now=NOW)
    assert not AnswerFile.objects.exists()


def test_a_revision_keeps_a_file_that_is_taken_out_later(requester: User) -> None:
    request, secretary = a_draft(requester), person("Sena Secretary", Role.SECRETARY)
    fill(request, requester)
    attach_manifest(actor=requester, request_id=request.pk, text=MANIFEST, now=NOW)
    file = give(request, requester)
    first = submit_revision(actor=requester, request_id=request.pk, now=NOW)
    with pytest.raises(IllegalTransition):
        remove_file(actor=requester, request_id=request.pk, file_id=file.pk, now=NOW)
    return_request(actor=secretary, request_id=request.pk, text="Leave the report out.", now=NOW)
    remove_file(actor=requester, request_id=request.pk, file_id=file.pk, now=NOW)
    remove_file(actor=requester, request_id=request.pk, file_id=file.pk, now=NOW)
    second = submit_revision(actor=requester, request_id=request.pk, why="Without the report.", now=NOW)
    assert changes(second) == {"need"}
    frozen = {answer["question"]: answer["files"] for answer in content_of(first)["answers"]}
    assert frozen["need"] == [{"id": file.pk, "name": "report.csv", "sha256": file.sha256, "size": 3}]
    assert Event.objects.filter(verb="dossier_file.removed").count() == 1
    _file, content = open_dossier_file(actor=secretary, request_id=request.pk, file_id=file.pk, now=NOW)
    assert content.read() == b"a,b"


def test_readers_open_what_a_revision_froze_and_writers_all(requester: User) -> None:
    request, reader = a_draft(requester), person("Rea Reader", Role.RESEARCHER)
    outsider = person("Oto Outsider", Role.RESEARCHER)
    share_project(
        actor=requester, project_id=request.project_id, person=reader, may_contribute=False, now=NOW
    )
    file = give(request, requester)
    assert open_dossier_file(actor=requester, request_id=request.pk, file_id=file.pk, now=NOW)[0] == file
    with pytest.raises(Http404):
        open_dossier_file(actor=reader, request_id=request.pk, file_id=file.pk, now=NOW)
    fill(request, requester)
    attach_manifest(actor=requester, request_id=request.pk, text=MANIFEST, now=NOW)
    submit_revision(actor=requester, request_id=request.pk, now=NOW)
    assert open_dossier_file(actor=reader, request_id=request.pk, file_id=file.pk, now=NOW)[0] == file
    with pytest.raises(Http404):
        open_dossier_file(actor=outsider, request_id=request.pk, file_id=file.pk, now=NOW)
    assert not Event.objects.filter(verb="dossier_file.downloaded").exists()


def test_what_an_auditor_takes_away_is_an_event(requester: User) -> None:
    request, auditor = a_draft(requester), person("Aud Auditor", Role.AUDITOR)
    file = give(request, requester)
    fill(request, requester)
    attach_manifest(actor=requester, request_id=request.pk, text=MANIFEST, now=NOW)
    submit_revision(actor=requester, request_id=request.pk, now=NOW)
    with pytest.raises(Http404):
        open_dossier_file(actor=auditor, request_id=request.pk, file_id=file.pk, now=NOW)
    share_project(
        actor=requester, project_id=request.project_id, person=auditor, may_contribute=False, now=NOW
    )
    open_dossier_file(actor=auditor, request_id=request.pk, file_id=file.pk, now=NOW)
    assert Event.objects.filter(verb="dossier_file.downloaded").count() == 1

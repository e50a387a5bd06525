"""Submitting: gaps are named at once, a revision is frozen with its digest, later ones show what changed."""

import hashlib
import json

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from accounts.models import User
from accounts.roles import Role
from audit.models import Event
from audit.refusal import IllegalTransition
from reviews.models import ReviewRequest, Revision
from reviews.rules.lifecycle import RequestState
from reviews.selectors.gaps import Gap
from reviews.selectors.revisions import changes, content_of, dossier_in_words
from reviews.services.answers import save_answer
from reviews.services.drafting import add_contributor, attach_manifest
from reviews.services.submission import Incomplete, submit_revision
from reviews.services.triage import return_request
from tests.dossiers import MANIFEST, NOW, a_draft, a_version, fill, person, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]


@pytest.fixture
def requester() -> User:
    return person("Ravi Requester", Role.RESEARCHER)


@pytest.fixture
def secretary() -> User:
    return person("Sena Secretary", Role.SECRETARY)


def verbs_of(request: ReviewRequest) -> list[str]:
    return list(
        Event.objects.filter(object_type="reviews.reviewrequest", object_id=str(request.pk)).values_list(
            "verb", flat=True
        )
    )


def test_all_gaps_are_named_at_once_and_nothing_is_submitted(requester: User) -> None:
    request = a_draft(requester)
    with pytest.raises(Incomplete) as caught:
        submit_revision(actor=requester, request_id=request.pk, now=NOW)
    keys = {problem.question.key for problem in caught.value.gaps.answers}
    assert {"data_rights", "personal_data", "harmed", "stop_signal"} <= keys
    assert "filings_by" not in keys
    assert caught.value.gaps.others == (Gap.MANIFEST,)
    request.refresh_from_db()
    assert request.state == RequestState.DRAFT
    assert not Revision.objects.exists()
    assert "request.submitted" not in verbs_of(request)


def test_a_submission_freezes_what_was_said_and_its_digest(requester: User) -> None:
    revision = submitted(requester, answers={"need": "A smaller model\r\nmissed half of the dialects.  "})
    request = revision.request
    request.refresh_from_db()
    assert (request.state, request.submitted_at, revision.number) == (RequestState.SUBMITTED, NOW, 1)
    assert revision.sha256 == hashlib.sha256(bytes(revision.content)).hexdigest()
    content = content_of(revision)
    assert content["manifest"]["sha256"] == revision.manifest_sha256 == hashlib.sha256(MANIFEST).hexdigest()
    assert content["version"]["training_compute_flop"] == "42000000000000000000000"
    assert content["questionnaire"] == request.questionnaire
    answers = {answer["question"]: answer["value"] for answer in content["answers"]}
    assert answers["need"] == "A smaller model\nmissed half of the dialects."
    assert "filings_by" not in answers
    assert requester.display_name not in json.dumps(content)
    assert verbs_of(request) == ["request.drafted", "request.submitted"]


def test_answers_to_questions_that_are_not_asked_any_more_are_left_out(requester: User) -> None:
    request = a_draft(requester)
    fill(request, requester, {"filings": "pending", "filings_by": "2026-12-01"})
    save_answer(
        actor=requester, request_id=request.pk, question="filings", raw=["done"],
        version=request.answers.get(question="filings").version, now=NOW,
    )  # fmt: skip
    attach_manifest(actor=requester, request_id=request.pk, text=MANIFEST, now=NOW)
    revision = submit_revision(actor=requester, request_id=request.pk, now=NOW)
    assert request.answers.filter(question="filings_by", value="2026-12-01").exists()
    assert "filings_by" not in {answer["question"] for answer in content_of(revision)["answers"]}


def test_a_submitted_dossier_can_be_neither_changed_nor_submitted_again(requester: User) -> None:
    revision = submitted(requester)
    with pytest.raises(IllegalTransition):
        save_answer(
            actor=requester, request_id=revision.request_id, question="need", raw=["x"], version=1, now=NOW
        )
    with pytest.raises(IllegalTransition):
        submit_revision(actor=requester, request_id=revision.request_id, now=NOW)
    assert Revision.objects.count() == 1


def test_a_later_revision_asks_why_and_shows_which_answers_changed(requester: User, secretary: User) -> None:
    first = submitted(requester, answers={"need": "One reason."})
    request = first.request
    return_request(
        actor=secretary, request_id=request.pk, text="Say more about the need.", questions=["need"], now=NOW
    )
    save_answer(
        actor=requester, request_id=request.pk, question="need", raw=["Two reasons."],
        version=request.answers.get(question="need").version, now=NOW,
    )  # fmt: skip
    with pytest.raises(Incomplete) as caught:
        submit_revision(actor=requester, request_id=request.pk, now=NOW)
    assert caught.value.gaps.others == (Gap.WHY,)
    second = submit_revision(actor=requester, request_id=request.pk, why="The need is said in full.", now=NOW)
    assert (second.number, second.why) == (2, "The need is said in full.")
    assert changes(second) == {"need"}
    assert changes(first) == frozenset()
    assert second.sha256 != first.sha256
    answers = {a.question.key: a for topic in dossier_in_words(second, "en") for a in topic.answers}
    assert (answers["need"].text, answers["need"].previous, answers["need"].changed) == (
        "Two reasons.", "One reason.", True,
    )  # fmt: skip
    assert not answers["subgroups"].changed
    assert answers["subgroups"].previous is None


def test_a_contributor_edits_but_does_not_submit_and_an_outsider_finds_nothing(requester: User) -> None:
    request = a_draft(requester)
    contributor, outsider = person("Cora Contributor"), person("Oto Outsider", Role.RESEARCHER)
    add_contributor(actor=requester, request_id=request.pk, person=contributor, now=NOW)
    fill(request, contributor)
    attach_manifest(actor=contributor, request_id=request.pk, text=MANIFEST, now=NOW)
    with pytest.raises(PermissionDenied):
        submit_revision(actor=contributor, request_id=request.pk, now=NOW)
    with pytest.raises(Http404):
        submit_revision(actor=outsider, request_id=request.pk, now=NOW)
    assert submit_revision(actor=requester, request_id=request.pk, now=NOW).number == 1


def test_the_dossier_is_read_in_the_language_of_the_reader(requester: User) -> None:
    revision = submitted(
        requester, answers={"error_after_cleaning": "2.50", "encrypted": ["logs", "weights"]}
    )
    english = {a.question.key: a.text for topic in dossier_in_words(revision, "en") for a in topic.answers}
    chinese = {
        a.question.key: a.text for topic in dossier_in_words(revision, "zh-hans") for a in topic.answers
    }
    assert english["error_after_cleaning"] == "2.5 %"
    assert english["encrypted"] == "Weights, Logs"
    assert english["trained_on"] == "1 Oct 2026"
    assert chinese["personal_data"] == "未发现"
    assert dossier_in_words(revision, "zh-hans")[0].title == "数据获取"


def test_conditions_look_at_the_version_too(requester: User) -> None:
    request = a_draft(requester, a_version(requester, channel="open_weights"))
    with pytest.raises(Incomplete) as caught:
        submit_revision(actor=requester, request_id=request.pk, now=NOW)
    assert "recall" in {problem.question.key for problem in caught.value.gaps.answers}

"""The page of a dossier: a topic at a time, with scripts answer by answer, without them by the button."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from accounts.roles import Role
from reviews.models import Answer, AnswerFile, ReviewRequest, Revision
from reviews.rules.lifecycle import RequestState
from reviews.rules.questionnaire import QuestionType
from reviews.selectors.questionnaires import questionnaire
from reviews.services.answers import save_answer
from reviews.services.drafting import add_contributor, attach_manifest
from tests.dossiers import MANIFEST, NOW, a_draft, a_project, a_version, fill, person, submitted

pytestmark = pytest.mark.django_db
HTMX: dict[str, Any] = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def requester() -> User:
    return person("Ravi Requester", Role.RESEARCHER)


@pytest.fixture
def request_(requester: User) -> ReviewRequest:
    return a_draft(requester)


def entered(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def at(request: ReviewRequest, part: str = "") -> str:
    return f"/requests/{request.reference}/dossier/{part}"


def test_the_page_shows_a_topic_with_its_questions_and_what_is_missing(
    request_: ReviewRequest, requester: User, django_assert_max_num_queries: Any
) -> None:
    client = entered(requester)
    with django_assert_max_num_queries(15):
        page = client.get(at(request_), {"topic": "ethics_review"})
    text = page.content.decode()
    assert page.status_code == 200
    assert "Will children or teenagers use it?" in text
    assert "How was the total training compute counted?" not in text
    assert "required answers are missing" in text
    assert 'style="' not in text


def test_an_unknown_topic_is_the_first_with_something_missing(
    request_: ReviewRequest, requester: User
) -> None:
    assert b"What gives you the right" in entered(requester).get(at(request_), {"topic": "nonsense"}).content


def test_the_page_is_in_the_language_of_the_reader(request_: ReviewRequest, requester: User) -> None:
    client = entered(requester)
    client.cookies["django_language"] = "zh-hans"
    assert "数据获取" in client.get(at(request_)).content.decode()


def test_without_scripts_a_topic_is_saved_by_its_button(request_: ReviewRequest, requester: User) -> None:
    sent = {
        "topic": "data_quality", "then": "algorithm_choice",
        "v-error_after_cleaning": "0", "a-error_after_cleaning": "2.5",
        "v-annotation": "0", "a-annotation": "Well.", "v-test_overlap": "0", "a-test_overlap": "clean",
        "f-annotation": SimpleUploadedFile("agreement.csv", b"a,b"),
    }  # fmt: skip
    page = entered(requester).post(at(request_), sent)
    assert (page.status_code, page["Location"]) == (302, at(request_) + "?topic=algorithm_choice")
    assert dict(Answer.objects.values_list("question", "value")) == {
        "error_after_cleaning": "2.5", "annotation": "Well.", "test_overlap": "clean",
    }  # fmt: skip
    assert AnswerFile.objects.get().name == "agreement.csv"


def test_without_scripts_what_is_wrong_is_shown_and_the_rest_is_saved(
    request_: ReviewRequest, requester: User
) -> None:
    sent = {
        "topic": "data_quality", "v-error_after_cleaning": "0", "a-error_after_cleaning": "much",
        "v-test_overlap": "0", "a-test_overlap": "clean",
    }  # fmt: skip
    page = entered(requester).post(at(request_), sent)
    assert page.status_code == 422
    assert b"Saved, except for these" in page.content
    assert b'value="much"' in page.content
    assert list(Answer.objects.values_list("question", flat=True)) == ["test_overlap"]


def test_without_scripts_a_file_is_taken_out_by_its_button(request_: ReviewRequest, requester: User) -> None:
    client = entered(requester)
    client.post(at(request_), {"topic": "data_quality", "f-annotation": SimpleUploadedFile("a.csv", b"a")})
    file = AnswerFile.objects.get()
    client.post(at(request_), {"topic": "data_quality", "remove": str(file.pk)})
    file.refresh_from_db()
    assert file.removed_at is not None


def test_one_answer_is_saved_by_itself_and_says_when(request_: ReviewRequest, requester: User) -> None:
    sent = {"a-need": "A reason.", "v-need": "0"}
    part = entered(requester).post(at(request_, "answers/need/"), sent, **HTMX)
    text = part.content.decode()
    assert part.status_code == 200
    assert "Saved" in text
    assert 'id="seen-need" hx-swap-oob="true"' in text
    assert 'name="v-need" value="1"' in text
    assert 'name="b-need" value="A reason."' in text
    assert 'id="to-submit"' in text
    assert "<html" not in text


def test_an_answer_that_opens_another_question_brings_the_topic(
    request_: ReviewRequest, requester: User
) -> None:
    client = entered(requester)
    part = client.post(at(request_, "answers/change/"), {"a-change": "weights", "v-change": "0"}, **HTMX)
    assert part["HX-Retarget"] == "#questions"
    assert b"Describe the change" in part.content
    again = client.post(at(request_, "answers/change/"), {"a-change": "use", "v-change": "1"}, **HTMX)
    assert "HX-Retarget" not in again


def test_a_wrong_answer_keeps_what_was_written(request_: ReviewRequest, requester: User) -> None:
    sent = {"a-error_after_cleaning": "200", "v-error_after_cleaning": "0"}
    part = entered(requester).post(at(request_, "answers/error_after_cleaning/"), sent, **HTMX)
    assert (part.status_code, part["HX-Retarget"]) == (422, "#q-error_after_cleaning")
    assert b'value="200"' in part.content
    assert b"Write at most 100" in part.content
    assert not Answer.objects.exists()


@pytest.fixture
def theirs(request_: ReviewRequest, requester: User) -> Answer | None:
    """What a contributor saved while the requester was writing."""
    contributor = person("Cora Contributor")
    add_contributor(actor=requester, request_id=request_.pk, person=contributor, now=NOW)
    return save_answer(
        actor=contributor,
        request_id=request_.pk,
        question="need",
        raw=["Before. Theirs."],
        version=0,
        now=NOW,
    )


@pytest.mark.usefixtures("theirs")
def test_two_writers_see_both_versions_and_a_joined_one_and_nothing_is_overwritten(
    request_: ReviewRequest, requester: User
) -> None:
    client = entered(requester)
    sent = {"a-need": "Before. Mine.", "v-need": "0", "b-need": "Before."}
    part = client.post(at(request_, "answers/need/"), sent, **HTMX)
    text = part.content.decode()
    assert (part.status_code, part["HX-Retarget"]) == (409, "#q-need")
    assert "You and Cora Contributor both changed this answer" in text
    assert "<p>Before. Theirs.</p>" in text
    assert "<p>Before. Mine.</p>" in text
    assert "Before. Theirs. Mine.</textarea>" in text
    assert 'name="v-need" value="1"' in text
    assert Answer.objects.get().value == "Before. Theirs."
    kept = client.get(at(request_, "answers/need/"), **HTMX)
    assert "Before. Theirs.</textarea>" in kept.content.decode()
    client.post(at(request_, "answers/need/"), {"a-need": "Both.", "v-need": "1"}, **HTMX)
    assert Answer.objects.get().value == "Both."


@pytest.mark.usefixtures("theirs")
def test_a_writer_may_keep_their_own_version_whatever_stands_in_the_field(
    request_: ReviewRequest, requester: User
) -> None:
    sent = {"a-need": "Joined.", "m-need": "Mine.", "take-need": "mine", "v-need": "1"}
    assert entered(requester).post(at(request_, "answers/need/"), sent, **HTMX).status_code == 200
    assert Answer.objects.get().value == "Mine."


@pytest.mark.usefixtures("theirs")
def test_who_changed_nothing_is_shown_theirs_without_a_quarrel(
    request_: ReviewRequest, requester: User
) -> None:
    client = entered(requester)
    part = client.post(at(request_, "answers/need/"), {"a-need": "", "v-need": "0", "b-need": ""}, **HTMX)
    assert (part.status_code, part["HX-Retarget"]) == (200, "#q-need")
    assert "Before. Theirs.</textarea>" in part.content.decode()
    plain = {"topic": "ethics_review", "a-need": "", "v-need": "0", "b-need": ""}
    assert client.post(at(request_), plain).status_code == 302
    assert Answer.objects.get().value == "Before. Theirs."


def test_an_answer_whose_confirmation_was_lost_is_not_taken_for_somebody_elses(
    request_: ReviewRequest, requester: User
) -> None:
    client, address = entered(requester), at(request_, "answers/need/")
    client.post(address, {"a-need": "First.", "v-need": "0"}, **HTMX)  # arrives; the browser doesn't hear so
    sent = {"a-need": "First. Second.", "v-need": "0", "b-need": "", "t-need": ["[", '["First."]']}
    assert client.post(address, sent, **HTMX).status_code == 200
    assert Answer.objects.get().value == "First. Second."
    sent |= {"a-need": "Third.", "t-need": ['["First."]']}
    assert client.post(address, sent, **HTMX).status_code == 409
    assert Answer.objects.get().value == "First. Second."


@pytest.mark.usefixtures("theirs")
def test_without_scripts_both_versions_are_shown_too(request_: ReviewRequest, requester: User) -> None:
    topic = next(
        t for t in questionnaire(request_.questionnaire).topics if any(q.key == "need" for q in t.questions)
    )
    sent = {"topic": topic.key, "a-need": "Mine.", "v-need": "0", "b-need": ""}
    page = entered(requester).post(at(request_), sent)
    assert page.status_code == 422
    assert "Theirs. Mine.</textarea>" in page.content.decode()
    assert Answer.objects.get().value == "Before. Theirs."


def test_of_two_sets_of_choices_the_union_is_proposed(request_: ReviewRequest, requester: User) -> None:
    question = next(
        q
        for q in questionnaire(request_.questionnaire).questions
        if q.type == QuestionType.CHOICES and not q.when
    )
    first, second = [option.code for option in question.options if not option.alone][:2]
    contributor = person("Cora Contributor")
    add_contributor(actor=requester, request_id=request_.pk, person=contributor, now=NOW)
    save_answer(
        actor=contributor, request_id=request_.pk, question=question.key, raw=[first], version=0, now=NOW
    )
    sent = {f"a-{question.key}": second, f"v-{question.key}": "0", f"b-{question.key}": ""}
    text = entered(requester).post(at(request_, f"answers/{question.key}/"), sent, **HTMX).content.decode()
    assert f'value="{first}" checked' in text
    assert f'value="{second}" checked' in text
    assert Answer.objects.get().value == [first]


def test_a_submitted_dossier_leads_to_the_request_with_the_reason(requester: User) -> None:
    request = submitted(requester).request
    client = entered(requester)
    page = client.get(at(request))
    assert (page.status_code, page["Location"]) == (302, f"/requests/{request.reference}/")
    part = client.post(
        at(request, "answers/need/"), {"a-need": "Late.", "v-need": "1"}, **HTMX, HTTP_HX_TARGET="s-need"
    )
    assert part.status_code == 409
    assert b'id="s-need"' in part.content
    assert b"The secretary is checking" in part.content


def test_submitting_names_every_gap_or_freezes(request_: ReviewRequest, requester: User) -> None:
    client = entered(requester)
    page = client.post(at(request_, "submit/"))
    assert page.status_code == 422
    assert b"so nothing was submitted" in page.content
    fill(request_, requester)
    attach_manifest(actor=requester, request_id=request_.pk, text=MANIFEST, now=NOW)
    assert b"Submit revision 1" in client.get(at(request_)).content
    page = client.post(at(request_, "submit/"))
    assert (page.status_code, page["Location"]) == (302, f"/requests/{request_.reference}/")
    assert Revision.objects.get().number == 1
    request_.refresh_from_db()
    assert request_.state == RequestState.SUBMITTED


def test_files_are_kept_and_handed_out_as_downloads_of_unknown_kind(
    request_: ReviewRequest, requester: User
) -> None:
    client = entered(requester)
    upload = SimpleUploadedFile("page\u202elmth.html", b"<script>alert(1)</script>", content_type="text/html")
    part = client.post(at(request_, "answers/need/files/"), {"f-need": upload}, **HTMX)
    assert b"pagelmth.html" in part.content
    file = AnswerFile.objects.get()
    found = client.get(f"/requests/{request_.reference}/files/{file.pk}/")
    assert b"".join(found.streaming_content) == b"<script>alert(1)</script>"  # type: ignore[attr-defined]
    assert found["Content-Type"] == "application/octet-stream"
    assert found["Content-Disposition"].startswith("attachment")
    assert "sandbox" in found["Content-Security-Policy"]
    assert found["X-Content-Type-Options"] == "nosniff"
    client.post(at(request_, f"files/{file.pk}/remove/"), **HTMX)
    file.refresh_from_db()
    assert file.removed_at is not None


def test_an_empty_file_is_refused_beside_its_question(request_: ReviewRequest, requester: User) -> None:
    part = entered(requester).post(
        at(request_, "answers/need/files/"), {"f-need": SimpleUploadedFile("empty.txt", b"")}, **HTMX
    )
    assert part.status_code == 422
    assert b"This file is empty" in part.content
    assert not AnswerFile.objects.exists()


def test_a_manifest_is_pasted_with_the_line_ends_of_a_browser_or_uploaded(
    request_: ReviewRequest, requester: User
) -> None:
    client, address = entered(requester), at(request_, "manifest/")
    pasted = MANIFEST.decode().replace("\n", "\r\n")
    assert client.post(address, {"text": pasted}).status_code == 302
    assert client.post(address, {"file": SimpleUploadedFile("m.sha256", MANIFEST)}).status_code == 302
    request_.version.refresh_from_db()
    assert request_.version.manifest is not None
    assert request_.version.manifests.values("sha256").distinct().count() == 1
    crlf = client.post(address, {"file": SimpleUploadedFile("m.sha256", pasted.encode())})
    assert b"line 1: the line ends with a carriage return" in crlf.content
    assert b"one of both" in client.post(address, {"text": ""}).content


def test_people_and_purpose_have_a_page(request_: ReviewRequest, requester: User) -> None:
    client, contributor = entered(requester), person("Cora Contributor")
    assert (
        b"Nobody here has this address"
        in client.post(at(request_, "people/"), {"email": "x@example.org"}).content
    )
    assert client.post(at(request_, "people/"), {"email": contributor.email.upper()}).status_code == 302
    assert b"Cora Contributor" in client.get(at(request_, "people/")).content
    assert entered(contributor).get(at(request_)).status_code == 200
    client.post(at(request_, "purpose/"), {"purpose": "For partners"})
    assert b"For partners" in client.get(at(request_)).content
    client.post(at(request_, f"people/{contributor.pk}/end/"))
    assert entered(contributor).get(at(request_)).status_code == 404


def test_a_new_request_begins_with_a_version(requester: User) -> None:
    project = a_project(requester)
    client = entered(requester)
    assert b"no model version" in client.get("/requests/new/").content
    version = a_version(requester, project=project)
    sent = {"version": version.pk, "purpose": "For the port", "language": "en"}
    page = client.post("/requests/new/", sent)
    request = ReviewRequest.objects.get()
    assert page["Location"] == at(request)
    assert b"is open already" in client.post("/requests/new/", sent).content
    assert ReviewRequest.objects.count() == 1


def test_withdrawing_asks_once_more(request_: ReviewRequest, requester: User) -> None:
    client, address = entered(requester), f"/requests/{request_.reference}/withdraw/"
    assert client.post(address, {}).status_code == 200
    assert client.post(address, {"sure": "on", "reason": "The plan changed."}).status_code == 302
    request_.refresh_from_db()
    assert request_.state == RequestState.WITHDRAWN


PARTS = [
    "dossier/", "dossier/answers/need/", "dossier/manifest/", "dossier/people/", "withdraw/",
    "POST dossier/answers/need/files/", "POST dossier/files/1/remove/", "POST dossier/people/1/end/",
    "POST dossier/purpose/", "POST dossier/submit/",
]  # fmt: skip


@pytest.mark.parametrize("part", PARTS)
def test_outsiders_find_nothing_and_visitors_are_sent_to_sign_in(request_: ReviewRequest, part: str) -> None:
    method, _blank, path = part.rpartition(" ")
    address = f"/requests/{request_.reference}/{path}"
    outsider = entered(person("Oto Outsider", Role.RESEARCHER))
    ask = "post" if method else "get"
    assert getattr(outsider, ask)(address).status_code == 404
    assert "/accounts/login/" in getattr(Client(), ask)(address)["Location"]
    if method:
        assert outsider.get(address).status_code == 405
    assert not Answer.objects.exists()


def test_who_may_read_but_not_write_is_refused(requester: User) -> None:
    request = submitted(requester).request
    legal = entered(person("Lea Legal", Role.LEGAL))
    assert legal.get(at(request)).status_code == 403
    assert legal.post(at(request, "answers/need/"), {"a-need": "x", "v-need": "1"}, **HTMX).status_code == 403
    assert legal.get(f"/requests/{request.reference}/withdraw/").status_code == 403

"""The page of a dossier: a topic at a time, with scripts answer by answer, without them by the button."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from reviews.models import Answer, AnswerFile, ReviewRequest, Revision
from reviews.rules.lifecycle import RequestState
from reviews.services.drafting import attach_manifest
from tests.dossiers import MANIFEST, NOW, fill, submitted
from tests.reviews.pages.drafting import HTMX, at, entered

pytestmark = pytest.mark.django_db


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

"""Two people write in one answer: both versions are shown and a joined one, and nothing is overwritten."""

import pytest

from accounts.models import User
from imprimatur.dossier.questionnaire import QuestionType
from reviews.models import Answer, ReviewRequest
from reviews.selectors.questionnaires import questionnaire
from reviews.services.answers import save_answer
from reviews.services.drafting import add_contributor
from tests.dossiers import NOW, person
from tests.reviews.pages.drafting import HTMX, at, entered

pytestmark = pytest.mark.django_db


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


@pytest.mark.usefixtures("theirs")
def test_what_somebody_says_they_began_with_is_believed_only_as_an_answer(
    request_: ReviewRequest, requester: User
) -> None:
    client = entered(requester)
    far_too_long = {"a-need": "Before. Mine.", "v-need": "0", "b-need": "Before. " * 100_000}
    part = client.post(at(request_, "answers/need/"), far_too_long, **HTMX)
    assert part.status_code == 409
    assert "Before. Theirs." in part.content.decode()
    assert "Before. Mine." in part.content.decode()

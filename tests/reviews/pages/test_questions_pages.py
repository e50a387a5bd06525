"""Administrators look after the questions in the product: copy, change, preview, publish; others find nothing."""

from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from accounts.roles import Role
from reviews.models import QuestionnaireDraft, QuestionnaireVersion, ReviewRequest
from reviews.selectors.questionnaires import current, in_use, questionnaire
from reviews.services.questionnaires import draft_questions
from tests.dossiers import NOW, a_draft, person
from tests.reviews.pages.drafting import entered
from tests.reviews.pages.visits import words

pytestmark = pytest.mark.django_db

SHIPPED = current().version
OPT_OUTS = next(question for question in current().questions if question.key == "opt_outs")


@pytest.fixture(autouse=True)
def _forget_versions() -> Iterator[None]:
    yield
    questionnaire.cache_clear()


@pytest.fixture
def admin() -> User:
    return person("Ada Admin", Role.ADMINISTRATOR)


@pytest.fixture
def draft(admin: User) -> QuestionnaireDraft:
    return draft_questions(actor=admin, version=SHIPPED, now=NOW)


def text(response: Any) -> str:
    return words(unescape(response.content.decode()))


QUESTION = {
    "key": "colour", "type": "choice", "required": "on", "text_en": "Which colour?", "text_zh": "什么颜色？",
    "options": "red | Red | 红\nnone | None | 无 | alone",
    "when": f"opt_outs: {OPT_OUTS.options[1].code}\nfact channel: api",
    "found": "model_card: license", "help_en": "Look.", "help_zh": "看。",
}  # fmt: skip


def sends(draft: QuestionnaireDraft, **given: str) -> dict[str, str]:
    draft.refresh_from_db()
    return {"changes": str(draft.changes)} | given


def test_a_question_is_added_previewed_published_and_asked(
    admin: User, django_assert_max_num_queries: Any
) -> None:
    client = entered(admin)
    assert "came with the product" in text(client.get("/questions/"))
    made = client.post(f"/questions/versions/{SHIPPED}/draft/")
    draft = QuestionnaireDraft.objects.get()
    at = f"/questions/drafts/{draft.pk}/"
    assert made["Location"] == at
    client.post(f"{at}topics/2/questions/0/", sends(draft, **QUESTION))
    with django_assert_max_num_queries(15):
        page = text(client.get(at))
    assert "Which colour?" in page
    assert "1 question differs" in page
    preview = text(client.get(f"{at}preview/", {"in": "zh"}))
    assert "什么颜色？" in preview
    assert "Which colour?" not in preview
    refused = client.post(f"{at}publish/", sends(draft, why=" "))
    assert refused.status_code == 422
    client.post(f"{at}publish/", sends(draft, why="Colours matter.", take_for_use="on"))
    version = QuestionnaireVersion.objects.get()
    assert in_use().version == version.version
    with django_assert_max_num_queries(15):
        shown = text(client.get(f"/questions/versions/{version.version}/"))
    assert "Colours matter." in shown
    assert "new question" in shown
    assert f"Asked only when {OPT_OUTS.number} = {OPT_OUTS.options[1].label.en}; channel = api" in shown
    file = client.get(f"/questions/versions/{version.version}/file/")
    assert "key: colour" in file.content.decode()


@pytest.mark.parametrize(
    ("given", "words_"),
    [
        ({"options": "red | Red"}, "Line 1 isn't written as described here."),
        ({"type": "date"}, "A choice needs options, and nothing else has options."),
        ({"key": "data_rights"}, "The key “data_rights” is missing, or another question has it."),
        ({"when": "stop_signal: x"}, "which is no question before this one."),
        ({"columns": "- {key: &a x}"}, "anchors and aliases"),
        ({"text_zh": ""}, "This field is required."),
        ({"changes": "7"}, "Somebody else changed this draft in the meantime."),
    ],
)
def test_a_faulty_question_is_shown_again_with_the_reason_and_not_saved(
    admin: User, draft: QuestionnaireDraft, given: dict[str, str], words_: str
) -> None:
    address = f"/questions/drafts/{draft.pk}/topics/2/questions/0/"
    page = entered(admin).post(address, sends(draft, **QUESTION | given))
    assert page.status_code == 422
    assert words_ in text(page)
    assert "Which colour?" in text(page)
    draft.refresh_from_db()
    assert draft.changes == 0


def test_a_question_is_changed_moved_and_taken_out(admin: User, draft: QuestionnaireDraft) -> None:
    client, at = entered(admin), f"/questions/drafts/{draft.pk}/"
    place = [question.key for question in current().topics[0].questions].index("opt_outs") + 1
    form = client.get(f"{at}topics/1/questions/{place}/").content.decode()
    assert f"{OPT_OUTS.options[1].code} | {OPT_OUTS.options[1].label.en} | " in form
    first, second = [question["key"] for question in draft.content["topics"][0]["questions"]][:2]
    client.post(f"{at}move/", sends(draft, move="1.1 down"))
    draft.refresh_from_db()
    assert [question["key"] for question in draft.content["topics"][0]["questions"]][:2] == [second, first]
    client.post(f"{at}move/", sends(draft, move="1.1 out"))
    client.post(f"{at}topics/1/", sends(draft, key="data", title_en="Data", title_zh="数据"))
    draft.refresh_from_db()
    assert draft.content["topics"][0]["title"]["en"] == "Data"
    assert draft.content["topics"][0]["questions"][0]["key"] == first
    assert draft.changes == 3
    assert "rules of triage look at" not in text(client.get(at))
    place = [question["key"] for question in draft.content["topics"][0]["questions"]].index(
        "personal_data"
    ) + 1
    client.post(f"{at}move/", sends(draft, move=f"1.{place} out"))
    assert "so they would never hold: personal_data" in text(client.get(at))
    draft.refresh_from_db()
    client.post(f"{at}move/", sends(draft, move="99.1 out"))
    assert client.get(f"{at}topics/99/").status_code == 404
    assert draft.changes == 4


def test_a_file_replaces_the_draft_or_is_refused_with_its_lines(
    admin: User, draft: QuestionnaireDraft
) -> None:
    client, at = entered(admin), f"/questions/drafts/{draft.pk}/"
    yaml = client.get(f"{at}file/").content.decode()
    hostile = SimpleUploadedFile("q.yaml", yaml.replace("topics:", "topics: &a", 1).encode())
    page = client.post(f"{at}file/", sends(draft) | {"file": hostile})
    assert page.status_code == 422
    assert "line 2, topics: anchors and aliases" in text(page)
    lines = yaml.split("\n")
    wrong = next(number for number, line in enumerate(lines, 1) if line.strip() == "type: markdown")
    faulty = SimpleUploadedFile("q.yaml", yaml.replace("type: markdown", "type: poem", 1).encode())
    page = client.post(f"{at}file/", sends(draft) | {"file": faulty})
    assert f"Line {wrong}, 1." in text(page)
    assert "There is no type “poem”." in text(page)
    title = draft.content["topics"][0]["title"]["en"]
    good = SimpleUploadedFile("q.yaml", yaml.replace(title, "The sources", 1).encode())
    taken = client.post(f"{at}file/", sends(draft) | {"file": good})
    assert taken.status_code == 302, text(taken)
    draft.refresh_from_db()
    assert draft.content["topics"][0]["title"]["en"] == "The sources"
    assert draft.content["version"] == SHIPPED


def test_a_draft_of_a_request_is_told_of_new_questions_and_goes_on_with_them(admin: User) -> None:
    requester = person("Ravi Requester", Role.RESEARCHER)
    request = a_draft(requester, questions=SHIPPED)
    page = entered(requester).get(f"/requests/{request.reference}/dossier/")
    assert "New requests are asked" not in text(page)
    client, draft = entered(admin), draft_questions(actor=admin, version=SHIPPED, now=NOW)
    client.post(f"/questions/drafts/{draft.pk}/topics/2/questions/0/", sends(draft, **QUESTION))
    client.post(f"/questions/drafts/{draft.pk}/publish/", sends(draft, why="More.", take_for_use="on"))
    page = entered(requester).get(f"/requests/{request.reference}/dossier/")
    assert "1 new question" in text(page)
    entered(requester).post(f"/requests/{request.reference}/dossier/questions/")
    assert ReviewRequest.objects.get().questionnaire == f"{SHIPPED}.1"


def test_everybody_else_is_refused_or_finds_nothing(draft: QuestionnaireDraft) -> None:
    client = entered(person("Sena Secretary", Role.SECRETARY))
    assert client.get("/questions/").status_code == 403
    for part in (f"versions/{SHIPPED}/", f"versions/{SHIPPED}/file/", f"drafts/{draft.pk}/"):
        assert client.get(f"/questions/{part}").status_code == 404
    assert client.post(f"/questions/drafts/{draft.pk}/discard/").status_code == 404
    assert client.post(f"/questions/versions/{SHIPPED}/retire/", {"why": "x"}).status_code == 404
    assert QuestionnaireDraft.objects.exists()


def test_a_version_is_taken_for_use_and_another_retired(admin: User, draft: QuestionnaireDraft) -> None:
    client = entered(admin)
    client.post(f"/questions/drafts/{draft.pk}/topics/2/questions/0/", sends(draft, **QUESTION))
    client.post(f"/questions/drafts/{draft.pk}/publish/", sends(draft, why="More."))
    assert in_use().version == SHIPPED
    client.post(f"/questions/versions/{SHIPPED}.1/use/", {"why": "Agreed."})
    assert in_use().version == f"{SHIPPED}.1"
    page = client.post(f"/questions/versions/{SHIPPED}/retire/", {"why": "Old."}, follow=True)
    assert "retired" in text(page)
    missing = client.get("/questions/versions/2001-1/")
    assert missing.status_code == 404

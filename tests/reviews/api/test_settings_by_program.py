"""Texts of letters, rules of triage and questions of dossiers by calls: administrators alone, version by version."""

from collections.abc import Iterator
from typing import Any

import pytest

from accounts.rules.scopes import Scope
from reviews.models import LetterTemplate, QuestionnaireDraft, QuestionnaireVersion, TriageRuleSet
from reviews.rules.letter_kinds import LetterKind
from reviews.selectors.letters.texts import shipped
from reviews.selectors.questionnaires import current, questionnaire
from tests.boardrooms import House, events, in_review
from tests.calling import Caller, as_, problem
from tests.dossiers import a_version

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_review")]
TEXT = "/letter-texts/rejected/en"
CONTENT = shipped(LetterKind.REJECTED, "en").content
QUESTION = {"key": "colour", "type": "markdown", "text": {"en": "Which colour?", "zh": "什么颜色？"}}


@pytest.fixture(autouse=True)
def _forget_versions() -> Iterator[None]:
    yield
    questionnaire.cache_clear()


def test_settings_need_a_scope_that_only_administrators_give_a_token(house: House, ada: Caller) -> None:
    for path in ("/letter-texts", TEXT, "/questionnaires"):
        problem(as_(house.sena)("GET", path), 403, "missing-scope")
        assert ada.get(path)
    narrow = as_(house.ada, Scope.ORGANISATION_READ)
    given = {"content": CONTENT, "base": 0, "reason": "x"}
    problem(narrow("POST", f"{TEXT}/versions", given), 403, "missing-scope")


def test_a_text_is_written_as_a_version_and_taken_back(ada: Caller) -> None:
    told = ada.get(TEXT)
    assert (told["version"], told["is_shipped"], told["content"]) == (0, True, CONTENT)
    assert "reference" in [one["name"] for one in told["placeholders"] if one["must"]]
    problem(ada("GET", "/letter-texts/rejected/fr"), 404, "not-found")
    changed = CONTENT.replace("The version may not be released.", "Nothing may be released.")
    given = {"content": changed, "base": 0, "reason": "Plainer."}
    faulty = given | {"content": CONTENT + "\nDear {requestor}\n"}
    assert "{requestor}" in problem(ada("POST", f"{TEXT}/versions", faulty), 422, "refused")["detail"]
    problem(ada("POST", f"{TEXT}/versions", given | {"base": 3}), 422, "refused")
    assert not LetterTemplate.objects.exists()
    written = ada.post(f"{TEXT}/versions", given, idempotency_key="text")
    assert ada.post(f"{TEXT}/versions", given, idempotency_key="text") == written
    assert (written["version"], written["is_shipped"], written["reason"]) == (1, False, "Plainer.")
    lines = ada.get("/letter-texts")["items"]
    assert {(one["kind"], one["language"]) for one in lines if one["version"]} == {("rejected", "en")}
    assert ada.get(f"{TEXT}/versions/0")["content"] == CONTENT
    problem(ada("GET", f"{TEXT}/versions/9"), 404, "not-found")
    back = ada.post(f"{TEXT}/shipped", {"base": 1, "reason": "The first was better."})
    assert (back["version"], back["is_shipped"]) == (2, True)
    assert events("letter_text.changed") == 2


def test_a_preview_is_refused_for_a_faulty_text_and_gone_for_others(ada: Caller) -> None:
    given = {"content": "Nothing that must be said.", "reference": ""}
    problem(ada("POST", f"{TEXT}/previews", given), 422, "refused")
    problem(ada("GET", f"/letter-texts/previews/{'0' * 32}/1"), 404, "not-found")


def test_rules_of_triage_are_read_by_everybody_tried_and_written_by_administrators(
    house: House, ada: Caller
) -> None:
    routed = in_review(house, version=a_version(house.ravi, number="3.0", channel="api"))
    told = as_(house.ravi).get("/triage-rules")
    assert (told["version"], told["versions"]) == (0, [])
    assert "administrators" in told["why_not_write"]
    content: dict[str, Any] = told["content"]
    external = next(rule for rule in content["rules"] if rule["code"] == "external_users")
    external["tier"] = 4
    given = {"content": content, "base": 0, "reason": "More care."}
    problem(as_(house.ravi)("POST", "/triage-rules", given), 403, "missing-scope")
    tried = ada.post("/triage-rules/trials", {"content": content})
    assert [one["count"] for one in tried["moved"]] == [1]
    assert routed.reference not in str(tried), "a trial names nothing that an administrator doesn't see"
    assert not TriageRuleSet.objects.exists()
    for wrong in ({}, content | {"rules": [external | {"tier": 1.0}]}, content | {"expedited_up_to": 1.0}):
        problem(ada("POST", "/triage-rules", given | {"content": wrong}), 422, "refused")
        problem(ada("POST", "/triage-rules/trials", {"content": wrong}), 422, "refused")
    problem(ada("GET", "/triage-rules/1"), 404, "not-found")
    written = ada.post("/triage-rules", given)
    assert (written["version"], written["versions"][0]["reason"]) == (1, "More care.")
    problem(ada("POST", "/triage-rules", given), 422, "refused")
    rules = as_(house.ravi).get("/triage-rules/1")["rules"]
    assert next(rule["tier"] for rule in rules if rule["code"] == "external_users") == 4
    assert events("triage_rules.written") == 1


def test_questions_are_drafted_changed_and_published(house: House, ada: Caller) -> None:
    version = current().version
    made = ada("POST", f"/questionnaires/{version}/drafts")
    draft = f"/question-drafts/{made.json()['id']}"
    assert (made.status_code, made.json()["changes"], made.json()["faults"]) == (201, 0, 0)
    problem(ada("POST", "/questionnaires/none/drafts"), 404, "not-found")
    problem(as_(house.sena)("GET", draft), 403, "missing-scope")
    asked = len(made.json()["topics"][0]["questions"])
    path, given = f"{draft}/topics/1/questions", {"changes": 0, "question": QUESTION}
    wordless = {"changes": 0, "question": {"key": "colour", "type": "markdown"}}
    problem(ada("POST", path, wordless), 422, "refused")
    problem(ada("POST", f"{draft}/topics/99/questions", given), 404, "not-found")
    told = ada.post(path, given)
    assert told["topics"][0]["questions"][asked]["change"] == "added"
    number = QUESTION | {
        "type": "number",
        "minimum": 1,
        "maximum": 9,
        "places": 0,
        "unit": {"en": "hues", "zh": "种"},
    }
    stale = ada("PUT", f"{path}/{asked + 1}", {"changes": 0, "question": number})
    assert "Somebody else" in problem(stale, 422, "refused")["detail"]
    told = ada.put(f"{path}/{asked + 1}", {"changes": 1, "question": number})
    assert (told["changes"], told["topics"][0]["questions"][asked]["type"]) == (2, "number")
    shown = ada.get(f"{draft}/preview?language=zh-hans")["topics"][0]["questions"]
    assert shown[asked]["text"] == "什么颜色？"
    told = ada.post(f"{draft}/move", {"changes": 2, "topic": 1, "question": asked + 1, "to": "up"})
    assert told["topics"][0]["questions"][asked - 1]["key"] == "colour"
    topic = {"changes": 3, "key": "sea", "title_en": "The sea", "title_zh": "海洋"}
    told = ada.post(f"{draft}/topics", topic)
    last = len(told["topics"])
    assert told["faults"] > 0, "a topic without questions"
    problem(ada("GET", f"{draft}/preview"), 422, "refused")
    out = {"changes": 4, "topic": last, "to": "out"}
    assert ada.post(f"{draft}/move", out)["faults"] == 0
    publication = {"changes": 5, "why": "Colours matter.", "take_for_use": True}
    problem(ada("POST", f"{draft}/publication", publication | {"changes": 1}), 422, "refused")
    assert not QuestionnaireVersion.objects.exists()
    told = ada.post(f"{draft}/publication", publication)
    own = QuestionnaireVersion.objects.get()
    first = told["items"][0]
    assert (first["version"], first["is_used"]) == (own.version, True)
    assert not QuestionnaireDraft.objects.exists()
    changes = ada.get(f"/questionnaires/{own.version}/changes")
    assert (changes["before"], [one["key"] for one in changes["items"]]) == (version, ["colour"])
    why = {"why": "Too early."}
    problem(ada("POST", f"/questionnaires/{own.version}/retirement", why), 422, "refused")
    ada.post(f"/questionnaires/{version}/use", why)
    told = ada.post(f"/questionnaires/{own.version}/retirement", why)
    assert next(one["is_retired"] for one in told["items"] if one["version"] == own.version)
    verbs = ("drafted", "draft_changed", "published", "taken_for_use", "retired")
    assert [events(f"questionnaire.{verb}") for verb in verbs] == [1, 5, 1, 1, 1]


def test_a_draft_of_questions_is_sent_as_a_file_and_discarded(ada: Caller) -> None:
    draft = f"/question-drafts/{ada('POST', f'/questionnaires/{current().version}/drafts').json()['id']}"
    source = ada("GET", f"{draft}/file")
    assert source["Content-Type"] == "application/octet-stream"
    changed = source.content.replace(b"en: ", b"en: Now, ", 1)
    yaml: dict[str, str] = {"content_type": "application/yaml"}
    told = problem(ada("PUT", f"{draft}/file?changes=0", b"topics: nothing", **yaml), 422, "refused")
    assert told["detail"]
    problem(ada("PUT", f"{draft}/file?changes=7", changed, **yaml), 422, "refused")
    problem(ada("PUT", f"{draft}/file?changes=0", {}), 415, "wrong-media-type")
    assert ada("PUT", f"{draft}/file?changes=0", changed, **yaml).json()["changes"] == 1
    assert b"Now, " in ada("GET", f"{draft}/file").content
    assert ada("DELETE", draft).status_code == 204
    problem(ada("GET", draft), 404, "not-found")
    assert (events("questionnaire.draft_changed"), events("questionnaire.draft_discarded")) == (1, 1)

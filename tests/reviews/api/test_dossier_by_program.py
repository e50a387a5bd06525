"""A dossier from nothing to its submission by calls alone, as a pipeline does it; and what is refused on the way."""

from typing import Any

import pytest

from accounts.models import User
from accounts.roles import Role
from audit.models import Event
from reviews.models import ReviewRequest
from reviews.rules.lifecycle import RequestState
from reviews.selectors.questionnaires import questionnaire
from tests.calling import Caller, as_, problem, well
from tests.dossiers import MANIFEST, a_draft, a_version, person

pytestmark = pytest.mark.django_db

BYTES, TEXT = "application/octet-stream", "text/plain"


@pytest.fixture
def ravi() -> User:
    return person("Ravi Requester", Role.RESEARCHER)


@pytest.fixture
def call(ravi: User) -> Caller:
    return as_(ravi)


@pytest.fixture
def outsider() -> Caller:
    return as_(person("Ugo Outsider", Role.RESEARCHER))


def registered(call: Caller) -> dict[str, Any]:
    """Return a version, registered from nothing."""
    project = call.post("/projects", {"name": "Harbor"})
    model = call.post(f"/projects/{project['id']}/models", {"name": "Harbor-7B"})
    facts = {
        "number": "2.1",
        "channel": "internal",
        "modalities": ["text"],
        "training_compute_flop": "4.2e22",
    }
    version: dict[str, Any] = call.post(f"/models/{model['id']}/versions", facts)
    return version


def fill(call: Caller, reference: str) -> None:
    """Answer everything that is missing, as the gaps name it."""
    questions = {
        question["key"]: question
        for topic in call.get("/questionnaires/2026-1")["content"]["topics"]
        for question in topic["questions"]
    }
    while gaps := [gap for gap in call.get(f"/requests/{reference}/dossier")["gaps"] if gap["question"]]:
        for gap in gaps:
            question = questions[gap["question"]]
            base = f"/requests/{reference}/answers/{gap['question']}"
            if question["type"] == "file":
                call.post(f"{base}/files?name=report.txt", b"A report.", content_type=BYTES)
                continue
            value = {
                "markdown": "It was looked into.",
                "text": "In a word.",
                "number": "1",
                "date": "2026-10-01",
            }.get(question["type"], question.get("options", [{"code": ""}])[0]["code"])
            call.put(base, {"value": [value] if question["type"] == "choices" else value})


def test_from_nothing_to_a_submitted_revision(call: Caller) -> None:
    version = registered(call)
    assert version["manifest"] is None
    assert version["training_compute_flop"] == "42000000000000000000000"
    draft = call.post(
        "/requests", {"version": version["id"], "purpose": "Release to the port", "questionnaire": "2026-1"}
    )
    reference = draft["reference"]
    assert (draft["state"], draft["decision"]) == ("draft", None)
    assert draft["next_steps"][0]["act"] == "Go on with the dossier"
    told = problem(call("POST", f"/requests/{reference}/revisions", {}), 422, "incomplete")
    assert {gap["fault"] for gap in told["gaps"]} >= {"manifest", "missing"}
    fill(call, reference)
    manifest = call.put(f"/versions/{version['id']}/manifest?total_size=12", MANIFEST, content_type=TEXT)
    assert (manifest["file_count"], manifest["total_size"]) == (2, 12)
    submitted = call.post(f"/requests/{reference}/revisions", {})
    assert (submitted["number"], submitted["manifest_sha256"]) == (1, manifest["sha256"])
    said = call.get(f"/requests/{reference}")
    assert (said["state"], said["waits_for"]) == ("submitted", "Secretary: completeness")
    frozen = call.get(f"/requests/{reference}/revisions/1")
    assert frozen["content"]["manifest"]["sha256"] == manifest["sha256"]
    problem(call("POST", f"/requests/{reference}/revisions", {}), 409, "wrong-state")
    call.post(f"/requests/{reference}/withdrawal", {"reason": "Another version."})
    assert ReviewRequest.objects.get().state == RequestState.WITHDRAWN


def test_an_outsider_is_told_of_nothing(call: Caller, outsider: Caller, ravi: User) -> None:
    draft = a_draft(ravi)
    for method, path, body in (
        ("GET", f"/requests/{draft.reference}", None),
        ("GET", f"/requests/{draft.reference}/dossier", None),
        ("PUT", f"/requests/{draft.reference}/answers/purpose", {"value": "x"}),
        ("POST", f"/requests/{draft.reference}/revisions", {}),
        ("POST", f"/requests/{draft.reference}/withdrawal", {}),
        ("GET", f"/versions/{draft.version_id}", None),
        ("GET", f"/projects/{draft.project_id}/models", None),
        ("POST", "/requests", {"version": draft.version_id, "purpose": "Mine"}),
    ):
        problem(outsider(method, path, body), 404, "not-found")
    assert outsider.get("/requests")["items"] == []
    assert outsider.get("/projects")["items"] == []
    assert [one["reference"] for one in call.get("/requests?mine=true")["items"]] == [draft.reference]
    draft.refresh_from_db()
    assert draft.state == RequestState.DRAFT


def test_a_stale_answer_is_not_written_and_the_present_one_is_told(call: Caller, ravi: User) -> None:
    draft = a_draft(ravi)
    path = f"/requests/{draft.reference}/answers/{text_question(draft)}"
    first = call("PUT", path, {"value": "One"})
    assert (first.status_code, first["ETag"], first.json()["version"]) == (200, '"1"', 1)
    events = Event.objects.count()
    assert call("PUT", path, {"value": "One"}).json()["version"] == 1
    assert Event.objects.count() == events
    answer = call("PUT", path, {"value": "Two"})
    assert problem(answer, 412, "stale")["present"] == {"value": "One", "version": 1}
    assert answer["ETag"] == '"1"'
    problem(call("PUT", path, {"value": "Two"}, if_match='"7"'), 412, "stale")
    assert call.put(path, {"value": "Two"}, if_match='"1"')["version"] == 2
    assert call.put(path, {"value": None}, if_match="*")["value"] is None
    assert Event.objects.count() == events + 2


def text_question(draft: ReviewRequest) -> str:
    return next(one.key for one in questionnaire(draft.questionnaire).questions if one.type == "markdown")


def test_what_is_no_answer_is_refused_with_the_words_of_the_page(call: Caller, ravi: User) -> None:
    draft = a_draft(ravi)
    choice = next(one.key for one in questionnaire(draft.questionnaire).questions if one.type == "choice")
    told = problem(
        call("PUT", f"/requests/{draft.reference}/answers/{choice}", {"value": "nothing"}), 422, "invalid"
    )
    assert told["errors"] == [{"pointer": "#/value", "detail": told["detail"]}]
    assert "options" in told["detail"]
    problem(call("PUT", f"/requests/{draft.reference}/answers/unknown", {"value": "x"}), 404, "not-found")
    told = problem(call("PUT", f"/requests/{draft.reference}/answers/{choice}", {"value": 7}), 422, "invalid")
    assert all(error["pointer"].startswith("#/value") for error in told["errors"])
    assert not draft.answers.exists()


def test_a_manifest_with_a_wrong_line_is_refused_and_the_same_one_again_changes_nothing(
    call: Caller, ravi: User
) -> None:
    version = a_version(ravi)
    path = f"/versions/{version.pk}/manifest"
    told = problem(call("PUT", path, b"x  y\n", content_type=TEXT), 422, "invalid")
    assert "line 1" in told["errors"][0]["detail"]
    problem(call("PUT", path, MANIFEST, content_type=BYTES), 415, "wrong-media-type")
    problem(call("GET", path), 404, "not-found")
    call.put(path, MANIFEST, content_type=TEXT)
    events = Event.objects.count()
    call.put(path, MANIFEST, content_type=TEXT)
    assert Event.objects.count() == events
    assert call("GET", path).content == MANIFEST


def test_a_card_names_authors_and_proposes_answers(call: Caller, ravi: User) -> None:
    draft = a_draft(ravi, questions="2026-2")
    card = b"---\nlicense: apache-2.0\nlanguage: [en]\n---\n# Harbor\n\n## Authors\n\n- Mei Lin <mei@example.org>\n"
    path = f"/requests/{draft.reference}/cards?name=README.md"
    read = call.post(path, card, content_type="text/markdown")
    assert read["fault"] == ""
    assert read["proposals"] == len(read["found"])
    again = call.post(path, card, content_type="text/markdown")
    assert again["authors"] == read["authors"]
    told = call.post(path, b"\xff\xfe\x00", content_type=BYTES)
    assert told["fault"]
    assert told["proposals"] == 0


def test_a_file_is_given_read_again_and_taken_out(call: Caller, ravi: User, outsider: Caller) -> None:
    draft = a_draft(ravi)
    key = next(one.key for one in questionnaire(draft.questionnaire).questions if one.takes_files)
    path = f"/requests/{draft.reference}/answers/{key}/files?name=report.txt"
    problem(call("POST", path, b"", content_type=BYTES), 422, "refused")
    given = call.post(path, b"A report.", content_type=BYTES, idempotency_key="one")
    assert (given["name"], given["size"]) == ("report.txt", 9)
    assert call.post(path, b"A report.", content_type=BYTES, idempotency_key="one")["id"] == given["id"]
    problem(call("POST", path, b"Another.", content_type=BYTES, idempotency_key="one"), 422, "key-reused")
    file = f"/requests/{draft.reference}/files/{given['id']}"
    answer = call("GET", file)
    assert b"".join(answer.streaming_content) == b"A report."
    assert answer["Content-Disposition"].startswith("attachment")
    problem(outsider("GET", file), 404, "not-found")
    well(call("DELETE", file))
    assert call.get(f"/requests/{draft.reference}/dossier")["files"] == []


def test_a_file_that_is_too_large_says_how_large_files_may_be(
    call: Caller, ravi: User, settings: Any
) -> None:
    settings.UPLOAD_MEGABYTES = 1
    draft = a_draft(ravi)
    path = f"/requests/{draft.reference}/answers/x/files?name=report.txt"
    told = problem(call("POST", path, b"x" * (1024**2 + 1), content_type=BYTES), 413, "too-large")
    assert told["largest"] == 1024**2


def test_the_list_is_filtered_and_paged_and_asks_as_often_for_many_as_for_one(
    call: Caller, ravi: User, django_assert_max_num_queries: Any
) -> None:
    version = a_version(ravi)
    for number in range(5):
        a_draft(ravi, a_version(ravi, number=f"3.{number}"))
    first = call.get("/requests?limit=2")
    second = call.get(f"/requests?limit=4&after={first['next']}")
    seen = [one["reference"] for one in first["items"] + second["items"]]
    assert seen == sorted(seen, reverse=True)
    assert (len(seen), second["next"]) == (5, None)
    assert call.get(f"/requests?version={version.pk}")["items"] == []
    assert len(call.get("/requests?state=draft&q=Harbor")["items"]) == 5
    assert call.get("/requests?state=decided")["items"] == []
    problem(call("GET", "/requests?board=nobody"), 422, "invalid")
    problem(call("GET", "/requests?state=lost"), 422, "invalid")
    with django_assert_max_num_queries(9):
        call.get("/requests")

"""From a folder to a request in the product, by the command line and over a real connection, which also breaks."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from accounts.roles import Role
from imprimatur import cli, server
from imprimatur.api_token import new_token
from imprimatur.dossier import shipped
from imprimatur.dossier.draft_file import load
from imprimatur.dossier.draft_reading import read_draft
from imprimatur.dossier.questionnaire import problems
from imprimatur.folder import manifest_of
from reviews.models import Answer, AnswerFile, ReviewRequest
from tests import conftest
from tests.calling import a_token
from tests.dossiers import person
from tests.imprimatur.drafts import a_model, answer, write
from tests.imprimatur.serving import Served, serving

Told = dict[str, Any]


@pytest.fixture(scope="module")
def place(django_db_setup: None, django_db_blocker: Any) -> Iterator[Served]:
    """The product on a database in which commits happen, for all tests of the module."""
    with conftest.own_database(django_db_blocker, "submitting"), serving() as served:
        yield served


@pytest.fixture(scope="module")
def mei(place: Served) -> User:
    return person("Mei Researcher", Role.RESEARCHER)


@pytest.fixture(autouse=True)
def here(place: Served, mei: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IMPRIMATUR_SERVER", place.url)
    monkeypatch.setenv("IMPRIMATUR_TOKEN", a_token(mei))
    monkeypatch.setattr(server, "FIRST_PAUSE", 0.0)
    place.cut = lambda _method, _path: ""
    place.calls.clear()


def run(capsys: pytest.CaptureFixture[str], *words: str, status: int = 0) -> Told:
    """Run the command and return what it said as JSON."""
    capsys.readouterr()
    ended = cli.main([*words, "--json"])
    out, err = capsys.readouterr()
    assert ended == status, out + err
    told: Told = json.loads(out)
    return told


@pytest.fixture(scope="module")
def whole(place: Served, mei: User, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A draft about the model in Chinese, with the questions of the server, in which everything is answered."""
    folder, questions = tmp_path_factory.mktemp("whole"), shipped.newest()
    a_model(folder)
    file, token = folder / "imprimatur.yaml", folder / "token"
    token.write_text(a_token(mei))
    words = ["draft", str(folder / "模型"), "--output", str(file), "--language", "zh", "--quiet"]
    assert cli.main([*words, "--server", place.url, "--token-file", str(token)]) == 0
    write(file, "", project="渡船", model="NAME")
    write(file, "  ", number="2.10", channel="internal", purpose="发布给港口译员")
    for question in questions.questions:
        for column in question.columns:
            write(file, "      ", **{column.key: answer(column)})
    while asked := problems(questions, read_draft(load(file.read_bytes()), questions).given):
        for problem in asked:
            write(file, "  ", **{problem.question.key: answer(problem.question)})
    return file.read_text().rstrip("\n") + "\n  datasets: [证据/台账.csv]\n"


def filled(whole: str, name: str) -> Path:
    """Put model, evidence and draft into the present folder."""
    a_model(Path())
    Path("证据").mkdir()
    Path("证据/台账.csv").write_text("来源,许可\n")
    file = Path("imprimatur.yaml")
    file.write_text(whole.replace("model: NAME", f"model: {name}"))
    return file


def begun(whole: str, name: str) -> Path:
    """The same with the first three answers only."""
    file = filled(whole, name)
    text = file.read_text()
    begins, ends = text.index("  # 1.4 "), text.index("# 随答案提交的文件")
    file.write_text(text[:begins] + "  removal: |-\n    已核对。\n    第二行\n" + text[ends:])
    return file


def test_a_folder_becomes_a_submitted_request(
    place: Served, whole: str, mei: User, capsys: pytest.CaptureFixture[str]
) -> None:
    file = filled(whole, "渡船一")
    told = run(capsys, "submit", "模型", "--new")
    request = ReviewRequest.objects.get(reference=told["reference"])
    assert (request.state, request.requester, request.purpose) == ("submitted", mei, "发布给港口译员")
    version = request.version
    assert (version.number, version.model.name, version.model.project.name) == ("2.10", "渡船一", "渡船")
    assert (version.parameters, version.relation, version.licence) == (10_000, "finetuned", "apache-2.0")
    assert version.manifest is not None
    assert (
        version.manifest.sha256 == manifest_of(Path("模型")).digest == request.revisions.get().manifest_sha256
    )
    assert version.manifest.total_size == sum(
        one.stat().st_size for one in Path("模型").rglob("*") if one.is_file()
    )
    answers = {one.question: one.value for one in Answer.objects.filter(request=request)}
    assert answers["removal"] == "已核对。\n第二行"
    assert [row["name"] for row in answers["datasets"] or []] == ["harbour-news", "港口问答"]
    (evidence,) = AnswerFile.objects.filter(request=request)
    assert (evidence.name, evidence.question, evidence.size) == ("台账.csv", "datasets", 14)
    assert told["registered"] == ["project 渡船", "model 渡船一", "version 2.10"]
    assert told["revision"]["number"] == 1
    assert told["missing"] == []
    place.calls.clear()
    again = run(capsys, "submit", str(file))
    assert {method for method, _path, _status in place.calls} == {"GET"}, "nothing is sent a second time"
    assert (again["reference"], again["submitted"]) == (told["reference"], False)
    file.write_text(file.read_text().replace("发布给港口译员", "发布给所有人"))
    refused = run(capsys, "submit", str(file), status=1)
    assert "can't be changed now" in refused["error"]
    status = run(capsys, "status", "模型", status=1)
    assert (status["reference"], status["in_force"]) == (told["reference"], False)
    assert cli.main(["status", told["reference"]]) == 1
    said = capsys.readouterr().out
    assert told["reference"] in said
    assert "Waits for" in said


def test_a_run_that_is_cut_everywhere_does_everything_once(
    place: Served, whole: str, capsys: pytest.CaptureFixture[str]
) -> None:
    told = run_cut(place, capsys, begun(whole, "渡船二"), "--draft-only")
    answers = Answer.objects.filter(request__reference=told["reference"])
    assert sorted(one.question for one in answers) == ["data_rights", "datasets", "opt_outs", "removal"]


@pytest.mark.long
def test_a_whole_dossier_that_is_cut_everywhere_is_submitted_once(
    place: Served, whole: str, capsys: pytest.CaptureFixture[str]
) -> None:
    told = run_cut(place, capsys, filled(whole, "渡船全"))
    request = ReviewRequest.objects.get(reference=told["reference"])
    assert (request.state, request.revisions.count()) == ("submitted", 1)


def run_cut(place: Served, capsys: pytest.CaptureFixture[str], file: Path, *words: str) -> Told:
    """Cut each call that acts before it is done, and when it is sent again after it was done; then let it through."""
    cut: Counter[tuple[str, str]] = Counter()

    def cutting(method: str, path: str) -> str:
        cut[method, path] += 1
        return "" if method == "GET" else {1: "before", 2: "after"}.get(cut[method, path], "")

    place.cut = cutting
    told = run(capsys, "submit", str(file), "--new", *words)
    request = ReviewRequest.objects.get(reference=told["reference"])
    assert sum(count > 2 for (method, _path), count in cut.items() if method != "GET") >= 8
    assert request.version.model.versions.count() == 1
    assert ReviewRequest.objects.filter(version=request.version).count() == 1
    assert AnswerFile.objects.filter(request=request).count() == 1
    assert request.version.manifests.count() == 1
    assert {one.version for one in Answer.objects.filter(request=request)} == {1}
    return told


def test_a_server_that_is_gone_is_told_and_the_next_run_sends_only_what_is_missing(
    place: Served, whole: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = begun(whole, "渡船三")
    place.cut = lambda method, path: "before" if path.endswith("/answers/removal") else ""
    told = run(capsys, "submit", str(file), "--new", status=2)
    assert "out of reach" in told["error"]
    assert "goes on where it stood" in told["error"]
    sent = place.called("PUT")
    place.cut, place.calls[:] = (lambda _method, _path: ""), []
    done = run(capsys, "submit", str(file), "--draft-only")
    assert done["submitted"] is False
    assert (sent, place.called("PUT")) == (4, 1), "the manifest and three answers were there"
    assert done["answers"] == ["removal"]
    assert ReviewRequest.objects.get(reference=done["reference"]).state == "draft"


def test_what_is_missing_is_named_with_topic_number_and_page(
    place: Served, whole: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = begun(whole, "渡船四")
    capsys.readouterr()
    assert cli.main(["submit", str(file), "--new"]) == 1
    said = capsys.readouterr().out
    assert (
        "was not submitted: something is missing.\n  1 Data acquisition\n    1.6 personal_data: An answer"
        in said
    )
    assert f"\n      {place.url}/requests/" in said
    assert "#q-personal_data" in said
    assert "1.5 " not in said
    request = ReviewRequest.objects.get(version__model__name="渡船四")
    assert (request.state, request.revisions.count()) == ("draft", 0)
    told = run(capsys, "submit", str(file), status=1)
    assert told["missing"][0]["number"] == "1.6"
    assert told["missing"][0]["address"].startswith(f"{place.url}/requests/")
    assert (told["answers"], told["files"], told["submitted"]) == ([], [], False)


def test_answers_of_others_stay_unless_it_is_asked_for(
    place: Served, whole: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = begun(whole, "渡船五")
    told = run(capsys, "submit", str(file), "--new", "--draft-only")
    other = person("Olu Other", Role.RESEARCHER)
    answer = Answer.objects.get(request__reference=told["reference"], question="removal")
    Answer.objects.filter(pk=answer.pk).update(value="别人写的", version=2, updated_by=other)
    place.calls.clear()
    refused = run(capsys, "submit", str(file), status=1)
    assert refused["conflicts"] == ["1.5"]
    assert place.called("PUT") == 0
    answer.refresh_from_db()
    assert answer.value == "别人写的"
    run(capsys, "submit", str(file), "--overwrite", "--draft-only")
    answer.refresh_from_db()
    assert answer.value == "已核对。\n第二行"


def test_a_file_with_other_bytes_takes_the_place_of_the_one_of_its_name(
    place: Served, whole: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = begun(whole, "渡船六")
    run(capsys, "submit", str(file), "--new", "--draft-only")
    Path("证据/台账.csv").write_text("来源,许可\n港口,CC0\n")
    told = run(capsys, "submit", str(file), "--draft-only")
    assert told["files"] == ["证据/台账.csv"]
    files = AnswerFile.objects.filter(request__reference=told["reference"])
    assert sorted(one.removed_at is None for one in files) == [False, True]


def test_other_bytes_than_the_draft_names_are_never_sent(
    place: Served, whole: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = begun(whole, "渡船七")
    Path("模型/词表/一.json").write_text("{}\n")
    told = run(capsys, "submit", str(file), "--new", status=1)
    assert "has other bytes" in told["error"]
    assert {method for method, _path, _status in place.calls} == {"GET"}


def test_project_and_model_are_not_made_by_a_typing_error(
    place: Served, whole: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = begun(whole, "渡传")
    file.write_text(file.read_text().replace("project: 渡船", "project: 渡传"))
    assert "--new" in run(capsys, "submit", str(file), status=1)["error"]
    assert place.called("POST") == 0


@pytest.mark.parametrize(
    ("token", "status", "words"),
    [
        ("", 2, "Give a token"),
        ("imp_no", 2, "isn't whole"),
        ("imp_" + "0" * 43 + "2Hvsqk", 2, "isn't whole"),
    ],
)
def test_a_token_that_can_not_be_one_is_not_sent(
    place: Served, whole: str, token: str, status: int, words: str, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setenv("IMPRIMATUR_TOKEN", token)
    assert words in run(capsys, "status", "IMP-2026-0001", status=status)["error"]
    assert place.calls == []


def test_a_token_that_nobody_gave_out_is_refused_before_anything_is_sent(
    place: Served, whole: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = begun(whole, "渡船八")
    Path("token").write_text(new_token() + "\n")
    place.calls.clear()
    told = run(capsys, "submit", str(file), "--token-file", "token", "--new", status=1)
    assert "doesn't accept the token" in told["error"]
    assert place.calls == [("GET", "/me", 401)]


def test_a_request_that_nobody_sees_is_told_as_such(
    place: Served, whole: str, capsys: pytest.CaptureFixture[str]
) -> None:
    told = run(capsys, "status", "IMP-2026-9999", status=1)
    assert "You see no request IMP-2026-9999" in told["error"]


def test_nothing_of_the_weights_but_their_header_is_sent(
    place: Served, whole: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = begun(whole, "渡船九")
    told = run(capsys, "submit", str(file), "--new", "--draft-only")
    weights = next(one for one in told["cards"] if one["name"].endswith(".safetensors"))
    assert weights["fault"] == ""
    assert weights["proposals"] == 0, "what it states is answered"

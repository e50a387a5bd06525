"""`imprimatur draft` as a researcher runs it: on a folder with Chinese names, again later, and in the wrong place."""

import json
from pathlib import Path

import pytest

from imprimatur import cli
from imprimatur.dossier import shipped
from imprimatur.dossier.draft_file import load
from imprimatur.dossier.draft_reading import read_draft
from imprimatur.folder import manifest_of
from tests.imprimatur.drafts import a_model


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return a_model(tmp_path)


def test_a_draft_names_the_bytes_and_says_what_is_missing(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["draft", "模型", "--language", "zh", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    draft = read_draft(load((tmp_path / "imprimatur.yaml").read_bytes()), shipped.newest())
    assert draft.folder == "模型"
    assert draft.manifest == manifest_of(model).digest
    assert draft.cards == ("模型/README.md", "模型/croissant.json", "模型/model.safetensors")
    assert (told["new"], told["left"], told["questionnaire"]) == (True, [], "2026-2")
    assert {"project", "version.number", "request.purpose", "answers.opt_outs"} <= {
        one["entry"] for one in told["missing"]
    }
    assert "answers.datasets" in told["filled"]
    assert "answers.harmful_sources" not in {one["entry"] for one in told["missing"]}, (
        "it is asked of no channel yet"
    )


def test_again_it_changes_nothing_and_with_new_bytes_only_their_digest(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["draft", "模型"]) == 0
    file = tmp_path / "imprimatur.yaml"
    mine = file.read_text().replace("  removal:\n", "  removal: 可以。  # 我写的\n")
    file.write_text(mine)
    stamp = file.stat().st_mtime_ns
    assert cli.main(["draft", "模型"]) == 0
    assert (file.read_text(), file.stat().st_mtime_ns) == (mine, stamp)
    (model / "词表" / "一.json").write_text("{} ")
    assert cli.main(["draft", "模型"]) == 0
    assert "Filled in imprimatur.yaml: manifest." in capsys.readouterr().out
    changed = [
        new for old, new in zip(mine.split("\n"), file.read_text().split("\n"), strict=True) if old != new
    ]
    assert changed == [f"  sha256: {manifest_of(model).digest}", f"  bytes: {sum_of(model)}"]


def sum_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def test_it_does_not_write_into_the_folder_that_it_is_about(
    model: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(model)
    assert cli.main(["draft", "."]) == 1
    assert "--output ../imprimatur.yaml" in capsys.readouterr().err
    assert not (model / "imprimatur.yaml").exists()
    assert cli.main(["draft", ".", "--output", "../imprimatur.yaml"]) == 0
    assert "folder: 模型\n" in (model.parent / "imprimatur.yaml").read_text()


@pytest.mark.parametrize(
    "text", ["imprimatur: draft/v1\nanswers: {nobody_asks: x}\n", "a: [", "imprimatur: draft/v1\na: *b\n"]
)
def test_a_file_that_is_wrong_is_named_with_its_line_and_left_as_it_is(
    model: Path, tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "imprimatur.yaml").write_text(text)
    assert cli.main(["draft", "模型", "--no-manifest", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["problems"][0]["line"] > 0
    assert (tmp_path / "imprimatur.yaml").read_text() == text


def test_a_card_that_can_not_be_read_is_named_and_the_others_count(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (model / "model.safetensors").write_bytes(b"\xff" * 20)
    assert cli.main(["draft", "模型"]) == 0
    assert "Left out: 模型/model.safetensors: tensor header: the header would be" in capsys.readouterr().out
    assert "parameters:\n" in (tmp_path / "imprimatur.yaml").read_text()


def test_questions_of_an_organisation_want_its_server(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "imprimatur.yaml").write_text("imprimatur: draft/v1\nquestionnaire: 2026-2.7\n")
    assert cli.main(["draft", "模型"]) == 2
    assert "give --server URL" in capsys.readouterr().err

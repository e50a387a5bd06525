"""The schema of a draft: that in docs/ is the present one, it takes what we write, and refuses what nobody asks."""

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from imprimatur import cli
from imprimatur.dossier import shipped
from imprimatur.dossier.draft_schema import schema_of
from tests.imprimatur.drafts import a_model, writing

KEPT = Path(cli.__file__).parents[1] / "docs" / "schemas" / "imprimatur-draft-v1.json"
HEAD = "imprimatur: draft/v1\n"


@pytest.fixture(scope="module")
def schema() -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(schema_of(shipped.newest()))


def test_the_schema_in_docs_is_the_one_that_the_command_prints(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["draft", "--schema"]) == 0
    assert capsys.readouterr().out == KEPT.read_text()
    assert cli.main(["draft", "--schema", "--language", "zh"]) == 0
    assert "处理个人信息" in capsys.readouterr().out
    jsonschema_rs.meta.validate(json.loads(KEPT.read_text()))


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_draft_that_is_written_fits(
    schema: jsonschema_rs.Draft202012Validator, language: str, tmp_path: Path
) -> None:
    for one in (writing(language=language), writing(a_model(tmp_path), language)):
        data: Any = yaml.safe_load(one.text())
        assert [str(fault) for fault in schema.iter_errors(data)] == []


@pytest.mark.parametrize(
    "text",
    [
        "answer: {}",
        "answers: {nobody_asks: x}",
        "answers: {opt_outs: sometimes}",
        "answers: {datasets: [{colour: red}]}",
        "answers: {datasets: many}",
        "version: {channel: web}",
        "version: {modalities: [smell]}",
        "files: {removal: a.pdf}",
        "request: {language: fr}",
    ],
)
def test_what_the_command_would_refuse_an_editor_underlines(
    schema: jsonschema_rs.Draft202012Validator, text: str
) -> None:
    assert not schema.is_valid(yaml.safe_load(HEAD + text))

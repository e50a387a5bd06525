"""`imprimatur manifest` as somebody runs it: on stdout, into a file, as JSON, and what it refuses before it reads."""

import hashlib
import json
from pathlib import Path

import pytest

from imprimatur import cli
from imprimatur.folder import manifest_of
from imprimatur.manifest import parse


@pytest.fixture
def model(tmp_path: Path) -> Path:
    folder = tmp_path / "模型"
    (folder / "词表").mkdir(parents=True)
    (folder / "词表" / "一.json").write_text("{}")
    (folder / "weights.safetensors").write_bytes(bytes(100_000))
    return folder


def test_on_stdout_in_a_file_and_as_json_it_is_the_same_manifest(
    model: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert cli.main(["manifest", str(model)]) == 0
    text = capfdbinary.readouterr().out
    assert text == manifest_of(model).render() == parse(text).render()
    digest = hashlib.sha256(text).hexdigest()
    assert cli.main(["manifest", str(model), "--output", str(tmp_path / "out"), "--json"]) == 0
    assert (tmp_path / "out").read_bytes() == text
    assert json.loads(capfdbinary.readouterr().out) == {
        "folder": str(model), "digest": digest, "files": 2, "bytes": 100_002, "output": str(tmp_path / "out"),
    }  # fmt: skip
    assert cli.main(["manifest", str(model), "--digest"]) == 0
    assert capfdbinary.readouterr().out == f"{digest}\n".encode()


def test_a_file_for_everybody_to_read_and_nothing_else_is_left(model: Path, tmp_path: Path) -> None:
    assert cli.main(["manifest", str(model), "--output", str(tmp_path / "out"), "--quiet"]) == 0
    assert (tmp_path / "out").stat().st_mode & 0o444 == 0o444
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "模型"]


def test_an_output_in_the_folder_is_refused_before_anything_is_read(
    model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["manifest", str(model), "--output", str(model / "词表" / "out")]) == 1
    assert "outside of the folder" in capsys.readouterr().err
    assert not (model / "词表" / "out").exists()


@pytest.mark.parametrize("output", ["nowhere/out", "模型"])
def test_an_output_that_can_not_be_written_is_named_first(
    model: Path, output: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["manifest", str(model), "--output", str(model.parent / output)]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.splitlines()) == 1


def test_a_folder_that_is_refused_leaves_the_file_of_before(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out").write_text("yesterday")
    (model / "link").symlink_to("weights.safetensors")
    assert cli.main(["manifest", str(model), "--output", str(tmp_path / "out"), "--json"]) == 1
    assert (tmp_path / "out").read_text() == "yesterday"
    told = json.loads(capsys.readouterr().out)
    assert told["status"] == "refused"
    assert told["error"].startswith("link is a symbolic link")

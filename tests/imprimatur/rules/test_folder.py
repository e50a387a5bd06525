"""The manifest of a folder: what stands in it, and what is refused because it could be something else tomorrow."""

import os
import socket
import subprocess
from pathlib import Path
from typing import Any

import pytest

from imprimatur import walking
from imprimatur.folder import FolderRefused, manifest_of, write_manifest

SAME_BY_HAND = r"find . -type f | cut -c3- | LC_ALL=C sort | tr '\n' '\0' | xargs -0 -r sha256sum"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A folder as models have it: names that sort oddly, a hidden file, an empty one, Chinese, an empty folder."""
    folder = tmp_path / "model"
    (folder / "tokenizer").mkdir(parents=True)
    (folder / "nothing here").mkdir()
    for name in ("weights.safetensors", "weights-2.safetensors", "Weights", "tokenizer/词表.json", "tokenizer.json",
                 ".hidden", "a b", "é"):  # fmt: skip
        (folder / name).write_text(name)
    (folder / "empty").touch()
    return folder


def test_the_text_equals_what_find_and_sha256sum_give(model: Path) -> None:
    by_hand = subprocess.run(["sh", "-c", SAME_BY_HAND], cwd=model, capture_output=True, check=True).stdout
    assert manifest_of(model).render() == by_hand
    assert len(manifest_of(model)) == 9


def test_the_same_bytes_elsewhere_have_the_same_digest_and_one_byte_more_has_not(
    model: Path, tmp_path: Path
) -> None:
    digest = manifest_of(model).digest
    model.rename(tmp_path / "elsewhere")
    assert manifest_of(tmp_path / "elsewhere").digest == digest
    (tmp_path / "elsewhere" / "empty").write_bytes(b"\0")
    assert manifest_of(tmp_path / "elsewhere").digest != digest


def test_a_symbolic_link_is_refused_also_one_to_a_folder_or_to_nothing(model: Path) -> None:
    for target in ("weights.safetensors", "tokenizer", "missing"):
        link = model / "link"
        link.symlink_to(target)
        with pytest.raises(FolderRefused, match="link is a symbolic link"):
            manifest_of(model)
        link.unlink()
    assert len(manifest_of(model)) == 9


def test_special_files_are_refused(model: Path) -> None:
    os.mkfifo(model / "pipe")
    with pytest.raises(FolderRefused, match="pipe is neither"):
        manifest_of(model)
    (model / "pipe").unlink()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(model / "s"))
        with pytest.raises(FolderRefused, match="s is neither"):
            manifest_of(model)


@pytest.mark.parametrize("name", [b"back\\slash", b"line\nfeed", b"tab\there", b"\x7f", b"not utf-8 \xff"])
def test_names_that_a_manifest_cannot_hold_are_refused(model: Path, name: bytes) -> None:
    (model / os.fsdecode(name)).touch()
    with pytest.raises(FolderRefused, match="rename the file"):
        manifest_of(model)


def test_a_folder_without_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "only" / "folders").mkdir(parents=True)
    with pytest.raises(FolderRefused, match="no file"):
        manifest_of(tmp_path)


@pytest.mark.parametrize("act", ["write", "add", "remove", "swap"])
def test_a_folder_that_changes_while_it_is_read_is_refused(
    model: Path, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    real = walking._digest

    def meanwhile(folder: Path, found: walking.Found, *rest: Any) -> str:
        digest, path = real(folder, found, *rest), found.path
        if path == "Weights":
            if act == "write":
                (model / "Weights").write_text("others")
            elif act == "add":
                (model / "late").touch()
            elif act == "remove":
                (model / "empty").unlink(missing_ok=True)
            else:
                (model / "a b").replace(model / "é")
        return digest

    monkeypatch.setattr(walking, "_digest", meanwhile)
    with pytest.raises((FolderRefused, FileNotFoundError)):
        manifest_of(model)


def test_a_file_that_takes_the_output_is_refused_inside_the_folder(model: Path) -> None:
    facts = (model / "empty").stat()
    with pytest.raises(FolderRefused, match="where the output goes"):
        write_manifest(model, bytearray().extend, not_these=frozenset({(facts.st_dev, facts.st_ino)}))

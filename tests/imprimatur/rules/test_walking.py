"""The stream of files gives the manifest, byte for byte, whatever the names are and however many there are."""

import hashlib
import os
from pathlib import Path

import pytest

from imprimatur import walking
from imprimatur.folder import FolderRefused, manifest_of


def rendered(folder: Path) -> bytes:
    return "".join(f"{sha256}  {path}\n" for path, sha256 in walking.digests(folder)).encode()


NAMES = [
    "a/b",
    "a-b",
    "a.b/c",
    "a.b/c.d/e",
    "B",
    "é",
    "权重/一",
    "z z",
    "a0",
    "a/b0",
    "a/b.c/d",
    "ab",
    "a!/x",
    "0/0/0/0",
]


@pytest.mark.parametrize("run", [2, 20_000])
def test_the_stream_is_the_manifest(tmp_path: Path, run: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walking, "RUN", run)
    for name in NAMES:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    assert rendered(tmp_path) == manifest_of(tmp_path).render()
    extent = walking.extent(tmp_path)
    assert (extent.files, extent.size) == (len(NAMES), sum(len(name.encode()) for name in NAMES))


def test_large_files_are_read_whole_and_counted(tmp_path: Path) -> None:
    content = os.urandom(walking.PIECE * 2 + 17)
    (tmp_path / "big").write_bytes(content)
    told: list[int] = []
    assert list(walking.digests(tmp_path, (), told.append)) == [("big", hashlib.sha256(content).hexdigest())]
    assert sum(told) == len(content)


def test_what_is_left_out_is_not_looked_at(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "link").symlink_to("nowhere")
    (tmp_path / ".gitignore").write_text("x")
    assert [found.path for found in walking.walk(tmp_path, (".git/",))] == [".gitignore"]
    with pytest.raises(FolderRefused, match="symbolic link"):
        list(walking.walk(tmp_path, (".git",)))  # a file of that name only


def test_a_name_that_is_no_utf_8_is_refused(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"bad\xff")).write_text("x")
    with pytest.raises(FolderRefused, match="not UTF-8"):
        list(walking.walk(tmp_path))


def test_a_file_that_became_a_link_meanwhile_is_refused(tmp_path: Path) -> None:
    (tmp_path / "weights").write_text("x")
    found = next(walking.walk(tmp_path))
    (tmp_path / "weights").rename(tmp_path.parent / "elsewhere")
    (tmp_path / "weights").symlink_to(tmp_path.parent / "elsewhere")
    with pytest.raises(FolderRefused, match="changed"):
        walking._digest(tmp_path, found, lambda _count: None)


def test_folders_without_end_are_refused_and_exhaust_nothing(tmp_path: Path) -> None:
    deepest = tmp_path.joinpath(*["d"] * walking.DEEPEST)
    deepest.mkdir(parents=True)
    (deepest / "weights.bin").write_bytes(b"x")
    assert [found.path.count("/") for found in walking.walk(tmp_path)] == [walking.DEEPEST]
    (deepest / "d").mkdir()
    with pytest.raises(FolderRefused, match="in more than 200 folders"):
        walking.extent(tmp_path)


def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "weights.bin"
    path.write_bytes(b"x")
    (found,) = walking.walk(tmp_path)
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(FolderRefused, match="changed while it was read"):
        walking._digest(tmp_path, found, lambda _count: None)

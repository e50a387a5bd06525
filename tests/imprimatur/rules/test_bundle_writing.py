"""A bundle appears whole or not at all, and the same content makes the same bytes."""

import errno
import resource
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from imprimatur.bundle import verify
from imprimatur.bundle.assembling import assemble
from imprimatur.bundle.content import Disclosed, Paper, State
from imprimatur.bundle.layout import is_name
from imprimatur.bundle.writing import BeingWritten, BundleRefused, BundleWriter
from tests.imprimatur import bundles


@pytest.fixture(scope="module")
def made() -> bundles.Made:
    return bundles.made()


def nothing_is_left(folder: Path) -> bool:
    return not list(folder.iterdir())


def test_the_same_content_makes_the_same_bytes(made: bundles.Made, tmp_path: Path) -> None:
    assemble(tmp_path / "one.zip", made.content)
    assemble(tmp_path / "two.zip", made.content)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.zip", "two.zip"]


def test_what_a_killed_worker_left_is_written_over(made: bundles.Made, tmp_path: Path) -> None:
    (tmp_path / "b.zip.part").write_bytes(b"half of it" * 1_000_000)
    assemble(tmp_path / "b.zip", made.content)
    assert verify.check(verify.Source(tmp_path / "b.zip"))["size"] == 700
    assert [path.name for path in tmp_path.iterdir()] == ["b.zip"]


def test_two_workers_do_not_write_the_same_bundle(tmp_path: Path) -> None:
    with BundleWriter(tmp_path / "b.zip") as one:
        one.add("README", b"first")
        with pytest.raises(BeingWritten):
            BundleWriter(tmp_path / "b.zip")
        assert not (tmp_path / "b.zip").exists()
        one.finish()
    assert (tmp_path / "b.zip").exists()


def test_a_full_disk_leaves_nothing_half_made(made: bundles.Made, tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, before[1]))
    try:
        with pytest.raises(OSError, match="File too large") as caught:
            assemble(tmp_path / "b.zip", made.content)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert caught.value.errno == errno.EFBIG
    assert nothing_is_left(tmp_path)


def test_a_file_that_cannot_be_read_leaves_nothing_half_made(made: bundles.Made, tmp_path: Path) -> None:
    def torn() -> Iterator[bytes]:
        yield b"the beginning"
        raise OSError(errno.EIO, "the disk is broken")

    broken = replace(next(iter(made.content.records)), read=torn)
    with pytest.raises(OSError, match="broken"):
        assemble(tmp_path / "b.zip", replace(made.content, records=[broken]))
    assert nothing_is_left(tmp_path)


def test_whoever_watches_may_end_it(made: bundles.Made, tmp_path: Path) -> None:
    seen = []

    def tick(part: str, done: int) -> None:
        seen.append((part, done))
        if part == "events" and done == 512:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        assemble(tmp_path / "b.zip", made.content, tick)
    assert ("events", 256) in seen
    assert nothing_is_left(tmp_path)


PAPER = Paper("0" * 64, [1], lambda: [b"x"], "IMP-1")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda c: {"leaves": list(c.leaves)[:-1]}, "don't make the tree"),
        (lambda c: {"leaves": [*list(c.leaves)[:-1], b"{}"]}, "don't make the tree"),
        (lambda c: {"disclosures": list(c.disclosures)[::-1]}, "ascend"),
        (lambda c: {"disclosures": [Disclosed(700, "actor", b"s", "x")]}, "within the checkpoint"),
        (lambda c: {"states": list(c.states)[::-1]}, "ascend"),
        (lambda c: {"states": [State("a.b", "1", b"{}"), State("a.b", "1", b"{}")]}, "ascend"),
        (lambda c: {"shown": [3, 3]}, "within the checkpoint"),
        (lambda c: {"records": [PAPER]}, "isn't the one with the digest"),
        (lambda c: {"records": [replace(PAPER, events=[])]}, "no event names"),
        (lambda c: {"records": [replace(PAPER, name="../IMP")]}, "no name for a file"),
        (lambda c: {"attachments": [*c.attachments, *c.attachments]}, "two files with the name"),
        (lambda c: {"checkpoints": [*c.checkpoints, c.checkpoint]}, "two files with the name"),
    ],
)  # fmt: skip
def test_what_does_not_fit_together_makes_no_bundle(
    change: Any, words: str, made: bundles.Made, tmp_path: Path
) -> None:
    with pytest.raises(BundleRefused, match=words):
        assemble(tmp_path / "b.zip", replace(made.content, **change(made.content)))
    assert nothing_is_left(tmp_path)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "/a",
        "a/",
        "a//b",
        "../a",
        "a/../b",
        "./a",
        "a/.b",
        "a.",
        "a b",
        "é",
        "a\\b",
        "C:a",
        "a\n",
        "x" * 201,
        "a:b",
    ],
)
def test_names_stay_in_the_folder_on_every_system(name: str, tmp_path: Path) -> None:
    assert not is_name(name)
    assert not verify.PLAIN.fullmatch(name) or len(name) > 200
    with BundleWriter(tmp_path / "b.zip") as bundle, pytest.raises(BundleRefused, match="no name for a file"):
        bundle.add(name, b"")
    assert nothing_is_left(tmp_path)


def test_capitals_do_not_tell_names_apart(tmp_path: Path) -> None:
    with BundleWriter(tmp_path / "b.zip") as bundle:
        bundle.add("records/IMP-1.pdf", b"")
        with pytest.raises(BundleRefused, match="two files"):
            bundle.add("records/imp-1.pdf", b"")

"""Files that people hand in: kept by what they hold, whole or not at all."""

import hashlib
import os
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files import File
from django.core.files.base import ContentFile
from pytest_django.fixtures import Settings

from audit import files
from audit.master_keys import HEADER
from audit.segments import RECORD, SEGMENT

HELD = b"what was measured\n"
DIGEST = hashlib.sha256(HELD).hexdigest()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path / "files"


def everything(folder: Path) -> list[str]:
    """Paths of all files below the folder, drafts too."""
    return sorted(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and path.name != "keys.lock"
    )


def test_a_file_is_kept_under_its_digest_for_the_eyes_of_its_owner(folder: Path) -> None:
    kept = files.keep(ContentFile(HELD, "../../a report.txt"))
    assert kept == files.Kept(DIGEST, len(HELD))
    assert everything(folder) == [f"{DIGEST[:2]}/{DIGEST}"], "the name that came is no part of the path"
    with files.open_file(DIGEST) as file:
        assert file.read() == HELD
    assert files.check(DIGEST) == kept
    assert files.place_of(DIGEST).stat().st_mode & 0o077 == 0


def test_the_same_bytes_twice_are_one_file_that_is_not_written_again(folder: Path) -> None:
    files.keep(ContentFile(HELD, "a.txt"))
    before = files.place_of(DIGEST).stat()
    assert files.keep(ContentFile(HELD, "b.txt")).sha256 == DIGEST
    after = files.place_of(DIGEST).stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert len(everything(folder)) == 1


def test_one_name_with_other_bytes_is_another_file() -> None:
    first, second = files.keep(ContentFile(HELD, "a.txt")), files.keep(ContentFile(HELD + b"!", "a.txt"))
    assert first.sha256 != second.sha256
    assert files.check(first.sha256) == first


@pytest.mark.parametrize("chunks", [[], [b""], [b"", b""]])
def test_nothing_is_no_file(folder: Path, chunks: list[bytes]) -> None:
    with pytest.raises(files.EmptyUpload):
        files.keep_chunks(chunks)
    assert everything(folder) == [], "the digest of nothing is never kept"


@pytest.mark.parametrize("announced", [len(HELD) - 1, len(HELD) + 1])
def test_an_upload_of_another_size_than_announced_is_refused(folder: Path, announced: int) -> None:
    upload = File(BytesIO(HELD), "a.txt")
    upload.size = announced
    with pytest.raises(files.BrokenUpload, match=str(announced)):
        files.keep(upload)
    assert everything(folder) == []


def test_an_upload_that_breaks_off_leaves_nothing_behind(folder: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield HELD
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        files.keep_chunks(broken())
    assert everything(folder) == []


def test_chunks_are_written_as_they_come_and_never_gathered(folder: Path) -> None:
    sizes: list[int] = []

    def coming() -> Iterator[bytes]:
        for _ in range(4):
            yield b"x" * files.CHUNK
            sizes.append(sum(path.stat().st_size for path in (folder / "drafts").iterdir()))

    assert files.keep_chunks(coming()).size == 4 * files.CHUNK
    held_back = files.CHUNK // SEGMENT - 1  # of each megabyte all but the last segment, then that one too
    assert [size - HEADER for size in sizes] == [
        RECORD * (held_back + more * files.CHUNK // SEGMENT) for more in range(4)
    ]


def test_it_is_on_the_disk_before_it_has_its_name(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[str]] = []
    real = os.fsync

    def fsync(handle: int) -> None:
        seen.append(everything(folder))
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    files.keep(ContentFile(HELD))
    assert seen[0][0].startswith("drafts/")
    assert seen[-1] == [f"{DIGEST[:2]}/{DIGEST}"], "its folder is on the disk, too"


@pytest.mark.parametrize("text", ["", "../../etc/passwd", "a" * 63, "A" * 64, "/" * 64, "a" * 65])
def test_what_is_no_digest_opens_nothing(text: str) -> None:
    with pytest.raises(files.Lost, match="not a SHA-256"):
        files.open_file(text)


def test_a_missing_or_changed_file_is_lost_and_comes_back_when_handed_in_again() -> None:
    with pytest.raises(files.Lost):
        files.open_file(DIGEST)
    files.keep(ContentFile(HELD))
    files.place_of(DIGEST).write_bytes(HELD[:-1])
    with pytest.raises(files.Lost, match="changed on the disk"):
        files.check(DIGEST)
    files.keep(ContentFile(HELD))
    assert files.check(DIGEST).size == len(HELD)


def test_a_file_that_was_damaged_on_the_disk_is_mended_by_handing_it_in_again(folder: Path) -> None:
    held = bytes(3 * SEGMENT)
    kept = files.keep(ContentFile(held))
    place = files.place_of(kept.sha256)
    damaged = bytearray(place.read_bytes())
    damaged[HEADER + 100] ^= 1
    place.write_bytes(damaged)
    with pytest.raises(files.Lost):
        files.check(kept.sha256)
    assert files.keep(ContentFile(held)) == kept
    assert files.check(kept.sha256) == kept
    whole = place.read_bytes()
    files.keep(ContentFile(held))
    assert place.read_bytes() == whole, "what is right is not written again"

"""Files that come in parts: they go on after a cut, are kept only when whole, and are nobody else's."""

import fcntl
import hashlib
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import BinaryIO

import pytest
from pytest_django.fixtures import Settings

from audit import files, master_keys, uploads
from audit.refusal import Refused
from audit.uploads import Elsewhere, Upload

HELD = bytes(range(256)) * 64
DIGEST = hashlib.sha256(HELD).hexdigest()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path / "files"


def begun(size: int = len(HELD), name: str = "weights.csv") -> Upload:
    return uploads.begin(person=7, purpose="reviews.answer/1/need", name=name, size=size)


def finish(upload: Upload) -> files.Kept:
    found, kept = uploads.measure(upload.token, person=7, purpose=upload.purpose)
    uploads.keep(found, kept)
    return kept


def everything(folder: Path) -> list[str]:
    return sorted(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and path.name != "keys.lock"
    )


def test_parts_become_one_file_and_leave_nothing_behind(folder: Path) -> None:
    upload = begun()
    assert uploads.append(upload, 0, BytesIO(HELD[:1000]).read) == 1000
    assert uploads.append(upload, 1000, BytesIO(HELD[1000:]).read) == len(HELD)
    assert finish(upload) == files.Kept(DIGEST, len(HELD))
    assert everything(folder) == [f"{DIGEST[:2]}/{DIGEST}"]
    assert files.check(DIGEST).size == len(HELD)
    assert uploads.find(upload.token, person=7) is None


def test_what_came_before_the_connection_was_cut_stays(folder: Path) -> None:
    def cut() -> Callable[[int], bytes]:
        given = iter([HELD[:300], HELD[300:500]])

        def read(_size: int) -> bytes:
            try:
                return next(given)
            except StopIteration:
                raise OSError("cut") from None

        return read

    upload = begun()
    with pytest.raises(OSError, match="cut"):
        uploads.append(upload, 0, cut())
    found = uploads.find(upload.token, person=7)
    assert found is not None
    assert found.offset == 500
    with pytest.raises(Elsewhere) as told:
        uploads.append(upload, 0, BytesIO(HELD).read)
    assert told.value.offset == 500
    with pytest.raises(Refused):
        finish(upload)
    assert not [path for path in everything(folder) if DIGEST[:2] + "/" in path]
    uploads.append(upload, 500, BytesIO(HELD[500:]).read)
    assert finish(upload).sha256 == DIGEST


def test_two_requests_do_not_write_into_each_other() -> None:
    upload = begun()
    seen: list[bool] = []

    def read(_size: int) -> bytes:
        if seen:
            return b""
        with pytest.raises(Elsewhere):
            uploads.append(upload, 0, BytesIO(b"other").read)
        seen.append(True)
        return HELD[:10]

    assert uploads.append(upload, 0, read) == 10


def test_a_part_that_came_twice_is_not_written_after_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first request ends between the second one's look at the file and its lock."""
    upload = begun()
    lock = fcntl.flock

    def late(file: BinaryIO, how: int) -> None:
        monkeypatch.undo()
        uploads.append(upload, 0, BytesIO(HELD[:1000]).read)
        lock(file, how)

    monkeypatch.setattr("fcntl.flock", late)
    with pytest.raises(Elsewhere) as told:
        uploads.append(upload, 0, BytesIO(HELD[:1000]).read)
    assert told.value.offset == 1000
    assert upload.offset == 1000


def test_more_than_was_announced_is_refused() -> None:
    upload = begun(size=4)
    with pytest.raises(Refused):
        uploads.append(upload, 0, BytesIO(b"12345").read)
    assert upload.offset == 0


@pytest.mark.parametrize(("size", "words"), [(0, "empty"), (-1, "empty"), (2 * 1024**2 + 1, "2 MB at most")])
def test_the_size_is_judged_before_anything_comes(
    settings: Settings, folder: Path, size: int, words: str
) -> None:
    settings.UPLOAD_MEGABYTES = 2
    with pytest.raises(Refused, match=words):
        begun(size=size)
    assert everything(folder) == []


def test_a_full_disk_and_many_unfinished_uploads_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for _number in range(uploads.MOST_OPEN):
        begun()
    with pytest.raises(Refused, match="unfinished"):
        begun()
    monkeypatch.setattr(uploads, "MOST_OPEN", 100)
    monkeypatch.setattr(uploads, "LEFT_FREE", 1024**6)
    with pytest.raises(Refused, match="no room"):
        begun()


def test_what_is_still_to_come_of_other_uploads_takes_its_room(monkeypatch: pytest.MonkeyPatch) -> None:
    free = shutil.disk_usage(files.root().parent).free
    monkeypatch.setattr("shutil.disk_usage", lambda _folder: SimpleNamespace(free=free))
    monkeypatch.setattr(uploads, "check_size", lambda _size: None)
    first = begun(free - uploads.LEFT_FREE - 1000)
    with pytest.raises(Refused, match="no room"):
        begun(2000)
    uploads.discard(first)
    begun(2000)


def test_of_two_that_keep_one_upload_the_second_is_told(folder: Path) -> None:
    upload = begun()
    uploads.append(upload, 0, BytesIO(HELD).read)
    both = [uploads.measure(upload.token, person=7, purpose=upload.purpose) for _time in range(2)]
    uploads.keep(*both[0])
    with pytest.raises(Refused, match="not there any more"):
        uploads.keep(*both[1])
    with pytest.raises(Refused, match="not there any more"):
        uploads.measure(upload.token, person=7, purpose=upload.purpose)
    assert everything(folder) == [f"{DIGEST[:2]}/{DIGEST}"]


def test_an_upload_is_its_persons_and_for_one_purpose() -> None:
    upload = begun(name="../../invoice\u202efdp.exe")
    assert upload.name == "invoicefdp.exe"
    assert uploads.find(upload.token, person=7, purpose="reviews.answer/1/need") == upload
    assert uploads.find(upload.token, person=8) is None
    assert uploads.find(upload.token, person=7, purpose="reviews.answer/2/need") is None
    for strange in ("../7/" + upload.token, "", "0" * 32, upload.token + "\n"):
        assert uploads.find(strange, person=7) is None


def test_what_nobody_finishes_is_swept_and_what_is_growing_is_not(folder: Path) -> None:
    upload = begun()
    uploads.append(upload, 0, BytesIO(b"x").read)
    (folder / "drafts").mkdir()
    (folder / "drafts" / "left").write_bytes(b"by a process that was killed")
    assert uploads.sweep(datetime.now(UTC)) == 0
    assert uploads.sweep(datetime.now(UTC) + timedelta(days=2)) == 3
    assert everything(folder) == []


def test_an_upload_that_was_killed_while_it_was_kept_is_still_there_and_is_kept_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(_draft: Path, _kept: files.Kept) -> None:
        raise SystemExit

    upload = begun()
    uploads.append(upload, 0, BytesIO(HELD).read)
    for _again in range(2):
        with monkeypatch.context() as patch:
            patch.setattr(files, "_settle", killed)
            with pytest.raises(SystemExit):
                finish(upload)
    assert finish(upload) == files.Kept(DIGEST, len(HELD))
    assert everything(folder) == [f"{DIGEST[:2]}/{DIGEST}"]
    handle = files.place_of(DIGEST).open("rb")
    with handle:
        assert master_keys.is_current(handle.fileno(), DIGEST.encode()), (
            "wrapped for what it is, and nothing else"
        )


def test_a_torn_or_a_vanished_upload_keeps_nobody_from_beginning_one() -> None:
    torn, gone = begun(), begun()
    with torn.bytes.open("ab") as file:
        file.write(b"torn")
    assert torn.offset == 0
    gone.bytes.unlink()
    again = begun()
    assert uploads.append(again, 0, BytesIO(HELD).read) == len(HELD)
    assert uploads.append(torn, 0, BytesIO(HELD).read) == len(HELD)
    assert finish(torn).sha256 == DIGEST

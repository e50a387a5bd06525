"""A file of a form: encrypted while it comes, nowhere in clear, gone when it is cut off or not kept."""

import gc
import hashlib
import tempfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, UnreadablePostError
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from audit import files, uploads
from audit.upload_handler import EncryptedFile

MARKER = b"nobody may find these words on a disk"
HELD = (MARKER + bytes(1000)) * 6000  # 6 MB
DIGEST = hashlib.sha256(HELD).hexdigest()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.DATA_DIR = tmp_path / "data"
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    return tmp_path


def lying(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and path.name != "keys.lock"]


def in_clear(folder: Path) -> list[Path]:
    return [path for path in lying(folder) if MARKER in path.read_bytes()]


class Watched(BytesIO):
    """A connection that looks at the disk while it sends, and is cut at a place."""

    def __init__(self, content: bytes, folder: Path, cut: int | None = None) -> None:
        super().__init__(content)
        self.folder, self.cut, self.seen, self.clear = folder, cut, 0, 0

    def read(self, size: int | None = -1, /) -> bytes:
        self.seen = max(self.seen, sum(path.stat().st_size for path in lying(self.folder)))
        self.clear += len(in_clear(self.folder)) if self.tell() % (1024**2) < 300_000 else 0
        if self.cut is not None and self.tell() > self.cut:
            raise OSError("cut")
        return super().read(size)


def given(request: HttpRequest) -> "UploadedFile[bytes]":
    upload = request.FILES["file"]
    assert isinstance(upload, UploadedFile)
    return upload


def asked(content: bytes, folder: Path, cut: int | None = None) -> tuple[HttpRequest, Watched]:
    body = (
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n\r\n'
        + content
        + b"\r\n--b--\r\n"
    )
    request = RequestFactory().post("/", body, content_type="multipart/form-data; boundary=b")
    line = Watched(body, folder, cut)
    setattr(request._stream, "read", line.read)  # noqa: B010  (its type has no other way)
    return request, line


def test_a_form_with_a_large_file_leaves_nothing_in_clear_at_any_moment(folder: Path) -> None:
    request, line = asked(HELD, folder)
    upload = request.FILES["file"]
    assert isinstance(upload, EncryptedFile)
    assert line.seen > len(HELD) // 2, "it lies on the disk while it comes"
    assert line.clear == 0
    assert upload.size == len(HELD)
    assert upload.read(len(MARKER)) == MARKER
    kept = files.keep(upload)
    upload.close()
    assert kept == files.Kept(DIGEST, len(HELD))
    assert files.check(DIGEST) == kept
    assert [path.name for path in lying(folder)] == [DIGEST]
    assert in_clear(folder) == []


def test_a_small_file_stays_in_memory(folder: Path) -> None:
    request, _line = asked(MARKER, folder)
    assert given(request).read() == MARKER
    assert lying(folder) == []


def test_a_file_that_is_cut_off_or_not_kept_is_gone(folder: Path) -> None:
    request, _line = asked(HELD, folder, cut=len(HELD) // 2)
    with pytest.raises((UnreadablePostError, OSError)):
        request.FILES  # noqa: B018  (reading it is what is tried)
    del request, _line
    gc.collect()
    assert lying(folder) == []
    request, _line = asked(HELD, folder)
    given(request).close()
    assert lying(folder) == []


def test_one_that_is_too_large_is_not_written_and_one_that_was_forgotten_not_kept(
    folder: Path, settings: Settings
) -> None:
    settings.UPLOAD_MEGABYTES = 3
    request, line = asked(HELD, folder)
    upload = request.FILES["file"]
    assert isinstance(upload, EncryptedFile)
    assert upload.size == len(HELD), "so that the service can say what it is"
    assert line.seen < 4 * 1024**2
    with pytest.raises(files.BrokenUpload):
        files.keep(upload)
    upload.size = upload.draft.size
    upload.close()
    with pytest.raises(files.BrokenUpload):
        files.keep(upload)
    assert lying(folder) == []


def test_parts_of_an_upload_lie_there_encrypted(folder: Path) -> None:
    upload = uploads.begin(person=7, purpose="p", name="a", size=len(HELD))

    def parts() -> Iterator[bytes]:
        for at in range(0, len(HELD), 200_000):
            assert in_clear(folder) == []
            yield HELD[at : at + 200_000]

    coming = parts()
    uploads.append(upload, 0, lambda _size: next(coming, b""))
    assert in_clear(folder) == []
    uploads.keep(*uploads.measure(upload.token, person=7, purpose="p"))
    assert in_clear(folder) == []
    assert files.check(DIGEST).size == len(HELD)

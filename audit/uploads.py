"""Files on their way: they come in parts, go on after a cut connection, and are kept only when they are whole.

What has come so far lies in a folder of its own for each person, encrypted like what is kept, and nothing points to
it: no row, no event. An upload that nobody finishes is swept away after a day.
"""

import fcntl
import json
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit import files, master_keys
from audit.file_names import harmless
from audit.master_keys import HEADER
from audit.refusal import Refused
from audit.segments import RECORD, SEGMENT, Damaged, Writer, plain_size

PART = 8 * 1024**2  # bytes of one request at most, so that no server has to hold more
LEFT_FREE = 64 * 1024**2  # bytes of the disk that no upload may take
MOST_OPEN = 20
UNFINISHED = timedelta(days=1)
_READ = 256 * 1024
_TOKEN = re.compile(r"[0-9a-f]{32}")


class Elsewhere(Exception):  # noqa: N818  (it's an answer, not a failure)
    """The part belongs at another place than where the upload stands; `offset` says where it stands."""

    def __init__(self, offset: int) -> None:
        super().__init__(f"The upload stands at {offset}.")
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way. `purpose` binds it to what it is for; `size` is what was announced, in bytes."""

    token: str
    person: int
    purpose: str
    name: str
    size: int

    @property
    def about(self) -> bytes:
        """Return what its key is wrapped for, so that no other file can stand in its place."""
        return about_part(self.bytes)

    @property
    def bytes(self) -> Path:
        """Return where its bytes lie."""
        return _folder(self.person) / self.token

    @property
    def offset(self) -> int:
        """Return how many bytes have come; of a segment that was cut off while it was written, none."""
        stored = max(0, self.bytes.stat().st_size - HEADER)
        try:
            return plain_size(stored)
        except Damaged:
            return stored // RECORD * SEGMENT


def largest() -> int:
    """Return how many bytes a file may have."""
    return int(settings.UPLOAD_MEGABYTES) * 1024**2


def check_size(size: int) -> None:
    """Raise Refused for a file that is empty or larger than files may be."""
    if size <= 0:
        raise Refused(_("This file is empty, so nothing was kept."))
    if size > largest():
        megabytes = largest() // 1024**2
        raise Refused(
            ngettext(
                "Files may have {megabytes} MB at most. Give a summary, and where the whole is kept.",
                "Files may have {megabytes} MB at most. Give a summary, and where the whole is kept.",
                megabytes,
            ).format(megabytes=megabytes)
        )


def begin(*, person: int, purpose: str, name: str, size: int) -> Upload:
    """Begin an upload of so many bytes; the name is made harmless.

    Raises Refused for an empty or too large file, a full disk, and too many unfinished uploads of the person.
    """
    check_size(size)
    folder = _folder(person)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if len(list(folder.glob("*.json"))) >= MOST_OPEN:
        raise Refused(_("Twenty of your uploads are unfinished. Finish or cancel one first."))
    if shutil.disk_usage(folder).free < size + _still_to_come() + LEFT_FREE:
        raise Refused(_("There is no room for this file on the server. Tell an administrator."))
    upload = Upload(secrets.token_hex(16), person, purpose, harmless(name), size)
    _make(upload)
    draft = _about(upload).with_suffix(".new")
    draft.write_text(json.dumps(asdict(upload)))
    draft.replace(_about(upload))  # whole, or not there
    return upload


def _make(upload: Upload) -> None:
    """Write the header, with the wrapped key of the file."""
    with master_keys.in_use(files.lock()):
        upload.bytes.touch(mode=0o600)
        upload.bytes.write_bytes(master_keys.header_of(os.urandom(master_keys.KEY), upload.about))


def _still_to_come() -> int:
    """Return how many bytes of unfinished uploads, of everybody, have not come yet."""
    still = 0
    for about in _parts().glob("*/*.json"):
        with suppress(FileNotFoundError):  # finished or cancelled meanwhile
            upload = Upload(**json.loads(about.read_text()))
            still += upload.size - upload.offset
    return still


def find(token: str, *, person: int, purpose: str = "") -> Upload | None:
    """Return the person's upload, None when it isn't there, isn't theirs, or is for something else."""
    about = _folder(person) / f"{token}.json"
    if not _TOKEN.fullmatch(token) or not about.is_file():
        return None
    upload = Upload(**json.loads(about.read_text()))
    return upload if purpose in {"", upload.purpose} and upload.bytes.is_file() else None


def append(upload: Upload, offset: int, read: Callable[[int], bytes]) -> int:
    """Write what `read` gives at the offset, and return where the upload stands then.

    What came before a connection was cut stays: the next part goes on after it. Raises Elsewhere when the upload
    stands somewhere else or another request is writing to it, and Refused when more comes than was announced or the
    upload was kept or cancelled meanwhile.
    """
    with _locked(upload, waits=False) as handle:
        writer = Writer.resume(handle, master_keys.key_of(handle, upload.about), HEADER)
        at = writer.size
        if at != offset:
            raise Elsewhere(at)
        room = min(PART, upload.size - at)
        try:
            while chunk := read(_READ):
                if len(chunk) > room:
                    raise Refused(_("More came than the file has. Choose it again."))
                writer.write(chunk)
                room -= len(chunk)
        finally:
            if writer.size > at:  # what is whole may be finished already, and stays so
                writer.pause()
        return writer.size


@contextmanager
def _locked(upload: Upload, *, waits: bool) -> Iterator[int]:
    """Open the bytes for one request alone. Raises Elsewhere when another has them, Refused when they are gone."""
    try:
        handle = os.open(upload.bytes, os.O_RDWR)
    except FileNotFoundError:
        raise _gone() from None
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if waits else fcntl.LOCK_NB))
        except BlockingIOError:
            raise Elsewhere(upload.offset) from None
        if not os.fstat(handle).st_nlink or not upload.bytes.exists():  # kept or cancelled while it waited
            raise _gone()
        yield handle
    finally:
        os.close(handle)


def measure(token: str, *, person: int, purpose: str) -> tuple[Upload, files.Kept]:
    """Return the person's upload and what it would be kept as; it stays as it is until `keep`.

    It is read for its digest, so what is kept is what lies on the disk and not what was meant to come. Raises Refused
    when it isn't there, or isn't whole. Takes as long as reading the file does, so no row is locked.
    """
    upload = find(token, person=person, purpose=purpose)
    if upload is None:
        raise _gone()
    with _locked(upload, waits=True) as handle:
        key = master_keys.key_of(handle, upload.about)
        writer = Writer.resume(handle, key, HEADER)
        if writer.size != upload.size:
            raise Refused(_("The file didn't arrive whole, so nothing was kept. Send it again."))
        writer.finish()
        os.fsync(handle)
        with files.reader(os.dup(handle), key) as file:
            return upload, files.digest_of(file)


@contextmanager
def opened(upload: Upload) -> Iterator[BinaryIO]:
    """Open what came, for reading; it was measured before. Raises Refused when it is gone."""
    with (
        _locked(upload, waits=True) as handle,
        files.reader(os.dup(handle), master_keys.key_of(handle, upload.about)) as file,
    ):
        yield file


def keep(upload: Upload, kept: files.Kept) -> None:
    """Make the upload a kept file and forget it: the last step of the transaction that says whose it is.

    What is refused before leaves the upload as it was. Raises Refused when it was kept or cancelled meanwhile.
    """
    with _locked(upload, waits=True) as handle:
        key = master_keys.key_of(handle, upload.about)
        files.adopt(upload.bytes, handle, key, kept, before=upload.about)
    discard(upload)


def _gone() -> Refused:
    return Refused(_("This upload is not there any more. Choose the file again."))


def discard(upload: Upload) -> None:
    """Forget the upload."""
    upload.bytes.unlink(missing_ok=True)
    _about(upload).unlink(missing_ok=True)


def sweep(now: datetime) -> int:
    """Delete uploads and drafts of files that nobody has touched for a day; return how many files that were."""
    oldest = (now - UNFINISHED).timestamp()
    swept = 0
    for folder in (_parts(), files.root() / "drafts"):
        for path in folder.rglob("*") if folder.is_dir() else ():
            if path.is_file() and _last_touched(path) < oldest:
                path.unlink(missing_ok=True)
                swept += 1
    return swept


def _last_touched(path: Path) -> float:
    """Return when something was last written to the file, or to the bytes that it describes; never for what is gone."""
    moments = []
    for each in {path, path.with_suffix("")}:
        with suppress(FileNotFoundError):  # kept or cancelled meanwhile
            moments.append(each.stat().st_mtime)
    return max(moments, default=float("inf"))


def parts() -> Iterator[Path]:
    """Return where the bytes of all unfinished uploads lie."""
    return (path for path in _parts().glob("*/*") if _TOKEN.fullmatch(path.name))


def about_part(path: Path) -> bytes:
    """Return what the key of such bytes is wrapped for."""
    return f"upload {path.name}".encode()


def _parts() -> Path:
    return files.root() / "parts"


def _folder(person: int) -> Path:
    return _parts() / str(person)


def _about(upload: Upload) -> Path:
    return upload.bytes.with_suffix(".json")

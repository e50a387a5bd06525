"""Takes in the files of a form: they are hashed and encrypted as they come, and never lie in clear on the disk.

Django's own handler before it keeps small requests in memory; its handler for larger ones, which writes them to the
system's temporary folder, is not installed.
"""

from io import BytesIO

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from audit import files, uploads


class EncryptedFile(UploadedFile):  # type: ignore[type-arg]  # (it can't be subscripted when it runs)
    """A file of a form that lies encrypted among the drafts; it reads in clear, and is gone when it is closed."""

    def __init__(
        self, draft: files.Draft, name: str, content_type: str, size: int, charset: str | None
    ) -> None:
        super().__init__(draft.open() if draft.size else BytesIO(), name, content_type, size, charset)
        self.draft = draft

    def close(self) -> None:
        """Close it and forget its bytes, unless they were kept."""
        super().close()
        self.draft.discard()


class EncryptedUpload(FileUploadHandler):
    """Writes a file to a draft while it comes. Of one that is too large only the size is known afterwards."""

    chunk_size = 256 * 1024

    def new_file(self, *args: object, **more: object) -> None:
        """Begin a draft."""
        super().new_file(*args, **more)  # type: ignore[arg-type]
        self.draft = files.Draft()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write what came."""
        if start + len(raw_data) <= uploads.largest():
            self.draft.write(raw_data)

    def file_complete(self, file_size: int) -> EncryptedFile:
        """Return the file."""
        self.draft.finish()
        return EncryptedFile(
            self.draft, self.file_name or "", self.content_type or "", file_size, self.charset
        )

    def upload_interrupted(self) -> None:
        """Forget what came."""
        self.draft.discard()

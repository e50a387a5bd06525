"""What waits on the disk until its turn in a bundle comes: nobody reads there what the bundle will keep locked."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR

CHUNK = 1 << 20


class Hidden:
    """A file without a name, encrypted under a key that is nowhere but in memory; goes with the context."""

    def __init__(self, folder: Path) -> None:
        """Open it in the folder; raises OSError."""
        self.file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115  (closed with the context)
        self._cipher = Cipher(AES(os.urandom(32)), CTR(os.urandom(16)))
        self._lock = self._cipher.encryptor()

    def __enter__(self) -> "Hidden":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.file.close()

    def write(self, content: bytes) -> None:
        """Add these bytes; raises OSError when the disk is full."""
        self.file.write(self._lock.update(content))

    def chunks(self) -> Iterator[bytes]:
        """Yield all that was written, from the beginning."""
        self.file.seek(0)
        unlock = self._cipher.decryptor()
        while chunk := self.file.read(CHUNK):
            yield unlock.update(chunk)

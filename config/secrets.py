"""Secrets in files; those of the embedded product are made at its first start, for the eyes of its owner only."""

import os
import secrets
import tempfile
from pathlib import Path

from config import env


def kept_secret(data: Path, name: str) -> str:
    """Return the secret of that name, made now if there is none; a folder that can't be written is a fault.

    Two processes that start at the same moment get the same secret: it is written whole beside its place and then
    linked to it, which succeeds for one of them.
    """
    path = data / "keys" / name
    try:
        if not path.exists():
            _make(path)
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)
        value = path.read_text().strip()
    except OSError as fault:
        env.fault(
            "IMPRIMATUR_DATA", f"names {data}, where {path} can't be written or read ({fault.strerror})"
        )
        return ""
    if not value:
        env.fault(
            "IMPRIMATUR_DATA",
            f"names {data}, where {path} is empty; restore it, or begin with an empty folder",
        )
    return value


def readable(path: str) -> bool:
    """Say whether there is anything in the file that this process may read."""
    try:
        return bool(Path(path).read_bytes().strip())
    except OSError:
        return False


def _make(path: Path) -> None:
    path.parent.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.parent.mkdir(exist_ok=True, mode=0o700)
    handle, fresh = tempfile.mkstemp(dir=path.parent)  # mode 0600
    try:
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        Path(fresh).unlink()

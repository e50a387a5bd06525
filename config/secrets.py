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


def why_no_keys(path: str, shortest: int) -> str:
    """Say why the file can't serve as one of keys, a line each and notes after #; "" when it can."""
    try:
        lines = [line.strip() for line in Path(path).read_text().splitlines()]
    except (OSError, UnicodeDecodeError):
        return "can't be read"
    keys = [line for line in lines if line and not line.startswith("#")]
    if not keys or min(map(len, keys)) < shortest:
        return (
            f"needs lines of {shortest} random characters or more, as `openssl rand -base64 32` writes them"
        )
    return ""


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

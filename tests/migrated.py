"""The migrated database, made once and kept for later runs as long as nothing that makes it changes.

To migrate takes ten seconds, to copy what was migrated a tenth of one. It is kept below the folder for temporary
files; where nothing is kept, or somebody removed it, it is made again.
"""

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[1]
KEPT_SECONDS = 24 * 3600.0
# Besides the migrations: packages, settings, and what holds SQL. Triggers are installed again in each run anyhow.
MAKERS = (
    "*/migrations/*.py", "requirements-dev.lock", "config/settings/*.py", "audit/tables.py", "audit/guards/*.py",
    "*/models/append_only.py", "*/models/frozen.py", "tests/migrated.py", "tests/servers.py",
)  # fmt: skip


class CannotMigrate(Exception):  # noqa: N818
    """The reason was written to stderr."""


def take(target: Path, kind: str, make: Callable[[Path], Path]) -> None:
    """Copy the kept database of this kind to the target; `make` makes it in a folder and returns where it is there."""
    shelf = _shelf()
    while not (kept := shelf / (before := digest(kind))).exists():
        folder = Path(tempfile.mkdtemp(prefix="new-", dir=shelf))
        folder.chmod(0o711)
        try:
            made = make(folder)
            if digest(kind) == before:  # else somebody changed a migration meanwhile
                with contextlib.suppress(OSError):  # another run was quicker
                    made.rename(kept)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    os.utime(kept)
    subprocess.run(["cp", "--archive", "--reflink=auto", kept, target], check=True)


def digest(kind: str) -> str:
    """Return a digest over everything that makes the migrated database what it is."""
    known = hashlib.sha256(f"{kind}\0{sys.version}".encode())
    for pattern in MAKERS:
        for path in sorted(HOUSE.glob(pattern)):
            known.update(f"\0{path.relative_to(HOUSE)}\0".encode() + path.read_bytes())
    return known.hexdigest()[:32]


def _shelf() -> Path:
    """Return the folder of this account in which databases are kept; what nobody used for a day goes."""
    folder = Path(tempfile.gettempdir()) / f"imprimatur-tests-{os.getuid()}"
    folder.mkdir(mode=0o711, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.getuid():
        raise PermissionError(f"{folder} belongs to somebody else.")
    for old in folder.iterdir():
        with contextlib.suppress(FileNotFoundError):
            if time.time() - old.stat().st_mtime > KEPT_SECONDS:
                old.unlink() if old.is_file() else shutil.rmtree(old, ignore_errors=True)
    return folder


def migrate(**variables: str) -> None:
    """Migrate the database of the test settings, in a process of its own."""
    given = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings.test"} | variables
    command = [sys.executable, "manage.py", "migrate", "--verbosity=0", "--skip-checks"]
    if subprocess.run(command, cwd=HOUSE, env=given, check=False).returncode:
        raise CannotMigrate

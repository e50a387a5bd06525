"""The files of an installation: what people handed in, and sealed records; both lie encrypted, named by their digest.

What lies there is copied as it lies, so nobody who makes or keeps a backup can read it. A rotation of the master keys
rewrites the header of a stored file in its place; so a backup never shares a file with the store, only with the
backup before it, and only when size and time of change are the same.
"""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from desk.backup import disk, layout
from desk.backup.disk import Stored
from desk.backup.progress import Progress
from imprimatur import durable


def kept() -> Iterator[str]:
    """Return every stored file as its path in the data folder, which is its path in a backup too."""
    for store, pattern in layout.STORES.items():
        top = Path(settings.DATA_DIR) / store
        for path in sorted(top.glob("??/*")):
            name = path.relative_to(top).as_posix()
            if re.fullmatch(pattern, name):
                yield f"{store}/{name}"


@dataclass(slots=True)
class Before:
    """The backup before this one, whose files are shared where they are the same."""

    folder: Path | None
    sums: layout.Sums = field(default_factory=dict)

    def share(self, source: Path, name: str, target: Path) -> Stored | None:
        """Link the file of the backup before when it is the same; None where it isn't, or can't be linked."""
        if self.folder is None or name not in self.sums:
            return None
        try:
            old, new = (self.folder / name).stat(), source.stat()
            if (old.st_size, old.st_mtime_ns) != (new.st_size, new.st_mtime_ns):
                return None
            target.hardlink_to(self.folder / name)
        except OSError:
            return None  # a file system without links, or one that has too many: it is copied
        return Stored(self.sums[name], new.st_size)


def copy_into(folder: Path, before: Before, progress: Progress) -> dict[str, Stored]:
    """Copy what is stored into the folder; return what was copied, by its path. Raises OSError."""
    done: dict[str, Stored] = {}
    names = list(kept())
    for number, name in enumerate(names, 1):
        source, target = Path(settings.DATA_DIR) / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        done[name] = before.share(source, name, target) or disk.copy(source, target)
        progress("files copied", number, len(names))
    return done


def place(backup: Path, names: list[str], progress: Progress) -> None:
    """Put the files of a backup into the data folder, store by store whole; raises OSError."""
    data = Path(settings.DATA_DIR)
    for store in layout.STORES:
        draft = data / f".restoring-{store}"
        shutil.rmtree(draft, ignore_errors=True)
        mine = [name for name in names if name.startswith(f"{store}/")]
        for number, name in enumerate(mine, 1):
            target = draft / name.removeprefix(f"{store}/")
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            disk.copy(backup / name, target)
            progress(f"{store} put in place", number, len(mine))
        if mine:
            disk.sync_folders(draft)
            shutil.rmtree(data / store, ignore_errors=True)  # was looked at: nothing is kept in it
            draft.rename(data / store)
    durable.sync(data)


def take_away() -> None:
    """Remove what `place` put into the empty data folder."""
    for store in layout.STORES:
        shutil.rmtree(Path(settings.DATA_DIR) / store, ignore_errors=True)
        shutil.rmtree(Path(settings.DATA_DIR) / f".restoring-{store}", ignore_errors=True)

"""Making a backup while people work: the database first, then the files, then the keys.

Files are only ever added, so those that a snapshot of the database names are all there afterwards. The keys come last:
a rotation that begins meanwhile may have wrapped files by a key that wasn't there at the beginning, and it can't take
an old one away before the backup is done.
"""

import fcntl
import hashlib
import os
import secrets
import shutil
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from audit import files, master_keys
from desk.backup import disk, keys, last, layout, locking, stores
from desk.backup.disk import Stored
from desk.backup.engines import engine
from desk.backup.layout import Manifest
from desk.backup.progress import Progress
from desk.backup.refusal import NotPossible
from imprimatur import durable

NOTHING = "No backup was made, and what is there is as it was."


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made: its folder, the file with its keys, bytes in all and how many of them are new.

    `notes`: what to know about it, in sentences.
    """

    folder: Path
    keys: Path | None
    size: int
    fresh: int
    notes: list[str]


def make(
    folder: Path,
    *,
    keys_folder: Path | None,
    passphrase: str,
    whole: bool = False,
    now: datetime,
    progress: Progress,
) -> Made:
    """Make a backup in the folder, and the file of its keys in the other one, unless that is None.

    `whole`: every file is copied, none is shared with the backup before. Raises NotPossible; then
    neither folder holds anything that looks like a backup.
    """
    engine().check_programmes()
    name = layout.name_at(now)
    target = folder / name
    with disk.room(folder, NOTHING):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        locked_away = _place_of_keys(folder, keys_folder, name)
        with _alone(folder):
            if target.exists():
                raise NotPossible(f"{target} exists already. Wait a second and run this again.")
            draft = folder / f".{name}-{secrets.token_hex(4)}.part"
            try:
                sums, notes = _fill(
                    draft, _before(folder, whole=whole), locked_away, passphrase, now, progress
                )
                draft.rename(target)
                durable.sync(folder)
            except BaseException:
                shutil.rmtree(draft, ignore_errors=True)
                if locked_away is not None and not target.exists():
                    locked_away.unlink(missing_ok=True)
                raise
        fresh = sum(stored.size for part, stored in sums.items() if (target / part).stat().st_nlink == 1)
    made = Made(target, locked_away, sum(stored.size for stored in sums.values()), fresh, notes)
    try:
        last.note(target, now, size=made.size, with_keys=locked_away is not None)
    except OSError as fault:
        made.notes.append(
            f"The page of health will not know of this backup: {settings.DATA_DIR} can't be written ({fault.strerror})."
        )
    return made


def _place_of_keys(folder: Path, keys_folder: Path | None, name: str) -> Path | None:
    """Return where the keys go; raises NotPossible for a place inside the backup, or one that is taken."""
    if keys_folder is None:
        return None
    if folder.resolve() in (keys_folder.resolve(), *keys_folder.resolve().parents):
        raise NotPossible(
            f"The keys belong apart from what they open: name a folder for them that isn't {folder} or inside of it."
        )
    keys_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if (place := keys_folder / f"{name}.keys").exists():
        raise NotPossible(f"{place} exists already. Wait a second and run this again.")
    return place


def _fill(
    draft: Path,
    before: stores.Before,
    locked_away: Path | None,
    passphrase: str,
    now: datetime,
    progress: Progress,
) -> tuple[dict[str, Stored], list[str]]:
    """Fill the draft; when this returns, every part, its name and the keys are on the disk."""
    notes: list[str] = []
    draft.mkdir(mode=0o700)
    progress("database", 0, 1)
    log, migrations = engine().dump(draft / layout.DATABASE)
    progress("database", 1, 1)
    sums = {layout.DATABASE: disk.digest_of(draft / layout.DATABASE)}
    with master_keys.in_use(files.lock()):  # no master key goes before the keys are read
        sums |= stores.copy_into(draft, before, progress)
        mark = Path(settings.DATA_DIR) / layout.MARK
        if mark.exists():
            sums[layout.MARK] = disk.copy(mark, draft / layout.MARK)
        manifest = _manifest(log, migrations, sums, locked_away, now)
        sums[layout.MANIFEST] = disk.write(draft / layout.MANIFEST, manifest.render())
        disk.write(draft / layout.SUMS, layout.render_sums(sums))
        if locked_away is not None:
            notes = _keep_keys(locked_away, draft, passphrase, is_signed=bool(log.checkpoint))
    disk.sync_folders(draft)
    return sums, notes


def _manifest(
    log: layout.Log,
    migrations: list[list[str]],
    sums: dict[str, Stored],
    locked_away: Path | None,
    now: datetime,
) -> Manifest:
    return Manifest(
        made_at=now.astimezone(UTC).isoformat(),
        product=product(),
        engine=connection.vendor,
        engine_version=engine().versions(),
        origin=settings.AUDIT_ORIGIN,
        migrations=migrations,
        key_ids=keys.ids(),
        keys=locked_away.name if locked_away else "",
        log=log,
        counts={store: sum(part.startswith(f"{store}/") for part in sums) for store in layout.STORES},
    )


def _before(folder: Path, *, whole: bool) -> stores.Before:
    """Return the newest backup, whose unchanged files are shared; none when nothing is to be shared."""
    for found in [] if whole else reversed(layout.backups(folder)):
        try:
            return stores.Before(found, layout.read_sums(found))
        except NotPossible:
            continue  # a damaged one: nothing is taken from it
    return stores.Before(None)


def _keep_keys(place: Path, draft: Path, passphrase: str, *, is_signed: bool) -> list[str]:
    """Write the keys, bound to this backup by the digest of its sums; return what to know about them."""
    found, notes = keys.collect(is_signed=is_signed)
    sums = hashlib.sha256((draft / layout.SUMS).read_bytes()).hexdigest()
    about = {"backup": place.stem, "sums": sums, "origin": settings.AUDIT_ORIGIN}
    disk.write(place, locking.lock(found, about, passphrase))
    durable.sync(place.parent)
    return notes


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let one backup at a time be made in the folder, and take away what a killed one left behind."""
    handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise NotPossible(f"Another backup is being made in {folder}. Wait until it is done.") from None
        for left in folder.glob(".imprimatur-*.part"):
            shutil.rmtree(left, ignore_errors=True)
        yield
    finally:
        os.close(handle)


def product() -> str:
    """Return the version of the product."""
    about = tomllib.loads((Path(settings.BASE_DIR) / "pyproject.toml").read_text(encoding="utf-8"))
    return str(about["project"]["version"])

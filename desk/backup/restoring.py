"""Restoring a backup into an empty place: everything is looked at before anything is written.

Refused, nothing was changed. Where writing fails half-way, what was written is taken away again, because the place was
empty before.
"""

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from audit import guards
from desk.backup import disk, keys, layout, locking, stores
from desk.backup.engines import engine
from desk.backup.layout import Manifest
from desk.backup.progress import Progress
from desk.backup.refusal import NotPossible
from desk.supervision import machine

EMPTIED = "What was restored so far was taken away again."


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored: its manifest, migrations applied afterwards, and what to know about the keys."""

    manifest: Manifest
    migrated: list[str]
    notes: list[str]


def restore(
    backup: Path, *, keys_file: Path | None, passphrase: str, migrate: bool, progress: Progress
) -> Restored:
    """Restore the backup; raises NotPossible, and then this place is as empty as before."""
    sums = layout.read_sums(backup)
    layout.check_parts(backup, sums, progress)
    manifest = Manifest.parse((backup / layout.MANIFEST).read_bytes())
    secrets = open_keys(keys_file, passphrase, backup) if keys_file else None
    _check_this_place(manifest)
    with _nobody_else():
        check_empty()
        if not (secrets and settings.EMBEDDED):
            keys.check_present(manifest.key_ids)
        missing = _check_migrations(manifest, migrate=migrate)
        notes = _write(backup, sums, secrets, progress)
    if missing:
        call_command("migrate", interactive=False, verbosity=0)
    guards.install(connection)
    return Restored(manifest, missing, notes)


def open_keys(place: Path, passphrase: str, backup: Path | None = None) -> dict[str, bytes]:
    """Return the secrets of a file of keys; raises NotPossible, also when it belongs to another backup."""
    try:
        content = place.read_bytes()
    except OSError as fault:
        raise NotPossible(
            f"The file of the keys {place} can't be read ({fault.strerror}). Name the right one."
        ) from fault
    secrets, about = locking.unlock(content, passphrase)
    if backup is not None:
        sums = hashlib.sha256((backup / layout.SUMS).read_bytes()).hexdigest()
        if about["sums"] != sums:
            raise NotPossible(
                f"{place} has the keys of the backup {about['backup']}, and {backup} is another one or was changed."
                " Name the file of keys that was made with it."
            )
    return secrets


def check_empty() -> None:
    """Raise NotPossible unless this place holds nothing yet; the words name everything that is there."""
    found = []
    for store in layout.STORES:
        top = Path(settings.DATA_DIR) / store
        if any(path.is_file() and not path.name.endswith(".lock") for path in top.rglob("*")):
            found.append(f"{top} has files already. Move it aside, or set IMPRIMATUR_DATA to another folder.")
    if why := engine().why_not_empty():
        found.append(why)
    if found:
        raise NotPossible("A backup is restored into an empty place only. " + " ".join(found))


def _check_this_place(manifest: Manifest) -> None:
    """Raise NotPossible where the settings of this place are for something else than this backup."""
    engine().check_programmes()
    if manifest.engine != connection.vendor:
        raise NotPossible(
            f"The backup is one of {manifest.engine}, and the settings of this place are for {connection.vendor}. Set"
            " DJANGO_SETTINGS_MODULE to config.settings.production for PostgreSQL, or leave it out for SQLite."
        )
    if _major(engine().versions()) < _major(manifest.engine_version):
        raise NotPossible(
            f"The backup was made with version {manifest.engine_version} of {manifest.engine}, and here is"
            f" {engine().versions()}. Restore it into that version or a later one."
        )
    if manifest.origin != settings.AUDIT_ORIGIN:
        raise NotPossible(
            f"The log of the backup is {manifest.origin}, and the one of this place {settings.AUDIT_ORIGIN}. Set"
            f" IMPRIMATUR_LOG_ORIGIN={manifest.origin}."
        )


def _major(version: str) -> int:
    return int(version.split(".", maxsplit=1)[0])


def _check_migrations(manifest: Manifest, *, migrate: bool) -> list[str]:
    """Return the migrations that the backup lacks; raises NotPossible where they may not be applied, or it has more."""
    disk_has = set(MigrationLoader(None).disk_migrations)
    backup_has = {(app, name) for app, name in manifest.migrations}
    if unknown := _named(backup_has - disk_has):
        raise NotPossible(
            f"The backup was made by version {manifest.product} of the product and knows migrations that this version"
            f" doesn't: {', '.join(unknown)}. Restore it with the version that made it."
        )
    missing = _named(disk_has - backup_has)
    if missing and not migrate:
        raise NotPossible(
            f"The backup was made by version {manifest.product} of the product, before these migrations:"
            f" {', '.join(missing)}. Restore it with that version, or say --migrate to have them applied."
        )
    return missing


def _named(found: set[tuple[str, str]]) -> list[str]:
    return sorted(f"{app}.{name}" for app, name in found)


@contextmanager
def _nobody_else() -> Iterator[None]:
    """Hold the data folder, so that the product can't be started in it meanwhile."""
    try:
        with machine.own_folder(Path(settings.DATA_DIR)):
            yield
    except machine.NotPossible as fault:
        raise NotPossible(str(fault)) from fault


def _write(
    backup: Path, sums: layout.Sums, secrets: dict[str, bytes] | None, progress: Progress
) -> list[str]:
    notes = []
    try:
        with disk.room(Path(settings.DATA_DIR), EMPTIED):
            stores.place(backup, sorted(sums), progress)
            if layout.MARK in sums:
                shutil.copyfile(backup / layout.MARK, Path(settings.DATA_DIR) / layout.MARK)
            if secrets is not None:
                notes = _place_keys(secrets)
            progress("database", 0, 1)
            engine().restore(backup / layout.DATABASE)
            progress("database", 1, 1)
    except BaseException:
        stores.take_away()
        (Path(settings.DATA_DIR) / layout.MARK).unlink(missing_ok=True)
        raise
    return notes


def _place_keys(secrets: dict[str, bytes]) -> list[str]:
    notes = []
    if settings.EMBEDDED:
        if aside := keys.place_embedded(secrets):
            notes.append(
                f"The keys that were here before lie in {aside} now; nothing was encrypted with them."
            )
    else:
        keys.place_certificates(secrets)
        if secrets[keys.SECRET] != settings.SECRET_KEY.encode():
            notes.append(
                "IMPRIMATUR_SECRET_KEY is another one than that of the backup: everybody signs in anew, and links in"
                " mails that nobody has followed yet stop working."
            )
    try:
        if keys.place_signer(secrets):
            notes.append(f"The key that signs the log was put into {keys.signing()}.")
    except OSError as fault:
        notes.append(
            f"The key that signs the log couldn't be put into {keys.signing()} ({fault.strerror}): do it as the account"
            " of the sequencer, with `manage.py restore --keys-into`."
        )
    return notes
